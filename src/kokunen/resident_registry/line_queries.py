"""回線の照会: what is sent, pending and refused, what has come; every look at people leaves its ledger entry.

Lists show a name and a number only; the items of a message (address and all) are for whoever may handle every person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import ArrivedState, LineParty, SendState
from kokunen.resident_registry.line_words import shown_value
from kokunen.resident_registry.models import (
    ALIAS,
    ArrivedMessage,
    ArrivedRecord,
    LineCondition,
    OutgoingMessage,
    ResidentVersion,
)
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services import domicile_notices, ministry_notices

DATASET_JA = "回線の電文"
PAGE = 50
KIND_NAMES = {
    "0101": "本人確認情報",
    "0102": "整合性確認（抽出）",
    "0103": "整合性確認の結果",
    "0301": "転出証明書情報",
    "0302": "転出証明書情報",
    "0401": "転入通知",
    "0402": "転入通知",
    "0501": "住民票コードの要求",
    "0502": "住民票コードの通知",
    "0601": "支援措置情報",
    "0701": "戸籍附票記載事項通知",
    "0702": "住民票記載事項通知",
    "0801": "市町村通知",
    "0802": "市町村伝達",
    "0901": "法務省通知",
}
_OPEN_OUT = (SendState.WAITING, SendState.REFUSED, SendState.UNSENDABLE)
_OPEN_IN = (ArrivedState.NEW, ArrivedState.TO_CHECK, ArrivedState.BROKEN, ArrivedState.READY)


@dataclass(frozen=True, slots=True)
class PartyView:
    """相手方の状態: how its line is, and how many messages are in which state."""

    party: LineParty
    condition: LineCondition | None
    waiting: int
    sent: int
    refused: int
    to_check: int

    @property
    def is_down(self) -> bool:
        """応答がないか."""
        return self.condition is not None and self.condition.failures > 0


@dataclass(frozen=True, slots=True)
class MessagePage:
    """一覧の1ページ: rows newest first, and the key of the next page."""

    rows: tuple[Any, ...]
    next_key: str


def parties() -> list[PartyView]:
    """相手方の一覧: counts only."""
    sent = {(r["party"], r["state"]): r["n"] for r in _counted(OutgoingMessage)}
    arrived = {(r["party"], r["state"]): r["n"] for r in _counted(ArrivedMessage)}
    conditions = {row.party: row for row in LineCondition.objects.all()}
    return [
        PartyView(
            party,
            conditions.get(str(party)),
            sent.get((party, SendState.WAITING), 0),
            sent.get((party, SendState.SENT), 0),
            sent.get((party, SendState.REFUSED), 0) + sent.get((party, SendState.UNSENDABLE), 0),
            sum(arrived.get((party, state), 0) for state in _OPEN_IN),
        )
        for party in LineParty
    ]


def _counted(model: Any) -> Iterable[dict[str, Any]]:
    rows: Iterable[dict[str, Any]] = model.objects.values("party", "state").annotate(n=Count("id"))
    return rows


def count_open() -> tuple[int, int]:
    """片づいていない電文: (refused or unsendable, arrived and not dealt with)."""
    refused = OutgoingMessage.objects.filter(state__in=(SendState.REFUSED, SendState.UNSENDABLE)).count()
    return refused, ArrivedMessage.objects.filter(state__in=_OPEN_IN).count()


def find_outgoing(*, context: AccessContext, party: str, state: str = "", after: str = "") -> MessagePage:
    """送信電文の一覧, newest first; without a state, what is not settled."""
    rows = OutgoingMessage.objects.filter(party=party, state__in=[state] if state else [str(s) for s in _OPEN_OUT])
    return _page(context, rows, after)


def find_arrived(*, context: AccessContext, party: str, state: str = "", after: str = "") -> MessagePage:
    """受信電文の一覧, newest first; without a state, what is not dealt with."""
    rows = ArrivedMessage.objects.filter(party=party, state__in=[state] if state else [str(s) for s in _OPEN_IN])
    return _page(context, rows, after)


def _page(context: AccessContext, rows: Any, after: str) -> MessagePage:
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    with transaction.atomic(using=ALIAS):
        found = list(rows.order_by("-pk")[: PAGE + 1])
        shown = found[:PAGE]
        numbers = [row.subject for row in shown if row.subject.isdigit()]
        record(ALIAS, context, act=Act.VIEW, dataset=DATASET_JA, atena_numbers=numbers, items=["氏名"])
    for row in shown:
        row.kind_name = KIND_NAMES.get(row.kind, row.kind)
        row.shown_name = _name_of(row.items)
    return MessagePage(tuple(shown), str(shown[-1].pk) if len(found) > PAGE else "")


def _name_of(items: dict[str, Any]) -> str:
    if people := items.get("people"):
        more = f"ほか{len(people) - 1}人" if len(people) > 1 else ""
        return f"{people[0].get('name', '')}{more}"
    return str(items.get("name") or items.get("file_name") or "")


def get_outgoing(*, context: AccessContext, message_id: int) -> OutgoingMessage:
    """送信電文1通, with every item."""
    with transaction.atomic(using=ALIAS):
        found = OutgoingMessage.objects.filter(pk=message_id).first()
        if found is None:
            raise InputError("この電文はありません", "message", "not_found", "一覧を開き直してください。")
        _note(context, [found.subject])
    found.kind_name = KIND_NAMES.get(found.kind, found.kind)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """照合: one item of a notice beside the record."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ArrivedView:
    """受信電文1通: the message, whom it is about, what would change, and its records when it is a file."""

    message: ArrivedMessage
    kind_name: str
    subject: ResidentVersion | None = None
    changes: tuple[Comparison, ...] = ()
    records: tuple[RecordView, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordView:
    """法務省通知の1件: as it came, and the record before and after."""

    row: ArrivedRecord
    subject: ResidentVersion | None
    changes: tuple[Comparison, ...]


def get_arrived(*, context: AccessContext, message_id: int) -> ArrivedView:
    """受信電文1通, with the record beside it."""
    with transaction.atomic(using=ALIAS):
        message = ArrivedMessage.objects.filter(pk=message_id).first()
        if message is None:
            raise InputError("この電文はありません", "message", "not_found", "一覧を開き直してください。")
        view = _arrived_view(message)
        numbers = [one.row.subject for one in view.records if one.row.subject]
        if view.subject is not None:
            numbers.append(view.subject.atena_number)
        _note(context, numbers)
    return view


def _arrived_view(message: ArrivedMessage) -> ArrivedView:
    name = KIND_NAMES.get(message.kind, message.kind)
    if message.kind == ministry_notices.NOTICE_FILE:
        return ArrivedView(message, name, records=tuple(_records(message)))
    if message.kind == "0702" and message.items:
        row = domicile_notices.find_subject(message)
        changes = _compared(row, domicile_notices.changes_of(row, message)) if row else ()
        return ArrivedView(message, name, row, changes)
    return ArrivedView(message, name)


def _records(message: ArrivedMessage) -> Iterable[RecordView]:
    rows = list(message.records.order_by("line_number")[:1000])
    people = {
        row.atena_number: row
        for row in ResidentVersion.objects.filter(CURRENT, atena_number__in=[row.subject for row in rows])
    }
    for row in rows:
        person = people.get(row.subject)
        open_ones = (ArrivedState.READY, ArrivedState.TO_CHECK)
        found = ministry_notices.changes_of(person, row.items) if person and row.state in open_ones else {}
        yield RecordView(row, person, _compared(person, found) if person else ())


def _compared(row: ResidentVersion, changes: dict[str, Any]) -> tuple[Comparison, ...]:
    labels = {field.name: str(field.verbose_name) for field in ResidentVersion._meta.concrete_fields}
    return tuple(
        Comparison(labels[name], shown_value(name, getattr(row, name) or ""), shown_value(name, value))
        for name, value in changes.items()
        if name != "kana_status"
    )


def find_certificate(*, context: AccessContext, message_id: int) -> ArrivedMessage:
    """届いた転出証明書情報 for the people who stand at the counter (特例転入)."""
    with transaction.atomic(using=ALIAS):
        message = ArrivedMessage.objects.filter(pk=message_id, kind="0302", state=ArrivedState.READY).first()
        if message is None:
            raise InputError(
                "この転出証明書情報は、使えません", "certificate", "not_found", "一覧を開き直して確かめてください。"
            )
        record(ALIAS, context, act=Act.VIEW, dataset="転出証明書情報", count=len(message.items["people"]))
    return message


def _note(context: AccessContext, numbers: list[str]) -> None:
    people = [number for number in numbers if number.isdigit()]
    record(ALIAS, context, act=Act.VIEW, dataset=DATASET_JA, atena_numbers=people, items=["電文の全項目"])
