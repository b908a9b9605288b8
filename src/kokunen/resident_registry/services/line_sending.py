"""送信: what waits in the outbox goes to its party, in order, each message until it has an answer.

A message and its answer are one transaction; a kill between the answer and its commit sends the same number again, and
the party answers a number that it has seen without doing anything twice. While a party does not answer, its whole line
rests, longer each time; a refusal keeps back later messages of the same person only.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from kokunen.assessment.gateway import admit_line
from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.lines import TROUBLE_LENGTH, Round, send_in_order
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import LineParty, SendState
from kokunen.resident_registry.line_content import Change, identity_draft
from kokunen.resident_registry.models import (
    ALIAS,
    EventPerson,
    LineCondition,
    OutgoingMessage,
    ResidentVersion,
)
from kokunen.resident_registry.models.lines import UNSETTLED
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services.outbox import post
from kokunen.resident_registry.wiring import Carrier

DATASET_JA = "回線の電文"


def send_waiting(party: LineParty, carrier: Carrier, *, limit: int = 500) -> Round:
    """送信待ちを送る: one message after the other until nothing is left, the limit is reached or the line fails."""
    if not is_due(party):
        return Round(trouble=LineCondition.of(party).last_error)
    if refused_words := closed_by_assessment(party):
        return Round(trouble=refused_words)
    return send_in_order(
        lambda: _send_next(party, carrier),
        taken=SendState.SENT,
        limit=limit,
        failed=lambda error: note_failure(party, error),
    )


def _send_next(party: LineParty, carrier: Carrier) -> SendState | None:
    """Send the oldest message that nothing keeps back; None when there is none. Raises what the carrier raises."""
    trouble: KokunenError | None = None
    state: SendState | None = None
    with transaction.atomic(using=ALIAS):
        earlier = OutgoingMessage.objects.filter(
            party=party, subject=OuterRef("subject"), sequence__lt=OuterRef("sequence"), state__in=UNSETTLED
        )
        message = (
            OutgoingMessage.objects.select_for_update(skip_locked=True)
            .filter(~Exists(earlier), party=party, state=SendState.WAITING)
            .order_by("id")
            .first()
        )
        if message is None:
            return None
        message.attempts += 1
        try:
            answer = carrier.send(
                number=message.number,
                kind=message.kind,
                items=message.items,
                created_at=message.created_at.isoformat(timespec="seconds"),
            )
        except KokunenError as error:
            trouble = error
            message.last_error = error.message[:TROUBLE_LENGTH]
        else:
            refused = SendState.REFUSED if answer.receipt else SendState.UNSENDABLE
            state = SendState.SENT if answer.accepted else refused
            message.state, message.receipt, message.answered_at = state, answer.receipt, clock.now()
            message.faults = [{"code": fault.code, "message": fault.message} for fault in answer.faults]
            message.last_error = ""
        message.save()
        if trouble is None:
            note_success(party)
    if trouble is not None:
        raise trouble
    return state


# --- the line itself --------------------------------------------------------------------------------------------------


def is_due(party: LineParty) -> bool:
    """回線を試す時か: not while it rests after a failure."""
    return LineCondition.of(party).is_due()


def closed_by_assessment(party: LineParty) -> str:
    """評価書が閉じた回線: the words of the refusal (in the ledger, and the line rests), "" when the line is open."""
    try:
        admit_line("resident_registry", str(party), context=system_context("registry-lines"))
    except NotAllowed as refusal:
        note_failure(party, refusal)
        return refusal.message
    return ""


def note_failure(party: LineParty, error: KokunenError) -> None:
    """障害を記す: the line rests."""
    LineCondition.of(party).note_failure(error)


def note_success(party: LineParty) -> None:
    """応答を記す."""
    LineCondition.of(party).note_success(clock.now())


def try_now(*, context: AccessContext, party: LineParty) -> None:
    """いま試す: an officer ends the rest of a line that failed."""
    with transaction.atomic(using=ALIAS):
        LineCondition.objects.filter(party=party).update(next_try_at=None)
        record(ALIAS, context, act=Act.REGISTER, dataset=DATASET_JA, detail={"party": str(party), "act": "いま送る"})


# --- what an officer does with a message that did not go -------------------------------------------------------------


def send_again(*, context: AccessContext, message_id: int, reason: str) -> OutgoingMessage:
    """作り直して送る: the content is made anew from the record as it now stands, under a new number."""
    _require(reason)
    with transaction.atomic(using=ALIAS):
        message = _not_sent(message_id)
        fresh = _remade(message)
        message.state = SendState.RESENT
        _settle(message, context, reason)
        record(
            ALIAS,
            context,
            act=Act.REGISTER,
            dataset=DATASET_JA,
            atena_numbers=_people(message),
            detail={"message": message.pk, "sent_again_as": fresh.pk, "reason": reason},
        )
    return fresh


def give_up(*, context: AccessContext, message_id: int, reason: str) -> None:
    """送信しない: the officer says why; later messages of the person are free again."""
    _require(reason)
    with transaction.atomic(using=ALIAS):
        message = _not_sent(message_id)
        message.state = SendState.CLOSED
        _settle(message, context, reason)
        record(
            ALIAS,
            context,
            act=Act.CANCEL,
            dataset=DATASET_JA,
            atena_numbers=_people(message),
            detail={"message": message.pk, "reason": reason},
        )


def _not_sent(message_id: int) -> OutgoingMessage:
    message = OutgoingMessage.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise InputError("この電文はありません", "message", "not_found", "一覧を開き直してください。")
    if message.state not in (SendState.REFUSED, SendState.UNSENDABLE):
        raise Conflict(
            f"この電文は「{message.get_state_display()}」です。拒否されたものか、送信できないものだけを処理できます",
            "message",
            "not_refused",
            "一覧を開き直してください。",
        )
    return message


def _remade(message: OutgoingMessage) -> OutgoingMessage:
    """The same message with today's content; a number of its own, after every earlier one of the person."""
    from kokunen.resident_registry.line_content import Draft

    items = {name: value for name, value in message.items.items() if name != "sequence"}
    row = ResidentVersion.objects.filter(CURRENT, atena_number=message.subject).first()
    if row is not None and message.kind == "0101" and message.event is not None:
        change = Change(
            _row_before(message),
            row,
            message.event.code,
            message.event.event_on,
            message.event.processed_on,
            message.event.notified_on,
        )
        items = {**identity_draft(change, resend=True).items, "update": message.items["update"]}
    elif row is not None:
        items |= {name: getattr(row, name) for name in items if name in _REFRESHED}
    fresh = post([Draft(LineParty(message.party), message.kind, message.subject, message.version_number, items)])[0]
    fresh.resends, fresh.event = message, message.event
    fresh.save(update_fields=["resends", "event"])
    return fresh


#: 作り直すときに今の記録から取る項目 (those that a refusal for an unregistered character or a missing number concerns).
_REFRESHED = frozenset({"resident_code", "name", "name_kana", "kanji_name", "alias", "alias_kana", "former_surname",
                        "former_surname_kana", "residence_card_number", "registered_domicile",
                        "registered_domicile_head"})  # fmt: skip


def _row_before(message: OutgoingMessage) -> ResidentVersion | None:
    person = EventPerson.objects.filter(event=message.event, atena_number=message.subject).first()
    if person is None or person.version_before is None:
        return None
    return ResidentVersion.objects.filter(atena_number=message.subject, version_number=person.version_before).first()


def _settle(message: OutgoingMessage, context: AccessContext, reason: str) -> None:
    message.settled_by, message.settled_reason = context.staff_number, reason.strip()[:200]
    message.save(update_fields=["state", "settled_by", "settled_reason"])


def _people(message: OutgoingMessage) -> Sequence[str]:
    return [message.subject] if message.subject.isdigit() else []


def _require(reason: str) -> None:
    if not reason.strip():
        raise InputError("理由が入力されていません", "reason", "missing_field", "処理した理由を入力してください。")
