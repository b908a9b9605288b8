"""kokunen fault-run: the counter's notes against the register, and no harm where no city runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.cli.running import environment, kokunen

from kokunen.commands.fault_run import acts


@pytest.mark.function("S3-1")
@pytest.mark.parametrize(
    ("done", "unknown", "moved", "expected"),
    [
        (3, 0, 3, (0, 0)),
        (3, 0, 2, (1, 0)),
        (3, 0, 4, (0, 1)),
        (3, 1, 3, (0, 0)),
        (3, 1, 4, (0, 0)),
        (3, 1, 5, (0, 1)),
    ],
    ids=["合う", "失われた", "重なった", "不明は無くてよい", "不明は有ってよい", "不明より多い"],
)
def test_答えた届出は一度だけある(done: int, unknown: int, moved: int, expected: tuple[int, int]) -> None:
    assert acts.Tally(Counter(A=done), Counter(A=unknown)).compare({"A": moved}) == expected


def test_動いていない市では始めない(tmp_path: Path) -> None:
    done = kokunen("fault-run", "--runs", "1", env=environment(KOKUNEN_DATA=str(tmp_path / "city")))
    assert (done.returncode, done.stdout) == (1, "") and "kokunen up" in done.stderr
