"""契約の誤った入力 (bad input) of premiums and benefits: the codes and fields the contract lists for wrong lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from kokunen.law.interface import run

BAD: list[tuple[str, dict[str, Any], str, str]] = []

_STATUTORY = {"kind": "statutory", "ground": "facility"}
BAD += [
    ("exemption-period", {"kind": "maternity"}, "due_date", "missing_field"),
    (
        "exemption-period",
        {"kind": "maternity", "birth_date": "2026-11-15", "notified_before_birth": True},
        "due_date",
        "missing_field",
    ),
    ("exemption-period", _STATUTORY, "start_date", "missing_field"),
    (
        "exemption-period",
        {**_STATUTORY, "start_date": "2026-08-01", "end_date": "2026-07-01"},
        "end_date",
        "inconsistent",
    ),
    ("exemption-period", {"kind": "childcare", "parent": "other"}, "birth_date", "missing_field"),
    ("exemption-period", {"kind": "childcare", "birth_date": "2026-11-15"}, "parent", "missing_field"),
    (
        "exemption-period",
        {"kind": "childcare", "birth_date": "2026-11-15", "parent": "other", "multiple": False},
        "multiple",
        "inconsistent",
    ),
    (
        "exemption-period",
        {"kind": "deferral_limit", "birth_date": "1976-12-01", "scheme": "general"},
        "scheme",
        "inconsistent",
    ),
    ("exemption-period", {"kind": "deferral_limit", "birth_date": "9999-12-31"}, "birth_date", "out_of_range"),
    (
        "exemption-period",
        {"kind": "application_window", "application_date": "0001-01-01"},
        "application_date",
        "out_of_range",
    ),
    ("exemption-period", {"kind": "maternity", "due_date": "9999-12-31"}, "due_date", "out_of_range"),
    ("exemption-period", {"kind": "application_window"}, "application_date", "missing_field"),
]

_CASH = {"start_month": "2026-04", "method": "cash"}
BAD += [
    ("prepayment", {**_CASH, "months": 25}, "months", "out_of_range"),
    ("prepayment", {**_CASH, "months": 0}, "months", "out_of_range"),
    ("prepayment", {"start_month": "2028-03", "months": 2, "method": "coin"}, "months", "out_of_range"),
    ("prepayment", {**_CASH, "start_month": "2022-03", "months": 1}, "start_month", "out_of_range"),
    ("prepayment", {**_CASH, "start_month": "2028-04", "months": 1}, "start_month", "out_of_range"),
    ("prepayment", {**_CASH, "start_month": "2026-4", "months": 1}, "start_month", "invalid_format"),
    (
        "prepayment",
        {**_CASH, "months": 6, "premium": "additional", "exemption": "half_exemption"},
        "exemption",
        "inconsistent",
    ),
    ("prepayment", {**_CASH, "months": 6, "premium": "additional", "exemption": "none"}, "exemption", "inconsistent"),
    ("prepayment", {"start_month": "2026-04", "months": 6}, "method", "missing_field"),
]

_DEATH = {"death_date": "2026-11-30", "paid_months": 100}
BAD += [
    ("death-lump-sum", {"paid_months": 100}, "death_date", "missing_field"),
    ("death-lump-sum", {**_DEATH, "claim_date": "2026-11-29"}, "claim_date", "inconsistent"),
    ("death-lump-sum", {**_DEATH, "paid_months": 601}, "paid_months", "out_of_range"),
    ("death-lump-sum", {**_DEATH, "paid_months": True}, "paid_months", "invalid_type"),
    (
        "death-lump-sum",
        {**_DEATH, "exempt_months": {"full_exemption": 1}},
        "exempt_months.full_exemption",
        "unknown_field",
    ),
    (
        "death-lump-sum",
        {**_DEATH, "exempt_months": {"half_exemption": -1}},
        "exempt_months.half_exemption",
        "out_of_range",
    ),
    ("death-lump-sum", {**_DEATH, "death_date": "9999-01-01"}, "death_date", "out_of_range"),
]

_OLD = {"fiscal_year": 2026, "birth_date": "1961-08-01"}
BAD += [
    ("old-age-pension", {**_OLD, "paid_months": 480, "deferred_months": 11}, "deferred_months", "out_of_range"),
    ("old-age-pension", {**_OLD, "paid_months": 601}, "paid_months", "out_of_range"),
    ("old-age-pension", {**_OLD, "paid_months": 600, "unpaid_months": 1}, "paid_months", "out_of_range"),
    ("old-age-pension", {**_OLD, "paid_months": 100, "additional_months": 101}, "additional_months", "inconsistent"),
    (
        "old-age-pension",
        {**_OLD, "birth_date": "1952-04-01", "paid_months": 480, "deferred_months": 61},
        "deferred_months",
        "out_of_range",
    ),
    (
        "old-age-pension",
        {**_OLD, "paid_months": 480, "early_months": 1, "deferred_months": 12},
        "deferred_months",
        "inconsistent",
    ),
    ("old-age-pension", {**_OLD, "birth_date": "1941-04-01", "paid_months": 480}, "birth_date", "out_of_range"),
    ("old-age-pension", {**_OLD, "fiscal_year": 2027, "paid_months": 480}, "fiscal_year", "out_of_range"),
    ("old-age-pension", {**_OLD, "paid_months": 480, "early_months": 61}, "early_months", "out_of_range"),
    (
        "old-age-pension",
        {**_OLD, "paid_months": 480, "exempt_months": {"after_2009_04": {"student_deferral": 1}}},
        "exempt_months.after_2009_04.student_deferral",
        "unknown_field",
    ),
]

_WIDOW = {"fiscal_year": 2026, "paid_months": 300, "married_on": "1990-06-01", "death_date": "2026-11-30"}
BAD += [
    ("widow-pension", _WIDOW, "wife_birth_date", "missing_field"),
    (
        "widow-pension",
        {**_WIDOW, "married_on": "2026-11-30", "wife_birth_date": "1965-02-10"},
        "death_date",
        "inconsistent",
    ),
    ("widow-pension", {**_WIDOW, "fiscal_year": 2022, "wife_birth_date": "1965-02-10"}, "fiscal_year", "out_of_range"),
    ("widow-pension", {**_WIDOW, "wife_birth_date": "9990-01-01"}, "wife_birth_date", "out_of_range"),
    ("widow-pension", {**_WIDOW, "wife_birth_date": None}, "wife_birth_date", "invalid_type"),
]

_JUNE = {"month": "2026-06", "income_total": 0}
BAD += [
    ("pension-supplement", {**_JUNE, "kind": "disability"}, "grade", "missing_field"),
    ("pension-supplement", {**_JUNE, "kind": "old_age"}, "birth_date", "missing_field"),
    ("pension-supplement", {**_JUNE, "kind": "old_age", "birth_date": "1958-04-10"}, "paid_months", "missing_field"),
    ("pension-supplement", {**_JUNE, "kind": "survivor", "grade": 1}, "grade", "inconsistent"),
    (
        "pension-supplement",
        {**_JUNE, "kind": "survivor", "household_tax_exempt": True},
        "household_tax_exempt",
        "inconsistent",
    ),
    (
        "pension-supplement",
        {**_JUNE, "kind": "old_age", "birth_date": "1958-04-10", "paid_months": 1, "dependants": {}},
        "dependants",
        "inconsistent",
    ),
    ("pension-supplement", {**_JUNE, "kind": "disability", "grade": 3}, "grade", "invalid_value"),
    ("pension-supplement", {**_JUNE, "kind": "old_age", "month": "2024-09"}, "month", "out_of_range"),
    ("pension-supplement", {**_JUNE, "kind": "survivor", "month": "2027-04"}, "month", "out_of_range"),
    ("pension-supplement", {**_JUNE, "kind": "supplementary_old_age"}, "kind", "invalid_value"),
]

_APPLIED = {"application_date": "2026-11-23", "birth_date": "1990-01-01"}


def _applied(*incomes: dict[str, Any], grounds: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """An application with the applicant's incomes and grounds."""
    applicant: dict[str, Any] = {"incomes": list(incomes)}
    if grounds is not None:
        applicant["grounds"] = grounds
    return {**_APPLIED, "applicant": applicant, **more}


