"""保険料納付要件 (payment requirement): of 障害基礎年金 and 遺族基礎年金, month by month (法30条1項, 37条).

Looked at on the day before the first visit (or the death): what was paid or applied for on that day or later does not
count. Two thirds of the insured months up to the month two before it, or, by the special rule, no unpaid month in the
last year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kokunen.law.engine.months import month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.benefits._dates import has_reached
from kokunen.law.rules.benefits.monthly_record import OUTSIDE, MonthState, Span, by_month

_TWO_THIRDS = "国民年金法第30条第1項ただし書"
_LAST_YEAR = "昭和60年法律第34号附則第20条"


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """判定した月: counted only when insured; ``late`` when it was paid or applied for too late."""

    month: int
    state: MonthState
    good: bool
    late: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """納付要件の答え: months None when nobody was insured up to then."""

    first: int | None
    last: int
    insured: int
    good: int
    needed: int
    two_thirds: bool
    year_first: int | None
    year_bad: tuple[int, ...]
    last_year: bool
    months: tuple[JudgedMonth, ...]
    steps: tuple[Explained, ...]

    @property
    def met(self) -> bool:
        """納付要件を満たすか."""
        return self.two_thirds or self.last_year


def payment_requirement(day: date, birth: date, spans: Sequence[Span]) -> Requirement:
    """納付要件: of someone born on ``birth`` with the record ``spans``, for a first visit or death on ``day``."""
    until = month_of(day) - 2
    judged = tuple(_judged(month, span, day) for month, span in sorted(by_month(spans).items()) if month <= until)
    insured = [one for one in judged if one.state not in OUTSIDE]
    good = sum(one.good for one in insured)
    rule = history("benefits/payment_requirement").entries[-1].value
    needed = -(-len(insured) * rule["numerator"] // rule["denominator"])
    two_thirds = good >= needed
    year_last = _year_end(day, spans, insured, until)
    year = [] if year_last is None else [one for one in insured if year_last - 11 <= one.month <= year_last]
    bad = tuple(one.month for one in year if not one.good)
    open_rule = day <= date.fromisoformat(rule["last_year_until"])
    young = not has_reached(birth, rule["last_year_age"], day)
    last_year = bool(year) and not bad and open_rule and young
    first = insured[0].month if insured else None
    year_first = None if year_last is None else year_last - 11
    steps = (
        Explained("looked_on", "判定する日（初診日・死亡日の前日）", _day_before(day), Unit.DATE, _TWO_THIRDS),
        Explained("from_month", "被保険者期間の初月", first and month_text(first), Unit.YEAR_MONTH, _TWO_THIRDS),
        Explained("to_month", "前々月", month_text(until), Unit.YEAR_MONTH, _TWO_THIRDS),
        Explained("insured_months", "被保険者期間の月数", len(insured), Unit.MONTH, _TWO_THIRDS),
        Explained("good_months", "納付済・免除・猶予の月数", good, Unit.MONTH, _TWO_THIRDS),
        Explained("late_months", "日付が間に合わない月数", sum(o.late for o in insured), Unit.MONTH, _TWO_THIRDS),
        Explained("needed_months", "3分の2に必要な月数", needed, Unit.MONTH, _TWO_THIRDS),
        Explained("two_thirds", "3分の2の要件", two_thirds, Unit.BOOL, _TWO_THIRDS),
        Explained("under_65", "65歳未満であること", young, Unit.BOOL, _LAST_YEAR),
        Explained("rule_in_force", "直近1年の特例の期限内", open_rule, Unit.BOOL, _LAST_YEAR),
        Explained(
            "year_from_month", "直近1年の初月", year_first and month_text(year_first), Unit.YEAR_MONTH, _LAST_YEAR
        ),
        Explained("year_unpaid_months", "直近1年の未納の月数", len(bad), Unit.MONTH, _LAST_YEAR),
        Explained("last_year", "直近1年の特例", last_year, Unit.BOOL, _LAST_YEAR),
        Explained("met", "納付要件", two_thirds or last_year, Unit.BOOL, f"{_TWO_THIRDS}、{_LAST_YEAR}"),
    )
    return Requirement(first, until, len(insured), good, needed, two_thirds, year_first, bad, last_year, judged, steps)


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _judged(month: int, span: Span, day: date) -> JudgedMonth:
    paid = span.state not in (MonthState.UNPAID, *OUTSIDE)
    late = paid and span.known_on is not None and span.known_on >= day
    return JudgedMonth(month, span.state, paid and not late, late)


def _year_end(day: date, spans: Sequence[Span], insured: Sequence[JudgedMonth], until: int) -> int | None:
    """The last month of the last year: two before the day, or the last insured month of whoever was insured no more."""
    if not insured:
        return None
    on_the_day = by_month(spans).get(month_of(day))
    still = on_the_day is None or on_the_day.state not in OUTSIDE
    return until if still and insured[-1].month >= until else insured[-1].month
