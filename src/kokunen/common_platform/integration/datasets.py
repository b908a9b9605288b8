"""連携データの宣言: what a subsystem publishes and what another may take, as data.

The tables and views of schema `integrated` are made from these declarations and from the assessment (provisioning);
what is not declared does not exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kokunen.config.subsystems import SUBSYSTEMS

if TYPE_CHECKING:
    from kokunen.common_platform.integration.consuming import Consumer

_NAME = re.compile(r"[a-z][a-z0-9_]{1,50}")
_TYPES = {"text", "date", "integer", "bigint", "boolean", "text[]", "jsonb", "timestamptz"}


@dataclass(frozen=True, slots=True)
class Column:
    """連携項目: one column of a published table; `item` is an item of 別添1 ("R1/氏名情報") or of the operational
    list.
    """

    name: str
    pg_type: str
    label_ja: str
    item: str | None = None
    nullable: bool = True

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.pg_type not in _TYPES:
            raise ValueError(f"column {self.name} {self.pg_type}: unusual name or type")


@dataclass(frozen=True, slots=True)
class Dataset:
    """連携データセット: table `integrated.<name>`, one row per key, and its change feed `integrated.<name>__change`.

    Every table also has atena_number, version (counts up with each publication) and published_at. `key` names the
    columns of the primary key, `indexes` are index definitions behind `create index … on integrated.<name>`.
    """

    name: str
    label_ja: str
    publisher: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("atena_number",)
    indexes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"dataset {self.name}: unusual name")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Declared columns in order (without atena_number, version, published_at)."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Consumption:
    """利用の宣言: columns of a dataset that a subsystem takes, and the flow of the assessment that allows it."""

    dataset: str
    columns: tuple[str, ...]
    flow: str


@dataclass(frozen=True, slots=True)
class Linkage:
    """連携の宣言一式 of one subsystem (its linkage.py)."""

    subsystem: str
    publishes: tuple[Dataset, ...]
    consumes: tuple[Consumption, ...]
    consumers: tuple[Consumer, ...]


def linkages() -> tuple[Linkage, ...]:
    """Declarations of every subsystem that has a linkage.py, in the order of the subsystem list."""
    found = []
    for subsystem in SUBSYSTEMS:
        name = f"{subsystem.package}.linkage"
        if find_spec(subsystem.package) is None or find_spec(name) is None:
            continue
        module = import_module(name)
        found.append(
            Linkage(
                subsystem.alias,
                tuple(getattr(module, "PUBLISHES", ())),
                tuple(getattr(module, "CONSUMES", ())),
                tuple(getattr(module, "CONSUMERS", ())),
            )
        )
    return tuple(found)


def datasets() -> dict[str, Dataset]:
    """Every published dataset by name; a name twice is an error of the declarations."""
    result: dict[str, Dataset] = {}
    for linkage in linkages():
        for dataset in linkage.publishes:
            if dataset.name in result:
                raise ValueError(f"dataset {dataset.name} is published twice")
            if dataset.publisher != linkage.subsystem:
                raise ValueError(f"dataset {dataset.name} names the publisher {dataset.publisher}")
            result[dataset.name] = dataset
    return result
