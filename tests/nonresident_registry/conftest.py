"""住登外管理の試験の土台: the office's day, two officers, some residents known by their published row."""

from __future__ import annotations

from typing import Any

import django
import pytest

django.setup()

from tests.nonresident_registry.factories import publish_resident  # noqa: E402

from kokunen.ledger.access import AccessContext  # noqa: E402


@pytest.fixture(autouse=True)
def office_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")


@pytest.fixture
def officer(city_database: str) -> AccessContext:
    return AccessContext("atena1", "1020", "number_management", "試験", "T-1")


@pytest.fixture
def second_officer(city_database: str) -> AccessContext:
    return AccessContext("atena2", "1020", "number_management", "試験", "T-2")


@pytest.fixture
def resident(city_database: str) -> dict[str, Any]:
    """住民 000000000000078."""
    return publish_resident("000000000000078", name="渡邉　花子", name_kana="ワタナベ　ハナコ")


@pytest.fixture
def refusals(admin_connection: Any) -> Any:
    """拒否の記録: (reason, 宛名番号) of every refusal in the ledger, oldest first."""

    def read() -> list[tuple[str, list[str]]]:
        rows = admin_connection.execute(
            "select detail->>'code', atena_numbers from ledger.entry where act = 'refuse' order by entry_id"
        ).fetchall()
        return [(row[0], row[1]) for row in rows]

    return read
