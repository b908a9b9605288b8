"""契約の例 (shared examples): every checked example of the rules contract goes through the command's engine."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kokunen.law.interface import RULESETS, run

EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(path.name.removesuffix(".expected.jsonl") for path in EXAMPLES.glob("*.expected.jsonl"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def answers(ruleset: str, content: bytes, *, explain: bool = False) -> list[dict[str, Any]]:
    sink = io.BytesIO()
    run(ruleset, io.BytesIO(content), sink, explain)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def assert_contains(actual: Any, expected: Any, where: str) -> None:
    """Every field that is expected stands in the answer with the same value and the same type."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), where
        for key, value in expected.items():
            assert key in actual, f"{where}.{key} is missing"
            assert_contains(actual[key], value, f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(actual, list) and len(actual) == len(expected), where
        for index, (one, other) in enumerate(zip(actual, expected, strict=True)):
            assert_contains(one, other, f"{where}[{index}]")
    else:
        assert (type(actual), actual) == (type(expected), expected), where


def test_the_examples_of_this_part_are_here() -> None:
    assert {"numbers", "name-search-key", "filing-deadline", "relationship", "qualification"} <= set(NAMES)
    assert set(NAMES) <= set(RULESETS)


@pytest.mark.parametrize("ruleset", NAMES)
def test_examples(ruleset: str) -> None:
    given, expected = lines(EXAMPLES / f"{ruleset}.jsonl"), lines(EXAMPLES / f"{ruleset}.expected.jsonl")
    assert given and [line["id"] for line in given] == [line["id"] for line in expected]
    found = answers(ruleset, (EXAMPLES / f"{ruleset}.jsonl").read_bytes())
    for answer, line in zip(found, expected, strict=True):
        assert_contains(answer, line, line["id"])


@pytest.mark.parametrize("ruleset", NAMES)
def test_each_example_alone_gives_what_it_gives_among_the_others(ruleset: str) -> None:
    content = (EXAMPLES / f"{ruleset}.jsonl").read_bytes().splitlines()
    together = answers(ruleset, b"\n".join(content))
    backwards = answers(ruleset, b"\n".join(reversed(content)))
    alone = [answers(ruleset, line)[0] for line in content]
    assert together == alone == backwards[::-1]


@pytest.mark.parametrize("ruleset", NAMES)
def test_explanations_add_steps_and_change_nothing(ruleset: str) -> None:
    content = (EXAMPLES / f"{ruleset}.jsonl").read_bytes()
    for plain, explained in zip(answers(ruleset, content), answers(ruleset, content, explain=True), strict=True):
        assert "steps" not in plain
        if "error" in plain:
            assert explained == plain
            continue
        steps = explained.pop("steps")
        assert explained == plain
        assert steps
        for step in steps:
            assert set(step) == {"name", "label_ja", "value", "unit", "article"}
            assert step["unit"] in UNITS and step["label_ja"]
            assert step["value"] is None or isinstance(step["value"], int | str | bool)


UNITS = {"yen", "month", "person", "day", "date", "year_month", "permille", "text", "bool"}
