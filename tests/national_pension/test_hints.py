"""あわせて確認のきっかけ: who is told of a birth, of 任意加入 at sixty, of the claim at sixty-five."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from kokunen.law.engine.months import month_text, parse_month
from kokunen.national_pension import advice, hints

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("S1-4")]
TODAY = date(2026, 11, 24)


def _one(
    birth: date, sex: str = "2", relationship: str = "世帯主", living: bool = True, since: date = date(2015, 4, 1)
) -> Any:
    return SimpleNamespace(
        birth_date=birth, sex=sex, relationship=relationship, is_living_here=living, resident_since=since
    )


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


@pytest.mark.parametrize(
    ("person", "insured", "left_work_on", "told"),
    [
        (_one(date(1985, 5, 12)), "1", date(2026, 10, 30), ["unemployment"]),
        (_one(date(1985, 5, 12)), "1", date(2024, 12, 31), []),
        (_one(date(1985, 5, 12)), "1", date(2025, 1, 1), ["unemployment"]),
        (_one(date(1985, 5, 12)), "2", date(2026, 10, 30), []),
        (_one(date(1985, 5, 12), since=date(2026, 1, 1)), "1", None, []),
        (_one(date(1985, 5, 12), since=date(2026, 1, 2)), "1", None, ["moved_in"]),
        (_one(date(1985, 5, 12), since=date(2026, 1, 2)), "3", None, []),
        (_one(date(1976, 12, 1)), "1", None, []),
        (_one(date(1976, 12, 2)), "1", None, ["reaching_50"]),
        (_one(date(1977, 12, 1)), "1", None, ["reaching_50"]),
        (_one(date(1977, 12, 2)), "1", None, []),
    ],
    ids=[
        "退職した方", "失業の特例が過ぎた方", "翌々年6月まで", "再就職した方", "1月1日に住んでいた方", "1月2日に転入",
        "第3号の転入", "今月50歳に達する方", "来月50歳に達する方", "1年後の前月まで猶予", "まだ先の方",
    ],
)  # fmt: skip
def test_第1号の方だけに失業と転入と50歳の案内が出る(
    person: Any, insured: str, left_work_on: date | None, told: list[str]
) -> None:
    assert hints.codes_for(person, insured, [], TODAY, left_work_on) == told


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2024-09", "2026-12", ("2024-10", "2026-11", 26)),
        ("2023-04", "2024-09", None),
        ("2026-11", "2026-11", ("2026-11", "2026-11", 1)),
    ],
    ids=["2年1か月前から今月まで", "過ぎた月", "今月だけ"],
)
def test_まだ申請できる月は2年1か月前から今月までの何も記録のない第1号の月(
    first: str, last: str, found: tuple[str, str, int] | None
) -> None:
    months = hints.open_months(range(parse_month(first), parse_month(last) + 1), TODAY)
    assert ((month_text(months[0]), month_text(months[-1]), len(months)) if months else None) == found


def test_受付票の案内は来庁者に向けた言葉で職員への注意は載せない() -> None:
    told = advice.for_visitor(["unemployment", "excluded_check", "foreign_leaflet", "exemption"])
    assert [line for line in told if "お持ちください" in line]
    assert not any("確認してください" in line or "渡してください" in line for line in told)
    assert len(told) == 2
