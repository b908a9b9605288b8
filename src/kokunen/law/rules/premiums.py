"""保険料と前納 (premiums, prepayment): what months cost, in full, in part, and paid in advance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import cache

from kokunen.kernel.money import round_half_up
from kokunen.law.engine.months import first_day, month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history, value_on

_EXACT = Context(prec=60)
"""Sixty digits: the distance of a present value from a half is never smaller than that."""

_ARTICLES = {"basic": "国民年金法第87条第3項", "additional": "国民年金法第87条の2第1項"}
_PART = "国民年金法第90条の2"
_PREPAYMENT = "国民年金法第93条第2項、国民年金法施行令第8条"


class Method(StrEnum):
    """納付方法."""

    CASH = "cash"
    CREDIT_CARD = "credit_card"
    ACCOUNT_TRANSFER = "account_transfer"


class Premium(StrEnum):
    """保険料の種類: 定額保険料, 付加保険料."""

    BASIC = "basic"
    ADDITIONAL = "additional"


class Part(StrEnum):
    """一部免除: the exempted part."""

    NONE = "none"
    THREE_QUARTER = "three_quarter_exemption"
    HALF = "half_exemption"
    QUARTER = "quarter_exemption"


@dataclass(frozen=True, slots=True)
class Prepayment:
    """前納額: yen; ``monthly`` are the payable premiums, first month first."""

    monthly: tuple[int, ...]
    amount: int
    steps: tuple[Explained, ...]

    @property
    def undiscounted(self) -> int:
        """割引前の額: the months at their premium."""
        return sum(self.monthly)

    @property
    def discount(self) -> int:
        """割引額."""
        return self.undiscounted - self.amount


def known_months() -> tuple[int, int]:
    """保険料のわかる期間: first and last month for which premiums are laid down."""
    table = history("premiums/basic")
    if table.until is None:
        raise ValueError("premiums/basic must name its last day")
    return month_of(table.entries[0].start), month_of(table.until)


def premium_of(month: int, premium: Premium = Premium.BASIC, part: Part = Part.NONE) -> int:
    """納付する保険料 of one month in yen; of a part exemption the payable part to 10 yen, 5 up.

    ``InputError`` (out_of_range) for a month without a premium.
    """
    day = first_day(month)
    amount: int = value_on(f"premiums/{premium}", day)
    if part is Part.NONE:
        return amount
    rule = value_on("premiums/payable_part", day)
    payable = rule[part]
    return round_half_up(amount * payable["numerator"], payable["denominator"], rule["unit"])


def prepayment(
    start: int, months: int, method: Method, premium: Premium = Premium.BASIC, part: Part = Part.NONE
) -> Prepayment:
    """前納額: the premiums of ``months`` from ``start`` at their present value, 4% a year compound (施行令8条).

    By 口座振替 every month is paid a month earlier than by the other methods.
    """
    rule = value_on("premiums/prepayment", first_day(start))
    monthly = tuple(premium_of(month, premium, part) for month in range(start, start + months))
    rate = rule["annual_rate"]
    factor = monthly_factor(rate["numerator"], rate["denominator"])
    earlier = rule["months_earlier"][method]
    value = Decimal(0)
    for index, amount in enumerate(monthly):
        value = _EXACT.add(value, _EXACT.multiply(amount, _EXACT.power(factor, index + earlier)))
    unit = rule["unit"]
    rounded = int(_EXACT.divide(value, unit).quantize(Decimal(1), ROUND_HALF_UP, _EXACT)) * unit
    article = _ARTICLES[premium]
    steps = [
        *_month_steps(start, monthly, premium, part),
        Explained("first_month_amount", "最初の月の保険料", monthly[0], Unit.YEN, article),
        Explained("undiscounted_amount", "割引前の額", sum(monthly), Unit.YEN, article),
        Explained("annual_rate", "年利", rate["numerator"] * 1000 // rate["denominator"], Unit.PERMILLE, _PREPAYMENT),
        Explained("months_earlier", "納期限より早める月数", earlier, Unit.MONTH, _PREPAYMENT),
        Explained("present_value", "複利現価の合計（円）", f"{value:.6f}", Unit.TEXT, _PREPAYMENT),
        Explained("amount", "前納額（10円未満四捨五入）", rounded, Unit.YEN, _PREPAYMENT),
        Explained("discount", "割引額", sum(monthly) - rounded, Unit.YEN, _PREPAYMENT),
    ]
    return Prepayment(monthly, rounded, tuple(steps))


@cache
def monthly_factor(numerator: int, denominator: int) -> Decimal:
    """一月の現価率: (1 + numerator / denominator) to the power of −1/12, to sixty digits."""
    growth = _EXACT.add(1, _EXACT.divide(numerator, denominator))
    return _EXACT.exp(_EXACT.divide(_EXACT.minus(_EXACT.ln(growth)), 12))


def _month_steps(start: int, monthly: tuple[int, ...], premium: Premium, part: Part) -> list[Explained]:
    """The premium of each month and, with a part exemption, what stays payable of it."""
    steps: list[Explained] = []
    for index, payable in enumerate(monthly):
        month = month_text(start + index)
        whole = premium_of(start + index, premium)
        steps.append(Explained(f"premium[{index}]", f"{month}の保険料", whole, Unit.YEN, _ARTICLES[premium]))
        if part is not Part.NONE:
            label = f"{month}の一部免除後の保険料（10円未満四捨五入）"
            steps.append(Explained(f"payable[{index}]", label, payable, Unit.YEN, _PART))
    return steps
