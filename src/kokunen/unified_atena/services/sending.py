"""送受信管理 (S4-1): each file goes until it has an answer; what an officer does with one that was refused.

A file and its answer are one transaction; a kill between the answer and its commit sends the same number again, and
the other side answers a number that it has seen without doing anything twice. While it does not answer, the line rests,
longer each time.
"""

from __future__ import annotations

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.lines import Round, send_in_order
from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.unified_atena.choices import BatchState, Interface, ItemState, Operation
from kokunen.unified_atena.models import ALIAS, LineCondition, SendBatch, SendItem
from kokunen.unified_atena.services.items import ask
from kokunen.unified_atena.wiring import Carrier

PARTY = "intermediate_server"
DATASET_JA = "中間サーバーとの送受信"
_WORDS = 300


def send_waiting(carrier: Carrier, *, limit: int = 200) -> Round:
    """送信待ちを送る, oldest first, until nothing is left, the limit is reached or the line fails."""
    if not is_due():
        return Round(trouble=condition().last_error)
    return send_in_order(lambda: _send_next(carrier), taken=BatchState.SENT, limit=limit, failed=note_failure)


def _send_next(carrier: Carrier) -> BatchState | None:
    trouble: KokunenError | None = None
    state: BatchState | None = None
    with transaction.atomic(using=ALIAS):
        batch = (
            SendBatch.objects.select_for_update(skip_locked=True)
            .filter(state=BatchState.WAITING)
            .order_by("id")
            .first()
        )
        if batch is None:
            return None
        batch.attempts += 1
        try:
            answer = carrier.send(
                number=batch.number,
                kind=batch.interface,
                items=batch.content,
                created_at=batch.made_at.isoformat(timespec="seconds"),
            )
        except KokunenError as error:
            trouble = error
            batch.last_error = error.message[:_WORDS]
        else:
            state = BatchState.SENT if answer.accepted else BatchState.REFUSED
            batch.state, batch.receipt, batch.sent_at, batch.last_error = state, answer.receipt, clock.now(), ""
            batch.faults = [{"item": f.item, "code": f.code, "message": f.message} for f in answer.faults][:100]
        batch.save()
        if trouble is None:
            note_success()
    if trouble is not None:
        raise trouble
    return state


# --- the line ---------------------------------------------------------------------------------------------------------


def condition() -> LineCondition:
    """回線の状態."""
    return LineCondition.of(PARTY)


def is_due() -> bool:
    """回線を試す時か: not while it rests after a failure."""
    return condition().is_due()


def note_failure(error: KokunenError) -> None:
    """障害を記す: the line rests."""
    condition().note_failure(error)


def note_success() -> None:
    """応答を記す."""
    condition().note_success(clock.now())


# --- what an officer does ---------------------------------------------------------------------------------------------


def try_now(*, context: AccessContext) -> None:
    """いま試す: ends the rest of a line that failed."""
    with transaction.atomic(using=ALIAS):
        LineCondition.objects.filter(party=PARTY).update(next_try_at=None)
        record(ALIAS, context, act=Act.REGISTER, dataset=DATASET_JA, detail={"act": "いま送る"})


def make_again(*, context: AccessContext, batch_id: int, reason: str) -> int:
    """作り直す: a refused file is closed and its rows are asked for anew, with today's content and a new serial.

    Returns how many rows wait again. Raises Conflict for a file that was not refused, InputError without a reason.
    """
    words = _reason(reason)
    with transaction.atomic(using=ALIAS):
        batch = SendBatch.objects.select_for_update().filter(pk=batch_id).first()
        if batch is None:
            raise InputError("この送信データはありません", "batch", "not_found", "一覧を開き直してください。")
        if batch.state != BatchState.REFUSED:
            raise Conflict(
                f"この送信データは「{batch.get_state_display()}」です。相手方が拒否したものだけを作り直せます", "batch"
            )
        batch.state, batch.settled_by, batch.settled_reason = BatchState.CLOSED, context.staff_number, words
        batch.save(update_fields=["state", "settled_by", "settled_reason"])
        items = list(batch.items.filter(state=ItemState.IN_FILE))
        count = _ask_again(items, context, words)
        record(ALIAS, context, act=Act.REGISTER, dataset=DATASET_JA, count=count,
               detail={"act": "作り直し", "batch": batch.number, "reason": words})  # fmt: skip
    return count


def send_item_again(*, context: AccessContext, item_id: int, reason: str) -> None:
    """1件を送り直す: after its reason was put right; with the content as it now stands."""
    words = _reason(reason)
    with transaction.atomic(using=ALIAS):
        item = _in_trouble(item_id)
        _ask_again([item], context, words)
        _item_entry(context, item, "送り直し", words)


def give_up_item(*, context: AccessContext, item_id: int, reason: str) -> None:
    """1件を送らない: the officer says why; the row leaves the list of what is not settled."""
    words = _reason(reason)
    with transaction.atomic(using=ALIAS):
        item = _in_trouble(item_id)
        item.state, item.settled_by, item.settled_reason = ItemState.CLOSED, context.staff_number, words
        item.save(update_fields=["state", "settled_by", "settled_reason"])
        _item_entry(context, item, "送らない", words)


def _in_trouble(item_id: int) -> SendItem:
    item = SendItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise InputError("この件はありません", "item", "not_found", "一覧を開き直してください。")
    if item.state not in (ItemState.REJECTED, ItemState.EXCLUDED):
        raise Conflict(f"この件は「{item.get_state_display()}」です", "item", hint="一覧を開き直してください。")
    return item


def _ask_again(items: list[SendItem], context: AccessContext, words: str) -> int:
    for item in items:
        item.state, item.settled_by, item.settled_reason = ItemState.CLOSED, context.staff_number, words
    SendItem.objects.bulk_update(items, ["state", "settled_by", "settled_reason"], batch_size=1000)
    at = clock.now()
    for interface in {item.interface for item in items}:
        for operation in Operation:
            things = [
                (item.unified_number, item.kind, item.record_key)
                for item in items
                if item.interface == interface and item.operation == operation
            ]
            ask(Interface(interface), things, at, operation)
    return len(items)


def _item_entry(context: AccessContext, item: SendItem, act: str, words: str) -> None:
    from kokunen.unified_atena.queries import atena_numbers_of

    record(
        ALIAS,
        context,
        act=Act.REGISTER,
        dataset=DATASET_JA,
        atena_numbers=atena_numbers_of(item.unified_number),
        detail={"act": act, "interface": item.interface, "item": item.pk, "reason": words},
    )


def _reason(reason: str) -> str:
    if len(reason.strip()) < 2:
        raise InputError("理由が入力されていません", "reason", "missing_field", "処理する理由を入力してください。")
    return reason.strip()[:200]
