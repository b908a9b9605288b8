"""期割・特別徴収税額 (instalments): how the tax of a year is spread over its due days (地方税法第320条ほか).

普通徴収 has four instalments, 給与特別徴収 twelve months from June, 年金特別徴収 six pension payments. Every split is
cut to its unit and leaves the remainder in its first part. ``ordinary`` and ``salary`` (module ``spread``) and
``pension`` are column rules: one row is one person, the city is all of them.

>>> import polars as pl
>>> split(spread.first_rule("ordinary", 2026), pl.DataFrame({"total": [116_500]}), spread.columns("ordinary"))
[[29500, 29000, 29000, 29000]]
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kokunen.law.engine.columns import Rule
from kokunen.law.rules.instalments import pension, spread
from kokunen.law.rules.instalments.dates import due_dates

__all__ = ["due_dates", "evaluate", "pension", "split", "spread"]


def evaluate(rule: Rule, frame: pl.DataFrame, keep: Sequence[str] | None = None) -> pl.DataFrame:
    """期割を計算する: ``frame`` with every step of ``rule`` (or only ``keep``), in the same order."""
    return rule.evaluate(frame, keep)


def split(rule: Rule, frame: pl.DataFrame, parts: Sequence[str]) -> list[list[int]]:
    """各回の額: the columns ``parts`` of every row as one list a row."""
    return [list(row) for row in evaluate(rule, frame, parts).iter_rows()]
