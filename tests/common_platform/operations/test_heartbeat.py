"""鼓動は新しいうちだけ「動いている」と読まれる。"""

from __future__ import annotations

import os
import time
from pathlib import Path

from kokunen.common_platform.operations import heartbeat


def test_一度も打たないプロセスは動いているとは読まれない(tmp_path: Path) -> None:
    assert heartbeat.age("worker", tmp_path) is None
    assert not heartbeat.is_fresh("worker", tmp_path)


def test_打てば新しく_古くなれば止まったと読まれる(tmp_path: Path) -> None:
    heartbeat.beat("worker", tmp_path)
    assert heartbeat.is_fresh("worker", tmp_path)

    past = time.time() - heartbeat.FRESH_SECONDS - 1
    os.utime(tmp_path / "heartbeats" / "worker", (past, past))
    assert not heartbeat.is_fresh("worker", tmp_path)

    heartbeat.beat("worker", tmp_path)
    assert heartbeat.is_fresh("worker", tmp_path)


def test_前回の鼓動は起動のときに忘れられる(tmp_path: Path) -> None:
    heartbeat.beat("worker", tmp_path)
    heartbeat.forget("worker", tmp_path)
    assert not heartbeat.is_fresh("worker", tmp_path)
    heartbeat.forget("worker", tmp_path)


def test_市ごとに別の鼓動を持つ(tmp_path: Path) -> None:
    heartbeat.beat("worker", tmp_path / "a")
    assert not heartbeat.is_fresh("worker", tmp_path / "b")