_ZERO = {"income_year": 2025, "income": 0}
BAD += [
    ("exemption", _applied({"income_year": 2025}), "applicant.incomes[0].income", "missing_field"),
    (
        "exemption",
        _applied({**_ZERO, "dependants": {"old": 1}}),
        "applicant.incomes[0].dependants.old",
        "unknown_field",
    ),
    ("exemption", _applied(from_month="2026-08", to_month="2026-07"), "to_month", "inconsistent"),
    ("exemption", _APPLIED, "applicant", "missing_field"),
    ("exemption", {**_APPLIED, "applicant": {}}, "applicant.incomes", "missing_field"),
    ("exemption", _applied(_ZERO, _ZERO), "applicant.incomes[1].income_year", "inconsistent"),
    ("exemption", _applied({**_ZERO, "status": "undeclared"}), "applicant.incomes[0].income", "inconsistent"),
    ("exemption", _applied({**_ZERO, "income_year": 2019}), "applicant.incomes[0].income_year", "out_of_range"),
    (
        "exemption",
        _applied({"income_year": 2024, "income": 0, "deductions": {"specified_relative": 1}}),
        "applicant.incomes[0].deductions.specified_relative",
        "inconsistent",
    ),
    ("exemption", _applied(grounds=[{"kind": "job_loss"}]), "applicant.grounds[0].date", "missing_field"),
    (
        "exemption",
        _applied(grounds=[{"kind": "job_loss", "date": "2026-03-31", "from_month": "2026-03"}]),
        "applicant.grounds[0].from_month",
        "inconsistent",
    ),
    ("exemption", _applied(grounds=[{"kind": "welfare_other"}]), "applicant.grounds[0].from_month", "missing_field"),
    (
        "exemption",
        _applied(grounds=[{"kind": "welfare_other", "date": "2026-03-31", "from_month": "2026-03"}]),
        "applicant.grounds[0].date",
        "inconsistent",
    ),
    (
        "exemption",
        _applied(grounds=[{"kind": "welfare_other", "from_month": "2026-03", "to_month": "2026-02"}]),
        "applicant.grounds[0].to_month",
        "inconsistent",
    ),
    ("exemption", _applied(scheme="student", wished_kinds=[]), "wished_kinds", "inconsistent"),
    ("exemption", _applied(wished_kinds=["student_deferral"]), "wished_kinds[0]", "invalid_value"),
    ("exemption", _applied(paid_months=["2026-13"]), "paid_months[0]", "invalid_format"),
    ("exemption", _applied(application_date="2023-07-31"), "application_date", "out_of_range"),
    ("exemption", _applied(birth_date="9990-01-01"), "birth_date", "out_of_range"),
    ("exemption", _applied(spouse={"incomes": [{"income_year": 2025}]}), "spouse.incomes[0].income", "missing_field"),
]


@pytest.mark.parametrize(("ruleset", "line", "field", "code"), BAD)
def test_a_wrong_line_is_refused_at_its_field(ruleset: str, line: dict[str, Any], field: str, code: str) -> None:
    sink = io.BytesIO()
    status = run(ruleset, io.BytesIO(json.dumps({"id": "x", **line}).encode()), sink, True)
    answer = json.loads(sink.getvalue())
    assert status == 3
    assert answer["id"] == "x"
    assert (answer["error"]["field"], answer["error"]["code"]) == (field, code)
    assert "steps" not in answer
    assert any("ぁ" <= letter <= "ん" for letter in answer["error"]["message"])
