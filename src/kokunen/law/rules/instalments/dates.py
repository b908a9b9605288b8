"""納期限 (due dates): the last days to pay, a closed day moved to the next open day (地方税法第20条の5)."""

from __future__ import annotations

from datetime import date
from functools import cache

from kokunen.kernel.calendar import next_open_day
from kokunen.law.engine.months import first_day, last_day, month_of
from kokunen.law.rules.resident_tax._tax_year import TaxYear

_JUNE, _MONTHS = 6, 12
_EMPLOYER_DAY = 10


@cache
def due_dates(method: str, tax_year: int) -> tuple[date, ...]:
    """納期限: ``ordinary`` the last day of the months of the city, ``salary`` the 10th of the month that follows."""
    if method == "ordinary":
        months = TaxYear(tax_year).value("instalments")["ordinary_months"]
        nominal = [last_day(month_of(date(tax_year + (month < _JUNE), month, 1))) for month in months]
    else:
        june = month_of(date(tax_year, _JUNE, 1))
        nominal = [first_day(june + index + 1).replace(day=_EMPLOYER_DAY) for index in range(_MONTHS)]
    return tuple(next_open_day(day) for day in nominal)
