"""老齢基礎年金 (old-age-pension): months in, the amount of a year out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokunen.law.interface.benefit_fields import (
    DEFERRAL_MONTHS,
    EXEMPT_MONTHS,
    FISCAL_YEAR,
    MONTHS,
    PAID_MONTHS,
    months_of,
)
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Day, Integer, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.old_age_pension import Life, longest_deferral, old_age_pension

LONGEST_LIFE = 600


@dataclass(frozen=True, kw_only=True)
class _DeferredMonths(Integer):
    """繰下げ月数: its limit depends on the birth date."""

    def read(self, value: object, path: str, root: Record) -> int:
        months = super().read(value, path, root)
        if months > longest_deferral(root["birth_date"]):
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return months

    def allowed(self, root: Record) -> str:
        if "birth_date" not in root:
            return super().allowed(root)
        return f"0または12から{longest_deferral(root['birth_date'])}までの整数"


FIELDS = (
    FISCAL_YEAR,
    Day(name="birth_date", label="生年月日", required=True, low=date(1941, 4, 2)),
    PAID_MONTHS,
    EXEMPT_MONTHS,
    DEFERRAL_MONTHS,
    Integer(name="combined_months", label="合算対象期間の月数", default=0, spans=MONTHS),
    Integer(name="unpaid_months", label="未納月数", default=0, spans=MONTHS),
    Integer(name="additional_months", label="付加保険料納付月数", default=0, spans=MONTHS),
    Integer(name="early_months", label="繰上げ月数", default=0, spans=((0, 60),)),
    _DeferredMonths(name="deferred_months", label="繰下げ月数", default=0, spans=((0, 0), (12, 120))),
)


def conditions(record: Record) -> None:
    """月数どうしの関係."""
    life = _life(record)
    total = life.qualifying + record["unpaid_months"]
    if total > LONGEST_LIFE:
        message = (
            f"納付済・免除・猶予・合算対象・未納の月数は、合わせて{LONGEST_LIFE}以下で指定してください（合計: {total}）"
        )
        record.refuse("paid_months", Code.OUT_OF_RANGE, message)
    if life.additional > life.months.paid:
        message = f"付加保険料納付月数は納付済月数（{life.months.paid}）以下で指定してください"
        record.refuse("additional_months", Code.INCONSISTENT, message)
    if record["early_months"] and record["deferred_months"]:
        record.refuse("deferred_months", Code.INCONSISTENT, "繰上げと繰下げは、どちらか一方だけを指定してください")


def _life(record: Record) -> Life:
    return Life(months_of(record), record["deferral_months"], record["combined_months"], record["additional_months"])


def answer(record: Record, explain: bool) -> Answer:
    """老齢基礎年金の答え."""
    pension = old_age_pension(
        record["fiscal_year"],
        record["birth_date"],
        _life(record),
        early=record["early_months"],
        deferred=record["deferred_months"],
    )
    result = {
        "full_amount": pension.full_amount,
        "weighted_months_x24": pension.weighted_x24,
        "qualifying_months": pension.qualifying_months,
        "eligible": pension.eligible,
        "basic_amount": pension.basic,
        "adjustment_permille": pension.permille,
        "adjusted_basic_amount": pension.adjusted_basic,
        "additional_amount": pension.additional,
        "adjusted_additional_amount": pension.adjusted_additional,
        "annual_amount": pension.annual,
    }
    return Answer(result, pension.steps if explain else ())


RULESET = Ruleset(
    name="old-age-pension",
    label="老齢基礎年金",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
