"""鼓動: each long-running process says that it is alive and working, not merely that it exists.

A beat is a file in ``KOKUNEN_DATA/run/heartbeats`` whose time of change is the beat. A file and not a row, because a
subsystem's worker holds no password for the platform's schema, and because a process must be seen to be well or ill
also while the database is away. A process beats at the end of each round of work, so one that hangs falls silent.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

FRESH_SECONDS = 15.0
"""How long a process counts as alive after its last beat; the loops of the house beat every second or oftener."""


def beat(process: str, run_dir: Path | None = None) -> None:
    """Say that ``process`` has just finished a round of work."""
    path = _file(process, run_dir)
    try:
        os.utime(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)


def age(process: str, run_dir: Path | None = None) -> float | None:
    """Seconds since the last beat of ``process``; None when it has not beaten since it was started."""
    at = last(process, run_dir)
    return None if at is None else max(0.0, time.time() - at)


def last(process: str, run_dir: Path | None = None) -> float | None:
    """Time of the last beat of ``process`` (seconds since 1970); None when it has not beaten since it was started."""
    try:
        return _file(process, run_dir).stat().st_mtime
    except FileNotFoundError:
        return None


def is_fresh(process: str, run_dir: Path | None = None) -> bool:
    """True while the last beat of ``process`` is recent."""
    seconds = age(process, run_dir)
    return seconds is not None and seconds <= FRESH_SECONDS


def forget(process: str, run_dir: Path | None = None) -> None:
    """Forget the beats of an earlier run, so that only the new process can speak for itself."""
    _file(process, run_dir).unlink(missing_ok=True)


def _file(process: str, run_dir: Path | None) -> Path:
    return (run_dir or _default_run_dir()) / "heartbeats" / process


def _default_run_dir() -> Path:
    from kokunen.config import environment

    return environment.data_dir() / "run"
