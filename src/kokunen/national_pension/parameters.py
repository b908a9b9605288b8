"""運用の値: days and limits of the section's own work, by date (parameters.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """値: an amount with its unit, the source that sets it, and whether the source was confirmed."""

    value: int
    unit: str
    label: str
    source: str
    confirmed: bool


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    import yaml

    text = files("kokunen.national_pension").joinpath("parameters.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def value_on(name: str, day: date) -> Value:
    """その日の値: the value in force on `day`. Raises LookupError when none was set yet."""
    entry = _table()[name]
    rows = [row for row in entry["values"] if row["from"] <= day]
    if not rows:
        raise LookupError(f"{entry['label']}: {day} の値がありません")
    row = max(rows, key=lambda one: one["from"])
    return Value(row["value"], entry["unit"], entry["label"], row["source"], row["confirmed"])


def days(name: str, day: date) -> int:
    """日数: short form for values in days (or months)."""
    return value_on(name, day).value
