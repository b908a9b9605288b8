"""寡婦年金 (widow-pension): the husband's months and the days of the couple in, right, amount and months out."""

from __future__ import annotations

from kokunen.law.engine.months import month_text
from kokunen.law.interface.benefit_fields import (
    DEFERRAL_MONTHS,
    EXEMPT_MONTHS,
    FISCAL_YEAR,
    PAID_MONTHS,
    months_of,
)
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.widow_pension import Couple, widow_pension

FIELDS = (
    FISCAL_YEAR,
    PAID_MONTHS,
    EXEMPT_MONTHS,
    DEFERRAL_MONTHS,
    Day(name="married_on", label="婚姻日", required=True),
    Day(name="death_date", label="夫の死亡日", required=True),
    Day(name="wife_birth_date", label="妻の生年月日", required=True),
    Boolean(name="husband_pension_received", label="夫の老齢・障害基礎年金の受給", default=False),
    Boolean(name="wife_early_pension", label="妻の繰上げ支給の老齢基礎年金", default=False),
)


def conditions(record: Record) -> None:
    """死亡は婚姻の後."""
    if record["death_date"] <= record["married_on"]:
        record.refuse("death_date", Code.INCONSISTENT, "夫の死亡日は婚姻日より後の日付で指定してください")


def answer(record: Record, explain: bool) -> Answer:
    """寡婦年金の答え."""
    couple = Couple(
        record["married_on"],
        record["death_date"],
        record["wife_birth_date"],
        record["husband_pension_received"],
        record["wife_early_pension"],
    )
    pension = widow_pension(record["fiscal_year"], months_of(record), record["deferral_months"], couple)
    result = {
        "eligible": pension.eligible,
        "reasons": [str(reason) for reason in pension.refusals],
        "husband_months": pension.husband_months,
        "weighted_months_x24": pension.weighted_x24,
        "amount": pension.amount,
        "from_month": None if pension.first is None else month_text(pension.first),
        "to_month": None if pension.last is None else month_text(pension.last),
    }
    return Answer(result, pension.steps if explain else ())


RULESET = Ruleset(
    name="widow-pension",
    label="寡婦年金",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
