"""条件を待つ: a bounded wait for a condition that another process brings about."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def eventually(condition: Callable[[], Answer], seconds: float = 30.0) -> Answer:
    """The first true answer of ``condition``; fails when none came within ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        pause.wait(0.05)
    return answer
