"""特定個人情報の種類: what `data/kinds.yaml` declares, read once and checked against what the system may take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kokunen.unified_atena.linkage import CONSUMES

_FILE = Path(__file__).parent / "data" / "kinds.yaml"


@dataclass(frozen=True, slots=True)
class KindItem:
    """項目: a number of the layout and its column; `text` is converted to the other side's characters."""

    item: str
    label: str
    column: str
    text: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """特定個人情報の種類"""

    name: str
    code: str
    label: str
    basis: str
    dataset: str
    items: tuple[KindItem, ...]
    where: tuple[tuple[str, tuple[str, ...]], ...]
    key: str = ""
    flagged_only: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """照会してよい業務"""

    work_id: str
    label: str
    kinds: frozenset[str]


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """種類 by name. Raises ValueError when one takes a column that no consumption declares."""
    declared = {consumption.dataset: {*consumption.columns, "atena_number"} for consumption in CONSUMES}
    found = {}
    for name, raw in _content()["kinds"].items():
        items = tuple(KindItem(**item) for item in raw["items"])
        where = tuple((column, tuple(values)) for column, values in raw.get("where", {}).items())
        plain = {key: value for key, value in raw.items() if key not in ("items", "where")}
        kind = Kind(name=name, items=items, where=where, **plain)
        used = {item.column for item in items} | {column for column, _ in where} | ({kind.key} - {""})
        if undeclared := used - declared.get(kind.dataset, set()):
            raise ValueError(f"kind {name} takes undeclared columns: {', '.join(sorted(undeclared))}")
        found[name] = kind
    return found


@lru_cache(maxsize=1)
def works() -> dict[str, Work]:
    """照会してよい業務 by 業務ID."""
    return {
        work_id: Work(work_id, raw["label"], frozenset(raw["kinds"])) for work_id, raw in _content()["works"].items()
    }


def _content() -> dict[str, Any]:
    with _FILE.open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    return found
