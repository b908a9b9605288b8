"""ネットの進行: planning what is due, moving a run from step to step, and what an operator may do with it.

The rows of ``net_run`` and ``step_run`` are the truth; the queue only carries the word that a step may begin. Every
change of a run happens under the lock of its row and in one transaction with what it puts into the queue, so nothing
is begun twice and nothing is forgotten when a process dies between two lines.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from kokunen.kernel.errors import Conflict, InputError

from . import clock
from .business_calendar import runs_on
from .choices import ENDED, ENDED_WELL, LIVE, RETURN_CODES, RunKind, RunState
from .models import NetHold, NetRun, StepRun
from .nets import Net, Step, all_nets, get_net

log = logging.getLogger("kokunen.operations.runs")

SYSTEM = "system"
_OPEN = (*LIVE, RunState.HELD)


# ---- beginning -------------------------------------------------------------------------------------------------------


def request_run(
    code: str,
    *,
    by: str,
    terminal: str = "",
    business_date: date | None = None,
    parameters: Mapping[str, Any] | None = None,
    snapshot: str = "",
) -> NetRun:
    """随時の起動: begin a net now for a business date (default: today). Raises InputError for an unknown net and
    Conflict while another run of the same net and date is open.
    """
    net, day = get_net(code), business_date or clock.today()
    with transaction.atomic():
        _serialise(code)
        if not parameters and (live := NetRun.objects.filter(net=code, business_date=day, state__in=_OPEN).first()):
            raise Conflict(
                f"{net.label_ja}（{code}）の業務日付 {day:%Y-%m-%d} は、いま{live.get_state_display()}です",
                hint="終わってから起動するか、進行中の実行を中止してください。",
            )
        run = _create(net, day, RunKind.REQUESTED, by, terminal, dict(parameters or {}), snapshot)
        _advance(run, net)
    return run


def plan_due(now: datetime | None = None) -> list[NetRun]:
    """定時の起動: runs of today's nets whose hour has come and that are not begun yet; each business date once."""
    moment, day = now or clock.now(), clock.today()
    held = set(NetHold.objects.values_list("net", flat=True))
    begun = set(NetRun.objects.filter(kind=RunKind.SCHEDULED, business_date=day).values_list("net", flat=True))
    made = []
    for net in all_nets().values():
        if net.code in begun or net.code in held or not runs_on(net.rule, day) or moment.time() < net.at:
            continue
        try:
            with transaction.atomic():
                made.append(_create(net, day, RunKind.SCHEDULED, SYSTEM, "", {}, ""))
        except IntegrityError:
            continue  # another process has just planned it
    return made


def _create(
    net: Net, day: date, kind: RunKind, by: str, terminal: str, parameters: dict[str, Any], snapshot: str
) -> NetRun:
    run = NetRun.objects.create(
        net=net.code,
        business_date=day,
        kind=kind,
        requested_by=by,
        terminal=terminal,
        parameters=parameters,
        snapshot=snapshot or (_latest_snapshot() if net.uses_snapshot else ""),
    )
    StepRun.objects.bulk_create(
        StepRun(run=run, code=step.code, position=position) for position, step in enumerate(net.steps)
    )
    return run


