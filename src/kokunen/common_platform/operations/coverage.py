"""網羅: which function and which safeguard of the assessment is shown at work by which test.

The marks are read from the source of the tests (``@pytest.mark.function("S1-1")``), nothing is run: an answer in a
second, also where no database is. Items of 別添1 are read from the declarations of the published datasets.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_MARKS = ("function", "control")


def marked_tests(tests: Path) -> dict[str, dict[str, list[str]]]:
    """Tests by kind of mark ("function", "control") and id; a test is named as pytest names it.

    A mark on a module (``pytestmark``) or a class counts for every test in it.
    """
    found: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in _MARKS}
    for path in sorted(tests.rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        name = f"{tests.name}/{path.relative_to(tests).as_posix()}"
        for test, marks in _tests(module, name, _module_marks(module)):
            for kind, identifier in sorted(set(marks)):
                found[kind][identifier].append(test)
    return found


def functions(tests: Path, data: Path) -> dict[str, Any]:
    """Every function of the assessment with its tests; state is "covered" or "missing"."""
    return _states(_ids(data / "functions.yaml", "functions"), marked_tests(tests)["function"])


def controls(tests: Path, data: Path) -> dict[str, Any]:
    """Every safeguard of the assessment with its tests; state is "covered" or "missing"."""
    return _states(_ids(data / "controls.yaml", "controls"), marked_tests(tests)["control"])


def unknown_marks(tests: Path, data: Path) -> list[str]:
    """Marks that name no function or safeguard of the assessment: a slip of the pen in a test."""
    marked = marked_tests(tests)
    unknown = set(marked["function"]) - set(_ids(data / "functions.yaml", "functions"))
    return sorted(unknown | (set(marked["control"]) - set(_ids(data / "controls.yaml", "controls"))))


def _states(identifiers: list[str], tests: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        identifier: {
            "tests": tests.get(identifier, []),
            "state": "covered" if tests.get(identifier) else "missing",
        }
        for identifier in identifiers
    }


def _ids(path: Path, key: str) -> list[str]:
    return [entry["id"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))[key]]


_Mark = tuple[str, str]


def _tests(node: ast.Module | ast.ClassDef, prefix: str, inherited: list[_Mark]) -> Iterator[tuple[str, list[_Mark]]]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name.startswith("test"):
            yield f"{prefix}::{item.name}", inherited + _marks(*item.decorator_list)
        elif isinstance(item, ast.ClassDef) and item.name.startswith("Test"):
            yield from _tests(item, f"{prefix}::{item.name}", inherited + _marks(*item.decorator_list))


def _module_marks(module: ast.Module) -> list[_Mark]:
    marks: list[_Mark] = []
    for item in module.body:
        if isinstance(item, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in item.targets):
            marks += _marks(item.value)
    return marks


def _marks(*expressions: ast.expr) -> list[_Mark]:
    """Marks named in decorators, those of single parameters (``pytest.param(..., marks=...)``) included."""
    return [
        (call.func.attr, argument.value)
        for expression in expressions
        for call in ast.walk(expression)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _MARKS
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
