"""約束と試験の対照: each part of what S2-1 to S2-10 promise has tests that exist and carry its mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.acceptance.done_lines import fault, lines_of, missing

COUNTS = {"S2-1": 2, "S2-2": 3, "S2-3": 2, "S2-4": 2, "S2-5": 3, "S2-6": 3, "S2-7": 2, "S2-8": 2, "S2-9": 1, "S2-10": 3}
LINES = lines_of(Path(__file__).parent)


def test_どの約束の行にも試験がある() -> None:
    assert not missing(LINES, COUNTS)


@pytest.mark.parametrize("line", sorted(LINES))
def test_約束の試験はあり_どれかにその機能の印がある(line: str) -> None:
    assert not fault(LINES, line)
