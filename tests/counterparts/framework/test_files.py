"""ファイルの受け渡しの試験"""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from kokunen.counterparts.framework.files import move, write_atomic


def test_書き終えるまで他からは見えず_書ければ全部見える(tmp_path: Path) -> None:
    target = tmp_path / "tray" / "a.kmi"
    write_atomic(target, b"first")
    write_atomic(target, b"second")
    assert target.read_bytes() == b"second"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["a.kmi"]


def test_書けなかったときは前のものが残り_書きかけは残らない(tmp_path: Path) -> None:
    target = tmp_path / "a.kmi"
    write_atomic(target, b"first")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))  # the kernel refuses to let a file grow beyond this
    try:
        with pytest.raises(OSError, match="too large"):
            write_atomic(target, b"more than ten bytes")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.kmi"]


def test_移動は繰り返しても同じ結果になる(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b" / "a"
    source.write_bytes(b"x")
    move(source, target)
    move(source, target)
    assert target.read_bytes() == b"x"
    assert not source.exists()
