"""障害基礎年金 (disability basic pension): first visit, day of certification, requirement, amount (法30条〜33条の2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.kernel.calendar import add_months, reaches_age_on
from kokunen.kernel.money import round_half_up
from kokunen.law.engine.months import month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history, value_on
from kokunen.law.rules.benefits._dates import has_reached, in_calendar
from kokunen.law.rules.benefits.monthly_record import MonthState, Span, by_month
from kokunen.law.rules.benefits.old_age_pension import first_day_of, full_amount
from kokunen.law.rules.benefits.payment_requirement import Requirement, payment_requirement

_RIGHT = "国民年金法第30条第1項"
_LATE = "国民年金法第30条の2"
_BEFORE_20 = "国民年金法第30条の4"
_AMOUNT = "国民年金法第33条"
_CHILDREN = "国民年金法第33条の2"


class Refusal(StrEnum):
    """見込みのない理由, in the order in which they are given."""

    NOT_THE_CITY = "not_the_city"
    NOT_INSURED = "not_insured"
    REQUIREMENT_NOT_MET = "requirement_not_met"
    CLAIMED_TOO_LATE = "claimed_too_late"


class Ground(StrEnum):
    """請求の区分."""

    CERTIFICATION = "certification"
    LATE = "late"
    BEFORE_20 = "before_20"


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """初診日 and what follows from it: ``fixed_on`` when the symptoms became fixed before eighteen months passed.

    ``late_from``: the claim day of 事後重症 (the disability became grave after the day of certification).
    """

    on: date
    birth: date
    fixed_on: date | None = None
    late_from: date | None = None


@dataclass(frozen=True, slots=True)
class DisabilityPension:
    """障害基礎年金の見込み: yen a year by grade; the pension code; where the claim belongs."""

    refusals: tuple[Refusal, ...]
    ground: Ground
    pension_code: str
    state_on_first_visit: MonthState | None
    certification_on: date
    right_on: date
    first_month: int
    requirement: Requirement | None
    amounts: tuple[int, int]
    steps: tuple[Explained, ...]

    @property
    def eligible(self) -> bool:
        """受給権の見込み (the grade is for the Service to find)."""
        return not self.refusals


def child_additions(fiscal_year: int, children: int) -> int:
    """子の加算: yen a year for so many children."""
    row = value_on("benefits/child_addition", first_day_of(fiscal_year))
    addition: int = row["first_two"] * min(children, 2) + row["from_third"] * max(children - 2, 0)
    return addition


def certification_day(visit: FirstVisit) -> date:
    """障害認定日: eighteen months after the first visit, or earlier when the symptoms became fixed.

    >>> certification_day(FirstVisit(date(2025, 2, 12), date(1988, 4, 20)))
    datetime.date(2026, 8, 12)
    """
    rule = history("benefits/disability_pension").entries[-1].value
    in_calendar(visit.on.year + 2, "first_visit_on", "初診日")
    passed = add_months(visit.on, rule["certification_months"])
    return min(passed, visit.fixed_on) if visit.fixed_on else passed


def disability_pension(
    fiscal_year: int, visit: FirstVisit, spans: Sequence[Span], *, children: int = 0
) -> DisabilityPension:
    """障害基礎年金の見込み, from the first visit and the monthly record. Amounts: grade 1 and grade 2."""
    rule = history("benefits/disability_pension").entries[-1].value
    young = not has_reached(visit.birth, rule["before_age"], visit.on)
    span = by_month(spans).get(month_of(visit.on))
    state = span.state if span else None
    certified = certification_day(visit)
    ground, right_on = _ground(visit, young, certified)
    requirement = None if young else payment_requirement(visit.on, visit.birth, spans)
    refusals = _refusals(visit, young, state, requirement)
    full = full_amount(fiscal_year, visit.birth)
    addition = child_additions(fiscal_year, children)
    first_grade = round_half_up(full * rule["grade_1_percent"], 100) + addition
    amounts = (first_grade, full + addition)
    first_month = month_of(right_on) + 1
    code = "6350" if young else "5350"
    steps = (
        Explained("first_visit_on", "初診日", visit.on, Unit.DATE, _RIGHT),
        Explained("before_20", "20歳前の初診", young, Unit.BOOL, _BEFORE_20),
        Explained("state_on_first_visit", "初診日の月の加入", state and str(state), Unit.TEXT, _RIGHT),
        *(requirement.steps if requirement else ()),
        Explained("certification_on", "障害認定日", certified, Unit.DATE, _RIGHT),
        Explained("ground", "請求の区分", str(ground), Unit.TEXT, _LATE if ground is Ground.LATE else _RIGHT),
        Explained("right_on", "受給権が発生する日", right_on, Unit.DATE, _RIGHT),
        Explained("from_month", "支給の初月", month_text(first_month), Unit.YEAR_MONTH, "国民年金法第18条第1項"),
        Explained("reasons", "見込みのない理由", "、".join(refusals) or None, Unit.TEXT, _RIGHT),
        Explained("full_amount", "2級の額（満額）", full, Unit.YEN, _AMOUNT),
        Explained("children", "加算の対象となる子", children, Unit.PERSON, _CHILDREN),
        Explained("child_addition", "子の加算額", addition, Unit.YEN, _CHILDREN),
        Explained("grade_1_amount", "1級の年金額", amounts[0], Unit.YEN, f"{_AMOUNT}、第33条の2"),
        Explained("grade_2_amount", "2級の年金額", amounts[1], Unit.YEN, f"{_AMOUNT}、第33条の2"),
    )
    return DisabilityPension(
        refusals, ground, code, state, certified, right_on, first_month, requirement, amounts, steps
    )


def _ground(visit: FirstVisit, young: bool, certified: date) -> tuple[Ground, date]:
    """The kind of claim and the day of the right: before 20 the later of certification and reaching 20."""
    if young:
        twenty = reaches_age_on(visit.birth, 20)
        return Ground.BEFORE_20, max(certified, twenty, visit.late_from or certified)
    if visit.late_from and visit.late_from > certified:
        return Ground.LATE, visit.late_from
    return Ground.CERTIFICATION, certified


def _refusals(
    visit: FirstVisit, young: bool, state: MonthState | None, requirement: Requirement | None
) -> tuple[Refusal, ...]:
    rule = history("benefits/disability_pension").entries[-1].value
    sixty = has_reached(visit.birth, rule["uninsured_from_age"], visit.on)
    elsewhere = not young and state in (MonthState.SECOND, MonthState.THIRD)
    nobody = state in (None, MonthState.NOT_INSURED, MonthState.COMBINED) and not young and not sixty
    too_late = visit.late_from is not None and has_reached(visit.birth, rule["late_claim_age"], visit.late_from)
    tests = (
        (Refusal.NOT_THE_CITY, elsewhere),
        (Refusal.NOT_INSURED, nobody),
        (Refusal.REQUIREMENT_NOT_MET, requirement is not None and not requirement.met),
        (Refusal.CLAIMED_TOO_LATE, too_late),
    )
    return tuple(reason for reason, applies in tests if applies)
