"""試験用のジョブ: functions and nets of the tests about job nets, and a worker that knows them.

    python -m tests.common_platform.operations.job_functions NAME [--once]

What a job does is a row of the figures' table with its number as label, so that a doubled or a lost one shows.
"""

from __future__ import annotations

import sys
import threading
from datetime import date, time
from typing import Any

from kokunen.common_platform.operations.business_calendar import Cycle, RunRule
from kokunen.common_platform.operations.nets import Net, Step

HERE = "tests.common_platform.operations.job_functions"
EFFECT = "effect"
ROUNDS = 60


def note(number: int) -> None:
    """依頼: one effect."""
    _effect(str(number))


def first(day: date) -> str:
    """一番目"""
    _effect(f"first {day.isoformat()}")
    return "2件"


def second() -> None:
    """二番目"""
    _effect("second")


def third() -> None:
    """三番目"""
    _effect("third")


def broken() -> None:
    """壊れたもの: its words quote a number that nobody may see."""
    raise ValueError("duplicate key (atena_number)=(000000000000078)")


def with_warning() -> None:
    """警告で終わるもの"""
    from kokunen.common_platform.operations.executing import EndedWithWarning

    raise EndedWithWarning("対象 000000000000078 を確かめてください")


def in_rounds(step: Any) -> str:
    """区切りごとに進むもの: effect and checkpoint are one transaction; each round takes a moment."""
    from django.db import transaction

    pause = threading.Event()
    for number in range(step.checkpoint.get("done", 0), ROUNDS):
        with transaction.atomic():
            _effect(f"round {number}")
            step.save_checkpoint(done=number + 1)
        step.progress(number + 1, ROUNDS)
        pause.wait(0.02)
    return f"{ROUNDS}区切り"


def _effect(label: str) -> None:
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.operations.models import Sample

    Sample.objects.create(name=EFFECT, label=label, at=clock.now(), value=1)


def _net(code: str, *steps: Step, **more: Any) -> Net:
    rule = more.pop("rule", RunRule(Cycle.ON_REQUEST))
    return Net(code, f"試験のネット{code}", "national_pension", steps, rule, **more)


def _step(code: str, name: str, *after: str, **more: Any) -> Step:
    return Step(code, code, f"{HERE}.{name}", after=after, **more)


NETS = (
    _net("TEST010", _step("A", "first"), _step("B", "second", "A"), _step("C", "third", "B")),
    _net("TEST020", _step("A", "first"), _step("B", "broken", "A"), _step("C", "third", "B")),
    _net("TEST030", _step("A", "broken", go_on=True), _step("B", "second", "A")),
    _net("TEST040", _step("A", "in_rounds"), _step("B", "third", "A")),
    _net("TEST050", _step("A", "with_warning"), _step("B", "second", "A")),
    _net("TEST060", _step("A", "first"), rule=RunRule(Cycle.NTH_OPEN_DAY, 3), at=time(0, 0), until=time(23, 59)),
    _net("TEST070", _step("A", "second"), rule=RunRule(Cycle.EVERY_DAY), at=time(0, 0), after_nets=("TEST060",)),
    _net("TEST080", _step("A", "second", file="inbox/arrival_*.csv")),
)


if __name__ == "__main__":
    import django

    django.setup()

    from kokunen.common_platform.operations import worker
    from kokunen.national_pension import jobs

    jobs.NETS = NETS  # type: ignore[attr-defined]
    worker.main(sys.argv[1:])
