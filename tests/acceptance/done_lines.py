"""約束と試験の対照の共通部分: a folder's `done_lines.yaml` names the tests that show each line of what was promised.

The file maps `function/line` to files under tests/ and the names of their tests (["*"] = the whole file). A folder's
own test module says how many lines each function has and lets `missing` and `fault` judge (see any test_done_lines.py).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from kokunen.law.strict_yaml import load

TESTS = Path(__file__).parents[1]
Lines = Mapping[str, Mapping[str, Sequence[str]]]


def lines_of(folder: Path) -> Lines:
    """The map of the folder; a key written twice is refused."""
    return cast(Lines, load((folder / "done_lines.yaml").read_text(encoding="utf-8"), "done_lines.yaml"))


def missing(lines: Lines, counts: Mapping[str, int]) -> set[str]:
    """Lines that are promised and not mapped, or mapped and not promised; `counts`: function -> number of its lines."""
    return set(lines) ^ {f"{name}/{line}" for name, count in counts.items() for line in range(1, count + 1)}


def fault(lines: Lines, line: str) -> str:
    """What is wrong with one line: a file or test that is not there, or no test with its mark; "" if good."""
    mark, marked = line.partition("/")[0], False
    if not lines[line]:
        return "no test is named"
    for file, names in lines[line].items():
        tests = _tests(file)
        wanted = set(tests) if list(names) == ["*"] else set(names)
        if not wanted or wanted - set(tests):
            return f"{file}: no test {sorted(wanted - set(tests))}"
        marked = marked or any(mark in tests[name] for name in wanted)
    return "" if marked else f"no test of this line carries the mark {mark}"


@cache
def _tests(file: str) -> Mapping[str, frozenset[str]]:
    """The tests of a file with the function marks that count for each: its own, and those of the file or its cases."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    common = {mark for one in tree.body if not isinstance(one, ast.FunctionDef | ast.ClassDef) for mark in _marks(one)}
    return {
        one.name: frozenset(common | _marks(one))
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }


def _marks(tree: ast.AST) -> set[str]:
    return {
        argument.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "function"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
