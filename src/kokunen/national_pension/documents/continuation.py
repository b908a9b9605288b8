"""継続審査の通知: one page a person with the reason in words and what to do; without any figure of the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kokunen.kernel.eras import format_fiscal_year
from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.exemption_choices import ContinuationStop
from kokunen.national_pension.resident_view import Resident

_APPLY = "免除・納付猶予の申請書を提出してください。申請は2年1か月前の月までさかのぼれます。"
WAYS: dict[str, str] = {
    ContinuationStop.UNDECLARED: (
        "市民税課で住民税の申告をしてください（ご本人・配偶者・世帯主）。収入がない方も必要です。"
    ),
    ContinuationStop.ELSEWHERE: "1月1日に住んでいた市区町村の所得証明書を添えて申請してください。",
    ContinuationStop.PARTIAL: f"一部免除に当たる見込みです。{_APPLY}",
    ContinuationStop.INCOME: f"退職・災害などの事情があるときは特例で申請できます。{_APPLY}",
    ContinuationStop.FIFTY: f"納付猶予は50歳に達する月の前月までです。{_APPLY}",
}


def continuation_letters(people: Sequence[tuple[Resident, str]], cycle_year: int, serial: str, at: datetime) -> bytes:
    """通知 to each resident with the reason (`ContinuationStop`), addressed for a window envelope."""
    data = {
        "letters": [
            {
                "name": one.name,
                "postal": f"〒{one.postal_code[:3]}-{one.postal_code[3:]}",
                "address": one.full_address,
                "reason": str(ContinuationStop(reason).label),
                "way": WAYS.get(reason, _APPLY),
            }
            for one, reason in people
        ],
        "year": format_fiscal_year(cycle_year),
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
        "day": format_wareki(at.date()),
    }
    return render("continuation.typ", data, at)
