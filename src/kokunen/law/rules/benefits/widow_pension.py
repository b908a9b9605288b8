"""寡婦年金 (widow's pension): for a wife of 60 to 65 whose husband died without a pension of his own (法49条〜52条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.kernel.money import round_half_up
from kokunen.law.engine.months import month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.benefits._dates import has_reached, in_calendar, month_reaching
from kokunen.law.rules.benefits.months import Months, weighted_months
from kokunen.law.rules.benefits.old_age_pension import full_amount

_RIGHT = "国民年金法第49条第1項"
_AMOUNT = "国民年金法第50条"
_START = "国民年金法第18条第1項、第49条第3項"
_END = "国民年金法第51条"


class Refusal(StrEnum):
    """支給しない理由, in the order in which they are given."""

    UNDER_120_MONTHS = "under_120_months"
    MARRIAGE_UNDER_10_YEARS = "marriage_under_10_years"
    WIFE_REACHED_65 = "wife_reached_65"
    HUSBAND_PENSION_RECEIVED = "husband_pension_received"
    WIFE_EARLY_PENSION = "wife_early_pension"


@dataclass(frozen=True, slots=True)
class Couple:
    """夫婦: the days and facts the right depends on."""

    married_on: date
    death: date
    wife_birth: date
    husband_pension_received: bool = False
    wife_early_pension: bool = False


@dataclass(frozen=True, slots=True)
class WidowPension:
    """寡婦年金: yen a year; months None when nothing is payable or no month results."""

    refusals: tuple[Refusal, ...]
    husband_months: int
    weighted_x24: int
    amount: int
    first: int | None
    last: int | None
    steps: tuple[Explained, ...]

    @property
    def eligible(self) -> bool:
        """受給権."""
        return not self.refusals


def widow_pension(fiscal_year: int, months: Months, deferral: int, couple: Couple) -> WidowPension:
    """寡婦年金 of a year, from the husband's 第1号 months; the full amount is that of the younger group.

    ``InputError`` (out_of_range) when the months of payment would fall after the year 9999.
    """
    rule = history("benefits/widow_pension").entries[-1].value
    husband_months = months.paid + months.exempt + deferral
    weighted = weighted_months(months)
    refusals = _refusals(months, husband_months, couple)
    share, full = rule["share"], full_amount(fiscal_year)
    amount = 0
    first, last = None, None
    if not refusals:
        divisor = weighted.limit_x24 * share["denominator"]
        amount = round_half_up(full * weighted.x24 * share["numerator"], divisor)
        first, last = _payment(couple, rule["first_age"], rule["end_age"])
    reasons = "、".join(refusals) or None
    steps = (
        *weighted.steps,
        Explained("deferral_months", "納付猶予・学生納付特例の月数", deferral, Unit.MONTH, _RIGHT),
        Explained("husband_months", "夫の第1号の月数", husband_months, Unit.MONTH, _RIGHT),
        Explained("required_months", "必要な月数", _least_months(), Unit.MONTH, _RIGHT),
        Explained("reasons", "支給しない理由", reasons, Unit.TEXT, "国民年金法第49条、附則第9条の2の3"),
        Explained("eligible", "受給権", not refusals, Unit.BOOL, _RIGHT),
        Explained("full_amount", "満額", full, Unit.YEN, "国民年金法第27条"),
        Explained("share", "割合", share["numerator"] * 1000 // share["denominator"], Unit.PERMILLE, _AMOUNT),
        Explained("amount", "寡婦年金の額（50銭以上切上げ）", amount, Unit.YEN, f"{_AMOUNT}、第17条"),
        Explained("from_month", "支給の初月", None if first is None else month_text(first), Unit.YEAR_MONTH, _START),
        Explained("to_month", "支給の終月", None if last is None else month_text(last), Unit.YEAR_MONTH, _END),
    )
    return WidowPension(refusals, husband_months, weighted.x24, amount, first, last, steps)


def _least_months() -> int:
    least: int = history("benefits/qualifying_months").entries[-1].value
    return least


def _refusals(months: Months, husband_months: int, couple: Couple) -> tuple[Refusal, ...]:
    """Every reason that stands against the right."""
    rule = history("benefits/widow_pension").entries[-1].value
    too_few = husband_months < _least_months() or months.paid + months.exempt == 0
    # ten years are complete on the day before the anniversary, counted like an age
    married = has_reached(couple.married_on, rule["marriage_years"], couple.death)
    tests = (
        (Refusal.UNDER_120_MONTHS, too_few),
        (Refusal.MARRIAGE_UNDER_10_YEARS, not married),
        (Refusal.WIFE_REACHED_65, has_reached(couple.wife_birth, rule["end_age"], couple.death)),
        (Refusal.HUSBAND_PENSION_RECEIVED, couple.husband_pension_received),
        (Refusal.WIFE_EARLY_PENSION, couple.wife_early_pension),
    )
    return tuple(reason for reason, applies in tests if applies)


def _payment(couple: Couple, first_age: int, end_age: int) -> tuple[int | None, int | None]:
    """First and last month paid, both None when the wife reaches the end age in the month of the death."""
    in_calendar(couple.wife_birth.year + end_age, "wife_birth_date", "妻の生年月日")
    first = max(month_of(couple.death), month_reaching(couple.wife_birth, first_age)) + 1
    last = month_reaching(couple.wife_birth, end_age)
    return (first, last) if first <= last else (None, None)
