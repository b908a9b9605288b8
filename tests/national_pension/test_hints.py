"""あわせて確認のきっかけ: who is told of a birth, of 任意加入 at sixty, of the claim at sixty-five."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from kokunen.national_pension import advice, hints

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("S1-4")]
TODAY = date(2026, 11, 24)


def _one(birth: date, sex: str = "2", relationship: str = "世帯主", living: bool = True) -> Any:
    return SimpleNamespace(birth_date=birth, sex=sex, relationship=relationship, is_living_here=living)


BABY = _one(date(2026, 10, 31), "1", "子")


@pytest.mark.parametrize(
    ("person", "insured", "members", "told"),
    [
        (_one(date(1995, 7, 19)), "1", [BABY], ["maternity", "childcare"]),
        (_one(date(1993, 12, 5), "1"), "1", [BABY], ["childcare"]),
        (_one(date(1995, 7, 19)), "3", [BABY], []),
        (_one(date(1995, 7, 19)), "1", [_one(date(2025, 11, 24), "1", "子")], []),
        (_one(date(2014, 7, 19), relationship="子"), "1", [BABY], []),
        (_one(date(1966, 9, 21)), "", [], ["voluntary_60"]),
        (_one(date(1966, 9, 21)), "5", [], []),
        (_one(date(1966, 9, 21), living=False), "", [], []),
        (_one(date(1961, 11, 10)), "", [], ["old_age_claim"]),
    ],
    ids=["母", "父", "第3号の母", "1歳になった子", "子のきょうだい", "60歳", "任意加入中", "転出した方", "65歳"],
)
def test_その人に当てはまる案内だけが出る(person: Any, insured: str, members: list[Any], told: list[str]) -> None:
    assert hints.codes_for(person, insured, members, TODAY) == told


def test_受付票の案内は来庁者に向けた言葉で職員への注意は載せない() -> None:
    told = advice.for_visitor(["unemployment", "excluded_check", "foreign_leaflet", "exemption"])
    assert [line for line in told if "お持ちください" in line]
    assert not any("確認してください" in line or "渡してください" in line for line in told)
    assert len(told) == 2
