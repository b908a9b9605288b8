"""試験用の常駐処理: a daemon that the supervisor starts as a copy of itself; it beats and writes its end down."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from kokunen.common_platform.operations import heartbeat


def main(arguments: list[str]) -> None:
    """Beat as ``copy`` below the folder given until told to stop; say which files and modules were found."""
    data = Path(arguments[0])
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    files = [os.readlink(f"/proc/self/fd/{name}") for name in ("0", "1", "2")]
    comm = Path("/proc/self/comm").read_text(encoding="ascii").strip()
    print(comm, len(os.listdir("/proc/self/fd")) - 1, "django" in sys.modules, *files, flush=True)
    while not stopping.is_set():
        heartbeat.beat("copy", data / "run")
        stopping.wait(0.1)
    with (data / "ends.txt").open("a", encoding="ascii") as file:
        file.write("copy\n")
    raise SystemExit(3)
