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

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import Parameter


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

    def evaluate(self, frame: pl.DataFrame) -> pl.DataFrame:
        """計算する: ``frame`` with one more column for each step.

        Raises ``InexactStepError`` when a step leaves the whole numbers.
        """
        lazy = frame.lazy()
        for layer in self._layers:
            lazy = lazy.with_columns(step.expression.alias(step.name) for step in layer)
        result = lazy.collect()
        for step in self.steps:
            kind = result.schema[step.name]
            if kind.is_float() or kind.is_decimal():
                raise InexactStepError(f"{self.name}.{step.name}: {kind} is not exact; use // and integer ratios")
        return result

    def explain(self, evaluated: pl.DataFrame, row: int = 0) -> list[Explained]:
        """説明する: the steps of one row of ``evaluate``'s result, in order of computation."""
        values = evaluated.select(step.name for step in self.steps).row(row, named=True)
        return [Explained(step.name, step.label_ja, values[step.name], step.unit, step.article) for step in self.steps]

    @cached_property
    def _layers(self) -> tuple[tuple[Step, ...], ...]:
        return tuple(_layers(self.steps))


def _layers(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Neighbouring steps that need none of each other's columns are computed side by side."""
    layer: list[Step] = []
    for step in steps:
        made = {earlier.name for earlier in layer}
        if made & {*step.expression.meta.root_names(), step.name}:
            yield tuple(layer)
            layer = []
        layer.append(step)
    if layer:
        yield tuple(layer)


def value_by_date(parameter: Parameter, day: pl.Expr, key: str | None = None) -> pl.Expr:
    """日付ごとの値の列: the value of ``parameter`` on each ``day`` (a date column), null where there is none.

    ``key`` picks one value of a parameter whose values are mappings.
    """
    column: pl.Expr = pl.lit(None)
    for entry in parameter.entries:
        value = entry.value if key is None else entry.value[key]
        column = pl.when(day >= pl.lit(entry.start)).then(pl.lit(value)).otherwise(column)
    if parameter.until is not None:
        column = pl.when(day <= pl.lit(parameter.until)).then(column)
    return column
