"""契約の誤った入力 (bad input): the codes and fields the contract lists for wrong lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from kokunen.law.interface import run

BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("numbers", {"kind": "individual", "value": "1"}, "kind", "invalid_value"),
    ("numbers", {"kind": "individual_number", "op": "complete", "value": "123"}, "value", "invalid_format"),
    ("numbers", {"kind": "individual_number", "op": "complete", "value": "0" * 11}, "value", "out_of_range"),
    ("numbers", {"kind": "basic_pension_number", "op": "complete", "value": "123456789"}, "op", "inconsistent"),
    ("numbers", {"kind": "resident_code", "value": 12345678903}, "value", "invalid_type"),
    ("numbers", {"kind": "resident_code", "value": "1" * 41}, "value", "out_of_range"),
    ("name-search-key", {}, "text", "missing_field"),
    ("name-search-key", {"text": "　"}, "text", "out_of_range"),
    ("name-search-key", {"text": "ー"}, "text", "out_of_range"),
    ("name-search-key", {"text": ""}, "text", "out_of_range"),
    ("name-search-key", {"text": 1}, "text", "invalid_type"),
    ("filing-deadline", {"kind": "moving_in", "event_date": "2026-02-29"}, "event_date", "invalid_format"),
    ("filing-deadline", {"kind": "moving_in", "event_date": "20260401"}, "event_date", "invalid_format"),
    ("filing-deadline", {"kind": "moving_in", "event_date": "1999-12-31"}, "event_date", "out_of_range"),
    ("filing-deadline", {"kind": "moving_in", "event_date": "2050-01-01"}, "event_date", "out_of_range"),
    (
        "filing-deadline",
        {"kind": "special_moving_in", "event_date": "2026-04-01"},
        "planned_moving_out_date",
        "missing_field",
    ),
    (
        "filing-deadline",
        {"kind": "special_moving_in", "event_date": "2026-04-01", "planned_moving_out_date": "9999-12-31"},
        "planned_moving_out_date",
        "out_of_range",
    ),
    (
        "filing-deadline",
        {"kind": "relocation", "event_date": "2026-04-01", "cancelled_on": "2026-04-02"},
        "cancelled_on",
        "inconsistent",
    ),
    (
        "filing-deadline",
        {"kind": "support_measure", "event_date": "2026-04-01", "filed_on": "2026-04-02"},
        "filed_on",
        "inconsistent",
    ),
    (
        "qualification",
        {"birth_date": "1990-01-01", "events": [{"date": "2026-01-01", "type": "quit"}]},
        "events[0].type",
        "invalid_value",
    ),
    (
        "qualification",
        {
            "birth_date": "1990-01-01",
            "events": [{"date": "2019-01-01", "type": "death"}],
            "start_state": {"date": "2020-04-01"},
        },
        "events[0].date",
        "out_of_range",
    ),
    (
        "qualification",
        {"birth_date": "1990-01-01", "events": [{"date": "2026-01-01", "type": "voluntary_apply"}]},
        "events[0].type",
        "inconsistent",
    ),
    (
        "qualification",
        {
            "birth_date": "1990-01-01",
            "events": [{"date": "2026-01-01", "type": "death"}, {"date": "2025-01-01", "type": "death"}],
        },
        "events[1].type",
        "inconsistent",
    ),
    (
        "qualification",
        {"birth_date": "1990-01-01", "events": [{"date": "2026-01-01", "type": "death", "reason": "other"}]},
        "events[0].reason",
        "inconsistent",
    ),
    (
        "qualification",
        {
            "birth_date": "1990-01-01",
            "events": [{"date": "2026-01-01", "type": "dependent_end", "residence_exception": False}],
        },
        "events[0].residence_exception",
        "inconsistent",
    ),
    ("qualification", {"birth_date": "1926-04-01", "events": []}, "birth_date", "out_of_range"),
    ("qualification", {"birth_date": "1990-01-01"}, "events", "missing_field"),
    ("qualification", {"birth_date": "1990-01-01", "events": [], "as_of": "1989-12-31"}, "as_of", "out_of_range"),
    (
        "qualification",
        {"birth_date": "1990-01-01", "events": [], "start_state": {}},
        "start_state.date",
        "missing_field",
    ),
    (
        "qualification",
        {"birth_date": "1990-01-01", "events": [{"date": "2026-01-01", "type": "death"}] * 501},
        "events",
        "out_of_range",
    ),
    ("relationship", {"op": "check"}, "relation", "missing_field"),
    ("relationship", {"op": "check", "relation": "妻", "new_head": "a"}, "new_head", "inconsistent"),
    ("relationship", {"relation": "妻"}, "relation", "inconsistent"),
    ("relationship", {}, "members", "missing_field"),
    ("relationship", {"members": []}, "members", "out_of_range"),
]

HEAD = {"person": "a", "relation": "世帯主", "sex": "male", "birth_date": "1960-01-01"}
SON = {"person": "b", "relation": "子", "sex": "male", "birth_date": "1990-01-01"}
BAD += [
    ("relationship", {"members": [HEAD]}, "new_head", "missing_field"),
    ("relationship", {"members": [HEAD, SON], "new_head": "c"}, "new_head", "invalid_value"),
    ("relationship", {"members": [HEAD, {**SON, "leaves": True}], "new_head": "b"}, "new_head", "inconsistent"),
    (
        "relationship",
        {"members": [HEAD, {**SON, "relation": "甥"}], "new_head": "b"},
        "members[1].relation",
        "invalid_value",
    ),
    ("relationship", {"members": [SON], "new_head": "b"}, "members", "inconsistent"),
    (
        "relationship",
        {"members": [HEAD, {**HEAD, "person": "b"}], "new_head": "b"},
        "members[1].relation",
        "inconsistent",
    ),
    ("relationship", {"members": [HEAD, {**SON, "person": "a"}], "new_head": "a"}, "members[1].person", "inconsistent"),
    (
        "relationship",
        {"members": [HEAD, {**SON, "parents": ["x"]}], "new_head": "b"},
        "members[1].parents[0]",
        "invalid_value",
    ),
    ("relationship", {"members": [HEAD, {**SON, "spouse": "b"}], "new_head": "b"}, "members[1].spouse", "inconsistent"),
    (
        "relationship",
        {"members": [HEAD, {**SON, "parents": ["a"] * 3}], "new_head": "b"},
        "members[1].parents",
        "out_of_range",
    ),
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
