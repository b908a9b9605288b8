"""年金生活者支援給付金 (pension-supplement): months, income and a month in, the benefit of that month out."""

from __future__ import annotations

from typing import Any

from kokunen.law.interface.benefit_fields import kinds_of_exemption
from kokunen.law.interface.fields import Boolean, Day, Enum, Integer, Month, Object, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.pension_supplement import (
    Kind,
    Pensioner,
    Supplement,
    first_old_age_month,
    known_months,
    old_age_supplement,
    other_supplement,
)

FIRST, LAST = known_months()
_PERSONS = ((0, 20),)
BELONGS = {
    Kind.OLD_AGE: ("birth_date", "paid_months", "exempt_months", "household_tax_exempt"),
    Kind.DISABILITY: ("grade", "dependants"),
    Kind.SURVIVOR: ("dependants",),
}
REQUIRED = {Kind.OLD_AGE: ("birth_date", "paid_months"), Kind.DISABILITY: ("grade",), Kind.SURVIVOR: ()}
NAMES = {Kind.OLD_AGE: "老齢", Kind.DISABILITY: "障害", Kind.SURVIVOR: "遺族"}
COMMON = ("kind", "month", "income_total")


def _first_month(root: Record) -> int:
    """老齢 needs an income limit, which is known later than the amounts."""
    return max(FIRST, first_old_age_month()) if root["kind"] == Kind.OLD_AGE else FIRST


FIELDS = (
    Enum(name="kind", label="給付金の種類", values=tuple(map(str, BELONGS)), required=True),
    Month(name="month", label="支給対象月", required=True, low=_first_month, high=LAST),
    Day(name="birth_date", label="生年月日"),
    Integer(name="paid_months", label="納付済月数", spans=((0, 480),)),
    Object(name="exempt_months", label="免除月数", filled=True, fields=kinds_of_exemption()),
    Integer(name="income_total", label="前年の所得", required=True, spans=((0, 999_999_999_999),)),
    Boolean(name="household_tax_exempt", label="世帯全員の市町村民税非課税", default=True),
    Integer(name="grade", label="障害等級", choices=(1, 2)),
    Object(
        name="dependants",
        label="扶養親族等",
        filled=True,
        fields=(
            Integer(name="general", label="扶養親族等の人数", default=0, spans=_PERSONS),
            Integer(name="elderly", label="老人扶養親族等の人数", default=0, spans=_PERSONS),
            Integer(name="specified", label="特定扶養親族等の人数", default=0, spans=_PERSONS),
        ),
    ),
)


def conditions(record: Record) -> None:
    """種類ごとに使う項目, in table order."""
    kind = Kind(record["kind"])
    when = f"{NAMES[kind]}年金生活者支援給付金のとき"
    for field in FIELDS:
        if field.name in REQUIRED[kind]:
            record.require(field.name, when)
        elif field.name not in (*COMMON, *BELONGS[kind]):
            record.forbid((field.name,), when)


def answer(record: Record, explain: bool) -> Answer:
    """給付金の答え."""
    kind, income = Kind(record["kind"]), record["income_total"]
    if kind is Kind.OLD_AGE:
        person = Pensioner(
            record["birth_date"],
            record["paid_months"],
            record["exempt_months"],
            income,
            record["household_tax_exempt"],
        )
        found = old_age_supplement(record["month"], person)
    else:
        found = other_supplement(record["month"], kind, income, record["dependants"], grade=record.get("grade"))
    return Answer(_written(found), found.steps if explain else ())


def _written(found: Supplement) -> dict[str, Any]:
    result: dict[str, Any] = {
        "kind": str(found.kind),
        "payable": not found.refusals,
        "monthly_amount": found.amount,
    }
    if found.parts is not None:
        parts = found.parts
        result["parts"] = {"paid": parts.paid, "exempt": parts.exempt, "quarter_exempt": parts.quarter_exempt}
    result["income_limit"] = found.income_limit
    if found.upper_limit is not None:
        result["income_upper_limit"] = found.upper_limit
    result["reasons"] = [str(reason) for reason in found.refusals]
    return result


RULESET = Ruleset(
    name="pension-supplement",
    label="年金生活者支援給付金",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
