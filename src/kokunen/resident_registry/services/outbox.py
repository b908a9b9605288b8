"""送信箱: messages are written in the transaction of the change they tell of, so neither is ever without the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Max

from kokunen.common_platform.operations import clock
from kokunen.resident_registry.choices import ArrivedState, EventCode, LineParty
from kokunen.resident_registry.line_content import Change, Draft, certificate_draft, drafts_of, support_draft
from kokunen.resident_registry.models import ArrivedMessage, OutgoingMessage, ResidentEvent, ResidentVersion

if TYPE_CHECKING:
    from kokunen.resident_registry.services.desk import Desk


def post_changes(desk: Desk, event: ResidentEvent) -> None:
    """異動を送信箱に入れる: what each party must be told of this event. Called once, by `writing.commit`."""
    drafts: list[Draft] = []
    for change in desk.changes.values():
        one = Change(
            change.before, change.after, str(event.code), event.event_on, event.processed_on, event.notified_on
        )
        if change.after.removed_on and one.update == "2":
            one = Change(
                change.before,
                change.after,
                str(event.code),
                change.after.removed_on,
                event.processed_on,
                event.notified_on,
            )
        drafts += drafts_of(one)
    leaving = [
        change.after
        for change in desk.changes.values()
        if change.subject and (change.before is None or change.before.departure_code != EventCode.SPECIAL_MOVE_OUT)
    ]
    if event.code == EventCode.SPECIAL_MOVE_OUT and leaving:
        drafts.append(certificate_draft(leaving))
    post(drafts, event)
    if event.code == EventCode.SPECIAL_MOVE_IN:
        _settle_certificates([change.after for change in desk.changes.values() if change.subject], event)


def post_support(rows: Iterable[ResidentVersion], *, stop: bool) -> None:
    """支援措置を送信箱に入れる."""
    post([support_draft(row, stop=stop) for row in rows if row.resident_code])


def post(drafts: Sequence[Draft], event: ResidentEvent | None = None) -> list[OutgoingMessage]:
    """送信箱に入れる: numbered per person and party, in the caller's transaction (people are locked by it)."""
    if not drafts:
        return []
    last = _last_sequences(drafts)
    at = clock.now()
    messages = []
    for draft in drafts:
        key = (str(draft.party), draft.subject)
        last[key] = last.get(key, 0) + 1
        items = {"sequence": last[key], **draft.items}
        messages.append(
            OutgoingMessage(
                party=draft.party,
                kind=draft.kind,
                subject=draft.subject,
                sequence=last[key],
                event=event,
                version_number=draft.version_number,
                items=items,
                created_at=at,
            )
        )
    return OutgoingMessage.objects.bulk_create(messages)


def request_codes(amount: int) -> OutgoingMessage:
    """住民票コードを要求する: unused codes for the stock (住基法30条の2)."""
    return post([Draft(LineParty.JUKI_CS, "0501", "code_stock", None, {"amount": amount})])[0]


def _last_sequences(drafts: Sequence[Draft]) -> dict[tuple[str, str], int]:
    found = (
        OutgoingMessage.objects.filter(
            party__in={str(draft.party) for draft in drafts}, subject__in={draft.subject for draft in drafts}
        )
        .values("party", "subject")
        .annotate(last=Max("sequence"))
    )
    return {(row["party"], row["subject"]): row["last"] for row in found}


def _settle_certificates(rows: Sequence[ResidentVersion], event: ResidentEvent) -> None:
    """特例転入が済んだ転出証明書情報: whoever it named has moved in."""
    codes = {row.resident_code for row in rows if row.resident_code}
    open_ones = ArrivedMessage.objects.select_for_update().filter(
        party=LineParty.JUKI_CS, kind="0302", state=ArrivedState.READY
    )
    for message in open_ones:
        if codes & {person["resident_code"] for person in message.items["people"]}:
            message.state, message.event = ArrivedState.APPLIED, event
            message.settled_by, message.settled_at = event.staff_number, event.processed_at
            message.save(update_fields=["state", "event", "settled_by", "settled_at"])
