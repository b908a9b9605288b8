"""年月 (months) as one integer, ``year * 12 + month - 1``: months add, compare and live in integer columns."""

from __future__ import annotations

import calendar
import re
from datetime import date

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})")


def month_of(day: date) -> int:
    """暦月: the calendar month that contains ``day``.

    >>> month_of(date(2026, 11, 30)) - month_of(date(2026, 1, 1))
    10
    """
    return day.year * 12 + day.month - 1


def month_text(month: int) -> str:
    """年月の表記 ``YYYY-MM``.

    >>> month_text(month_of(date(2026, 11, 30)))
    '2026-11'
    """
    year, index = divmod(month, 12)
    return f"{year:04d}-{index + 1:02d}"


def parse_month(text: str) -> int:
    """年月を読む: ``YYYY-MM`` only; ``ValueError`` for anything else.

    >>> month_text(parse_month("2026-04") - 25)
    '2024-03'
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month = int(match[1]), int(match[2])
    if year < 1 or not 1 <= month <= 12:
        raise ValueError(text)
    return year * 12 + month - 1


def first_day(month: int) -> date:
    """月の初日."""
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)


def last_day(month: int) -> date:
    """月の末日.

    >>> last_day(parse_month("2028-02"))
    datetime.date(2028, 2, 29)
    """
    year, index = divmod(month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])
