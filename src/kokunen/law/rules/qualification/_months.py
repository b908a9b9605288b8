"""被保険者月 (months): periods into insured months (国民年金法第11条, 第11条の2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokunen.law.engine.months import month_of
from kokunen.law.rules.qualification.types import InsuredType, Kind, MonthRange, Period

_Range = tuple[InsuredType, int, int]


def month_ranges(periods: Sequence[Period], as_of: date) -> tuple[MonthRange, ...]:
    """被保険者月の並び: in order, neighbouring months of one type joined.

    A spell (periods joined by changes of type) counts from the month of its acquisition to the month before its loss,
    one month at least; a month belongs to the last type held in it, and of two spells to the later one.
    """
    ranges: list[_Range] = []
    for spell in _spells(periods):
        for insured, first, last in _months_of_spell(spell, as_of):
            while ranges and ranges[-1][2] >= first:
                earlier, began, _ = ranges.pop()
                if began < first:
                    ranges.append((earlier, began, first - 1))
            joins = bool(ranges) and ranges[-1][0] is insured and ranges[-1][2] == first - 1
            ranges.append((insured, ranges.pop()[1] if joins else first, last))
    return tuple(MonthRange(*item) for item in ranges)


def _spells(periods: Sequence[Period]) -> list[list[Period]]:
    spells: list[list[Period]] = []
    for period in periods:
        if period.start_kind is Kind.TYPE_CHANGE:
            spells[-1].append(period)
        else:
            spells.append([period])
    return spells


def _months_of_spell(spell: Sequence[Period], as_of: date) -> list[_Range]:
    first, end = month_of(spell[0].acquired_on), spell[-1].lost_on
    last = max(month_of(end) - 1, first) if end is not None else month_of(as_of)
    months: list[_Range] = []
    for period, following in zip(spell, [*spell[1:], None], strict=True):
        from_month = month_of(period.acquired_on)
        to_month = last if following is None else min(month_of(following.acquired_on) - 1, last)
        if from_month <= to_month:
            months.append((period.type, from_month, to_month))
    return months
