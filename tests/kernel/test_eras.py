"""元号: the eras join without gap, days are written and coded in the right one."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.eras import (
    ERAS,
    HEISEI,
    MEIJI,
    REIWA,
    SHOWA,
    TAISHO,
    Era,
    era_of,
    fiscal_year,
    fiscal_year_days,
    format_fiscal_year,
    format_short,
    format_wareki,
    format_year_month,
    from_era,
    from_era_code,
    to_era_code,
)
from kokunen.kernel.errors import InputError

DAYS = st.dates(date(1873, 1, 1), date(2117, 12, 31))


def test_元号は切れ目なく続く() -> None:
    for before, after in itertools.pairwise(ERAS):
        assert before.last_day is not None
        assert after.first_day == before.last_day + timedelta(days=1)
    assert ERAS[-1].last_day is None


@pytest.mark.parametrize(
    ("day", "era", "text"),
    [
        (date(1873, 1, 1), MEIJI, "明治6年1月1日"),
        (date(1912, 7, 29), MEIJI, "明治45年7月29日"),
        (date(1912, 7, 30), TAISHO, "大正元年7月30日"),
        (date(1926, 12, 24), TAISHO, "大正15年12月24日"),
        (date(1926, 12, 25), SHOWA, "昭和元年12月25日"),
        (date(1989, 1, 7), SHOWA, "昭和64年1月7日"),
        (date(1989, 1, 8), HEISEI, "平成元年1月8日"),
        (date(2019, 4, 30), HEISEI, "平成31年4月30日"),
        (date(2019, 5, 1), REIWA, "令和元年5月1日"),
        (date(2026, 11, 23), REIWA, "令和8年11月23日"),
    ],
)
def test_元号の境の日(day: date, era: Era, text: str) -> None:
    assert era_of(day) is era
    assert format_wareki(day) == text


def test_曜日を添える() -> None:
    assert format_wareki(date(2026, 11, 23), weekday=True) == "令和8年11月23日(月)"
    assert format_wareki(date(2026, 11, 22), weekday=True) == "令和8年11月22日(日)"


def test_短い形と年月() -> None:
    assert format_short(date(2026, 11, 3)) == "R8.11.3"
    assert format_year_month(date(2026, 11, 3)) == "令和8年11月"
    assert format_year_month(date(2019, 5, 1)) == "令和元年5月"


def test_太陽暦より前の日は和暦で書かない() -> None:
    with pytest.raises(InputError, match=r"明治6年（1873年）1月1日以後") as refused:
        format_wareki(date(1872, 12, 31))
    assert refused.value.code == "out_of_range"


@pytest.mark.parametrize(
    ("day", "coded"),
    [
        (date(2026, 11, 23), ("9", "081123")),
        (date(2019, 5, 1), ("9", "010501")),
        (date(2019, 4, 30), ("7", "310430")),
        (date(1980, 4, 1), ("5", "550401")),
        (date(1926, 12, 24), ("3", "151224")),
        (date(1912, 7, 29), ("1", "450729")),
    ],
)
def test_媒体の元号コード(day: date, coded: tuple[str, str]) -> None:
    assert to_era_code(day) == coded
    assert from_era_code(*coded) == day


@pytest.mark.parametrize(
    ("code", "digits", "message"),
    [
        ("2", "081123", "元号コードは1・3・5・7・9"),
        ("9", "81123", "半角数字6桁"),
        ("9", "０８１１２３", "半角数字6桁"),
        ("9", "010430", "正しくは平成31年4月30日"),
        ("9", "080230", "令和8年2月30日という日はありません"),
        ("9", "000101", "令和0年はありません"),
    ],
)
def test_媒体の誤った和暦は断る(code: str, digits: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        from_era_code(code, digits, field="birth")
    assert message in refused.value.message
    assert refused.value.field == "birth"


@given(DAYS)
def test_和暦と西暦は一対一(day: date) -> None:
    era = era_of(day)
    assert era.contains(day)
    assert [other for other in ERAS if other.contains(day)] == [era]
    assert from_era(era, era.year_of(day), day.month, day.day) == day
    assert from_era_code(*to_era_code(day)) == day


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 31), 2026), (date(2027, 1, 1), 2026)],
)
def test_年度(day: date, year: int) -> None:
    assert fiscal_year(day) == year
    first, last = fiscal_year_days(year)
    assert first <= day <= last


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2026, "令和8年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
        (1926, "昭和元年度"),
        (1925, "大正14年度"),
    ],
)
def test_年度の書き方(year: int, text: str) -> None:
    assert format_fiscal_year(year) == text
