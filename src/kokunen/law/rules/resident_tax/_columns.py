"""列の書き方 (columns): the few expressions in which this tax is written.

Comparing and choosing is by far the quickest that a column can do, so limits are written so. Every amount is a 64-bit
whole number of yen, never unknown; halves, percentages and shares are ratios that are cut or raised at once,
as the law says, so that no fraction of a yen ever stands in a column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.engine.steps import Unit

PARTS = ("city", "prefecture")
"""市民税と県民税: assessed together, computed and rounded apart (地方税法第41条、第319条)."""

PART_NAMES = {"city": "市", "prefecture": "県"}

col = pl.col


def yen(name: str, label: str, article: str | None, expression: pl.Expr) -> Step:
    """金額の段."""
    return Step(name, label, Unit.YEN, article, expression)


def persons(name: str, label: str, article: str | None, expression: pl.Expr) -> Step:
    """人数の段."""
    return Step(name, label, Unit.PERSON, article, expression)


def whether(name: str, label: str, article: str | None, expression: pl.Expr) -> Step:
    """該当・非該当の段."""
    return Step(name, label, Unit.BOOL, article, expression)


def amount(value: int) -> pl.Expr:
    """定額: a fixed amount as a column of the same kind as all others."""
    return pl.lit(value, dtype=pl.Int64)


NOTHING = amount(0)


def only_if(condition: pl.Expr, expression: pl.Expr) -> pl.Expr:
    """該当する人だけの額: 0 for the others, also where the condition is unknown."""
    return pl.when(condition).then(expression).otherwise(NOTHING)


def not_negative(expression: pl.Expr) -> pl.Expr:
    """負のときは0."""
    return pl.when(expression > 0).then(expression).otherwise(NOTHING)


def at_most(expression: pl.Expr, limit: int) -> pl.Expr:
    """上限額まで."""
    return pl.when(expression < limit).then(expression).otherwise(amount(limit))


def smaller(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """いずれか少ないほう."""
    return pl.when(one < other).then(one).otherwise(other)


def larger(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """いずれか多いほう."""
    return pl.when(one > other).then(one).otherwise(other)


def cut_to(expression: pl.Expr, unit: int) -> pl.Expr:
    """端数切捨て: down to whole ``unit`` yen."""
    return expression // unit * unit


def part_cut(expression: pl.Expr, ratio: Mapping[str, int]) -> pl.Expr:
    """割合を掛けて1円未満切捨て."""
    return expression * ratio["numerator"] // ratio["denominator"]


def part_raised(expression: pl.Expr, ratio: Mapping[str, int]) -> pl.Expr:
    """割合を掛けて1円未満切上げ."""
    return (expression * ratio["numerator"] + (ratio["denominator"] - 1)) // ratio["denominator"]


def by_limit(
    measure: pl.Expr, rows: Sequence[Mapping[str, Any]], figure: Callable[[Mapping[str, Any]], pl.Expr]
) -> pl.Expr:
    """段階表を引く: the figure of the first row whose ``up_to`` is not below ``measure``; the last row has no limit."""
    *limited, last = rows
    found = figure(last)
    for row in reversed(limited):
        found = pl.when(measure <= row["up_to"]).then(figure(row)).otherwise(found)
    return found


def fixed(key: str, index: int | None = None) -> Callable[[Mapping[str, Any]], pl.Expr]:
    """段の定額: the amount under ``key`` of a row (its ``index``-th when there are several)."""

    def figure(row: Mapping[str, Any]) -> pl.Expr:
        return amount(row[key] if index is None else row[key][index])

    return figure


def proportional_raised(paid: pl.Expr) -> Callable[[Mapping[str, Any]], pl.Expr]:
    """段の比例額: paid × numerator ÷ denominator + plus, a fraction of a yen raised."""

    def figure(row: Mapping[str, Any]) -> pl.Expr:
        if row["numerator"] == 0:
            return amount(row["plus"])
        exact = paid if row["denominator"] == row["numerator"] else part_raised(paid, row)
        return exact + amount(row["plus"])

    return figure
