"""分け方 (parts): an amount cut to a unit over several parts, the remainder in the first."""

from __future__ import annotations

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax._columns import col, yen

ROUNDING = "地方税法第20条の4の2第6項"


def even_parts(base: str, names: tuple[str, ...], label: str, unit: int, article: str) -> tuple[Step, ...]:
    """均等に分ける: the steps ``<base>_part`` and ``names`` that split the column ``base``."""
    part = f"{base}_part"
    first, *rest = names
    return (
        yen(part, f"{label}の1回分", ROUNDING, col(base) // len(names) // unit * unit),
        yen(first, f"{label}（1回目）", article, col(base) - col(part) * len(rest)),
        *(yen(name, f"{label}（{index}回目）", article, col(part)) for index, name in enumerate(rest, start=2)),
    )


def open_parts(base: pl.Expr, part: pl.Expr, opened: pl.Expr, number: int, count: int) -> pl.Expr:
    """未到来の回に分ける: part ``number`` of ``count``, when ``opened`` is the first part still open."""
    closed_share = part * (count - opened)
    return (
        pl.when(opened > number)
        .then(pl.lit(0, dtype=pl.Int64))
        .when(opened == number)
        .then(base - closed_share)
        .otherwise(part)
    )
