"""運転日の決まり: on which business days a net runs, counted in 開庁日 where its rule says so.

The city's own closed days are those of the kernel's calendar (Saturdays, Sundays, holidays, 29 December to 3 January).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kokunen.kernel.calendar import add_months, is_open_day, last_of_month, next_open_day

_DAY = timedelta(days=1)


class Cycle(StrEnum):
    """周期: how the days of a net are found."""

    EVERY_DAY = "every_day"
    EVERY_OPEN_DAY = "every_open_day"
    WEEKLY = "weekly"
    NTH_OPEN_DAY = "nth_open_day"
    LAST_OPEN_DAY = "last_open_day"
    MONTHLY = "monthly"
    ON_REQUEST = "on_request"


class Shift(StrEnum):
    """閉庁日に当たったとき: stay, the open day before, or the open day after."""

    NONE = "none"
    PREVIOUS = "previous"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class RunRule:
    """運転日: `number` is n of NTH_OPEN_DAY, the day of MONTHLY (31 = the month's last) or the weekday of WEEKLY
    (0 = Monday); `shift` moves a day of MONTHLY that falls on a closed one.
    """

    cycle: Cycle = Cycle.EVERY_DAY
    number: int = 0
    shift: Shift = Shift.NONE

    @property
    def ja(self) -> str:
        """The rule in words."""
        shifted = {Shift.NONE: "", Shift.PREVIOUS: "(閉庁日は前の開庁日)", Shift.NEXT: "(閉庁日は次の開庁日)"}
        return {
            Cycle.EVERY_DAY: "毎日",
            Cycle.EVERY_OPEN_DAY: "開庁日ごと",
            Cycle.WEEKLY: f"毎週{'月火水木金土日'[self.number % 7]}曜日",
            Cycle.NTH_OPEN_DAY: f"毎月第{self.number}開庁日",
            Cycle.LAST_OPEN_DAY: "毎月最終開庁日",
            Cycle.MONTHLY: ("毎月末日" if self.number >= 31 else f"毎月{self.number}日") + shifted[self.shift],
            Cycle.ON_REQUEST: "随時",
        }[self.cycle]


def runs_on(rule: RunRule, day: date) -> bool:
    """運転日か: True when a net of this rule runs on business day ``day``."""
    match rule.cycle:
        case Cycle.EVERY_DAY:
            return True
        case Cycle.EVERY_OPEN_DAY:
            return is_open_day(day)
        case Cycle.WEEKLY:
            return day.weekday() == rule.number
        case Cycle.NTH_OPEN_DAY:
            return is_open_day(day) and sum(is_open_day(d) for d in _days(day.replace(day=1), day)) == rule.number
        case Cycle.LAST_OPEN_DAY:
            return is_open_day(day) and not any(is_open_day(d) for d in _days(day + _DAY, last_of_month(day)))
        case Cycle.MONTHLY:
            months = (add_months(day.replace(day=1), n) for n in (-1, 0, 1))
            return any(_shifted(_day_of(month, rule.number), rule.shift) == day for month in months)
        case Cycle.ON_REQUEST:
            return False


def next_run_day(rule: RunRule, after: date) -> date | None:
    """次の運転日 later than ``after`` within a year; None for a net that runs on request only."""
    if rule.cycle is Cycle.ON_REQUEST:
        return None
    return next((day for day in _days(after + _DAY, after + timedelta(days=366)) if runs_on(rule, day)), None)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day_of(month: date, number: int) -> date:
    return month.replace(day=min(number, last_of_month(month).day))


def _shifted(day: date, shift: Shift) -> date:
    if shift is Shift.NEXT:
        return next_open_day(day)
    while shift is Shift.PREVIOUS and not is_open_day(day):
        day -= _DAY
    return day
