"""運用管理の試験の土台: the nets of the tests beside those of the house."""

from __future__ import annotations

import pytest


@pytest.fixture
def nets(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh database, business day 2026-11-24, and the test's nets."""
    from tests.common_platform.operations.job_functions import NETS

    from kokunen.national_pension import jobs

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    monkeypatch.setattr(jobs, "NETS", NETS, raising=False)


def effects() -> list[str]:
    """What jobs have done, in order."""
    from tests.common_platform.operations.job_functions import EFFECT

    from kokunen.common_platform.operations.models import Sample

    return list(Sample.objects.filter(name=EFFECT).order_by("id").values_list("label", flat=True))
