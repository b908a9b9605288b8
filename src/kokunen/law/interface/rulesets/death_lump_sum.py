"""死亡一時金 (death-lump-sum): months of the deceased in, the sum and the last day to claim out."""

from __future__ import annotations

from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Integer, Object, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.death_lump_sum import death_lump_sum

_MONTHS = ((0, 600),)

FIELDS = (
    Day(name="death_date", label="死亡日", required=True),
    Integer(name="paid_months", label="納付済月数", required=True, spans=_MONTHS),
    Object(
        name="exempt_months",
        label="一部免除月数",
        filled=True,
        fields=(
            Integer(name="three_quarter_exemption", label="4分の3免除月数", default=0, spans=_MONTHS),
            Integer(name="half_exemption", label="半額免除月数", default=0, spans=_MONTHS),
            Integer(name="quarter_exemption", label="4分の1免除月数", default=0, spans=_MONTHS),
        ),
    ),
    Integer(name="additional_months", label="付加保険料納付月数", default=0, spans=_MONTHS),
    Boolean(name="pension_received", label="老齢基礎・障害基礎年金の受給", default=False),
    Boolean(name="survivor_pension_payable", label="遺族基礎年金の受給権", default=False),
    Day(name="claim_date", label="請求日"),
)


def conditions(record: Record) -> None:
    """請求は死亡の日以後."""
    if "claim_date" in record and record["claim_date"] < record["death_date"]:
        record.refuse("claim_date", Code.INCONSISTENT, "請求日は死亡日以後の日付で指定してください")


def answer(record: Record, explain: bool) -> Answer:
    """死亡一時金の答え."""
    paid = death_lump_sum(
        record["death_date"],
        record["paid_months"],
        record["exempt_months"],
        additional=record["additional_months"],
        pension_received=record["pension_received"],
        survivor_pension_payable=record["survivor_pension_payable"],
        claimed_on=record.get("claim_date"),
    )
    result = {
        "counted_months_x4": paid.counted_months_x4,
        "payable": paid.refusal is None,
        "reason": paid.refusal and str(paid.refusal),
        "base_amount": paid.base_amount,
        "additional_amount": paid.additional_amount,
        "amount": paid.amount,
        "claim_deadline": paid.claim_deadline,
    }
    return Answer(result, paid.steps if explain else ())


RULESET = Ruleset(
    name="death-lump-sum",
    label="死亡一時金",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
