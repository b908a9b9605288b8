"""封印: the one process that gives committed entries their order, their hashes and their numbers per person.

    python -m kokunen.ledger.sealer

Runs as role kokunen_ledger. Two of them do no harm (an advisory lock lets one work at a time); none of them only
means that verification reports entries that still wait.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

import django

log = logging.getLogger("kokunen.ledger.sealer")

BATCH = 2000
_PAUSE_SECONDS = 0.5


def seal_once(limit: int = BATCH) -> int:
    """Seal up to `limit` committed entries in one short transaction; returns how many."""
    from django.db import connections, transaction

    with transaction.atomic(using="ledger"), connections["ledger"].cursor() as cursor:
        cursor.execute("select ledger.seal_committed(%s)", [limit])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def seal_all() -> int:
    """Seal everything that is committed; returns how many."""
    total = 0
    while count := seal_once():
        total += count
    return total


class Sealer:
    """The loop: seal, then rest for half a second."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """End after the batch in hand."""
        self.stopping.set()

    def run(self) -> None:
        """Until told to stop; a lost database is waited for."""
        from django.db import Error, connections

        from kokunen.common_platform.operations import heartbeat

        while not self.stopping.is_set():
            try:
                sealed = seal_once()
                heartbeat.beat("ledger-sealer")
            except Error:
                log.exception("database not reachable, trying again")
                connections["ledger"].close()
                sealed = 0
            if sealed < BATCH:
                self.stopping.wait(_PAUSE_SECONDS)


def main() -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    sealer = Sealer()
    signal.signal(signal.SIGTERM, sealer.stop)
    signal.signal(signal.SIGINT, sealer.stop)
    sealer.run()


if __name__ == "__main__":
    main()
