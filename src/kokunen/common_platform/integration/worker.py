"""連携の常駐処理: wakes on NOTIFY, runs every consumer of the subsystems that this process serves.

python -m kokunen.common_platform.integration.worker
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING

import django
import psycopg

if TYPE_CHECKING:
    from kokunen.common_platform.integration.consuming import Consumer

log = logging.getLogger("kokunen.integration.worker")

_HEARTBEAT_SECONDS = 1.0  # also the longest wait when a notification was missed


class Worker:
    """One process: a listening connection, and the consumers one after the other."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Finish the batch in hand, then end."""
        self.stopping.set()

    def run(self) -> None:
        """Until told to stop; a lost database is waited for, never the end of the process."""
        while not self.stopping.is_set():
            try:
                self._listen()
            except psycopg.Error:
                log.exception("database not reachable, trying again")
                self.stopping.wait(_HEARTBEAT_SECONDS)

    def _listen(self) -> None:
        from kokunen.common_platform.integration.datasets import linkages
        from kokunen.common_platform.integration.publishing import CHANNEL
        from kokunen.common_platform.operations import heartbeat
        from kokunen.config import environment

        served = set(environment.served_subsystems())
        consumers = [c for linkage in linkages() for c in linkage.consumers if c.subsystem in served]
        with psycopg.connect(_listening_dsn(), autocommit=True) as connection:
            connection.execute(f"listen {CHANNEL}")
            while not self.stopping.is_set():
                taken = self.round(consumers)
                heartbeat.beat("integration-worker")
                if taken:
                    continue
                for _ in connection.notifies(timeout=_HEARTBEAT_SECONDS, stop_after=1):
                    pass

    def round(self, consumers: Sequence[Consumer]) -> int:
        """一巡: a batch of each in turn, so that one whose work never ends lets nobody wait; how many were taken.

        What came meanwhile is in the next batch: the longer a round, the more one transaction takes.
        """
        from django.db import Error, connections

        from kokunen.common_platform.integration.consuming import run_once

        taken = 0
        for consumer in consumers:
            if self.stopping.is_set():
                break
            try:
                taken += run_once(consumer)
            except Error:
                log.exception("consumer %s: database trouble", consumer.name)
                connections[consumer.subsystem].close()
        return taken


def _listening_dsn() -> str:
    """A plain connection of its own: Django's are busy with the work."""
    from django.db import connections

    settings = connections["default"].settings_dict
    return psycopg.conninfo.make_conninfo(
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        application_name="kokunen listen",
    )


def main() -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    worker = Worker()
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()


if __name__ == "__main__":
    main()
