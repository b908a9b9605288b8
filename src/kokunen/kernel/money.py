"""金額: whole yen, rounded the way each law says.

Amounts are ``int`` yen, never float. A law says one of three things: 四捨五入 (half up), 切捨て (cut) or 切上げ
(raise), to a unit of 1, 10, 50, 100 or 1,000 yen. Ratios come as numerator and denominator so that nothing is lost on
the way. 国等の債権債務等の金額の端数計算に関する法律; 国民年金法第17条 (50銭・1円), 第87条 (10円);
地方税法第20条の4の2 (100円・1,000円).
"""

from __future__ import annotations

import re
import unicodedata

from kokunen.kernel.errors import InputError

_YEN = re.compile(r"([+-]?)(?:\\|¥)?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)円?")


def _whole(*values: int) -> None:
    for value in values:
        if type(value) is not int:
            raise TypeError(f"amounts are whole numbers, not {type(value).__name__}")


def _parts(numerator: int, denominator: int, unit: int) -> tuple[int, int, int, int]:
    """Sign, whole units, remainder and divisor of numerator / denominator in units; checks what was given."""
    _whole(numerator, denominator, unit)
    if denominator == 0 or unit <= 0:
        raise ValueError("denominator must not be 0 and unit must be positive")
    divisor = abs(denominator) * unit
    whole, rest = divmod(abs(numerator), divisor)
    return (-1 if (numerator < 0) != (denominator < 0) else 1), whole, rest, divisor


def round_half_up(numerator: int, denominator: int = 1, unit: int = 1) -> int:
    """四捨五入: numerator / denominator to the nearest unit, a half away from zero. 817,300 × 1/12 → 68,108."""
    sign, whole, rest, divisor = _parts(numerator, denominator, unit)
    return sign * (whole + (1 if 2 * rest >= divisor else 0)) * unit


def cut(numerator: int, denominator: int = 1, unit: int = 1) -> int:
    """切捨て: numerator / denominator down to the unit, toward zero. 税額 1,299 with unit 100 → 1,200."""
    sign, whole, _, _ = _parts(numerator, denominator, unit)
    return sign * whole * unit


def raise_up(numerator: int, denominator: int = 1, unit: int = 1) -> int:
    """切上げ: numerator / denominator up to the unit, away from zero."""
    sign, whole, rest, _ = _parts(numerator, denominator, unit)
    return sign * (whole + (1 if rest else 0)) * unit


def format_yen(amount: int) -> str:
    """金額の表示: 16,980円; a minus is written ▲ as in public accounts."""
    _whole(amount)
    return f"{'▲' if amount < 0 else ''}{abs(amount):,}円"


def parse_yen(text: str, field: str = "") -> int:
    """金額を読む: digits with or without commas, ¥ and 円, half or full width, ▲ or - for a minus."""
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("▲", "-").replace("△", "-").replace("−", "-")
    match = _YEN.fullmatch(clean)
    if not match:
        raise InputError(
            "金額を読み取れません。円単位の整数で入力してください（例: 16,980）",
            field,
            "invalid_format",
            "小数・単位（万円など）を使わずに入力し直してください。",
        )
    amount = int(match[2].replace(",", ""))
    return -amount if match[1] == "-" else amount
