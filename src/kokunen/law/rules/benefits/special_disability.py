"""特別障害給付金 (special disability benefit): first visits before insurance was compulsory (平成16年法律第166号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.law.engine.months import month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history, value_on
from kokunen.law.rules.benefits._dates import has_reached

_ACT = "特定障害者に対する特別障害給付金の支給に関する法律"


class Group(StrEnum):
    """対象者の区分: a student, or the spouse of an employee, who could join and had not."""

    STUDENT = "student"
    SPOUSE = "spouse"


class Refusal(StrEnum):
    """見込みのない理由, in the order in which they are given."""

    FIRST_VISIT_TOO_LATE = "first_visit_too_late"
    WAS_INSURED = "was_insured"
    REACHED_65 = "reached_65"
    PENSION_RECEIVED = "pension_received"


@dataclass(frozen=True, slots=True)
class SpecialDisability:
    """特別障害給付金の見込み: yen a month by grade, paid from the month after the claim."""

    refusals: tuple[Refusal, ...]
    amounts: tuple[int, int]
    first: int
    steps: tuple[Explained, ...]

    @property
    def eligible(self) -> bool:
        """見込み (grade and incomes are for the Service to find)."""
        return not self.refusals


def special_disability(
    group: Group,
    birth: date,
    first_visit: date,
    claimed_on: date,
    *,
    was_insured: bool = False,
    pension_received: bool = False,
) -> SpecialDisability:
    """特別障害給付金の見込み of a claim on ``claimed_on``."""
    rule = history("benefits/special_disability_rule").entries[-1].value
    until = date.fromisoformat(rule["student_until" if group is Group.STUDENT else "spouse_until"])
    tests = (
        (Refusal.FIRST_VISIT_TOO_LATE, first_visit > until),
        (Refusal.WAS_INSURED, was_insured),
        (Refusal.REACHED_65, has_reached(birth, rule["claim_age"], claimed_on)),
        (Refusal.PENSION_RECEIVED, pension_received),
    )
    refusals = tuple(reason for reason, applies in tests if applies)
    row = value_on("benefits/special_disability", claimed_on)
    first = month_of(claimed_on) + 1
    steps = (
        Explained("group", "対象者の区分", str(group), Unit.TEXT, f"{_ACT}第2条"),
        Explained("first_visit_until", "初診日の期限", until, Unit.DATE, f"{_ACT}第2条"),
        Explained("first_visit_on", "初診日", first_visit, Unit.DATE, f"{_ACT}第2条"),
        Explained("reasons", "見込みのない理由", "、".join(refusals) or None, Unit.TEXT, f"{_ACT}第2条、第6条"),
        Explained("grade_1_amount", "1級の月額", row["grade_1"], Unit.YEN, f"{_ACT}第4条"),
        Explained("grade_2_amount", "2級の月額", row["grade_2"], Unit.YEN, f"{_ACT}第4条"),
        Explained("from_month", "支給の初月", month_text(first), Unit.YEAR_MONTH, f"{_ACT}第7条"),
    )
    return SpecialDisability(refusals, (row["grade_1"], row["grade_2"]), first, steps)
