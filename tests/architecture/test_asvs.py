"""ASVS: every requirement that we answer for stands in the table once, and what it names as evidence exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "architecture" / "asvs.md").read_text(encoding="utf-8")
# Section and its last requirement of level 1 or 2 (level 3 for chapters 7, 8, 16); those of level 3 come last in each.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3
5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:3 7.6:2 8.1:4 8.2:4 8.3:3 8.4:2 9.1:3
9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:4 17.1:1 17.2:4
17.3:2
"""
WANTED = [
    f"{section}.{number}"
    for section, last in (pair.split(":") for pair in SECTIONS.split())
    for number in range(1, int(last) + 1)
]


def _rows() -> list[tuple[list[str], str, str]]:
    rows = []
    for line in TABLE.splitlines():
        if re.match(r"\| \d", line):
            numbers, state, evidence = (part.strip() for part in line.strip("|").split("|"))
            rows.append(([one for part in numbers.split(",") for one in _range(part.strip())], state, evidence))
    return rows


def _range(part: str) -> list[str]:
    first, _, last = part.partition(" to ")
    stem, _, low = first.rpartition(".")
    return [f"{stem}.{n}" for n in range(int(low), int((last or first).rpartition(".")[2]) + 1)]


def test_各要求が一度ずつ判断されている() -> None:
    judged = [number for numbers, _, _ in _rows() for number in numbers]
    assert sorted(judged) == sorted(WANTED)
    assert {state for _, state, _ in _rows()} <= {"holds", "partly", "open", "none"}
    assert all(evidence for _, _, evidence in _rows())


def test_証拠の場所がある() -> None:
    named = set(re.findall(r"`((?:src|tests|docs)/[^`]+|[A-Za-z.]+\.(?:md|lock))`", TABLE))
    assert named and not [path for path in named if not (ROOT / path).exists()]
