"""納付書と宛名: the pieces of a letter that need no database."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from kokunen.common_platform.printing import Blank
from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.instalments import spread
from kokunen.resident_tax.documents import slip_codes

LAYOUT = Path(__file__).with_name("run.typ")
_LINE = 26.0
"""宛名の一行, in ems."""


def slip(tax_year: int, number: str, index: int, amount: int, due: date) -> dict[str, Any]:
    """納付書 of the 期 ``index`` (from 0): what it says and, still as digits, what its codes hold."""
    numbers = slip_codes.numbers(tax_year, number, index + 1, amount, due)
    words = format_wareki(due)
    return {
        "label": spread.label("ordinary", index), "due": words, "due_limit": words, "amount": Blank(yen(amount)),
        "el": Blank(numbers.key), "check": Blank(numbers.check), "tax_code": numbers.tax_code, "qr": numbers.qr,
        "bar": numbers.bar or None, "bar_text": Blank(slip_codes.bar_text(numbers.bar)),
        "note": "" if numbers.bar else "30万円を超えるため、コンビニエンスストアでは納められません。",
    }  # fmt: skip


def draw(slips: list[dict[str, Any]]) -> None:
    """符号を絵にする, all of a part at once."""
    for one, code in zip(slips, slip_codes.qr_codes([one["qr"] for one in slips]), strict=True):
        one["qr"] = code
    barred = [one for one in slips if one["bar"]]
    for one, code in zip(barred, slip_codes.barcodes([one["bar"] for one in barred]), strict=True):
        one["bar"] = code


def lines_of(address: str) -> list[Blank]:
    """宛名の行: broken where the window of the envelope ends, so that it never runs into the name."""
    lines, width = [""], 0.0
    for one in address:
        wide = 1.0 if unicodedata.east_asian_width(one) in "FWA" else 0.62
        if width + wide > _LINE:
            lines.append("")
            width = 0.0
        lines[-1] += one
        width += wide
    return [Blank(line) for line in lines]


def yen(value: Any) -> str:
    """円: nothing for what is not known."""
    return "" if value is None else f"{int(value):,}円"
