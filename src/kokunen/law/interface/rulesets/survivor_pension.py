"""遺族基礎年金 (survivor-pension): the deceased's record and the children in; right, amount and months out."""

from __future__ import annotations

from kokunen.law.engine.months import month_text
from kokunen.law.interface.benefit_fields import FISCAL_YEAR
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Integer, List, Object, Record
from kokunen.law.interface.monthly_fields import SPANS, check_spans, spans_of
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.interface.rulesets.disability_pension import requirement_result
from kokunen.law.rules.benefits.survivor_pension import Child, claim_until, survivor_pension

FIELDS = (
    FISCAL_YEAR,
    Day(name="birth_date", label="死亡者の生年月日", required=True),
    Day(name="death_date", label="死亡日", required=True),
    Boolean(name="spouse", label="子のある配偶者の請求", default=True),
    Integer(name="income", label="請求者の所得", spans=((0, 999_999_999),)),
    List(
        name="children",
        label="子",
        required=True,
        high=20,
        item=Object(
            name="child",
            label="子",
            fields=(
                Day(name="birth_date", label="子の生年月日", required=True),
                Boolean(name="disabled", label="障害の状態にある", default=False),
            ),
        ),
    ),
    SPANS,
)


def conditions(record: Record) -> None:
    """死亡は出生の後."""
    if record["death_date"] < record["birth_date"]:
        record.refuse("death_date", Code.INCONSISTENT, "死亡日は生年月日以後の日付で指定してください")
    check_spans(record)


def answer(record: Record, explain: bool) -> Answer:
    """遺族基礎年金の答え."""
    found = survivor_pension(
        record["fiscal_year"],
        record["birth_date"],
        record["death_date"],
        spans_of(record),
        [Child(one["birth_date"], one["disabled"]) for one in record["children"]],
        spouse=record["spouse"],
        income=record.get("income"),
    )
    result = {
        "eligible": found.eligible,
        "reasons": [str(reason) for reason in found.refusals],
        "children": found.children,
        "requirement": requirement_result(found.requirement),
        "amount": found.amount,
        "each_child_amount": found.each_child,
        "from_month": found.first and month_text(found.first),
        "to_month": found.last and month_text(found.last),
        "claim_deadline": claim_until(record["death_date"]),
    }
    return Answer(result, found.steps if explain else ())


RULESET = Ruleset(
    name="survivor-pension", label="遺族基礎年金", fields=FIELDS, conditions=conditions, evaluate=one_by_one(answer)
)
