"""保険料・前納 (prepayment): months and a way of paying in, what they cost at once out."""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.law.engine.months import month_text
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Enum, Integer, Month, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.premiums import Method, Part, Premium, known_months, prepayment

FIRST, LAST = known_months()


@dataclass(frozen=True, kw_only=True)
class _PrepaidMonths(Integer):
    """納付月数: ends with the last month for which a premium is known."""

    def allowed(self, root: Record) -> str:
        return f"{super().allowed(root)}（最後の月が{month_text(LAST)}以前になる月数）"

    def read(self, value: object, path: str, root: Record) -> int:
        months = super().read(value, path, root)
        if root["start_month"] + months - 1 > LAST:
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return months


FIELDS = (
    Month(name="start_month", label="前納の最初の月", required=True, low=FIRST, high=LAST),
    _PrepaidMonths(name="months", label="納付月数", required=True, spans=((1, 24),)),
    Enum(name="method", label="納付方法", values=tuple(Method), required=True),
    Enum(name="premium", label="保険料の種類", values=tuple(Premium), default=Premium.BASIC.value),
    Enum(name="exemption", label="一部免除", values=tuple(Part), default=Part.NONE.value),
)


def conditions(record: Record) -> None:
    """一部免除は定額保険料だけにある."""
    if record["premium"] == Premium.ADDITIONAL:
        record.forbid(("exemption",), "付加保険料のとき")


def answer(record: Record, explain: bool) -> Answer:
    """前納額の答え."""
    paid = prepayment(
        record["start_month"],
        record["months"],
        Method(record["method"]),
        Premium(record["premium"]),
        Part(record["exemption"]),
    )
    result = {
        "first_month_amount": paid.monthly[0],
        "undiscounted_amount": paid.undiscounted,
        "amount": paid.amount,
        "discount": paid.discount,
    }
    return Answer(result, paid.steps if explain else ())


RULESET = Ruleset(
    name="prepayment",
    label="保険料・前納",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
