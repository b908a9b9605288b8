"""裁定請求の見込み・案内票: what was examined, as the visitor takes it home."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.steps import Explained
from kokunen.national_pension.choices import ClaimVerdict
from kokunen.national_pension.claims.base import Examination
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.resident_view import Resident


def claim_sheet(
    resident: Resident, label: str, found: Examination, *, office: str, staff: str, serial: str, at: datetime
) -> bytes:
    """裁定請求の見込み (概算), or the 案内票 of a claim that the 年金事務所 takes. Never with the address."""
    data: dict[str, Any] = {
        "handover": found.verdict == ClaimVerdict.NOT_CITY,
        "label": label,
        "name": resident.name,
        "birth": resident.birth_text or format_wareki(resident.birth_date),
        "verdict": found.verdict.label,
        "sentence": found.sentence,
        "reasons": [list(one) for one in found.reasons],
        "amounts": [[one.label, f"{one.yen:,}円", one.unit, one.note] for one in found.amounts],
        "pension_code": found.pension_code,
        "warnings": list(found.warnings),
        "steps": [[step.label_ja, _step_value(step), step.article or ""] for step in found.steps],
        "office": office,
        "staff": staff,
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
        "printed": f"{format_wareki(at.date())} {at:%H:%M}",
    }
    return render("claim_sheet.typ", data, at)


_UNITS = {"month": "か月", "person": "人", "day": "日", "yen": "円", "permille": "‰"}


def _step_value(step: Explained) -> str:
    value = step.value
    if value is None:
        return "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int):
        return f"{value:,}{_UNITS.get(str(step.unit), '')}"
    return format_wareki(value) if isinstance(value, date) else str(value)
