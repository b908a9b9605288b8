"""台帳の印刷: one slip for every register; for a leak the nine items of the report, filled from what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.queries import staff_names
from kokunen.common_platform.safeguards.documents.leak_report import nine_items
from kokunen.common_platform.safeguards.procedures import Field
from kokunen.common_platform.safeguards.queries import Shown
from kokunen.common_platform.safeguards.rules import retention_rules
from kokunen.kernel.wareki import format_fiscal_year, format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

_LAYOUT = Path(__file__).with_name("slip.typ")


def facts(fields: Iterable[Field], content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, words) of each declared field that was filled in."""
    return [
        (field.label, words)
        for field in fields
        if not field.hidden and (words := words_of(field, content.get(field.name)))
    ]


def words_of(field: Field, value: Any) -> str:
    """A value as a person reads it."""
    if field.kind == "yes":
        return "はい" if value else "いいえ"
    if value in (None, "", []):
        return ""
    if field.kind == "date":
        return format_wareki(date.fromisoformat(str(value)))
    if field.kind == "year":
        return format_fiscal_year(int(value))
    if field.kind == "rule":
        rule = retention_rules().get(str(value))
        return rule.label if rule else str(value)
    if field.kind == "number":
        return f"{int(value):,}"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def slip(shown: Shown, *, context: AccessContext) -> bytes:
    """票を印刷する: with a serial that leads back to whoever printed it."""
    serial, now, entry = printing.next_serial(context.office_code), clock.now(), shown.entry
    names = staff_names((entry.created_by, *(step.signed_by for step in shown.steps)))
    data = {
        "dated": [now.year, now.month, now.day],
        "serial": serial,
        "title": shown.procedure.label if entry.kind != "leak" else "特定個人情報の漏えい等に関する報告（案）",
        "number": entry.number,
        "facts": [
            ["登録番号", entry.number],
            ["件名", entry.title],
            *([["本人の宛名番号", entry.atena_number]] if entry.atena_number else []),
            ["受け付けた日", format_wareki(entry.opened_on)],
            ["登録した職員", names[entry.created_by]],
            ["状況", shown.state],
            *([[shown.due.label, format_wareki(shown.due.on)]] if shown.due else []),
            *map(list, facts(shown.procedure.fields, entry.content)),
        ],
        "items": nine_items(shown) if entry.kind == "leak" else [],
        "steps": [
            [
                str(step.sequence),
                format_wareki(step.acted_on),
                shown.procedure.actions[step.action].label,
                "　".join(f"{k}: {v}" for k, v in facts(shown.procedure.actions[step.action].fields, step.content)),
                names[step.signed_by],
            ]
            for step in shown.steps
        ],
    }
    content = printing.render(_LAYOUT, data, at=now)
    with transaction.atomic():
        record(
            "default",
            context.for_case(entry.number),
            act=Act.PRINT,
            dataset=shown.procedure.label,
            atena_numbers=[entry.atena_number] if entry.atena_number else [],
            serial=serial,
        )
    return content