def _latest_snapshot() -> str:
    """Name of the newest READY generation of the batch master, as the settings say who knows it; "" without one."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    path = getattr(settings, "JOBS_SNAPSHOT", "")
    return str(import_string(path)() or "") if path else ""


def _serialise(code: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"kokunen.net.{code}"])


# ---- moving on -------------------------------------------------------------------------------------------------------


def advance_all() -> None:
    """進行: every open run; called by the leader of the workers every second."""
    for run_id in NetRun.objects.filter(state__in=LIVE).order_by("id").values_list("pk", flat=True):
        advance(run_id)


def advance(run_id: int) -> None:
    """進行: put what may begin into the queue and end the run when nothing is left."""
    with transaction.atomic():
        run = NetRun.objects.select_for_update().get(pk=run_id)
        if run.state in LIVE:
            _advance(run, get_net(run.net))


def _advance(run: NetRun, net: Net) -> None:
    steps = {step.code: step for step in run.steps.all()}
    if run.state == RunState.WAITING and not _may_begin(run, net):
        return
    moved = False
    for step in net.steps:
        row = steps[step.code]
        if row.state == RunState.NOT_RUN and _is_ready(step, net, steps):
            row.state = RunState.WAITING
            row.attempt += 1
            row.save(update_fields=["state", "attempt"])
            _enqueue(row, step)
            moved = True
    if moved and run.state == RunState.WAITING:
        run.state, run.started_at = RunState.RUNNING, run.started_at or clock.now()
        run.save(update_fields=["state", "started_at"])
    if not moved:
        _end_if_done(run, net, steps)


def _may_begin(run: NetRun, net: Net) -> bool:
    if run.kind != RunKind.SCHEDULED:
        return True
    now = clock.now()
    if net.until is not None and (run.business_date < clock.today() or now.time() > net.until):
        _close(run, RunState.SKIPPED, f"{net.until:%H:%M} までに始められませんでした")
        return False
    nets = all_nets()
    before = [code for code in net.after_nets if code in nets and runs_on(nets[code].rule, run.business_date)]
    for code in before:
        latest = NetRun.objects.filter(net=code, business_date=run.business_date).order_by("-id").first()
        if latest is None or latest.state not in ENDED:
            return False
    return True


def _is_ready(step: Step, net: Net, rows: Mapping[str, StepRun]) -> bool:
    for code in step.after:
        state, fine = rows[code].state, ENDED if net.step(code).go_on else ENDED_WELL
        if state not in fine:
            return False
    return not step.file or _has_arrived(step.file)


def _has_arrived(pattern: str) -> bool:
    from kokunen.config import environment

    return any(environment.data_dir().glob(pattern))


def _end_if_done(run: NetRun, net: Net, rows: Mapping[str, StepRun]) -> None:
    states = {row.state for row in rows.values()}
    if states & {RunState.WAITING, RunState.RUNNING}:
        return
    failed = [row for row in rows.values() if row.state in (RunState.FAILED, RunState.CANCELLED)]
    if RunState.NOT_RUN in states:
        if failed:
            _close(run, RunState.FAILED, f"{failed[0].code} が異常終了したため、後のジョブは実行していません")
        return  # else a file is waited for
    if failed:
        _close(run, RunState.FAILED, f"異常のジョブ {len(failed)} 件: {failed[0].code}")
    elif states & {RunState.WARNING, RunState.SKIPPED}:
        _close(run, RunState.WARNING, "警告またはスキップのジョブがあります")
    else:
        _close(run, RunState.WELL, f"ジョブ {len(rows)} 件")


def _close(run: NetRun, state: RunState, message: str) -> None:
    run.state, run.message, run.ended_at = state, message, clock.now()
    run.save(update_fields=["state", "message", "ended_at"])
    log.info("net run %s %s ended: %s", run.pk, run.net, state)


def _enqueue(row: StepRun, step: Step) -> None:
    from . import queue

    queue.defer_step(row.pk, row.attempt, step.lock)


# ---- what a worker reports -------------------------------------------------------------------------------------------


def step_ends(step_id: int, attempt: int, state: RunState, message: str) -> None:
    """ジョブの終了: noted once for each attempt, and what follows is put into the queue in the same transaction."""
    with transaction.atomic():
        row = StepRun.objects.select_related("run").get(pk=step_id)
        run = NetRun.objects.select_for_update().get(pk=row.run_id)
        row.refresh_from_db()
        if row.attempt != attempt or row.state != RunState.RUNNING:
            return
        row.state, row.message, row.ended_at = state, message[:300], clock.now()
        row.return_code = RETURN_CODES.get(state)
        row.save(update_fields=["state", "message", "ended_at", "return_code"])
        if run.state in LIVE:
            _advance(run, get_net(run.net))


def step_lost(step_id: int) -> bool:
    """作業プロセスの喪失: its worker is gone; the step begins again from its checkpoint. False when it had ended."""
    with transaction.atomic():
        row = StepRun.objects.select_for_update().get(pk=step_id)
        if row.state != RunState.RUNNING:
            return False
        run, net = NetRun.objects.select_for_update().get(pk=row.run_id), None
        row.state = RunState.NOT_RUN
        row.save(update_fields=["state"])
        row.lines.create(
            at=clock.now(), level="warning", text="作業プロセスが終了したため、チェックポイントから始め直します"
        )
        if run.state in LIVE:
            net = get_net(run.net)
            _advance(run, net)
        return True


# ---- what an operator may do -----------------------------------------------------------------------------------------


def hold_net(code: str, *, reason: str, by: str) -> None:
    """ネットの保留: it does not begin by itself until released."""
    get_net(code)
    if not reason.strip():
        raise InputError("保留の理由を入力してください", "reason", hint="後で見る人に分かるように書いてください。")
    NetHold.objects.update_or_create(net=code, defaults={"reason": reason[:200], "held_by": by})


def release_net(code: str) -> None:
    """保留の解除: a day whose hour has passed is caught up at once."""
    NetHold.objects.filter(net=code).delete()


def hold_run(run_id: int) -> NetRun:
    """実行の保留: steps under way end, no further one begins."""
    return _change(run_id, LIVE, RunState.HELD)


def release_run(run_id: int) -> NetRun:
    """実行の再開"""
    run = _change(run_id, (RunState.HELD,), RunState.RUNNING)
    advance(run.pk)
    return run


def cancel_run(run_id: int, *, by: str) -> NetRun:
    """実行の中止: steps under way end by themselves; nothing that they did is taken back."""
    with transaction.atomic():
        run = _change(run_id, _OPEN, RunState.CANCELLED)
        run.message, run.ended_at = f"{by} が中止しました", clock.now()
        run.save(update_fields=["message", "ended_at"])
        run.steps.filter(state__in=(RunState.WAITING, RunState.NOT_RUN)).update(state=RunState.CANCELLED)
    return run


def run_again(run_id: int, *, from_start: bool = False) -> NetRun:
    """再実行: with the business date, the parameters and the snapshot of the first time. From the failed steps on
    (they find their checkpoint), or from the start of the net.
    """
    with transaction.atomic():
        run = _locked(run_id)
        if run.state not in ENDED:
            raise Conflict(f"実行は{run.get_state_display()}です", hint="終わってから再実行してください。")
        again = run.steps.all() if from_start else run.steps.exclude(state__in=ENDED_WELL)
        if not again.exists():
            raise Conflict("やり直すジョブがありません", hint="最初からやり直すときは「最初から」を選んでください。")
        again.update(state=RunState.NOT_RUN, ended_at=None, return_code=None, message="")
        if from_start:
            run.steps.update(checkpoint={}, done=0, total=0)
        run.state, run.ended_at, run.message = RunState.RUNNING, None, ""
        run.save(update_fields=["state", "ended_at", "message"])
        _advance(run, get_net(run.net))
    return run


def ask_to_skip(step_id: int, *, reason: str, by: str) -> StepRun:
    """スキップの申出: a failed step is to be passed over; another person must agree."""
    if not reason.strip():
        raise InputError("スキップの理由を入力してください", "reason", hint="なぜ無くてよいのかを書いてください。")
    with transaction.atomic():
        step = StepRun.objects.select_for_update().get(pk=step_id)
        _refuse_unless_failed(step)
        step.skip_reason, step.skip_asked_by = reason[:200], by
        step.save(update_fields=["skip_reason", "skip_asked_by"])
    return step


def agree_to_skip(step_id: int, *, by: str) -> StepRun:
    """スキップの承認: by someone else; the run goes on behind the step."""
    with transaction.atomic():
        step = StepRun.objects.select_for_update().get(pk=step_id)
        _refuse_unless_failed(step)
        if not step.skip_asked_by:
            raise Conflict("スキップの申出がありません", hint="理由を付けて申し出てください。")
        if step.skip_asked_by == by:
            raise Conflict("申し出た人は承認できません", hint="ほかの運用担当に承認を頼んでください。")
        step.state, step.skip_approved_by = RunState.SKIPPED, by
        step.save(update_fields=["state", "skip_approved_by"])
        run = _locked(step.run_id)
        run.steps.filter(state__in=(RunState.FAILED, RunState.CANCELLED)).update(state=RunState.NOT_RUN)
        run.state, run.ended_at, run.message = RunState.RUNNING, None, ""
        run.save(update_fields=["state", "ended_at", "message"])
        _advance(run, get_net(run.net))
    return step


def _refuse_unless_failed(step: StepRun) -> None:
    if step.state != RunState.FAILED:
        raise Conflict(
            f"{step.code} は{step.get_state_display()}です", hint="スキップできるのは異常終了したジョブだけです。"
        )


def _change(run_id: int, allowed: tuple[RunState, ...], state: RunState) -> NetRun:
    with transaction.atomic():
        run = _locked(run_id)
        if run.state not in allowed:
            raise Conflict(f"実行は{run.get_state_display()}です", hint="画面を読み直し、今の状態を確かめてください。")
        run.state = state
        run.save(update_fields=["state"])
    return run


def _locked(run_id: int) -> NetRun:
    return NetRun.objects.select_for_update().get(pk=run_id)
