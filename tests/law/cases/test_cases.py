"""判断の事例 (cases): every worked case of the law holds, one test a case."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from kokunen.law.cases import Case, all_cases, parse_cases
from kokunen.law.interface import RULESETS, run
from kokunen.law.strict_yaml import StrictYamlError

CASES = all_cases()


PERIOD, OLD_AGE = "exemption-period", "old-age-pension"
PENSION_EXAMPLES = (
    {f"Q{n}": "qualification" for n in range(1, 18)}
    | {f"E{n}": "exemption" for n in range(1, 22)}
    | dict.fromkeys(("E13", "E14", "E15", "E16", "E17", "E18"), PERIOD)
    | {f"P{n}": OLD_AGE for n in (1, 2, 3, 4, 5, 6, 7, 8, 16)}
    | {"P9": "widow-pension", "P17": "widow-pension", "P10": "death-lump-sum", "P11": "death-lump-sum"}
    | {"P12": "pension-supplement", "P13": "prepayment", "P14": "prepayment", "P15": "disability-pension"}
)
"""The worked examples of the National Pension and the ruleset of `kokunen rules` that answers each of them."""


def holds(actual: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(key in actual and holds(actual[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(actual) == len(expected) and all(map(holds, actual, expected))
    return type(actual) is type(expected) and actual == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.ruleset} {case.id} {case.name}")
def test_case(case: Case) -> None:
    sink = io.BytesIO()
    line = json.dumps({"id": case.id, **case.facts}, ensure_ascii=False)
    run(case.ruleset, io.BytesIO(line.encode()), sink, False)
    answer = json.loads(sink.getvalue())
    assert holds(answer, case.expected), answer


def test_every_case_says_what_it_shows_and_by_what_law() -> None:
    names = [(case.ruleset, case.id) for case in CASES]
    assert len(names) == len(set(names)) >= 100
    assert {case.ruleset for case in CASES} <= set(RULESETS)
    assert all(case.name and case.article for case in CASES)


def test_the_worked_examples_of_this_part_are_all_here() -> None:
    ids = {case.id for case in CASES} | {case.id.split("-")[0] for case in CASES}
    worked = {f"Q{n}" for n in range(1, 18)} | {f"D{n}" for n in range(1, 5)} | {f"N{n}" for n in range(1, 7)}
    worked |= {"S5", "S6", "S7", "S8-a", "S8-b", "J1", "J2", "J3", "H1", "H2", "H3", "A1", "A2", "A3", "L1", "L2", "L3"}
    worked |= {"E15-mother", "E15-father", *PENSION_EXAMPLES}
    assert worked <= ids, worked - ids


@pytest.mark.parametrize(("example", "ruleset"), PENSION_EXAMPLES.items())
def test_a_worked_example_of_the_pension_is_a_case_of_its_ruleset(example: str, ruleset: str) -> None:
    found = [case for case in CASES if case.ruleset == ruleset and case.id.split("-")[0] == example]
    assert found and ruleset in RULESETS, "test_case holds each of them"


@pytest.mark.parametrize(
    "text",
    [
        "title: a\nruleset: numbers\n",
        "title: a\nruleset: numbers\ncases: [{id: N1, name: x}]\n",
        "title: a\nruleset: numbers\ntitle: b\ncases: []\n",
        "title: [\n",
    ],
)
def test_a_broken_case_file_is_refused(text: str) -> None:
    with pytest.raises(StrictYamlError, match=r"broken\.yaml"):
        list(parse_cases(text, "broken.yaml"))


@pytest.mark.parametrize("number", range(1, 22))
def test_every_worked_example_of_the_resident_tax_is_a_case_of_the_command(number: int) -> None:
    """E17 is a schedule of instalments alone; the others are taxes, some with their instalments."""
    name = f"E{number:02d}"
    found = {
        case.ruleset for case in CASES if case.id.split("-")[0] == name and case.ruleset not in ("exemption", PERIOD)
    }
    assert ("instalments" if name == "E17" else "resident-tax") in found
