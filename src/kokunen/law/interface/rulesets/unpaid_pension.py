"""未支給年金 (unpaid-pension): death and yearly amount in, months and amount not yet paid out."""

from __future__ import annotations

from kokunen.law.engine.months import month_text
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Enum, Integer, Month, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.unpaid_pension import Relation, unpaid_pension

FIELDS = (
    Day(name="death_date", label="死亡日", required=True),
    Integer(name="annual_amount", label="年金額（年額）", required=True, spans=((0, 9_999_999),)),
    Enum(name="relation", label="請求者の続柄", required=True, values=tuple(Relation)),
    Boolean(name="receiving", label="年金の受給", default=True),
    Boolean(name="same_livelihood", label="生計同一", default=True),
    Month(name="first_month_due", label="支給の初月"),
    Day(name="claimed_on", label="請求日"),
)


def conditions(record: Record) -> None:
    """請求は死亡の後."""
    if "claimed_on" in record and record["claimed_on"] < record["death_date"]:
        record.refuse("claimed_on", Code.INCONSISTENT, "請求日は死亡日以後の日付で指定してください")


def answer(record: Record, explain: bool) -> Answer:
    """未支給年金の答え."""
    found = unpaid_pension(
        record["death_date"],
        record["annual_amount"],
        Relation(record["relation"]),
        receiving=record["receiving"],
        same_livelihood=record["same_livelihood"],
        first_month_due=record.get("first_month_due"),
        claimed_on=record.get("claimed_on"),
    )
    result = {
        "eligible": found.eligible,
        "reasons": [str(reason) for reason in found.refusals],
        "from_month": found.first and month_text(found.first),
        "to_month": found.last and month_text(found.last),
        "months": found.months,
        "amount": found.amount,
        "rank": found.rank,
        "claim_deadline": found.claim_deadline,
    }
    return Answer(result, found.steps if explain else ())


RULESET = Ruleset(
    name="unpaid-pension", label="未支給年金", fields=FIELDS, conditions=conditions, evaluate=one_by_one(answer)
)
