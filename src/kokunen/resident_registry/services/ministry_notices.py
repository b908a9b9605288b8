"""法務省通知 (住基法30条の50): a file is read in record by record, checked against the register, and applied by hand.

A broken record applies nothing of itself and is listed; whether the rest is read on or the reading stops there is what
the operator chose before. 特別永住者 are not taken in automatically: the city itself handles them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import ArrivedState, EventCode, Filer, FilingKind, LineParty, ResidenceClass
from kokunen.resident_registry.models import ALIAS, ArrivedMessage, ArrivedRecord, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services.correction import correct_items
from kokunen.resident_registry.services.notice import NeedsConfirmation, Notice, Receipt
from kokunen.resident_registry.services.removal import remove_ex_officio

DATASET_JA = "法務省通知"
NOTICE_FILE = "0901"
STATUS_LOST = "5"
_CHANGED = {
    "new_name": "name",
    "new_nationality": "nationality",
    "new_residence_status": "residence_status",
    "new_residence_period": "residence_period",
    "new_residence_expires_on": "residence_expires_on",
    "new_residence_card_number": "residence_card_number",
}
_REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class ReadResult:
    """取込みの結果: how many records can be applied, need a look, are broken, or were not read because it stopped."""

    ready: int
    to_check: int
    broken: int
    not_read: int


def read_file(*, context: AccessContext, message_id: int, stop_at_broken: bool) -> ReadResult:
    """取り込む: judge every record not read yet. Safe to repeat; a stopped reading goes on after the broken record."""
    with transaction.atomic(using=ALIAS):
        message = _file(message_id)
        known = {row.line_number: row for row in message.records.all()}
        stopped = False
        for line_number, content in enumerate(message.items["records"], 1):
            row = known.get(line_number)
            if row is not None and row.state != ArrivedState.NOT_READ:
                continue
            row = row or ArrivedRecord(message=message, line_number=line_number, items={})
            if stopped:
                row.state = ArrivedState.NOT_READ
            else:
                _judge(row, content)
                stopped = stop_at_broken and row.state == ArrivedState.BROKEN
            row.save()
        result = count(message)
        message.state = ArrivedState.READY if result.ready or result.not_read else ArrivedState.TO_CHECK
        message.problem = "途中で止めました。続きを取り込んでください" if result.not_read else ""
        message.save(update_fields=["state", "problem"])
        subjects = [row.subject for row in message.records.all() if row.subject]
        record(
            ALIAS,
            context,
            act=Act.REGISTER,
            dataset=DATASET_JA,
            atena_numbers=subjects,
            detail={"file": message.items["file_name"], "stop_at_broken": stop_at_broken},
        )
    return result


def count(message: ArrivedMessage) -> ReadResult:
    """各件の状態の数."""
    states = [row.state for row in message.records.all()]
    return ReadResult(
        *(
            states.count(state)
            for state in (ArrivedState.READY, ArrivedState.TO_CHECK, ArrivedState.BROKEN, ArrivedState.NOT_READ)
        )
    )


def _file(message_id: int) -> ArrivedMessage:
    message = (
        ArrivedMessage.objects.select_for_update()
        .filter(pk=message_id, party=LineParty.MOJ, kind=NOTICE_FILE)
        .exclude(state=ArrivedState.BROKEN)
        .first()
    )
    if message is None:
        raise InputError("この法務省通知はありません", "message", "not_found", "一覧を開き直してください。")
    return message


def _judge(row: ArrivedRecord, content: Mapping[str, Any]) -> None:
    """Whether the record holds and whom it is about; nothing of it is applied here."""
    if content["faults"]:
        row.state, row.problem = ArrivedState.BROKEN, "、".join(content["faults"])[:_REASON_LENGTH]
        return
    row.items = dict(content["items"])
    people = ResidentVersion.objects.filter(CURRENT, residence_card_number=row.items["residence_card_number"])
    person = people.first()
    row.subject = person.atena_number if person else ""
    row.problem = _objection(person, row.items)[:_REASON_LENGTH]
    row.state = ArrivedState.TO_CHECK if row.problem else ArrivedState.READY


def _objection(person: ResidentVersion | None, items: Mapping[str, str]) -> str:
    if person is None:
        return "この在留カード等の番号の人は、この市の記録にありません"
    if (person.name, person.birth_date.isoformat()) != (items["name"], items["birth_date"]):
        return "番号は一致しますが、氏名または生年月日が記録と違います"
    if not person.is_living:
        return "この人は、すでに消除されています"
    if person.residence_class == ResidenceClass.SPECIAL_PERMANENT:
        return "特別永住者のため、自動では取り込みません"
    if items["change"] != STATUS_LOST and not changes_of(person, items):
        return "今の記録と同じ内容です"
    return ""


def changes_of(person: ResidentVersion, items: Mapping[str, str]) -> dict[str, Any]:
    """修正する項目: new values by column name, only where they differ from the record."""
    found: dict[str, Any] = {}
    for source, column in _CHANGED.items():
        text = items.get(source, "")
        if not text:
            continue
        value: Any = date.fromisoformat(text) if column == "residence_expires_on" else text
        if getattr(person, column) != value:
            found[column] = value
    return found


def apply_record(*, context: AccessContext, record_id: int, acknowledged: Collection[str] = ()) -> Receipt:
    """反映する: 在留情報変更 (324), or 在留資格喪失等 (216).

    Alerts (the head leaves, an earlier day than the last event …) raise NeedsConfirmation until an officer has seen
    each of them; `acknowledged` are their codes.
    """
    with transaction.atomic(using=ALIAS):
        row = ArrivedRecord.objects.select_for_update().filter(pk=record_id).first()
        if row is None or row.state != ArrivedState.READY:
            raise Conflict(
                "この通知は、反映を待つ状態ではありません", "record", "not_ready", "一覧を開き直してください。"
            )
        person = ResidentVersion.objects.get(CURRENT, atena_number=row.subject)
        if objection := _objection(person, row.items):
            raise Conflict(f"取込みの後に記録が変わりました。{objection}", "record", "changed", "内容を確認します。")
        receipt = _apply(context, row, person, acknowledged)
        row.state, row.event_id, row.problem = ArrivedState.APPLIED, receipt.event_id, ""
        row.settled_by, row.settled_at = context.staff_number, clock.now()
        row.save()
        _close_file(row.message)
    return receipt


def _apply(
    context: AccessContext, row: ArrivedRecord, person: ResidentVersion, acknowledged: Collection[str]
) -> Receipt:
    lost = row.items["change"] == STATUS_LOST
    notice = Notice(
        EventCode.STATUS_LOSS if lost else EventCode.RESIDENCE_CHANGE,
        ImpreciseDate.of(date.fromisoformat(row.items["event_on"])),
        filing_kind=FilingKind.NOTIFICATION,
        filer=Filer.OFFICE,
        remarks=f"法務省通知 {row.message.items['file_name']} {row.line_number}件目",
    )
    common: dict[str, Any] = {"context": context, "notice": notice, "atena_number": person.atena_number}
    if lost:
        return remove_ex_officio(acknowledged=acknowledged, **common)
    return correct_items(items=changes_of(person, row.items), acknowledged=acknowledged, **common)


def apply_ready(*, context: AccessContext, message_id: int) -> tuple[int, int]:
    """まとめて反映する: every record that is ready, each by itself; (applied, not applied and listed).

    A record with an alert stays ready with the alert written beside it: an officer applies it by itself.
    """
    ready = ArrivedRecord.objects.filter(message_id=message_id, state=ArrivedState.READY).order_by("line_number")
    done = listed = 0
    for record_id in list(ready.values_list("pk", flat=True)):
        try:
            apply_record(context=context, record_id=record_id)
        except NeedsConfirmation as asked:
            words = "、".join(alert.message for alert in asked.alerts)
            ArrivedRecord.objects.filter(pk=record_id).update(problem=words[:_REASON_LENGTH])
            listed += 1
        except KokunenError as refused:
            ArrivedRecord.objects.filter(pk=record_id).update(
                state=ArrivedState.TO_CHECK, problem=refused.message[:_REASON_LENGTH]
            )
            listed += 1
        else:
            done += 1
    return done, listed


def settle_record(*, context: AccessContext, record_id: int, reason: str) -> None:
    """処理済みにする: an officer dealt with the record another way and says how."""
    if not reason.strip():
        raise InputError("理由が入力されていません", "reason", "missing_field", "どう処理したかを入力してください。")
    with transaction.atomic(using=ALIAS):
        row = ArrivedRecord.objects.select_for_update().filter(pk=record_id).first()
        if row is None or row.state not in (ArrivedState.TO_CHECK, ArrivedState.BROKEN, ArrivedState.READY):
            raise Conflict("この通知は、すでに処理されています", "record", "already_settled", "一覧を開き直します。")
        row.state, row.settled_at = ArrivedState.CLOSED, clock.now()
        row.settled_by, row.settled_reason = context.staff_number, reason.strip()[:200]
        row.save()
        _close_file(row.message)
        record(
            ALIAS,
            context,
            act=Act.REGISTER,
            dataset=DATASET_JA,
            atena_numbers=[row.subject] if row.subject else [],
            detail={"record": row.pk, "reason": reason},
        )


def _close_file(message: ArrivedMessage) -> None:
    """A file whose every record has its end is done with."""
    ended = (ArrivedState.APPLIED, ArrivedState.CLOSED)
    if not message.records.exclude(state__in=ended).exists():
        message.state, message.settled_at = ArrivedState.APPLIED, clock.now()
        message.save(update_fields=["state", "settled_at"])
