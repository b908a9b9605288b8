"""回線の常駐処理: sends what waits in the outbox, takes what parties have, applies it.

python -m kokunen.resident_registry.lines
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from kokunen.resident_registry.choices import LineParty
    from kokunen.resident_registry.wiring import Carrier

log = logging.getLogger("kokunen.resident_registry.lines")

PROCESS = "registry-lines"
_PAUSE_SECONDS = 1.0


def work_once(lines: Mapping[LineParty, Carrier]) -> int:
    """一巡: every party once; returns how many messages moved."""
    from kokunen.resident_registry.services.consistency import extract_asked
    from kokunen.resident_registry.services.line_arrivals import apply_new, take_in
    from kokunen.resident_registry.services.line_sending import send_waiting

    moved = extract_asked()
    for party, carrier in lines.items():
        done = send_waiting(party, carrier)
        moved += done.sent + done.refused + take_in(party, carrier)
    return moved + apply_new()


class LineWork:
    """常駐: one thread works and beats; a party that does not answer never keeps the others waiting for long."""

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
        from django.db import Error, connections

        from kokunen.resident_registry.wiring import carriers

        lines = carriers()
        while not self.stopping.is_set():
            try:
                moved = work_once(lines)
            except Error:
                log.exception("database not reachable, trying again")
                moved = 0
            except Exception:
                log.exception("a round failed, trying again")
                moved = 0
            connections.close_all()
            if not moved:
                self.stopping.wait(_PAUSE_SECONDS)
        for carrier in lines.values():
            carrier.close()


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
