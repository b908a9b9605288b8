"""年金特別徴収 (pension): six payments of the pension, by the tax of the year before and of this year.

Columns in: ``total`` and, for whoever was withheld before, ``previous_total`` (the pension tax of the year before).
"""

from __future__ import annotations

from functools import cache

import polars as pl

from kokunen.law.engine.columns import Rule
from kokunen.law.rules.instalments._parts import ROUNDING, even_parts
from kokunen.law.rules.resident_tax._columns import amount, col, cut_to, not_negative, yen
from kokunen.law.rules.resident_tax._tax_year import TaxYear

ORDINARY = ("ordinary[0]", "ordinary[1]")
PROVISIONAL = tuple(f"provisional[{index}]" for index in range(3))
MAIN = tuple(f"main[{index}]" for index in range(3))
NEXT_PROVISIONAL = tuple(f"next_provisional[{index}]" for index in range(3))

_FIRST = "地方税法第321条の7の2"
_PROVISIONAL = "地方税法第321条の7の8"


@cache
def rule(tax_year: int, first_year: bool) -> Rule:
    """年金特別徴収の期割: the first year half by 普通徴収, later years 仮徴収 and 本徴収."""
    values = TaxYear(tax_year).value("instalments")
    unit = values["monthly_unit"]
    half = "half" if first_year else "previous_half"
    opening = (
        even_parts(half, ORDINARY, "普通徴収", values["ordinary_unit"], _FIRST)
        if first_year
        else (
            yen("previous_half", "前年度の年税額の2分の1", _PROVISIONAL, _half(col("previous_total"), unit)),
            *even_parts(half, PROVISIONAL, "仮徴収", unit, _PROVISIONAL),
        )
    )
    none = PROVISIONAL if first_year else ORDINARY
    steps = (
        yen("half", "年税額の2分の1", ROUNDING, _half(col("total"), unit)),
        *opening,
        *(yen(name, "該当なし", None, amount(0)) for name in none),
        yen("main_total", "本徴収の合計", _FIRST, not_negative(col("total") - col(half))),
        *even_parts("main_total", MAIN, "本徴収", unit, _FIRST),
        yen("excess", "還付・充当する額", "地方税法第17条、第17条の2", not_negative(col(half) - col("total"))),
        yen("next_half", "翌年度の仮徴収の合計", _PROVISIONAL, col("half")),
        *even_parts("next_half", NEXT_PROVISIONAL, "翌年度の仮徴収", unit, _PROVISIONAL),
    )
    return Rule(f"pension instalments {tax_year}", steps)


def _half(total: pl.Expr, unit: int) -> pl.Expr:
    return cut_to(total // 2, unit)
