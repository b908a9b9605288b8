"""老齢福祉年金 (old-age welfare pension): for those who were too old for the contributory pension (旧法79条の2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.benefits._dates import has_reached

_RIGHT = "旧国民年金法第79条の2"


class Refusal(StrEnum):
    """見込みのない理由, in the order in which they are given."""

    BORN_TOO_LATE = "born_too_late"
    UNDER_70 = "under_70"
    PUBLIC_PENSION = "public_pension"


@dataclass(frozen=True, slots=True)
class OldAgeWelfare:
    """老齢福祉年金の見込み: no amount is estimated, it depends on three incomes that the State examines."""

    refusals: tuple[Refusal, ...]
    needs_months: bool
    steps: tuple[Explained, ...]

    @property
    def eligible(self) -> bool:
        """対象となる見込み."""
        return not self.refusals


def old_age_welfare(birth: date, claimed_on: date, *, public_pension: bool = False) -> OldAgeWelfare:
    """老齢福祉年金の見込み by birth date; ``needs_months``: the record of the paid-in pension must be seen."""
    rule = history("benefits/old_age_welfare").entries[-1].value
    until, short = date.fromisoformat(rule["born_until"]), date.fromisoformat(rule["shortage_born_until"])
    tests = (
        (Refusal.BORN_TOO_LATE, birth > short),
        (Refusal.UNDER_70, not has_reached(birth, rule["age"], claimed_on)),
        (Refusal.PUBLIC_PENSION, public_pension),
    )
    refusals = tuple(reason for reason, applies in tests if applies)
    needs_months = until < birth <= short
    steps = (
        Explained("born_until", "対象となる生年月日", until, Unit.DATE, _RIGHT),
        Explained("shortage_born_until", "期間の要件つきで対象となる生年月日", short, Unit.DATE, _RIGHT),
        Explained("needs_months", "期間の要件の確認", needs_months, Unit.BOOL, _RIGHT),
        Explained("reasons", "見込みのない理由", "、".join(refusals) or None, Unit.TEXT, _RIGHT),
        Explained("eligible", "対象となる見込み", not refusals, Unit.BOOL, _RIGHT),
    )
    return OldAgeWelfare(refusals, needs_months, steps)
