"""特別障害給付金 (special-disability-benefit): group and days in, right and monthly amounts out."""

from __future__ import annotations

from datetime import date

from kokunen.law.engine.months import month_text
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Enum, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.special_disability import Group, special_disability

FIELDS = (
    Enum(name="group", label="対象者の区分", required=True, values=tuple(Group)),
    Day(name="birth_date", label="生年月日", required=True),
    Day(name="first_visit_on", label="初診日", required=True),
    Day(name="claimed_on", label="請求日", required=True, low=date(2024, 4, 1), high=date(2027, 3, 31)),
    Boolean(name="was_insured", label="初診日の任意加入", default=False),
    Boolean(name="pension_received", label="障害年金の受給", default=False),
)


def conditions(record: Record) -> None:
    """初診日は出生の後."""
    if record["first_visit_on"] < record["birth_date"]:
        record.refuse("first_visit_on", Code.INCONSISTENT, "初診日は生年月日以後の日付で指定してください")


def answer(record: Record, explain: bool) -> Answer:
    """特別障害給付金の答え."""
    found = special_disability(
        Group(record["group"]),
        record["birth_date"],
        record["first_visit_on"],
        record["claimed_on"],
        was_insured=record["was_insured"],
        pension_received=record["pension_received"],
    )
    result = {
        "eligible": found.eligible,
        "reasons": [str(reason) for reason in found.refusals],
        "grade_1_amount": found.amounts[0],
        "grade_2_amount": found.amounts[1],
        "from_month": month_text(found.first),
    }
    return Answer(result, found.steps if explain else ())


RULESET = Ruleset(
    name="special-disability-benefit",
    label="特別障害給付金",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
