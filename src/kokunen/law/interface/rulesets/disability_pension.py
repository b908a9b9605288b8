"""障害基礎年金 (disability-pension): first visit and monthly record in; requirement, days and amounts out."""

from __future__ import annotations

from typing import Any

from kokunen.law.engine.months import month_text
from kokunen.law.interface.benefit_fields import FISCAL_YEAR
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Day, Integer, Record
from kokunen.law.interface.monthly_fields import SPANS, check_spans, spans_of
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.disability_pension import FirstVisit, disability_pension
from kokunen.law.rules.benefits.payment_requirement import Requirement

FIELDS = (
    FISCAL_YEAR,
    Day(name="birth_date", label="生年月日", required=True),
    Day(name="first_visit_on", label="初診日", required=True),
    Day(name="fixed_on", label="症状固定日"),
    Day(name="late_claim_on", label="事後重症の請求日"),
    Integer(name="children", label="加算の対象となる子の数", default=0, spans=((0, 20),)),
    SPANS,
)


def conditions(record: Record) -> None:
    """初診日は出生の後、症状固定日と請求日は初診日以後."""
    if record["first_visit_on"] < record["birth_date"]:
        record.refuse("first_visit_on", Code.INCONSISTENT, "初診日は生年月日以後の日付で指定してください")
    for name, label in (("fixed_on", "症状固定日"), ("late_claim_on", "事後重症の請求日")):
        if name in record and record[name] < record["first_visit_on"]:
            record.refuse(name, Code.INCONSISTENT, f"{label}は初診日以後の日付で指定してください")
    check_spans(record)


def requirement_result(found: Requirement | None) -> dict[str, Any] | None:
    """納付要件の答え."""
    if found is None:
        return None
    return {
        "insured_months": found.insured,
        "good_months": found.good,
        "needed_months": found.needed,
        "two_thirds": found.two_thirds,
        "last_year": found.last_year,
        "year_unpaid_months": [month_text(month) for month in found.year_bad],
        "met": found.met,
    }


def answer(record: Record, explain: bool) -> Answer:
    """障害基礎年金の答え."""
    visit = FirstVisit(
        record["first_visit_on"], record["birth_date"], record.get("fixed_on"), record.get("late_claim_on")
    )
    found = disability_pension(record["fiscal_year"], visit, spans_of(record), children=record["children"])
    result = {
        "eligible": found.eligible,
        "reasons": [str(reason) for reason in found.refusals],
        "ground": str(found.ground),
        "pension_code": found.pension_code,
        "certification_on": found.certification_on,
        "right_on": found.right_on,
        "from_month": month_text(found.first_month),
        "requirement": requirement_result(found.requirement),
        "grade_1_amount": found.amounts[0],
        "grade_2_amount": found.amounts[1],
    }
    return Answer(result, found.steps if explain else ())


RULESET = Ruleset(
    name="disability-pension",
    label="障害基礎年金",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
