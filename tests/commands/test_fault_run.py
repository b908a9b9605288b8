"""kokunen fault-run: the counter's notes against the register, and no harm where no city runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.cli.running import environment, kokunen

from kokunen.commands import fault_run


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
def test_答えた届出は一度だけある(
    monkeypatch: pytest.MonkeyPatch, done: int, unknown: int, moved: int, expected: tuple[int, int]
) -> None:
    from kokunen.resident_registry import invariants

    monkeypatch.setattr(invariants, "version_numbers", lambda numbers: {"A": 7 + moved})
    tally = fault_run.Tally(Counter(A=done), Counter(A=unknown), {"A": 7})
    assert fault_run._compare(tally) == expected


def test_動いていない市では始めない(tmp_path: Path) -> None:
    done = kokunen("fault-run", "--runs", "1", env=environment(KOKUNEN_DATA=str(tmp_path / "city")))
    assert (done.returncode, done.stdout) == (1, "") and "kokunen up" in done.stderr
