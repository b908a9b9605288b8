"""免除の申請書: applications as the data of the layout. Every value is text, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.exemption_choices import RESULT_WORDS
from kokunen.national_pension.models import ExemptionApplication
from kokunen.national_pension.resident_view import Resident


def exemption_forms(
    applications: Sequence[ExemptionApplication], *, resident: Resident, number: str, serial: str, at: datetime
) -> bytes:
    """申請書: one page an application. The address of a protected person is not printed."""
    data = {
        "forms": [_form(one) for one in applications],
        "name": resident.name,
        "kana": resident.name_kana,
        "birth": resident.birth_text or format_wareki(resident.birth_date),
        "number": f"{number[:4]}-{number[4:]}" if number else "（個人番号による届出）",
        "address": "（支援措置により記載しません）" if resident.protected else resident.full_address,
        "phone": "" if resident.protected else resident.telephone,
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
        "printed": f"{format_wareki(at.date())} {at:%H:%M}",
    }
    return render("exemption_form.typ", data, at)


def _form(one: ExemptionApplication) -> dict[str, Any]:
    judgement = one.judgement
    return {
        "title": one.receipt.get_kind_display(),
        "receipt": one.receipt.receipt_number,
        "received": format_wareki(one.receipt.received_on),
        "cycle": str(judgement.get("cycle", "")),
        "income_label": str(judgement.get("income", "")),
        "months": f"{_month(one.first_month)} から {_month(one.last_month)} まで",
        "wished": "、".join(RESULT_WORDS[kind] for kind in RESULT_WORDS if kind in one.wished) or "指定なし",
        "ground": one.get_special_ground_display(),
        "continues": "希望する" if one.continue_wished else "希望しない",
        "school": one.school,
        "persons": [
            [
                row["who"],
                row["name"],
                row["income"] or "―",
                row["base"] or "―",
                row["dependants"] or "―",
                row["ground"] or row["status"],
                row["source"],
            ]
            for row in judgement.get("persons", ())
        ],
        "segments": [
            f"{_dashed(row['first'])} 〜 {_dashed(row['last'])}（{row['months']}か月） {row['word']}"
            for row in judgement.get("segments", ())
        ],
        "missing": list(one.receipt.missing_papers),
    }


def _dashed(month: str) -> str:
    return _month(date.fromisoformat(f"{month}-01"))


def _month(day: Any) -> str:
    return "" if day is None else format_wareki(day).removesuffix("1日")
