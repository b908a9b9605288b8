"""日次処理: runs each subsystem's work of the day once, when the business day begins.

    python -m kokunen.common_platform.operations.daily

A subsystem's `jobs.py` names its work in `DAILY`: functions without arguments, each safe to run again. They run in
the order of the subsystem list (first the register removes who left, then the pension section looks for who reaches
an age). A job that fails is told in the log and tried again; the others go on. Starting twice on one day repeats
nothing, because no job does anything twice.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from types import FrameType

import django

log = logging.getLogger("kokunen.operations.daily")

PROCESS = "daily-work"
_BEAT_SECONDS = 1.0
_RETRY_SECONDS = 60.0


def daily_jobs() -> list[tuple[str, Callable[[], object]]]:
    """日次処理の一覧: (subsystem, function) of every subsystem that this process serves."""
    from kokunen.config import environment
    from kokunen.config.subsystems import SUBSYSTEMS

    served = set(environment.served_subsystems())
    found: list[tuple[str, Callable[[], object]]] = []
    for subsystem in SUBSYSTEMS:
        name = f"{subsystem.package}.jobs"
        if subsystem.alias in served and find_spec(subsystem.package) and find_spec(name):
            found += [(subsystem.alias, job) for job in getattr(import_module(name), "DAILY", ())]
    return found


def run_daily() -> list[str]:
    """Run everything once; returns the names of the jobs that failed."""
    failed = []
    for subsystem, job in daily_jobs():
        name = f"{subsystem}.{job.__name__}"
        try:
            log.info("%s: %s", name, job())
        except Exception:
            log.exception("%s failed, will be tried again", name)
            failed.append(name)
    return failed


class DailyWork:
    """常駐: one thread works, the main thread beats, so that a long job is not taken for a dead process."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """End after the job in hand."""
        self.stopping.set()

    def run(self) -> None:
        """Until told to stop."""
        from kokunen.common_platform.operations import heartbeat

        worker = threading.Thread(target=self._work, name=PROCESS)
        worker.start()
        while worker.is_alive():
            heartbeat.beat(PROCESS)
            worker.join(_BEAT_SECONDS)

    def _work(self) -> None:
        from django.db import connections

        from kokunen.common_platform.operations import clock

        done: date | None = None
        while not self.stopping.is_set():
            today = clock.today()
            if done != today:
                done = None if run_daily() else today
                connections.close_all()
            self.stopping.wait(_RETRY_SECONDS if done is None else _BEAT_SECONDS)


def main() -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    work = DailyWork()
    signal.signal(signal.SIGTERM, work.stop)
    signal.signal(signal.SIGINT, work.stop)
    work.run()


if __name__ == "__main__":
    main()
