"""中間サーバーの回線の常駐処理: makes files from what has changed, sends them, takes results, applies them.

python -m kokunen.unified_atena.lines
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from kokunen.unified_atena.wiring import Carrier

log = logging.getLogger("kokunen.unified_atena.lines")

PROCESS = "unified-lines"
_PAUSE_SECONDS = 1.0
_FILES_A_ROUND = 2  # a round in hand is finished before the process ends: it must be short, also on the first day


def work_once(carrier: Carrier) -> int:
    """一巡: returns how much moved."""
    from kokunen.unified_atena.services.arrivals import apply_new, take_in
    from kokunen.unified_atena.services.batches import make_batches
    from kokunen.unified_atena.services.sending import send_waiting

    made = make_batches(_FILES_A_ROUND)
    done = send_waiting(carrier, limit=_FILES_A_ROUND)
    return made + done.sent + done.refused + take_in(carrier) + apply_new()


class LineWork:
    """常駐: one thread works, the main thread beats."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """End after the round in hand."""
        self.stopping.set()

    def run(self) -> None:
        """Until told to stop; a lost database is waited for."""
        from kokunen.common_platform.operations import heartbeat

        worker = threading.Thread(target=self._work, name=PROCESS)
        worker.start()
        while worker.is_alive():
            heartbeat.beat(PROCESS)
            worker.join(_PAUSE_SECONDS)

    def _work(self) -> None:
        from django.db import connections

        from kokunen.unified_atena.wiring import carrier

        line = carrier()
        while not self.stopping.is_set():
            try:
                moved = work_once(line)
            except Exception:
                log.exception("a round failed, trying again")
                moved = 0
            connections.close_all()
            if not moved:
                self.stopping.wait(_PAUSE_SECONDS)
        line.close()


def main() -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    work = LineWork()
    signal.signal(signal.SIGTERM, work.stop)
    signal.signal(signal.SIGINT, work.stop)
    work.run()


if __name__ == "__main__":
    main()
