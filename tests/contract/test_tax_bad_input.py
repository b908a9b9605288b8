"""契約の誤った入力 (bad input) of the two tax rulesets: the codes and fields for wrong lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from kokunen.law.interface import run

TAX: dict[str, Any] = {"tax_year": 2026, "birth_date": "1985-05-01"}
SPLIT: dict[str, Any] = {"tax_year": 2026, "total": 36000}
MONTHS = [3000] * 12

BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("resident-tax", TAX, "income", "missing_field"),
    ("resident-tax", {**TAX, "undeclared": True, "income": {}}, "income", "inconsistent"),
    ("resident-tax", {**TAX, "income": {"salary_receipts": "3000000"}}, "income.salary_receipts", "invalid_type"),
    ("resident-tax", {**TAX, "income": {"salary_receipts": -1}}, "income.salary_receipts", "out_of_range"),
    ("resident-tax", {**TAX, "income": {"dividend": 1}}, "income.dividend", "unknown_field"),
    (
        "resident-tax",
        {**TAX, "income": {}, "deductions": {"medical": {"paid": 1}, "self_medication": 1}},
        "deductions.self_medication",
        "inconsistent",
    ),
    (
        "resident-tax",
        {**TAX, "income": {}, "deductions": {"medical": {"reimbursed": 1}}},
        "deductions.medical.paid",
        "missing_field",
    ),
    ("resident-tax", {**TAX, "income": {}, "tax_year": 2027}, "tax_year", "out_of_range"),
    ("resident-tax", {**TAX, "income": {}, "area_grade": 4}, "area_grade", "invalid_value"),
    (
        "resident-tax",
        {**TAX, "income": {}, "spouse": {"birth_date": "1986-03-03"}},
        "spouse.total_income",
        "missing_field",
    ),
    ("resident-tax", {**TAX, "income": {}, "dependants": [{}]}, "dependants[0].birth_date", "missing_field"),
    (
        "resident-tax",
        {**TAX, "income": {}, "dependants": [{"birth_date": "2015-06-15"}] * 21},
        "dependants",
        "out_of_range",
    ),
    (
        "resident-tax",
        {**TAX, "income": {}, "credits": {"housing_loan": {"unabsorbed": 1}}},
        "credits.housing_loan.income_tax_taxable",
        "missing_field",
    ),
    ("instalments", {**SPLIT, "method": "pension"}, "first_year", "missing_field"),
    ("instalments", {**SPLIT, "method": "pension", "first_year": False}, "previous_total", "missing_field"),
    ("instalments", {**SPLIT, "method": "pension", "first_year": True, "open_from": 1}, "open_from", "inconsistent"),
    ("instalments", {**SPLIT, "method": "salary", "previous": [1, 2, 3, 4]}, "previous", "inconsistent"),
    ("instalments", {**SPLIT, "method": "salary", "previous": [1, 2, 3]}, "previous", "out_of_range"),
    ("instalments", {**SPLIT, "method": "salary", "previous": [*MONTHS[1:], -1]}, "previous[11]", "out_of_range"),
    ("instalments", {**SPLIT, "method": "ordinary", "open_from": 5}, "open_from", "out_of_range"),
    ("instalments", {**SPLIT, "method": "salary", "open_from": 13}, "open_from", "out_of_range"),
    ("instalments", {**SPLIT, "method": "salary", "first_year": True}, "first_year", "inconsistent"),
    (
        "instalments",
        {**SPLIT, "method": "salary", "tax_year": 2025, "fixed_reduction": 10000},
        "fixed_reduction",
        "inconsistent",
    ),
    (
        "instalments",
        {**SPLIT, "method": "salary", "tax_year": 2024, "fixed_reduction": 10000, "previous": MONTHS},
        "fixed_reduction",
        "inconsistent",
    ),
    (
        "instalments",
        {**SPLIT, "method": "salary", "tax_year": 2024, "fixed_reduction": 10000, "open_from": 2},
        "open_from",
        "inconsistent",
    ),
]


@pytest.mark.parametrize(("ruleset", "line", "field", "code"), BAD)
def test_a_wrong_line_is_refused_at_its_field(ruleset: str, line: dict[str, Any], field: str, code: str) -> None:
    sink = io.BytesIO()
    status = run(ruleset, io.BytesIO(json.dumps({"id": "x", **line}).encode()), sink, True)
    answer = json.loads(sink.getvalue())
    assert status == 3
    assert (answer["error"]["field"], answer["error"]["code"]) == (field, code)
    assert any("ぁ" <= letter <= "ん" for letter in answer["error"]["message"])


def test_a_chunk_of_several_years_and_errors_is_answered_in_order() -> None:
    lines = [{**TAX, "tax_year": 2024 + n % 3, "income": {"salary_receipts": 1_000_000 + n}} for n in range(30)]
    lines[7] = TAX
    content = b"\n".join(json.dumps({"id": str(n), **line}).encode() for n, line in enumerate(lines))
    sink = io.BytesIO()
    assert run("resident-tax", io.BytesIO(content), sink, False) == 3
    found = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert [answer["id"] for answer in found] == [str(n) for n in range(30)]
    assert "error" in found[7]
    assert [answer["salary_income"] for n, answer in enumerate(found) if n != 7] == [
        1_000_000 + n - (650_000 if n % 3 == 2 else 550_000) for n in range(30) if n != 7
    ]
