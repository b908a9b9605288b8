"""転入の登録: what is written when people move in."""

from __future__ import annotations

import pytest
from tests.resident_registry.factories import family, household_now, newcomer, now

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-1")]


def test_転入した世帯は_住民となった日と住所と世帯主の氏名をもつ() -> None:
    taro, hanako = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
        day="2026-11-20",
    )
    row = now(hanako)
    assert (row.relationship, row.relationship_codes, row.head_atena_number, row.head_name) == (
        "妻",
        "12",
        taro,
        "川口　太郎",
    )
    assert row.resident_since.isoformat() == row.address_since.isoformat() == "2026-11-20"
    assert [m.atena_number for m in household_now(row.household_number)] == [taro, hanako]
