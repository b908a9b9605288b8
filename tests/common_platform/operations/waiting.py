"""条件を待つ: a bounded wait for a condition that another process brings about."""

from __future__ import annotations

import socket
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


def free_port(start: int = 18710) -> int:
    """A port from ``start`` on, below the ephemeral range, that nobody listens on just now."""
    for port in range(start, 32768):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")
