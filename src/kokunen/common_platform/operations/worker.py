"""作業プロセス: takes jobs out of the queue and does them; one of all workers also leads.

    python -m kokunen.common_platform.operations.worker [NAME] [--once]

Any number may run, on any machine that reaches the database. Whoever holds the leader's lock plans what is due, moves
the runs on, gives back what a dead worker left behind, takes the figures of the house and judges them; when it dies,
another takes over within a second. ``--once`` does everything that is ready and ends (for tests and repairs).
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time

import django
from procrastinate import PsycopgConnector

log = logging.getLogger("kokunen.operations.worker")

PROCESS = "job-worker"
_BEAT_SECONDS = 1.0
_LEAD_SECONDS = 0.5
_RECOVER_SECONDS = 2.0
_QUEUE_BEAT_SECONDS, _STALLED_SECONDS = 1.0, 6.0
_SAMPLE_SECONDS = 60.0
_DUTY_SECONDS = 5.0
CONCURRENCY = 2


class Leader:
    """当番: the duties that only one worker has at a time."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._recovered = self._sampled = self._looked = 0.0

    def run(self) -> None:
        """Until told to stop: wait for the leader's lock, then do the duties; a lost database is waited for."""
        from django.db import connections

        from .sessions_of_database import open_session, try_hold

        while not self.stopping.is_set():
            try:
                with open_session("leader") as session:
                    while not try_hold(session, "leader"):
                        if self.stopping.wait(_LEAD_SECONDS):
                            return
                    while not self.stopping.is_set():
                        session.execute("select 1")  # the lock is ours only while this session lives
                        self.duties()
                        self.stopping.wait(_LEAD_SECONDS)
            except Exception:
                log.exception("leading was interrupted, trying again")
            finally:
                connections.close_all()
            self.stopping.wait(_LEAD_SECONDS)

    def duties(self) -> None:
        """One round."""
        from . import runs

        runs.plan_due()
        runs.advance_all()
        now = time.monotonic()
        if now - self._recovered > _RECOVER_SECONDS:
            self._recovered = now
            self._recover()
        if now - self._sampled > _SAMPLE_SECONDS:
            self._sampled = now
            from . import watching

            watching.look()
        if now - self._looked > _DUTY_SECONDS:
            self._looked = now
            from . import duties

            duties.do_all()

    @staticmethod
    def _recover() -> None:
        from . import executing, queue

        lost = executing.find_lost_steps()
        back = queue.recover(_STALLED_SECONDS)
        forgotten = executing.find_forgotten()
        if lost or back or forgotten:
            log.warning("%s steps and %s jobs of dead workers begin again, %s were forgotten", lost, back, forgotten)


async def _work(name: str, once: bool) -> None:
    from procrastinate.contrib.django import app

    connector = _connector()
    # The tasks stay with the application of the process, so that what they put into the queue is part of their
    # transaction; only the worker's own traffic goes through this connector.
    own = app.with_connector(connector)
    async with own.open_async():
        beating = None if once else asyncio.create_task(_beat(name))
        try:
            await own.run_worker_async(
                name=name,
                concurrency=1 if once else CONCURRENCY,
                wait=not once,
                listen_notify=not once,
                delete_jobs="successful",
                fetch_job_polling_interval=1.0,
                update_heartbeat_interval=_QUEUE_BEAT_SECONDS,
                stalled_worker_timeout=_STALLED_SECONDS,
                shutdown_graceful_timeout=15.0,
            )
        finally:
            if beating is not None:
                beating.cancel()


def _connector() -> PsycopgConnector:
    """The worker's own traffic: what it takes from the queue and gives back need not be on the disk at once.

    A crash of the database may put a job back that was done: its step or call says so in the transaction of its work,
    which waits for the disk, and the second time ends without doing anything.
    """
    from procrastinate.contrib.django.utils import connector_params

    params = connector_params()
    params["options"] = f"{params.get('options') or ''} -c synchronous_commit=off".strip()
    return PsycopgConnector(kwargs=params)


async def _beat(name: str) -> None:
    from . import heartbeat

    while True:
        heartbeat.beat(name)
        await asyncio.sleep(_BEAT_SECONDS)


def main(arguments: list[str]) -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    once = "--once" in arguments
    names = [argument for argument in arguments if not argument.startswith("--")]
    name = names[0] if names else f"{PROCESS}-1"
    leader = Leader()
    if once:
        leader.duties()
        asyncio.run(_work(name, once=True))
        return
    thread = threading.Thread(target=leader.run, name="leader", daemon=True)
    thread.start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C goes to the supervisor
    try:
        asyncio.run(_work(name, once=False))
    finally:
        leader.stopping.set()
        thread.join(5)


if __name__ == "__main__":
    main(sys.argv[1:])
