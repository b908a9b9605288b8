"""給付の年月日: ages and months at the ends of the calendar."""

from __future__ import annotations

from datetime import date

from kokunen.kernel.calendar import reaches_age_on
from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import month_of


def month_reaching(birth: date, age: int) -> int:
    """年齢到達月: the month of the day before the birthday."""
    return month_of(birth) + 12 * age - (birth.day == 1)


def has_reached(birth: date, age: int, day: date) -> bool:
    """年齢到達: whether ``age`` is reached on ``day``; an age reached after the year 9999 is not."""
    if birth.year + age > date.max.year:
        return False
    return day >= reaches_age_on(birth, age)


def in_calendar(year: int, field: str, label: str) -> None:
    """年の範囲: ``InputError`` (out_of_range) on ``field`` when a result would fall after the year 9999."""
    if year > date.max.year:
        message = f"{label}は、結果の年月日が西暦9999年までに収まる日付で指定してください"
        raise InputError(message, field, "out_of_range")
