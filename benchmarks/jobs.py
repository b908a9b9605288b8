"""待ち行列: calls a second drained by two workers, and what is left of them when workers are killed all the time.

A call goes the whole way: the queue hands it out, its effect and the word that it is done are one transaction on the
disk, and its history stays. The rival is procrastinate alone: two workers, a task that does nothing, no history.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

from benchmarks._empty import ROOT, empty_city, port_after
from kokunen.commands.bench import Figure
from kokunen.commands.console import say

_CALLS, _BARE, _KILLS, _GOAL = 3_000, 2_000, 12, 300
_LONGEST = 150.0
_HOUSE, _RIVAL = "kokunen.common_platform.operations.worker", "benchmarks._queue"


class _Workers:
    """Two workers; one that was killed is started again, as the supervisor does."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self._module, self._environment = module, environment
        self.running = [self._start(number) for number in (1, 2)]

    def kill(self, place: int) -> None:
        """kill -9 and a new one."""
        os.kill(self.running[place].pid, signal.SIGKILL)
        self.running[place].wait()
        self.running[place] = self._start(place + 1)

    def end(self) -> None:
        """Stop both."""
        for process in self.running:
            process.kill()
            process.wait()

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", self._module, f"job-worker-{number}"],
            cwd=ROOT,
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )


def measure() -> list[Figure]:
    """Calls a second beside procrastinate alone; effects lost or doubled without and with kills."""
    with empty_city("jobs", port_after(60)) as environment:
        bare = _rate(_BARE, _RIVAL, environment, _bare, _bare_left)
        rate = _rate(_CALLS, _HOUSE, environment, _call, _calls_left)
        without = _wrong(_CALLS)
        with_kills = _killed(environment)
    return [
        Figure("queued_calls_per_second_of_two_workers", "calls", rate, _GOAL, "more", "procrastinate alone", bare),
        Figure("calls_lost_or_doubled", "calls", without, 0, "less"),
        Figure(f"calls_lost_or_doubled_with_{_KILLS}_kills", "calls", with_kills, 0, "less"),
    ]


def _rate(
    count: int, module: str, environment: dict[str, str], defer: Callable[[int], None], left: Callable[[], int]
) -> float:
    """Jobs a second between the time when a tenth is done and the time when a tenth is left (workers warm)."""
    defer(count)
    workers = _Workers(module, environment)
    try:
        begin = _until(left, count * 9 // 10)
        end = _until(left, count // 10)
    finally:
        _until(left, 0)
        workers.end()
    say(f"{module}: {begin[1] - end[1]} jobs in {end[0] - begin[0]:.1f} s")
    return (begin[1] - end[1]) / (end[0] - begin[0])


def _until(left: Callable[[], int], wanted: int) -> tuple[float, int]:
    """(when, how many were left) as soon as no more than ``wanted`` are left."""
    pause, deadline = threading.Event(), time.monotonic() + _LONGEST
    while (count := left()) > wanted:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count} jobs are left after {_LONGEST:g} seconds")
        pause.wait(0.05)
    return time.monotonic(), count


def _killed(environment: dict[str, str]) -> int:
    """A worker is killed at random points, again and again, until all is done; effects that are missing or twice."""
    _forget()
    _call(_CALLS)
    choice, pause = random.Random(7), threading.Event()
    workers = _Workers(_HOUSE, environment)
    try:
        for _ in range(_KILLS):
            pause.wait(choice.uniform(1.0, 3.0))  # a worker needs a second to begin
            workers.kill(choice.randrange(2))
        _until(_calls_left, 0)
    finally:
        workers.end()
    return _wrong(_CALLS)


def _call(count: int) -> None:
    from kokunen.common_platform.operations.queue import call_later

    call_later("benchmarks._queue.note", by="bench", calls=[{"number": number} for number in range(count)])


def _calls_left() -> int:
    from kokunen.common_platform.operations.models import QueuedCall

    return QueuedCall.objects.filter(state="waiting").count()


def _bare(count: int) -> None:
    from procrastinate.contrib.django import app

    from benchmarks._queue import bare_task

    bare_task(app).batch_defer(*({"number": number} for number in range(count)))


def _bare_left() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where status in ('todo', 'doing')")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _wrong(count: int) -> int:
    """Numbers without an effect, and effects beyond the first."""
    from benchmarks._queue import EFFECT
    from kokunen.common_platform.operations.models import Sample

    found = Counter(Sample.objects.filter(name=EFFECT).values_list("label", flat=True))
    return sum(abs(found[str(number)] - 1) for number in range(count))


def _forget() -> None:
    from benchmarks._queue import EFFECT
    from kokunen.common_platform.operations.models import Sample

    Sample.objects.filter(name=EFFECT).delete()
