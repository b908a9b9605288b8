"""勧奨状: one page a person, without any figure of the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.resident_view import Resident


def outreach_letters(residents: Sequence[Resident], year: str, serial: str, at: datetime) -> bytes:
    """勧奨状 to each resident, with address for the window of the envelope."""
    data = {
        "letters": [
            {"name": one.name, "postal": f"〒{one.postal_code[:3]}-{one.postal_code[3:]}", "address": one.full_address}
            for one in residents
        ],
        "year": year,
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
        "day": format_wareki(at.date()),
    }
    return render("outreach.typ", data, at)
