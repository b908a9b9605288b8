"""結果の受け取り (S4-1): stored once, acknowledged, then applied; every row of a file gets its result or none does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.unified_atena.choices import (
    RESULT_OF,
    Arrival,
    ArrivedState,
    BatchState,
    InquiryState,
    Interface,
    ItemState,
)
from kokunen.unified_atena.models import ALIAS, ArrivedFile, Inquiry, SendBatch
from kokunen.unified_atena.services import reconciliation
from kokunen.unified_atena.services.sending import is_due, note_failure, note_success
from kokunen.unified_atena.wiring import Carrier

_RESULTS = """
update send_item i set state = case when r.result = '1' then %(accepted)s else %(rejected)s end,
       fault_code = r.code, fault = r.message
from unnest(%(rows)s::int[], %(results)s::text[], %(codes)s::text[], %(messages)s::text[])
     as r(row, result, code, message)
where i.batch_id = %(batch)s and i.row_number = r.row and i.state = %(in_file)s
"""


class Unfit(Exception):
    """合わない結果: what arrived does not fit what was sent; an officer looks at it."""


def take_in(carrier: Carrier) -> int:
    """受信する: what waits is stored under its number, then acknowledged; returns how many are new."""
    if not is_due():
        return 0
    try:
        waiting = carrier.fetch()
        if not waiting:
            return 0
        with transaction.atomic(using=ALIAS):
            before = set(
                ArrivedFile.objects.filter(number__in=[one.number for one in waiting]).values_list("number", flat=True)
            )
            at = clock.now()
            ArrivedFile.objects.bulk_create(
                ArrivedFile(
                    number=one.number,
                    kind=one.kind[:12],
                    items=dict(one.items),
                    received_at=at,
                    state=ArrivedState.PROBLEM if one.problem else ArrivedState.NEW,
                    problem=one.problem[:300],
                )
                for one in waiting
                if one.number not in before
            )
            note_success()
        carrier.acknowledge([one.number for one in waiting])
    except KokunenError as error:
        if error.code != "line_trouble":
            raise
        note_failure(error)
        return 0
    return len(waiting) - len(before)


def apply_new() -> int:
    """受信したものを反映する, oldest first; returns how many were applied."""
    done = 0
    for number in ArrivedFile.objects.filter(state=ArrivedState.NEW).order_by("id").values_list("pk", flat=True):
        done += _apply(int(number))
    return done


def _apply(number: int) -> int:
    with transaction.atomic(using=ALIAS):
        file = ArrivedFile.objects.select_for_update().get(pk=number)
        if file.state != ArrivedState.NEW:
            return 0
        try:
            with transaction.atomic(using=ALIAS):
                ready = _HANDLERS[file.kind](file.kind, file.items)
        except (Unfit, KeyError) as unfit:
            words = str(unfit) if isinstance(unfit, Unfit) else "この種類の受信はありません"
            file.state, file.problem = ArrivedState.PROBLEM, words[:300]
        else:
            if not ready:
                return 0  # its file has no receipt yet: after the next round of sending
            file.state = ArrivedState.APPLIED
        file.save(update_fields=["state", "problem"])
    return 1


def _results(kind: str, items: Mapping[str, Any]) -> bool:
    """処理結果: every row of the file accepted or rejected; the sums have to fit."""
    interface = RESULT_OF[kind]
    batch = SendBatch.objects.select_for_update().filter(interface=interface, serial=items["serial"]).first()
    if batch is None:
        raise Unfit(f"通番{items['serial']}の送信データはありません")
    if batch.state == BatchState.WAITING:
        return False
    if batch.state != BatchState.SENT:
        raise Unfit(f"通番{batch.serial}の送信データは「{batch.get_state_display()}」です")
    results = list(items.get("results") or [])
    rows = [int(one["row"]) for one in results]
    if sorted(rows) != list(range(1, batch.row_count + 1)):
        raise Unfit(f"結果の行が、送信した{batch.row_count}件と一致しません")
    rejected = sum(one["result"] != "1" for one in results)
    if (items["accepted"], items["rejected"]) != (len(rows) - rejected, rejected):
        raise Unfit("結果の合計が、各行の結果と一致しません")
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_RESULTS, {
            "accepted": ItemState.ACCEPTED, "rejected": ItemState.REJECTED, "in_file": ItemState.IN_FILE,
            "batch": batch.pk, "rows": rows, "results": [one["result"] for one in results],
            "codes": [str(one.get("code", ""))[:20] for one in results],
            "messages": [str(one.get("message", ""))[:300] for one in results],
        })  # fmt: skip
        if cursor.rowcount != batch.row_count:
            raise Unfit("結果の行に、すでに処理された件があります")
    batch.state, batch.answered_at = BatchState.DONE, clock.now()
    batch.accepted, batch.rejected = len(rows) - rejected, rejected
    batch.save(update_fields=["state", "answered_at", "accepted", "rejected"])
    if interface == Interface.INQUIRY:
        _note_inquiries(batch)
    return True


def _note_inquiries(batch: SendBatch) -> None:
    """照会の受付: taken or not, inquiry by inquiry."""
    for item in batch.items.all():
        taken = item.state == ItemState.ACCEPTED
        Inquiry.objects.filter(pk=int(item.record_key), state=InquiryState.ASKED).update(
            state=InquiryState.SENT if taken else InquiryState.REFUSED, words="" if taken else item.fault
        )


def _answers(_kind: str, items: Mapping[str, Any]) -> bool:
    """照会の結果: kept under the 宛名番号 that the work asked with."""
    answers: Sequence[Mapping[str, Any]] = items.get("answers") or []
    found = {
        str(row.pk): row
        for row in Inquiry.objects.select_for_update().filter(pk__in=[int(one["inquiry"]) for one in answers])
    }
    at, people = clock.now(), []
    for one in answers:
        row = found.get(one["inquiry"])
        if row is None or row.unified_number != one["unified_number"]:
            raise Unfit(f"照会{one['inquiry']}と回答の人が一致しません")
        if row.state == InquiryState.ASKED:
            return False
        row.state, row.answered_at = InquiryState.ANSWERED, at
        row.answer = {"result": one["result"], "items": {v["item"]: v["value"] for v in one.get("items") or []}}
        row.save(update_fields=["state", "answered_at", "answer"])
        people.append(row.atena_number)
    record(
        ALIAS,
        system_context("団体内統合宛名 情報照会の結果", "number_management"),
        act=Act.SYSTEM,
        dataset="情報照会の結果",
        atena_numbers=people,
    )
    return True


def _compared(_kind: str, items: Mapping[str, Any]) -> bool:
    found = reconciliation.answered(items)
    if found is None:
        raise Unfit(f"通番{items['serial']}の照合は求めていません")
    return found


_HANDLERS: dict[str, Callable[[str, Mapping[str, Any]], bool]] = {
    **dict.fromkeys((str(kind) for kind in RESULT_OF), _results),
    Arrival.INQUIRY: _answers,
    Arrival.COMPARE: _compared,
}
