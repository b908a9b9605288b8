"""遺族基礎年金 (survivor basic pension): a spouse with a child, or a child, of the deceased (法37条〜43条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.kernel.calendar import add_months, reaches_age_on
from kokunen.kernel.money import round_half_up
from kokunen.law.engine.months import month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.benefits._dates import has_reached, in_calendar
from kokunen.law.rules.benefits.disability_pension import child_additions
from kokunen.law.rules.benefits.monthly_record import OUTSIDE, Span, by_month, life_of
from kokunen.law.rules.benefits.old_age_pension import full_amount
from kokunen.law.rules.benefits.payment_requirement import Requirement, payment_requirement

_RIGHT = "国民年金法第37条"
_WHO = "国民年金法第37条の2"
_AMOUNT = "国民年金法第38条、第39条、第39条の2"
_MARCH, _LAST_OF_MARCH = 3, 31


class Refusal(StrEnum):
    """見込みのない理由, in the order in which they are given."""

    DECEASED_NOT_COVERED = "deceased_not_covered"
    REQUIREMENT_NOT_MET = "requirement_not_met"
    NO_CHILD = "no_child"
    INCOME_OVER_LIMIT = "income_over_limit"


@dataclass(frozen=True, slots=True)
class Child:
    """子: born when, and whether the child is disabled (grade 1 or 2)."""

    birth: date
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class SurvivorPension:
    """遺族基礎年金の見込み: yen a year; ``each_child`` is the share of one child when children alone claim."""

    refusals: tuple[Refusal, ...]
    children: int
    requirement: Requirement | None
    amount: int
    each_child: int
    first: int | None
    last: int | None
    steps: tuple[Explained, ...]

    @property
    def eligible(self) -> bool:
        """受給権の見込み."""
        return not self.refusals


def child_until(child: Child) -> date:
    """子である最後の日: 31 March after reaching 18, or the day of reaching 20 when disabled.

    >>> child_until(Child(date(2010, 4, 1)))
    datetime.date(2028, 3, 31)
    """
    rule = history("benefits/survivor_pension").entries[-1].value
    in_calendar(child.birth.year + rule["disabled_child_age"] + 1, "child_births", "子の生年月日")
    if child.disabled:
        return date.fromordinal(reaches_age_on(child.birth, rule["disabled_child_age"]).toordinal() - 1)
    reached = reaches_age_on(child.birth, rule["child_age"])
    return date(reached.year + (reached.month > _MARCH), _MARCH, _LAST_OF_MARCH)


def survivor_pension(
    fiscal_year: int,
    birth: date,
    death: date,
    spans: Sequence[Span],
    children: Sequence[Child],
    *,
    spouse: bool = True,
    income: int | None = None,
) -> SurvivorPension:
    """遺族基礎年金の見込み of a death; ``income`` is the claimant's, None when unknown."""
    rule = history("benefits/survivor_pension").entries[-1].value
    span = by_month(spans).get(month_of(death))
    insured = span is not None and span.state not in OUTSIDE
    sixty = has_reached(birth, 60, death) and not has_reached(birth, 65, death)
    long_paid = life_of(spans).qualifying >= rule["long_months"]
    requirement = None if long_paid else payment_requirement(death, birth, spans)
    entitled = [child for child in children if child_until(child) >= death]
    tests = (
        (Refusal.DECEASED_NOT_COVERED, not (insured or sixty or long_paid)),
        (Refusal.REQUIREMENT_NOT_MET, requirement is not None and not requirement.met),
        (Refusal.NO_CHILD, not entitled),
        (Refusal.INCOME_OVER_LIMIT, income is not None and income >= rule["income_limit"]),
    )
    refusals = tuple(reason for reason, applies in tests if applies)
    full = full_amount(fiscal_year)
    addition = child_additions(fiscal_year, len(entitled) if spouse else max(len(entitled) - 1, 0))
    amount = 0 if refusals else full + addition
    each = round_half_up(amount, len(entitled)) if entitled and not spouse and amount else 0
    first = None if refusals else month_of(death) + 1
    last = None if refusals else max(month_of(child_until(child)) for child in entitled)
    steps = (
        Explained("insured_on_death", "死亡日に被保険者", insured, Unit.BOOL, _RIGHT),
        Explained("sixty_to_65", "60歳以上65歳未満で国内居住", sixty, Unit.BOOL, _RIGHT),
        Explained("long_paid", "受給資格期間25年以上", long_paid, Unit.BOOL, _RIGHT),
        *(requirement.steps if requirement else ()),
        Explained("children", "対象となる子", len(entitled), Unit.PERSON, _WHO),
        Explained("income_total", "請求者の所得", income, Unit.YEN, _WHO),
        Explained("income_limit", "生計維持の所得（未満）", rule["income_limit"], Unit.YEN, _WHO),
        Explained("reasons", "見込みのない理由", "、".join(refusals) or None, Unit.TEXT, _RIGHT),
        Explained("full_amount", "満額", full, Unit.YEN, _AMOUNT),
        Explained("child_addition", "子の加算額", addition, Unit.YEN, _AMOUNT),
        Explained("amount", "遺族基礎年金の額", amount, Unit.YEN, _AMOUNT),
        Explained("each_child", "子1人あたりの額", each, Unit.YEN, _AMOUNT),
        Explained("from_month", "支給の初月", first and month_text(first), Unit.YEAR_MONTH, "国民年金法第18条第1項"),
        Explained("to_month", "支給の終月", last and month_text(last), Unit.YEAR_MONTH, "国民年金法第40条"),
    )
    return SurvivorPension(refusals, len(entitled), requirement, amount, each, first, last, steps)


def claim_until(death: date) -> date:
    """請求の期限（時効）: five years (法102条1項)."""
    in_calendar(death.year + 5, "death_date", "死亡日")
    return add_months(death, 60)
