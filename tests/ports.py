"""試験用のポート: ports that no other test process of this account takes meanwhile.

A port that is merely free when looked at may be taken a moment later by the test beside it; so each one is reserved
by a lock file, which the process holds until it gives the port back or ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import IO

_FIRST, _LAST = 19100, 24000  # below the ports that the kernel hands out; a whole run takes some hundreds of them
_reserved: dict[int, IO[str]] = {}


def reserve_port() -> int:
    """An even port whose successor is free too (a party with a line takes both), reserved for this process.

    Raises AssertionError when none is left.
    """
    locks = Path(tempfile.gettempdir()) / f"kokunen-ports-{os.getuid()}"
    locks.mkdir(mode=0o700, exist_ok=True)
    for port in range(_FIRST, _LAST, 2):
        if port in _reserved:
            continue
        file = (locks / str(port)).open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        if _is_free(port) and _is_free(port + 1):
            _reserved[port] = file
            return port
        file.close()
    raise AssertionError("no free port")


def release_port(port: int) -> None:
    """Give a reserved port back."""
    if file := _reserved.pop(port, None):
        file.close()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
