"""住民記録の試験: the office's day is fixed, so that the worked examples can be played."""

from __future__ import annotations

from collections.abc import Callable

import django
import pytest

django.setup()


@pytest.fixture(autouse=True)
def office_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """業務日: 2026-11-24 unless a test sets another (`office_day("2026-04-16")`)."""

    def set_day(day: str) -> None:
        monkeypatch.setenv("KOKUNEN_TODAY", day)

    set_day("2026-11-24")
    return set_day
