"""開庁日と期限: which days the hall is open, when a filing is still in time, when an age is reached.

The closed days are Saturdays, Sundays, holidays with their substitutes, and 29 December to 3 January
(地方自治法第4条の2; the local bylaw fixes the same days). The holiday rows stand in ``data/holidays.yaml``; they are
read on first use.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.kernel.text import read_data

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_SUBSTITUTES_FROM = date(1973, 4, 12)
_DAYS_BETWEEN_FROM = date(1985, 12, 27)


@dataclass(frozen=True, slots=True)
class Deadline:
    """届出期限: the day counted by the law and the day that holds after closed days are skipped.

    ``nominal`` is the last day as counted, ``deadline`` the last day to file, ``moved`` whether they differ.
    """

    nominal: date
    deadline: date
    moved: bool

    def is_met_by(self, filed_on: date) -> bool:
        """期限内か: filed on or before the last day."""
        return filed_on <= self.deadline


# --- holidays -------------------------------------------------------------------------------------------------------


def holiday_name(day: date) -> str | None:
    """祝日の名: the holiday's name, 振替休日 or 国民の休日, or None on a common day."""
    return holidays_of(day.year).get(day)


def is_holiday(day: date) -> bool:
    """祝日か: a holiday of the law, its substitute, or a day between two holidays (国民の祝日に関する法律第3条)."""
    return day in holidays_of(day.year)


@lru_cache(maxsize=128)
def holidays_of(year: int) -> Mapping[date, str]:
    """その年の祝日: every holiday of the year by day, in order. Years outside the table are refused."""
    table = _table()
    if not table["first_year"] <= year <= table["last_year"]:
        raise InputError(
            f"{year}年の祝日は登録されていません（{table['first_year']}年から{table['last_year']}年まで）",
            code="out_of_range",
            hint="日付を確認してください。",
        )
    named = dict(sorted(_named_holidays(year, table["rules"])))
    substitutes = dict(_substitutes(named))
    between = {day: "国民の休日" for day in _days_between(named) if day not in substitutes}
    return dict(sorted((named | substitutes | between).items()))


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table: dict[str, Any] = yaml.load(read_data("holidays.yaml"), Loader=loader)
    return table


def _named_holidays(year: int, rules: list[dict[str, Any]]) -> Iterator[tuple[date, str]]:
    for rule in rules:
        if not rule.get("from", year) <= year <= rule.get("until", year):
            continue
        if "day" in rule:
            yield date(year, *rule["day"]), rule["name"]
        elif "monday" in rule:
            yield _nth_monday(year, *rule["monday"]), rule["name"]
        elif "equinox" in rule:
            yield equinox_day(year, spring=rule["equinox"] == "spring"), rule["name"]
        elif rule["single"].year == year:
            yield rule["single"], rule["name"]


def _nth_monday(year: int, month: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (n - 1))


def equinox_day(year: int, *, spring: bool) -> date:
    """春分日・秋分日 of 1900-2099 by the usual approximation; every day announced so far agrees with it.

    The true day is announced in the 暦要項 each February for the next year; a differing day would become a ``single``
    row of the table.
    """
    if year < 1980:
        base, leaps = (20.8357 if spring else 23.2588), -((1983 - year) // 4)
    else:
        base, leaps = (20.8431 if spring else 23.2488), (year - 1980) // 4
    return date(year, 3 if spring else 9, math.floor(base + 0.242194 * (year - 1980)) - leaps)


def _substitutes(named: Mapping[date, str]) -> Iterator[tuple[date, str]]:
    """振替休日 (法第3条第2項), since 1973-04-12: a Sunday holiday moves to the next day that is no holiday.

    Until 2006 only the Monday itself was meant; with the holidays of that time the outcome is the same.
    """
    for day in named:
        if day.weekday() == _SUNDAY and day >= _SUBSTITUTES_FROM:
            moved = day + _DAY
            while moved in named:
                moved += _DAY
            yield moved, "振替休日"


def _days_between(named: Mapping[date, str]) -> Iterator[date]:
    """国民の休日 (法第3条第3項), since 1985-12-27: a day that is no holiday itself, between two holidays.

    Until 2006 a Sunday was excepted; it is closed either way, but has not the name then.
    """
    for day in named:
        middle = day + _DAY
        if middle in named or middle + _DAY not in named or middle < _DAYS_BETWEEN_FROM:
            continue
        if middle.year > 2006 or middle.weekday() != _SUNDAY:
            yield middle


# --- open days and deadlines ----------------------------------------------------------------------------------------


def is_year_end_closure(day: date) -> bool:
    """年末年始: 29 December to 3 January."""
    return (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)


def is_open_day(day: date) -> bool:
    """開庁日か: neither Saturday, Sunday, holiday nor year's end."""
    return day.weekday() < _SATURDAY and not is_year_end_closure(day) and not is_holiday(day)


def next_open_day(day: date) -> date:
    """開庁日への繰下げ: the day itself when the hall is open, else the next day it is."""
    while not is_open_day(day):
        day += _DAY
    return day


def add_open_days(day: date, count: int) -> date:
    """開庁日で数えて: the ``count``-th open day after ``day``; 0 gives ``day`` moved to an open day."""
    day = next_open_day(day)
    for _ in range(count):
        day = next_open_day(day + _DAY)
    return day


def filing_deadline(event_on: date, days: int = 14) -> Deadline:
    """届出期限: ``days`` after the event, the event day not counted; a closed last day moves to the next open day.

    住基法第22条等・国民年金法第12条 (14日), 初日不算入 民法第140条, 閉庁日 地方自治法第4条の2.
    """
    nominal = event_on + timedelta(days=days)
    deadline = next_open_day(nominal)
    return Deadline(nominal, deadline, deadline != nominal)


# --- ages and months ------------------------------------------------------------------------------------------------


def reaches_age_on(birth: date, age: int) -> date:
    """年齢到達日: the day before the ``age``-th birthday (年齢計算ニ関する法律, 民法第143条).

    Born on 1 April: 31 March. Born on 29 February: 28 February, in leap years too. Born on 1 March: the last of
    February.
    """
    year = birth.year + age
    if (birth.month, birth.day) == (2, 29):
        return date(year, 2, 28)
    return date(year, birth.month, birth.day) - _DAY


def age_on(birth: date, day: date) -> int:
    """満年齢: completed years on ``day`` as shown to people, that is, counted up on the birthday itself.

    Born on 29 February: counted up on 1 March of a common year. For legal ages use :func:`reaches_age_on`, which is a
    day earlier. A day before the birth is refused.
    """
    if day < birth:
        raise InputError(
            "基準日が生年月日より前です。生年月日以後の日を指定してください",
            code="out_of_range",
            hint="生年月日と基準日を確認してください。",
        )
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def add_months(day: date, months: int) -> date:
    """応当日: the same day ``months`` later or earlier, else the month's last day (民法第143条第2項)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_of_month(day: date) -> date:
    """月末日: the last day of the month that holds ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])
