"""ジョブの実行: one step of a run, or one queued call, in the process that took it out of the queue.

A step is guarded by a lock that lives as long as the process that works on it: a second process that is told to begin
it finds the lock held and leaves; a process that dies frees it, which is how the leader learns of the loss.
"""

from __future__ import annotations

import inspect
import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from os import getpid
from typing import Any

from django.db import connection, transaction
from django.utils.module_loading import import_string

from kokunen.kernel.errors import Conflict, KokunenError

from . import clock
from .choices import LIVE, RunState
from .models import NetRun, QueuedCall, StepRun
from .nets import get_net
from .runs import advance, step_ends, step_lost
from .sessions_of_database import held, open_session, try_hold

log = logging.getLogger("kokunen.operations.executing")

_PROGRESS_SECONDS = 0.5


class EndedWithWarning(Exception):
    """警告で終わる: raised (or returned) by a step that did its work but found something to look at."""


@dataclass
class StepContext:
    """ジョブに渡すもの: what a step may know and what it may tell while it works."""

    step_id: int
    business_date: date
    parameters: dict[str, Any]
    checkpoint: dict[str, Any]
    snapshot: str = ""
    attempt: int = 1
    _told_at: float = field(default=0.0, repr=False)

    def progress(self, done: int, total: int) -> None:
        """進み具合: shown on the screen; written at most twice a second."""
        if done >= total or time.monotonic() - self._told_at > _PROGRESS_SECONDS:
            self._told_at = time.monotonic()
            StepRun.objects.filter(pk=self.step_id).update(done=done, total=total)

    def save_checkpoint(self, **values: Any) -> None:
        """チェックポイント: what a later start begins from. Inside a transaction of the platform it stands and falls
        with it.
        """
        self.checkpoint.update(values)
        StepRun.objects.filter(pk=self.step_id).update(checkpoint=self.checkpoint)

    def log(self, text: str, level: str = "info") -> None:
        """記録: a line for the operator; counts and codes, no people."""
        from .logs import without_numbers

        StepRun.objects.get(pk=self.step_id).lines.create(at=clock.now(), level=level, text=without_numbers(text)[:500])

    @property
    def is_wanted(self) -> bool:
        """False once the run was cancelled: a long step ends at its next checkpoint."""
        return NetRun.objects.filter(steps__pk=self.step_id, state__in=(*LIVE, RunState.HELD)).exists()


def execute_step(step_id: int, attempt: int, worker: str = "") -> bool:
    """ジョブを実行する: True when this call did it; False when it was another's, was done already or is held."""
    name = worker or f"{socket.gethostname()}:{getpid()}"
    with held(lock_of(step_id)) as mine:
        if not mine:
            return False
        claimed = _claim(step_id, attempt, name)
        if claimed is None:
            return False
        context, path = claimed
        context.log(f"開始（{context.attempt}回目）" + ("、チェックポイントから" if context.checkpoint else ""))
        state, message = _call(path, context)
        context.log(f"終了: {state.label} {message}", "info" if state is RunState.WELL else "warning")
        step_ends(step_id, attempt, state, message)
    return True


def lock_of(step_id: int) -> str:
    """Name of the lock that is held while a step is worked on."""
    return f"step {step_id}"


def find_lost_steps() -> int:
    """喪失の発見: steps that say they are running but whose worker is gone; they begin again. Returns how many."""
    lost = 0
    running = list(StepRun.objects.filter(state=RunState.RUNNING).values_list("pk", flat=True))
    if not running:
        return 0
    with open_session("watch") as session:
        for step_id in running:
            if try_hold(session, lock_of(step_id)):
                session.execute("select pg_advisory_unlock_all()")
                lost += step_lost(step_id)
    return lost


def find_forgotten() -> int:
    """置き去りの発見: steps and calls that wait although the queue has no word of them any more; they get a new one.

    A database that fell and came back while a worker reported leaves such: the job is closed, its work never began.
    """
    from . import queue

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_FORGOTTEN_STEPS, [RunState.WAITING, *LIVE])
            steps = [int(row[0]) for row in cursor.fetchall()]
            cursor.execute(_FORGOTTEN_CALLS, [RunState.WAITING])
            calls = [int(row[0]) for row in cursor.fetchall()]
        for step in StepRun.objects.select_related("run").filter(pk__in=steps):
            queue.defer_step(step.pk, step.attempt, get_net(step.run.net).step(step.code).lock)
        queue.defer_calls(calls)
    return len(steps) + len(calls)


