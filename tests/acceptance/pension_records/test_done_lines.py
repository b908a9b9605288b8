"""約束と試験の対照: each line of what S7-1 to S7-3 promise has tests that exist and carry its mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.acceptance.done_lines import fault, lines_of, missing

COUNTS = {"S7-1": 1, "S7-2": 1, "S7-3": 1}
LINES = lines_of(Path(__file__).parent)


def test_どの約束の行にも試験がある() -> None:
    assert not missing(LINES, COUNTS)


@pytest.mark.parametrize("line", sorted(LINES))
def test_約束の試験はあり_どれかにその機能の印がある(line: str) -> None:
    assert not fault(LINES, line)
