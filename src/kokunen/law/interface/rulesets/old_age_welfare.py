"""老齢福祉年金 (old-age-welfare): birth date in, whether the pension can be due out."""

from __future__ import annotations

from kokunen.law.interface.fields import Boolean, Day, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.benefits.old_age_welfare import old_age_welfare

FIELDS = (
    Day(name="birth_date", label="生年月日", required=True),
    Day(name="claimed_on", label="請求日", required=True),
    Boolean(name="public_pension", label="公的年金の受給", default=False),
)


def answer(record: Record, explain: bool) -> Answer:
    """老齢福祉年金の答え."""
    found = old_age_welfare(record["birth_date"], record["claimed_on"], public_pension=record["public_pension"])
    result = {
        "eligible": found.eligible,
        "reasons": [str(reason) for reason in found.refusals],
        "needs_months": found.needs_months,
    }
    return Answer(result, found.steps if explain else ())


RULESET = Ruleset(name="old-age-welfare", label="老齢福祉年金", fields=FIELDS, evaluate=one_by_one(answer))
