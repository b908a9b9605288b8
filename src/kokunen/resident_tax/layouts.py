"""資料ファイルの並びと入力の項目: layouts as data (layouts.yaml), and the facts that each kind of document states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kokunen.law.engine.steps import Unit
from kokunen.law.rules.resident_tax import FACTS, SEPARATE_FACTS
from kokunen.law.rules.resident_tax.facts import Fact

_FILE = Path(__file__).with_name("layouts.yaml")


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """並びの一項目: heading, kind of value, and what it is for."""

    head: str
    kind: str
    fact: str = ""
    column: str = ""
    check: str = ""
    required: bool = False


@cache
def layouts() -> dict[str, tuple[LayoutColumn, ...]]:
    """資料の種類 → 並び."""
    raw: dict[str, list[dict[str, Any]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {kind: tuple(LayoutColumn(**column) for column in columns) for kind, columns in raw.items()}


FACTS_BY_NAME: dict[str, Fact] = {fact.name: fact for fact in (*FACTS, *SEPARATE_FACTS)}
"""法の事実: by name, with label and unit."""

ENTERED: dict[str, tuple[str, ...]] = {
    kind: tuple(column.fact for column in columns if column.fact) for kind, columns in layouts().items()
}
"""一件入力の項目 of each kind, in the order of the paper."""

SIGNED = ("business_income", "real_estate_income")
"""負の額がありうる項目."""

PLAYED = tuple(
    fact.name
    for fact in (*FACTS, *SEPARATE_FACTS)
    if fact.unit is Unit.YEN
    or fact.name in ("disability", "widow", "single_parent", "working_student", "livelihood_assistance")
)
"""試算と更正で変えられる項目."""
