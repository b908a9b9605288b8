"""開庁日・期限・年齢: the calendar of the hall."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.calendar import (
    Deadline,
    add_months,
    add_open_days,
    age_on,
    equinox_day,
    filing_deadline,
    holiday_name,
    holidays_of,
    is_holiday,
    is_open_day,
    is_year_end_closure,
    last_of_month,
    next_open_day,
    reaches_age_on,
)
from kokunen.kernel.errors import InputError

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
BIRTHS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "元日"),
        (date(2026, 1, 12), "成人の日"),
        (date(2000, 1, 10), "成人の日"),
        (date(2018, 12, 23), "天皇誕生日"),
        (date(2019, 2, 23), None),
        (date(2019, 12, 23), None),
        (date(2020, 2, 23), "天皇誕生日"),
        (date(2020, 2, 24), "振替休日"),
        (date(2006, 4, 29), "みどりの日"),
        (date(2007, 4, 29), "昭和の日"),
        (date(2006, 5, 4), "国民の休日"),
        (date(2007, 5, 4), "みどりの日"),
        (date(2019, 4, 30), "国民の休日"),
        (date(2019, 5, 1), "天皇の即位の日"),
        (date(2019, 5, 2), "国民の休日"),
        (date(2019, 10, 22), "即位礼正殿の儀の行われる日"),
        (date(2015, 8, 11), None),
        (date(2016, 8, 11), "山の日"),
        (date(2020, 7, 20), None),
        (date(2020, 7, 23), "海の日"),
        (date(2020, 7, 24), "スポーツの日"),
        (date(2020, 8, 10), "山の日"),
        (date(2020, 8, 11), None),
        (date(2020, 10, 12), None),
        (date(2021, 7, 22), "海の日"),
        (date(2021, 8, 8), "山の日"),
        (date(2021, 8, 9), "振替休日"),
        (date(2022, 7, 18), "海の日"),
        (date(2022, 10, 10), "スポーツの日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2032, 9, 21), "国民の休日"),
        (date(1999, 10, 10), "体育の日"),
        (date(1988, 5, 4), "国民の休日"),
        (date(1973, 4, 30), "振替休日"),
        (date(1973, 2, 12), None),
    ],
)
def test_祝日の名(day: date, name: str | None) -> None:
    assert holiday_name(day) == name
    assert is_holiday(day) is (name is not None)


def test_祝日の日は別に作られた表と一日も違わない() -> None:
    """1949-2098 against the holidays package, an independent work from the same law."""
    reference = set(holidays.country_holidays("JP", years=range(1949, 2099)))
    ours = {day for year in range(1949, 2099) for day in holidays_of(year)}
    assert sorted(ours ^ reference) == []


@pytest.mark.parametrize(
    ("year", "spring", "autumn"),
    [(2000, 20, 23), (2012, 20, 22), (2024, 20, 22), (2025, 20, 23), (2026, 20, 23), (2027, 21, 23), (1979, 21, 24)],
)
def test_春分と秋分(year: int, spring: int, autumn: int) -> None:
    assert equinox_day(year, spring=True) == date(year, 3, spring)
    assert equinox_day(year, spring=False) == date(year, 9, autumn)


@pytest.mark.parametrize("year", [1948, 2100])
def test_表にない年の祝日は断る(year: int) -> None:
    with pytest.raises(InputError, match=rf"{year}年の祝日は登録されていません（1949年から2099年まで）") as refused:
        holidays_of(year)
    assert refused.value.code == "out_of_range"


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 23), False),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_開庁日(day: date, is_open: bool) -> None:
    assert is_open_day(day) is is_open


@pytest.mark.parametrize(
    ("event_on", "nominal", "deadline"),
    [
        pytest.param(date(2026, 4, 1), date(2026, 4, 15), date(2026, 4, 15), id="D1"),
        pytest.param(date(2026, 4, 18), date(2026, 5, 2), date(2026, 5, 7), id="D2-大型連休"),
        pytest.param(date(2026, 9, 6), date(2026, 9, 20), date(2026, 9, 24), id="D3-国民の休日を含む"),
        pytest.param(date(2026, 12, 15), date(2026, 12, 29), date(2027, 1, 4), id="D4-年末年始"),
        pytest.param(date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 16), id="日曜日"),
    ],
)
def test_届出期限(event_on: date, nominal: date, deadline: date) -> None:
    assert filing_deadline(event_on) == Deadline(nominal, deadline, nominal != deadline)


def test_期限の日数は選べ期限内かを答える() -> None:
    limit = filing_deadline(date(2026, 4, 1), days=30)
    assert limit == Deadline(date(2026, 5, 1), date(2026, 5, 1), False)
    assert limit.is_met_by(date(2026, 5, 1))
    assert not limit.is_met_by(date(2026, 5, 2))


@given(DAYS, st.integers(1, 60))
def test_期限は閉庁日にならず間の日はすべて閉庁日(event_on: date, days: int) -> None:
    limit = filing_deadline(event_on, days)
    assert is_open_day(limit.deadline)
    assert limit.nominal == event_on + timedelta(days=days)
    skipped = [limit.nominal + timedelta(days=n) for n in range((limit.deadline - limit.nominal).days)]
    assert not any(map(is_open_day, skipped))
    assert limit.moved is bool(skipped)


@given(DAYS)
def test_閉庁日は土日祝日年末年始のどれか(day: date) -> None:
    closed = day.weekday() >= 5 or is_holiday(day) or is_year_end_closure(day)
    assert is_open_day(day) is not closed
    assert 0 <= (next_open_day(day) - day).days <= 10


@given(DAYS, st.integers(0, 30))
def test_開庁日で数える(day: date, count: int) -> None:
    reached = add_open_days(day, count)
    between = [day + timedelta(days=n) for n in range((reached - day).days + 1)]
    assert is_open_day(reached)
    assert sum(map(is_open_day, between)) == count + 1


@pytest.mark.parametrize(
    ("birth", "age", "reached"),
    [
        pytest.param(date(2006, 4, 1), 20, date(2026, 3, 31), id="4月1日生まれは3月31日"),
        pytest.param(date(2006, 4, 2), 20, date(2026, 4, 1), id="4月2日生まれは4月1日"),
        pytest.param(date(2004, 2, 29), 20, date(2024, 2, 28), id="2月29日生まれは閏年でも2月28日"),
        pytest.param(date(2004, 2, 29), 21, date(2025, 2, 28), id="2月29日生まれは平年も2月28日"),
        pytest.param(date(2004, 3, 1), 20, date(2024, 2, 29), id="3月1日生まれは2月末日"),
        pytest.param(date(2004, 3, 1), 21, date(2025, 2, 28), id="3月1日生まれの平年"),
        pytest.param(date(2006, 1, 1), 20, date(2025, 12, 31), id="元日生まれは前年の大晦日"),
    ],
)
def test_年齢に達する日(birth: date, age: int, reached: date) -> None:
    assert reaches_age_on(birth, age) == reached


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2006, 11, 24), date(2026, 11, 23), 19),
        (date(2006, 11, 24), date(2026, 11, 24), 20),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_満年齢は誕生日に増える(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_生まれる前の年齢は断る() -> None:
    with pytest.raises(InputError, match="基準日が生年月日より前"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@given(BIRTHS, st.integers(1, 110))
def test_満年齢は達した日の翌日から(birth: date, age: int) -> None:
    year = birth.year + age
    leap_born = (birth.month, birth.day) == (2, 29)
    counted_from = date(year, 3, 1) if leap_born and not isleap(year) else birth.replace(year=year)
    reached = reaches_age_on(birth, age)
    assert reached < counted_from
    assert age_on(birth, reached) == age_on(birth, counted_from - timedelta(days=1)) == age - 1
    assert age_on(birth, counted_from) == age


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 11, 24), -25, date(2024, 10, 24)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_応当日(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


def test_月末日() -> None:
    assert last_of_month(date(2024, 2, 1)) == date(2024, 2, 29)
    assert last_of_month(date(2026, 12, 31)) == date(2026, 12, 31)
