"""待ち行列: the queue in PostgreSQL (procrastinate), which carries the word that a step or a call may begin.

A job is put into the queue in the transaction of the caller and so exists exactly when what it is about exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from . import clock
from .models import QueuedCall

STEPS, CALLS = "steps", "calls"
_CALLS_A_JOB = 8


@app.task(name="step", queue=STEPS)
def step(step_id: int, attempt: int) -> None:
    """ジョブ: one attempt of one step."""
    from .executing import execute_step

    execute_step(step_id, attempt)


@app.task(name="call", queue=CALLS)
def call(call_id: int | None = None, call_ids: Sequence[int] = ()) -> None:
    """依頼: queued calls, each in a transaction of its own; one that was done before a kill is not done again."""
    from .executing import execute_call

    for number in ([] if call_id is None else [call_id]) + list(call_ids):
        execute_call(number)


def defer_step(step_id: int, attempt: int, lock: str = "") -> None:
    """ジョブを並べる: inside the transaction that made it ready."""
    app.configure_task("step", lock=lock or None, queue=STEPS).defer(step_id=step_id, attempt=attempt)


def call_later(function: str, *, by: str, calls: Sequence[dict[str, Any]]) -> list[int]:
    """依頼を並べる: one call for each set of arguments, to a function named by its dotted path; gives their numbers."""
    with transaction.atomic():
        rows = QueuedCall.objects.bulk_create(
            QueuedCall(function=function, arguments=arguments, requested_by=by) for arguments in calls
        )
        numbers = [row.pk for row in rows]
        defer_calls(numbers)
    return numbers


def defer_calls(numbers: Sequence[int]) -> None:
    """依頼の番号を並べる: a few share one word of the queue, but never so many that a worker would stand idle."""
    size = max(1, min(_CALLS_A_JOB, len(numbers) // _CALLS_A_JOB))
    jobs: list[dict[str, JSONValue]] = [
        {"call_ids": list(numbers[begin : begin + size])} for begin in range(0, len(numbers), size)
    ]
    if jobs:
        app.configure_task("call", queue=CALLS).batch_defer(*jobs)


def recover(seconds: float) -> int:
    """取り残し: jobs whose worker is gone for that long go back into the queue; returns how many.

    A step that began is found by its lock and begun anew by :func:`.executing.find_lost_steps`; the job that comes
    back for it finds that its attempt is over and ends without doing anything.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select j.id from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id "
            "where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - make_interval(secs => %s))",
            [seconds],
        )
        stalled = [int(row[0]) for row in cursor.fetchall()]
    moved = 0
    for job_id in stalled:
        try:
            app.job_manager.retry_job_by_id(job_id, retry_at=clock.now())
        except exceptions.ConnectorException:
            continue  # it ended meanwhile
        moved += 1
    return moved


def backlog() -> dict[str, int]:
    """待ち行列の長さ by queue name, jobs under way included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select queue_name, count(*) from procrastinate_jobs where status in ('todo', 'doing') group by queue_name"
        )
        found = {str(name): int(count) for name, count in cursor.fetchall()}
    return {name: found.get(name, 0) for name in (STEPS, CALLS)}
