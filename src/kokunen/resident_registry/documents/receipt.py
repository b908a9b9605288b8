"""受付票: the slip a visitor takes home for every notice (screens.md, rule 10). A5, one sheet.

| field | source |
|---|---|
| 受付番号, 届出日, 異動日, 届出の種類 | `resident_event` |
| 氏名, 生年月日 | `resident_version` as the event left it |
| 新しい住所, 転出先 | the same row; nothing for a protected person |
| 本人確認 | `resident_event.identity_check` |
| 発行番号 | `printing.next_serial`, kept in the ledger |
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry import queries
from kokunen.resident_registry.choices import EventCode
from kokunen.resident_registry.models import ALIAS
from kokunen.resident_registry.perms import Sight

LAYOUT = Path(__file__).parent / "receipt.typ"


@dataclass(frozen=True, slots=True)
class Printed:
    """印刷したもの: the PDF and its serial number."""

    content: bytes
    serial: str


def make_receipt(*, context: AccessContext, event_id: int, sight: Sight, office_name: str = "市民課") -> Printed:
    """受付票を作る: PDF with its serial number; the print stands in the ledger before it is handed out."""
    with transaction.atomic(using=ALIAS):
        found = queries.get_event(context=context, event_id=event_id, sight=sight)
        serial = printing.next_serial(context.office_code)
        content = printing.render(LAYOUT, _data(found, serial, office_name), at=clock.now())
        record(
            ALIAS,
            context,
            act=Act.PRINT,
            dataset="受付票",
            atena_numbers=[view.row.atena_number for view in found.subjects],
            items=["氏名", "生年月日", "住所"],
            serial=serial,
            detail={"event_id": event_id},
        )
    return Printed(content, serial)


def _data(found: queries.EventView, serial: str, office_name: str) -> dict[str, object]:
    event = found.event
    today = clock.today()
    facts = [
        ["受付番号", event.receipt_number],
        ["届出の種類", found.name],
        ["異動日", found.event_on],
        ["届出日", format_wareki(event.notified_on)],
        ["届出人", event.get_filer_display() + (f"　{event.filer_name}" if event.filer_name else "")],
        ["本人確認", event.get_identity_check_display()],
    ]
    first = next((view for view in found.subjects if not view.masked), None)
    if first is not None and first.row.planned_destination and first.row.departure_code:
        facts.append(["転出先", first.row.destination])
    elif first is not None and first.row.is_living:
        facts.append(["住所", f"川口市{first.row.address}"])
    return {
        "title": "住民異動届　受付票" if event.code != EventCode.DEATH else "届出　受付票",
        "serial": serial,
        "facts": facts,
        "people": [[view.row.name or "（名未定）", view.birth, view.row.relationship] for view in found.subjects],
        "office": f"川口市　{office_name}",
        "printed_on": format_wareki(today),
        "dated": [today.year, today.month, today.day],
    }
