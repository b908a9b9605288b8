"""運用の操作: what an operator does, each with its entry in the ledger in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from kokunen.common_platform.integration.files import inbox, taking
from kokunen.common_platform.integration.files.agreements import OUT, agreement_of, get_agreement
from kokunen.common_platform.integration.models import LinkageFile
from kokunen.common_platform.integration.overview import replay
from kokunen.common_platform.operations import runs, watching
from kokunen.common_platform.operations.models import NetRun
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

DATASET = "ジョブの運用"


def _note(context: AccessContext, what: str, **detail: object) -> None:
    record("default", context, act=Act.CORRECT, dataset=DATASET, detail={"what": what, **detail})


def begin(code: str, *, business_date: date | None, context: AccessContext) -> NetRun:
    """ネットを起動する"""
    with transaction.atomic():
        run = runs.request_run(code, by=context.staff_number, terminal=context.terminal, business_date=business_date)
        _note(context, "起動", net=code, run=run.pk, business_date=run.business_date.isoformat())
    return run


def hold_net(code: str, *, reason: str, context: AccessContext) -> None:
    """ネットを保留する"""
    with transaction.atomic():
        runs.hold_net(code, reason=reason, by=context.staff_number)
        _note(context, "ネットの保留", net=code, reason=reason)


def release_net(code: str, *, context: AccessContext) -> None:
    """ネットの保留を解く"""
    with transaction.atomic():
        runs.release_net(code)
        _note(context, "ネットの保留解除", net=code)


def act_on_run(run_id: int, act: str, *, context: AccessContext) -> NetRun:
    """実行への操作: hold, release, cancel, again (from the failed step) or again_from_start."""
    acts: dict[str, tuple[str, Callable[[], NetRun]]] = {
        "hold": ("保留", lambda: runs.hold_run(run_id)),
        "release": ("再開", lambda: runs.release_run(run_id)),
        "cancel": ("中止", lambda: runs.cancel_run(run_id, by=context.staff_number)),
        "again": ("異常のジョブから再実行", lambda: runs.run_again(run_id)),
        "again_from_start": ("最初から再実行", lambda: runs.run_again(run_id, from_start=True)),
    }
    if act not in acts:
        raise InputError("操作を選んでください", "act", hint="画面のボタンから操作してください。")
    words, do = acts[act]
    with transaction.atomic():
        run = do()
        _note(context, words, run=run_id, net=run.net)
    return run


def skip(step_id: int, *, reason: str, context: AccessContext) -> None:
    """スキップを申し出る (with a reason), or agree to what another has asked for (without)."""
    with transaction.atomic():
        if reason:
            step = runs.ask_to_skip(step_id, reason=reason, by=context.staff_number)
            _note(context, "スキップの申出", run=step.run_id, job=step.code, reason=reason)
        else:
            step = runs.agree_to_skip(step_id, by=context.staff_number)
            _note(context, "スキップの承認", run=step.run_id, job=step.code)


def acknowledge(alert_id: int, *, note: str, context: AccessContext) -> None:
    """警報を確認する"""
    if not note.strip():
        raise InputError("対応の内容を入力してください", "note", hint="見たこと、したこと、次にすることを書きます。")
    with transaction.atomic():
        alert = watching.acknowledge(alert_id, by=context.staff_number, note=note)
        _note(context, "警報の確認", alert=alert.code, subject=alert.subject)


def replay_parked(consumer: str, dataset: str, *, context: AccessContext) -> int:
    """保留の変更を再処理する: returns how many went through."""
    done = replay(consumer, dataset)
    with transaction.atomic():
        _note(context, "連携の再処理", consumer=consumer, feed=dataset, done=done)
    return done


def begin_files(code: str, *, whole: bool, context: AccessContext) -> NetRun:
    """連携ファイルの受付・提供を起動する: what has come is taken up now, or a file of the agreement is handed over."""
    agreement = get_agreement(code)
    going_out = agreement.direction == OUT
    net = inbox.SENDING_NET if going_out else inbox.TAKING_NET
    told = {"agreement": code, "whole": whole} if going_out else {}
    with transaction.atomic():
        run = runs.request_run(net, by=context.staff_number, terminal=context.terminal, parameters=told)
        _note(context, "連携ファイルの起動", net=net, run=run.pk, agreement=code, whole=whole)
    return run


def settle_file(file_id: int, act: str, *, words: str, context: AccessContext) -> LinkageFile:
    """保留のファイル: ask for its release, accept it (another officer than the one who asked), or refuse it."""
    if act == "ask":
        return taking.ask_release(file_id, words=words, context=context)
    file = LinkageFile.objects.filter(pk=file_id).first()
    if act not in ("accept", "refuse") or file is None:
        raise InputError("操作を選んでください", "act", hint="画面のボタンから操作してください。")
    agreement = agreement_of(file.supplier, file.dataset)
    if act == "accept":
        settled = taking.release(file_id, inbox.folder("in", agreement) / file.name, agreement, context=context)
    else:
        settled = taking.refuse(file_id, words=words, context=context)
    inbox.put_away(agreement)
    return settled
