"""台帳の試験の土台: officers with two hands, and short ways to an entry."""

from __future__ import annotations

import django
import pytest

from kokunen.ledger.access import AccessContext

django.setup()


def officer(number: str = "nenkin1", purpose: str = "pension_inquiry", office: str = "2010") -> AccessContext:
    return AccessContext(number, office, purpose, screen="試験", terminal="T-001")


def made_report(admin, serial: int, sha256: str, *, people: int) -> None:
    """報告 of 2026 with that 媒体通番, as the pension section has made it."""
    admin.execute(
        "insert into national_pension.report_batch (fiscal_year, serial, report_on, recipient, medium, state, counts, "
        "line_count, media_sha256, key_id, manifest, media_path, built_at, built_by, first_officer, second_officer, "
        "carrying_case, medium_number, discard_reason) "
        "values (2026, %s, '2026-11-24', 'jps', '2', 'built', '{}', %s, %s, 'K1', "
        "'{}', '', now(), 'nenkin1', '', '', '', '', '')",
        [serial, people, sha256],
    )


@pytest.fixture
def first() -> AccessContext:
    return officer("nenkin1")


@pytest.fixture
def second() -> AccessContext:
    return officer("nenkin9")


@pytest.fixture(autouse=True)
def _day(monkeypatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
