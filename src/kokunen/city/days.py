"""日付の列: dates as whole days since 1970-01-01, with calendar arithmetic on whole columns."""

from __future__ import annotations

from datetime import date

import numpy as np

from kokunen.city.randomness import Bools, Ints

NEVER = 1_000_000
"""A day that does not come (year 4707): stands for "no such event" in date columns."""

_EPOCH = date(1970, 1, 1)


def day(value: date) -> int:
    """通日: days since 1970-01-01."""
    return (value - _EPOCH).days


def add_years(days: Ints, years: Ints | int) -> Ints:
    """年を足す: the same day ``years`` later; 29 February becomes 28 February in a common year."""
    return add_months(days, np.asarray(years) * 12)


def add_months(days: Ints, months: Ints | int) -> Ints:
    """月を足す: the same day of the month ``months`` later, or the last day of that month where it has no such day."""
    dates = np.asarray(days).astype("M8[D]")
    month = dates.astype("M8[M]")
    within = (dates - month.astype("M8[D]")).astype(np.int64)
    target = month + np.asarray(months).astype("m8[M]")
    first = target.astype("M8[D]").astype(np.int64)
    last = (target + 1).astype("M8[D]").astype(np.int64) - 1
    moved: Ints = np.minimum(first + within, last)
    return moved


def parts(days: Ints) -> tuple[Ints, Ints, Ints]:
    """年月日: year, month and day of the month."""
    dates = np.asarray(days).astype("M8[D]")
    months = dates.astype("M8[M]").astype(np.int64)
    first = dates.astype("M8[M]").astype("M8[D]")
    return months // 12 + 1970, months % 12 + 1, (dates - first).astype(np.int64) + 1


def first_of_month(days: Ints) -> Ints:
    """月の初日."""
    return np.asarray(days).astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)


def year_start(years: Ints | int, month: Ints | int = 1) -> Ints:
    """その年の month 月1日 as a day number."""
    months = (np.asarray(years, dtype=np.int64) - 1970) * 12 + (month - 1)
    return months.astype("M8[M]").astype("M8[D]").astype(np.int64)


def age_on(birth: Ints, on: Ints | int) -> Ints:
    """満年齢: completed years on ``on`` in the sense of statistics (the birthday itself completes the year)."""
    birth_year, birth_month, birth_day = parts(birth)
    year, month, of_month = parts(np.broadcast_to(np.asarray(on, dtype=np.int64), np.shape(birth)))
    before = (month < birth_month) | ((month == birth_month) & (of_month < birth_day))
    age: Ints = year - birth_year - before.astype(np.int64)
    return age


def reaches_age(birth: Ints, age: int) -> Ints:
    """年齢到達日: the day before the birthday (年齢計算ニ関する法律); born on 29 February reaches it on 28 February."""
    birthday = add_years(birth, age)
    _, month, of_month = parts(birth)
    _, _, kept = parts(birthday)
    moved = (month == 2) & (of_month == 29) & (kept == 28)
    return np.where(moved, birthday, birthday - 1)


def weekday_forward(days: Ints) -> Ints:
    """開庁日へ: Saturday and Sunday move to Monday (holidays are left out: the generator does not need them)."""
    weekday = (np.asarray(days) + 3) % 7
    return np.asarray(days) + np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))


def is_event(days: Ints) -> Bools:
    return np.asarray(days) < NEVER
