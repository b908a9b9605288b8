"""列の規則 (column rules): columns in, explained columns out.

A ``Rule`` is a list of ``Step``s; each adds one column to a Polars frame from columns that stand there already. One
person at the counter is a frame of one row, the city a frame of all its rows; both run the same expressions. The
explanation of a person is the row, read in the order of the steps.

>>> import polars as pl
>>> rule = Rule("half", (Step("half", "半額", Unit.YEN, "国民年金法第90条の2", pl.col("premium") // 2),))
>>> rule.explain(rule.evaluate(pl.DataFrame({"premium": [17510]})))[0].value
8755
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import getitem

import polars as pl

from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import Parameter

SLICE_ROWS = 20_000
"""段階ごとに計算する行数の上限: a larger frame is worth one plan for the whole rule, computed on every core."""

_STREAMED = pl.QueryOptFlags(comm_subexpr_elim=True)


class InexactStepError(TypeError):
    """端数の出る計算: a step gave a binary or decimal fraction; law is computed in whole numbers."""


@dataclass(frozen=True, slots=True)
class Step:
    """計算の一段: the column ``name`` computed by ``expression`` from the columns before it."""

    name: str
    label_ja: str
    unit: Unit
    article: str | None
    expression: pl.Expr = field(repr=False)


@dataclass(frozen=True)
class Rule:
    """規則: steps in order of computation."""

    name: str
    steps: tuple[Step, ...]

    def evaluate(self, frame: pl.DataFrame, keep: Sequence[str] | None = None) -> pl.DataFrame:
        """計算する: ``frame`` with one more column for each step, or only the columns ``keep``; rows keep their order.

        Steps that need nothing of each other are computed side by side. A frame of up to ``SLICE_ROWS`` goes level by
        level and is answered at once. A city goes through one plan: some rows at a time walk through all levels on
        every core, and columns that nobody keeps are let go on the way. Raises ``InexactStepError`` when a step leaves
        the whole numbers.
        """
        if frame.height > SLICE_ROWS:
            plan = self._plan(frame.lazy())
            self._refuse_inexact(frame.schema, plan)
            kept = plan if keep is None else plan.select(keep)
            return kept.collect(engine="streaming", optimizations=_STREAMED)
        computed = frame
        for level in self.levels:
            computed = computed.with_columns(step.expression.alias(step.name) for step in level)
        self._refuse_inexact(frame.schema, computed.lazy())
        return computed if keep is None else computed.select(keep)

    def _plan(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        for level in self.levels:
            frame = frame.with_columns(step.expression.alias(step.name) for step in level)
        return frame

    def explain(self, evaluated: pl.DataFrame, row: int = 0) -> list[Explained]:
        """説明する: the steps of one row of ``evaluate``'s result, in order of computation."""
        values = evaluated.select(step.name for step in self.steps).row(row, named=True)
        return [Explained(step.name, step.label_ja, values[step.name], step.unit, step.article) for step in self.steps]

    @cached_property
    def levels(self) -> tuple[tuple[Step, ...], ...]:
        """計算の段階: each level needs only columns of the levels before it."""
        made: dict[str, int] = {}
        read: dict[str, int] = {}
        found: list[list[Step]] = []
        for step in self.steps:
            roots = step.expression.meta.root_names()
            after = [made[name] + 1 for name in (*roots, step.name) if name in made]
            # a column is not replaced before the last step that reads its old values
            level = max([*after, read.get(step.name, 0)], default=0)
            made[step.name] = level
            read |= {name: max(level, read.get(name, 0)) for name in roots}
            while len(found) <= level:
                found.append([])
            found[level].append(step)
        return tuple(map(tuple, found))

    def _refuse_inexact(self, schema: pl.Schema, plan: pl.LazyFrame) -> None:
        """Looked at once for each kind of frame: the types of steps follow from those of the columns that come in."""
        kinds = tuple(schema.items())
        if kinds in self._exact:
            return
        computed = plan.collect_schema()
        for step in self.steps:
            kind = computed[step.name]
            if kind.is_float() or kind.is_decimal():
                raise InexactStepError(f"{self.name}.{step.name}: {kind} is not exact; use // and integer ratios")
        self._exact.add(kinds)

    @cached_property
    def _exact(self) -> set[tuple[tuple[str, pl.DataType], ...]]:
        return set()


def value_by_date(parameter: Parameter, day: pl.Expr, *keys: str) -> pl.Expr:
    """日付ごとの値の列: the value of ``parameter`` on each ``day`` (a date column), null where there is none.

    ``keys`` lead to one value of a parameter whose values are mappings (of mappings).
    """
    column: pl.Expr = pl.lit(None)
    for entry in parameter.entries:
        value = reduce(getitem, keys, entry.value)
        column = pl.when(day >= pl.lit(entry.start)).then(pl.lit(value)).otherwise(column)
    if parameter.until is not None:
        column = pl.when(day <= pl.lit(parameter.until)).then(column)
    return column
