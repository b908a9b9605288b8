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
