"""未支給年金 (unpaid pension): what the dead had not yet been paid, and who may claim it (法18条, 19条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.kernel.calendar import add_months, is_open_day
from kokunen.kernel.money import cut
from kokunen.law.engine.months import first_day, month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.benefits._dates import in_calendar

_WHO = "国民年金法第19条第1項、第4項"
_MONTHS = "国民年金法第18条第1項、第3項"
_CLAIM = "国民年金法第102条第1項"


class Relation(StrEnum):
    """続柄: in the order in which they may claim."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    THIRD_DEGREE = "third_degree"


class Refusal(StrEnum):
    """見込みのない理由, in the order in which they are given."""

    NOTHING_UNPAID = "nothing_unpaid"
    NOT_SAME_LIVELIHOOD = "not_same_livelihood"
    TIME_BARRED = "time_barred"


@dataclass(frozen=True, slots=True)
class UnpaidPension:
    """未支給年金の見込み: the months not paid, yen, the rank of the claimant (1 first)."""

    refusals: tuple[Refusal, ...]
    first: int | None
    last: int | None
    amount: int
    rank: int
    claim_deadline: date
    steps: tuple[Explained, ...]

    @property
    def eligible(self) -> bool:
        """請求できる見込み."""
        return not self.refusals

    @property
    def months(self) -> int:
        """未支給の月数."""
        return 0 if self.first is None or self.last is None else self.last - self.first + 1


def pay_day(month: int) -> date:
    """支払日: the 15th of an even month, the open day before when the offices are closed."""
    day = first_day(month).replace(day=history("benefits/unpaid_pension").entries[-1].value["pay_day"])
    while not is_open_day(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day


def last_paid_month(death: date) -> int:
    """最後に支払われた月分: at the last pay day up to the death, the two months before its month."""
    month = month_of(death)
    while month % 2 == 0 or pay_day(month) > death:  # month numbers of even months are odd
        month -= 1
    return month - 1


def unpaid_pension(
    death: date,
    annual_amount: int,
    relation: Relation,
    *,
    receiving: bool = True,
    same_livelihood: bool = True,
    first_month_due: int | None = None,
    claimed_on: date | None = None,
) -> UnpaidPension:
    """未支給年金 of a pension of ``annual_amount`` yen a year; ``first_month_due`` when payment had just begun."""
    years = history("benefits/unpaid_pension").entries[-1].value["claim_years"]
    in_calendar(death.year + years, "death_date", "死亡日")
    deadline = add_months(death, 12 * years)
    first = max(last_paid_month(death) + 1, first_month_due or 0)
    last = month_of(death)
    nothing = not receiving or annual_amount == 0 or first > last
    tests = (
        (Refusal.NOTHING_UNPAID, nothing),
        (Refusal.NOT_SAME_LIVELIHOOD, not same_livelihood),
        (Refusal.TIME_BARRED, claimed_on is not None and claimed_on > deadline),
    )
    refusals = tuple(reason for reason, applies in tests if applies)
    months = 0 if nothing else last - first + 1
    monthly = cut(annual_amount, 12)
    amount = 0 if refusals else monthly * months
    rank = list(Relation).index(relation) + 1
    steps = (
        Explained("paid_until", "最後に支払われた月分", month_text(last_paid_month(death)), Unit.YEAR_MONTH, _MONTHS),
        Explained("death_month", "死亡した月（支給の終月）", month_text(last), Unit.YEAR_MONTH, _MONTHS),
        Explained("unpaid_months", "未支給の月数", months, Unit.MONTH, _MONTHS),
        Explained("monthly_amount", "1か月の額（円未満切捨て）", monthly, Unit.YEN, "国民年金法第18条の2"),
        Explained("rank", "請求者の順位", rank, Unit.TEXT, _WHO),
        Explained("same_livelihood", "生計同一", same_livelihood, Unit.BOOL, _WHO),
        Explained("claim_deadline", "請求の期限", deadline, Unit.DATE, _CLAIM),
        Explained("reasons", "見込みのない理由", "、".join(refusals) or None, Unit.TEXT, _WHO),
        Explained("amount", "未支給年金の額", amount, Unit.YEN, _WHO),
    )
    shown_first, shown_last = (None, None) if nothing else (first, last)
    return UnpaidPension(refusals, shown_first, shown_last, amount, rank, deadline, steps)
