"""様式書の試験"""

from __future__ import annotations

from pathlib import Path

import pytest

from kokunen.counterparts.jps.describe import describe
from kokunen.counterparts.jps.layout import load_layout

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "operations" / "jps-layout.md"


@pytest.mark.function("S1-3")
def test_印刷する様式書は_いまの定義そのものである() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == describe(load_layout())


def test_様式書はすべての届書のすべての列を示す() -> None:
    text = describe(load_layout())
    for notice in load_layout().notices.values():
        section = text.split(f"{notice.title}（{notice.code}）\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
        rows = [row.split(" | ")[0].strip("| ") for row in section.splitlines() if row.startswith("| ")][2:]
        assert rows[0] == "2"
        assert rows[-1].split("〜")[-1] == str(notice.record.width + 1)
        assert len(rows) == len(notice.record.fields)
