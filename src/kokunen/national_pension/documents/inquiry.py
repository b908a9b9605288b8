"""照会票: what the section asks the Service in one batch a day, with room for the answers; never with the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.models import InquirySlip
from kokunen.national_pension.resident_view import Resident


def inquiry_sheet(
    slips: Sequence[tuple[InquirySlip, Resident, str, str]], *, office: str, staff: str, serial: str, at: datetime
) -> bytes:
    """照会票 of these slips: (slip, resident, 基礎年金番号 or "", name of the asking office), in their order."""
    data = {
        "slips": [
            {
                "number": str(number),
                "name": resident.name,
                "kana": resident.name_kana,
                "birth": resident.birth_text or format_wareki(resident.birth_date),
                "pension_number": f"{pension[:4]}-{pension[4:]}" if pension else "なし",
                "question": slip.question,
                "asked": f"{asking} {format_wareki(slip.asked_at.date())}",
            }
            for number, (slip, resident, pension, asking) in enumerate(slips, start=1)
        ],
        "office": office,
        "staff": staff,
        "day": format_wareki(at.date()),
        "serial_line": f"発行番号 {serial}",
    }
    return render("inquiry.typ", data, at)
