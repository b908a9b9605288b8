"""受信: what parties have for the city is stored once, then acknowledged, then applied or listed for an officer.

The party keeps a message until the city says that it is stored, so a cut line at any instant loses nothing; the number
of the party is unique here, so a repeat doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import ArrivedState, LineParty
from kokunen.resident_registry.models import ALIAS, ArrivedMessage, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services.consistency import take_answer
from kokunen.resident_registry.services.line_sending import closed_by_assessment, is_due, note_failure, note_success
from kokunen.resident_registry.services.moving_out import receive_arrival_notice
from kokunen.resident_registry.services.numbering import register_stock
from kokunen.resident_registry.wiring import ArrivedItem, Carrier

DATASET_JA = "回線の電文"
PROCESS = "registry-lines"
_REASON_LENGTH = 300


def take_in(party: LineParty, carrier: Carrier) -> int:
    """受信する: store what waits, acknowledge it; returns how many were new. A failing line is noted and rests."""
    if not is_due(party) or closed_by_assessment(party):
        return 0
    new = 0
    try:
        while waiting := carrier.fetch():
            new += _store(party, waiting)
            carrier.acknowledge([item.number for item in waiting])
    except KokunenError as error:
        if error.code != "line_trouble":
            raise
        note_failure(party, error)
        return new
    note_success(party)
    return new


def _store(party: LineParty, waiting: Sequence[ArrivedItem]) -> int:
    at = clock.now()
    with transaction.atomic(using=ALIAS):
        known = set(
            ArrivedMessage.objects.filter(party=party, number__in=[item.number for item in waiting]).values_list(
                "number", flat=True
            )
        )
        fresh = {item.number: item for item in waiting if item.number not in known}
        ArrivedMessage.objects.bulk_create(
            [
                ArrivedMessage(
                    party=party,
                    number=item.number,
                    kind=item.kind[:4],
                    items=dict(item.items),
                    received_at=at,
                    state=ArrivedState.BROKEN if item.problem else ArrivedState.NEW,
                    problem=item.problem[:_REASON_LENGTH],
                )
                for item in fresh.values()
            ],
            ignore_conflicts=True,
        )
    return len(fresh)


def apply_new(limit: int = 200) -> int:
    """未処理を反映する: each message by itself; what cannot be applied is listed with the reason. Safe to repeat."""
    numbers = list(
        ArrivedMessage.objects.filter(state=ArrivedState.NEW).order_by("id").values_list("pk", flat=True)[:limit]
    )
    for pk in numbers:
        apply_one(pk)
    return len(numbers)


def apply_one(pk: int, context: AccessContext | None = None) -> ArrivedState:
    """1通を反映する: applied, or listed (要確認) with the words of the refusal."""
    acting = context or system_context(PROCESS)
    try:
        with transaction.atomic(using=ALIAS):
            message = ArrivedMessage.objects.select_for_update().get(pk=pk)
            if message.state not in (ArrivedState.NEW, ArrivedState.TO_CHECK):
                return ArrivedState(message.state)
            handler = _HANDLERS.get((message.party, message.kind), _list)
            handler(message, acting)
            message.save()
            return ArrivedState(message.state)
    except KokunenError as refused:
        ArrivedMessage.objects.filter(pk=pk).update(
            state=ArrivedState.TO_CHECK, problem=refused.message[:_REASON_LENGTH]
        )
        return ArrivedState.TO_CHECK


def settle(*, context: AccessContext, message_id: int, reason: str) -> None:
    """処理済みにする: an officer dealt with it another way and says how."""
    if not reason.strip():
        raise InputError("理由が入力されていません", "reason", "missing_field", "どう処理したかを入力してください。")
    with transaction.atomic(using=ALIAS):
        message = ArrivedMessage.objects.select_for_update().filter(pk=message_id).first()
        if message is None or message.state in (ArrivedState.APPLIED, ArrivedState.CLOSED):
            raise Conflict(
                "この電文は、すでに処理されています", "message", "already_settled", "一覧を開き直してください。"
            )
        message.state = ArrivedState.CLOSED
        message.settled_by, message.settled_reason = context.staff_number, reason.strip()[:200]
        message.settled_at = clock.now()
        message.save()
        record(
            ALIAS,
            context,
            act=Act.REGISTER,
            dataset=DATASET_JA,
            atena_numbers=[message.subject] if message.subject else [],
            detail={"message": message.pk, "reason": reason},
        )


# --- what each kind does ----------------------------------------------------------------------------------------------


def _arrival_notice(message: ArrivedMessage, context: AccessContext) -> None:
    """転入通知 (法9条1項): the confirmed day and place; who is still here is removed by it."""
    items = message.items
    row = _by_code(items)
    message.subject = row.atena_number
    arrived_on = date.fromisoformat(items["arrived_on"])
    if row.confirmed_departure_on == arrived_on and row.confirmed_destination == items["address"]:
        _done(message, context)
        return
    receipt = receive_arrival_notice(
        context=context, atena_number=row.atena_number, arrived_on=arrived_on, destination=items["address"]
    )
    message.event_id = receipt.event_id
    _done(message, context)


def _by_code(items: Mapping[str, Any]) -> ResidentVersion:
    row: ResidentVersion | None = ResidentVersion.objects.filter(CURRENT, resident_code=items["resident_code"]).first()
    if row is None:
        raise InputError("この住民票コードの人は、この市の記録にありません", "resident_code", "not_found", "")
    if row.birth_date.isoformat() != items["birth_date"]:
        raise InputError(
            "住民票コードは一致しますが、生年月日が記録と違います",
            "birth_date",
            "inconsistent",
            "発信元に確かめてください。",
        )
    return row


def _codes(message: ArrivedMessage, context: AccessContext) -> None:
    """住民票コードの通知: into the stock. The list itself is not kept twice."""
    added = register_stock([one["resident_code"] for one in message.items["codes"]])
    message.items = {"amount": added}
    _done(message, context)


def _for_the_visit(message: ArrivedMessage, _context: AccessContext) -> None:
    """転出証明書情報: waits until the people come to the counter (法24条の2)."""
    message.state = ArrivedState.READY


def _list(message: ArrivedMessage, _context: AccessContext) -> None:
    """要確認: a kind that an officer has to look at."""
    message.state = ArrivedState.TO_CHECK
    if not message.problem:
        message.problem = "内容を確認して処理してください"


def _done(message: ArrivedMessage, context: AccessContext) -> None:
    message.state, message.problem = ArrivedState.APPLIED, ""
    message.settled_by, message.settled_at = context.staff_number, clock.now()


_HANDLERS: dict[tuple[str, str], Callable[[ArrivedMessage, AccessContext], None]] = {
    ("juki_cs", "0103"): take_answer,
    ("juki_cs", "0302"): _for_the_visit,
    ("juki_cs", "0402"): _arrival_notice,
    ("juki_cs", "0502"): _codes,
}
