"""約束と試験の対照: each line of what S1-1 to S1-6 and T1 to T9 promise has tests that exist and carry its mark."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kokunen.law.strict_yaml import load

HERE = Path(__file__).parent
LINES = {"S1-1": 5, "S1-2": 3, "S1-3": 3, "S1-4": 3, "S1-5": 2, "S1-6": 1} | {f"T{n}": 1 for n in range(1, 10)}
MAP = load((HERE / "done_lines.yaml").read_text(encoding="utf-8"), "done_lines.yaml")


def test_どの約束の行にも試験がある() -> None:
    assert set(MAP) == {f"{name}/{line}" for name, count in LINES.items() for line in range(1, count + 1)}


@pytest.mark.parametrize("line", sorted(MAP))
def test_約束の試験はあり_どれかにその機能の印がある(line: str) -> None:
    marked = False
    for file, names in MAP[line].items():
        tree = ast.parse((HERE.parents[1] / file).read_text(encoding="utf-8"))
        tests = {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}
        assert tests and (names == ["*"] or set(names) <= tests), (file, set(names) - tests)
        marked |= f"'{line.split('/')[0]}'" in ast.unparse(tree)
    assert marked, "no file of this line carries the mark of its function"