_FORGOTTEN_STEPS = """
select s.id from step_run s join net_run r on r.id = s.run_id
where s.state = %s and r.state in (%s, %s) and not exists (
    select 1 from procrastinate_jobs j where j.queue_name = 'steps' and j.status in ('todo', 'doing')
      and (j.args->>'step_id')::bigint = s.id and (j.args->>'attempt')::int = s.attempt)
for update of s skip locked
"""
_FORGOTTEN_CALLS = """
select c.id from queued_call c where c.state = %s and not exists (
    select 1 from procrastinate_jobs j where j.queue_name = 'calls' and j.status in ('todo', 'doing'))
order by c.id limit 1000 for update skip locked
"""


def _claim(step_id: int, attempt: int, worker: str) -> tuple[StepContext, str] | None:
    with transaction.atomic():
        step = StepRun.objects.select_for_update().select_related("run").get(pk=step_id)
        if step.state != RunState.WAITING or step.attempt != attempt:
            return None
        if step.run.state not in LIVE:
            if step.run.state == RunState.HELD:
                step.state = RunState.NOT_RUN
                step.save(update_fields=["state"])
            return None
        step.state, step.worker = RunState.RUNNING, worker[:80]
        step.started_at, step.ended_at = step.started_at or clock.now(), None
        step.save(update_fields=["state", "worker", "started_at", "ended_at"])
    declared = get_net(step.run.net).step(step.code)
    run = step.run
    context = StepContext(
        step.pk, run.business_date, dict(run.parameters), dict(step.checkpoint), run.snapshot, step.attempt
    )
    return context, declared.function


def _call(path: str, context: StepContext) -> tuple[RunState, str]:
    try:
        function: Callable[..., Any] = import_string(path)
        wanted = inspect.signature(function).parameters
        given = {"day": context.business_date, "step": context}
        result = function(**{name: value for name, value in given.items() if name in wanted})
    except EndedWithWarning as warning:
        return RunState.WARNING, _words(warning)
    except KokunenError as refused:
        log.warning("step %s refused: %s", context.step_id, refused.code)
        return RunState.FAILED, f"{refused.code}: {_words(refused.message)}"
    except Exception as error:
        log.exception("step %s failed", context.step_id)
        return RunState.FAILED, f"{type(error).__name__}（{_place(error)}）"
    return RunState.WELL, "" if result is None else _words(result)


def _words(result: object) -> str:
    from .logs import without_numbers

    return without_numbers(str(result))[:300]


def _place(error: BaseException) -> str:
    """Where it happened; the text of an error may quote a row of the register and is not repeated."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"


# ---- calls -----------------------------------------------------------------------------------------------------------


def execute_call(call_id: int) -> bool:
    """依頼を実行する: the function's writes in the platform's schema and its completion are one transaction."""
    try:
        with transaction.atomic():
            call = QueuedCall.objects.select_for_update(skip_locked=True).filter(pk=call_id, state="waiting").first()
            if call is None:
                return False
            result = import_string(call.function)(**call.arguments)
            call.state, call.ended_at = RunState.WELL, clock.now()
            call.message = "" if result is None else _words(result)
            call.save(update_fields=["state", "ended_at", "message"])
    except Exception as error:
        log.exception("call %s failed", call_id)
        text = f"{type(error).__name__}（{_place(error)}）"
        QueuedCall.objects.filter(pk=call_id, state="waiting").update(
            state=RunState.FAILED, ended_at=clock.now(), message=text[:300]
        )
    return True


def work_through(run_id: int, *, seconds: float) -> NetRun:
    """最後まで見届ける: does the steps of one run beside whatever workers there are, until it has ended or is held.

    Raises Conflict when it has not ended within ``seconds``.
    """
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while True:
        advance(run_id)
        run = NetRun.objects.get(pk=run_id)
        if run.state not in LIVE:
            return run
        waiting = run.steps.filter(state=RunState.WAITING).values_list("pk", "attempt")
        if not sum(execute_step(step_id, attempt) for step_id, attempt in waiting):
            if time.monotonic() > deadline:
                raise Conflict(
                    f"{run.net} は{seconds:g}秒以内に終わりませんでした",
                    hint="kokunen jobs list で状態を見てください。",
                )
            find_lost_steps()
            pause.wait(0.2)
