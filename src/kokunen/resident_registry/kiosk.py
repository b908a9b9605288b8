"""コンビニ交付の窓口: the process that answers 証明書交付センター.

python -m kokunen.resident_registry.kiosk

The line gives each connection of the centre a thread; the requests are answered at a few desks that keep their
database connections, so a rush of requests waits its turn for a moment and never takes the database away from others.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import django

PROCESS = "certificate-kiosk"
#: 同時に答える数: two cores make sheets no faster with more.
DESKS = 4
_BEAT_SECONDS = 1.0


def answer(kind: str, number: str, items: Mapping[str, Any], at: datetime | None = None) -> Mapping[str, Any]:
    """電文に答える: what the carrier of the line calls for each message; gives the answer by name.

    `at` is the moment of the request (default: now).
    """
    from kokunen.resident_registry.services.kiosk import answer_request, note_result

    if kind == "1002":
        note_result(items["request"], items["printed"])
        return {"outcome": "noted"}
    found = answer_request(number, items, at=at)
    return {"outcome": found.outcome, "serial": found.serial, "words": found.words, "pdf": found.pdf}


class Desks:
    """窓口の数だけ同時に答える: each desk is a thread with connections of its own, which stay open between requests."""

    def __init__(self, number: int = DESKS) -> None:
        self._number = number
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="kiosk")

    def answer(self, kind: str, number: str, items: Mapping[str, Any], at: datetime | None = None) -> Mapping[str, Any]:
        """空いた窓口で答える: waits for a free desk; safe to call from many threads."""
        return self._threads.submit(_serve, kind, number, items, at).result()

    def close(self) -> None:
        """窓口を閉める: what is under way ends; every desk gives its connections back."""
        together = Barrier(self._number)
        for _ in range(self._number):
            self._threads.submit(_leave, together)
        self._threads.shutdown()


def _serve(kind: str, number: str, items: Mapping[str, Any], at: datetime | None) -> Mapping[str, Any]:
    """1つの電文に答える. A connection that the database dropped meanwhile is opened anew and the number asked again.

    Asking twice is safe: a number is answered once (services.kiosk).
    """
    from django.db import InterfaceError, OperationalError, connections

    try:
        return answer(kind, number, items, at)
    except (OperationalError, InterfaceError):
        connections.close_all()
        return answer(kind, number, items, at)


def _leave(together: Barrier) -> None:
    from django.db import connections

    together.wait()  # one for each desk, so that no desk takes two of these
    connections.close_all()


def main() -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    from django.conf import settings

    from kokunen.assessment.gateway import open_line
    from kokunen.common_platform.operations import heartbeat

    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    desks = Desks()
    counter = open_line("resident_registry", "certificate_centre", settings.CERTIFICATE_COUNTER, desks.answer)
    counter.start()
    while signal.sigtimedwait(ends, _BEAT_SECONDS) is None:
        heartbeat.beat(PROCESS)
    counter.stop()
    desks.close()


if __name__ == "__main__":
    main()
