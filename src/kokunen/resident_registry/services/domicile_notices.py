"""住民票記載事項通知 (住基法9条2項): what the 本籍地 tells of a resident, applied by an officer who looked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import ArrivedState, EventCode, Filer, FilingKind, KanaStatus, LineParty
from kokunen.resident_registry.models import ALIAS, ArrivedMessage, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services.correction import correct_items
from kokunen.resident_registry.services.notice import Notice, Receipt
from kokunen.resident_registry.services.removal import register_death

BIRTH, DEATH, NAME, DOMICILE, KANA = "1", "2", "3", "4", "5"
_CODES = {
    DEATH: EventCode.DEATH,
    NAME: EventCode.NAME_CORRECTION,
    DOMICILE: EventCode.NAME_CORRECTION,
    KANA: EventCode.KANA_ENTRY,
}
_NEW = {
    "new_name": "name",
    "new_name_kana": "name_kana",
    "new_domicile": "registered_domicile",
    "new_domicile_head": "registered_domicile_head",
}


def find_subject(message: ArrivedMessage) -> ResidentVersion | None:
    """通知の人: by 住民票コード where the notice has it, else by name and birth when there is just one."""
    rows = ResidentVersion.objects.filter(CURRENT, birth_date=date.fromisoformat(message.items["birth_date"]))
    if code := message.items.get("resident_code"):
        return rows.filter(resident_code=code).first()
    found = list(rows.filter(name=message.items["name"])[:2])
    return found[0] if len(found) == 1 else None


def changes_of(row: ResidentVersion, message: ArrivedMessage) -> dict[str, Any]:
    """修正する項目: new values by column name, only where they differ."""
    new = {column: message.items.get(source, "") for source, column in _NEW.items()}
    found: dict[str, Any] = {column: value for column, value in new.items() if value and getattr(row, column) != value}
    if message.items["matter"] == KANA and "name_kana" in found:
        found["kana_status"] = KanaStatus.BOTH
    return found


def apply_notice(*, context: AccessContext, message_id: int, acknowledged: Collection[str] = ()) -> Receipt:
    """反映する: death (211), name or 戸籍の表示 (321), furigana (346). A birth is registered on its own screen.

    Alerts raise NeedsConfirmation until an officer has seen each of them; `acknowledged` are their codes.
    """
    with transaction.atomic(using=ALIAS):
        message = (
            ArrivedMessage.objects.select_for_update()
            .filter(pk=message_id, party=LineParty.KOSEKI, kind="0702")
            .first()
        )
        if message is None or message.state != ArrivedState.TO_CHECK:
            raise Conflict("この通知は、反映を待つ状態ではありません", "message", "not_ready", "一覧を開き直します。")
        matter = message.items["matter"]
        if matter == BIRTH:
            raise InputError(
                "出生の通知は、親の世帯の「出生」から登録してください",
                "matter",
                "birth",
                "登録した後で処理済みにします。",
            )
        row = find_subject(message)
        if row is None:
            raise InputError("通知の人が、この市の記録に1人に決まりません", "name", "not_found", "検索して確認します。")
        notice = Notice(
            _CODES[matter],
            ImpreciseDate.of(date.fromisoformat(message.items["event_on"])),
            filing_kind=FilingKind.NOTIFICATION,
            filer=Filer.OFFICE,
            remarks=f"{message.items['domicile_office']}の住民票記載事項通知",
        )
        receipt = _apply(context, notice, row, message, acknowledged)
        message.subject, message.event_id = row.atena_number, receipt.event_id
        message.state, message.problem = ArrivedState.APPLIED, ""
        message.settled_by, message.settled_at = context.staff_number, clock.now()
        message.save()
    return receipt


def _apply(
    context: AccessContext,
    notice: Notice,
    row: ResidentVersion,
    message: ArrivedMessage,
    acknowledged: Collection[str],
) -> Receipt:
    common: dict[str, Any] = {"context": context, "notice": notice, "atena_number": row.atena_number}
    if message.items["matter"] == DEATH:
        return register_death(acknowledged=acknowledged, **common)
    return correct_items(items=changes_of(row, message), acknowledged=acknowledged, **common)
