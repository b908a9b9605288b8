"""評価書の中身: a version of the form 様式3 as an ordered set of leaves, each with an id that it keeps for life.

A leaf is the smallest thing that 別添2 records a change of: a text, a choice, a group of checkboxes, one item of 別添1.
Versions are compared by id, never by label or place. The published version is data of the program; later ones are
the leaves of the one before with some of them changed, added or removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA_DIR = Path(__file__).with_name("data")
PUBLISHED_EDITION = "2025-12-26"
NEXT_DRAFT = "next-draft"

CONTENT_KEYS = ("value", "details", "other_text", "count", "provision_count", "transfer_count")
RECORD_ITEM = "record_item"

# ※ of the form (PIA指針 別表), also for leaves that no longer exist
_STARRED = re.compile(
    r"I\.4\..*|I\.5\..*|II\.2\.(file_type|subject_scope|main_items)|II\.3\.(sources|purpose)|II\.4\.outsourced"
    r"|II\.4\.outsourcing\d+\.subcontracted|II\.6\.storage|III\.(?!1\.)(?!7\.risk1\.serious_incident).*"
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """項目: `path` are the headings above it, `content` what is filled in (see CONTENT_KEYS), `options` of a choice."""

    leaf_id: str
    path: tuple[str, ...]
    label: str
    kind: str
    content: Mapping[str, Any]
    options: Any = None

    @property
    def value(self) -> Any:
        """What is filled in."""
        return self.content.get("value")

    @property
    def is_starred(self) -> bool:
        """※: may a change of it be 重要な変更?"""
        return is_starred(self.leaf_id)

    @property
    def place(self) -> str:
        """項目 of a row of 別添2: the headings and the label."""
        return "－".join((*self.path, self.label))

    def as_dict(self) -> dict[str, Any]:
        """For storing."""
        return {
            "id": self.leaf_id,
            "path": list(self.path),
            "label": self.label,
            "type": self.kind,
            "content": dict(self.content),
            "options": self.options,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Leaf:
        """As stored by `as_dict`."""
        return cls(
            stored["id"], tuple(stored["path"]), stored["label"], stored["type"], stored["content"], stored["options"]
        )


@dataclass(frozen=True, slots=True)
class Document:
    """評価書の版: leaves by id, in the order of the form."""

    edition: str
    leaves: Mapping[str, Leaf]

    def value(self, leaf_id: str) -> Any:
        """What is filled in there; None when blank or when there is no such leaf."""
        leaf = self.leaves.get(leaf_id)
        return leaf.value if leaf else None

    def content(self, leaf_id: str) -> Mapping[str, Any]:
        """Everything that is filled in there."""
        leaf = self.leaves.get(leaf_id)
        return leaf.content if leaf else {}

    def record_items(self) -> list[Leaf]:
        """別添1: its items in order."""
        return [leaf for leaf in self.leaves.values() if leaf.kind == RECORD_ITEM]

    def record_groups(self) -> dict[str, list[Leaf]]:
        """別添1 by group (its id), in order."""
        groups: dict[str, list[Leaf]] = {}
        for leaf in self.record_items():
            groups.setdefault(leaf.leaf_id.rpartition(".")[0], []).append(leaf)
        return groups

    def as_list(self) -> list[dict[str, Any]]:
        """For storing."""
        return [leaf.as_dict() for leaf in self.leaves.values()]

    @classmethod
    def from_list(cls, edition: str, stored: list[dict[str, Any]]) -> Document:
        """As stored by `as_list`."""
        return cls(edition, {entry["id"]: Leaf.from_dict(entry) for entry in stored})


def is_starred(leaf_id: str) -> bool:
    """※: may a change of this leaf be 重要な変更 (PIA規則11条)? Also answers for leaves of earlier versions."""
    return _STARRED.fullmatch(leaf_id) is not None


@lru_cache(maxsize=4)
def load_document(edition: str = PUBLISHED_EDITION) -> Document:
    """A version from the data of the program: the published one, or the draft of the next (a list of changes to it)."""
    raw = _read(DATA_DIR / f"{edition}.yaml")
    if "base" in raw:
        return _patched(edition, load_document(raw["base"]), raw)
    return Document(edition, {leaf.leaf_id: leaf for leaf in _leaves(raw)})


@lru_cache(maxsize=2)
def historical_rows(edition: str = PUBLISHED_EDITION) -> tuple[Mapping[str, Any], ...]:
    """別添2 as published."""
    return tuple(_read(DATA_DIR / f"{edition}.yaml")["appendix2"]["rows"])


@lru_cache(maxsize=2)
def draft_reasons(edition: str = NEXT_DRAFT) -> Mapping[str, Mapping[str, str]]:
    """提出時期 and reason that the draft of the program proposes, by leaf."""
    return {
        change["id"]: {"timing": change["timing"], "reason": change["reason"]}
        for change in _read(DATA_DIR / f"{edition}.yaml")["changes"]
    }


def _patched(edition: str, base: Document, raw: Mapping[str, Any]) -> Document:
    leaves = dict(base.leaves)
    for change in raw["changes"]:
        leaf_id = change["id"]
        if "add" in change:
            group = leaf_id.rpartition(".")[0]
            neighbours = [leaf for leaf in leaves.values() if leaf.leaf_id.rpartition(".")[0] == group]
            path = neighbours[0].path if neighbours else ("(別添1) 特定個人情報ファイル記録項目", change["group"])
            leaves[leaf_id] = Leaf(leaf_id, path, change["add"], RECORD_ITEM, {"value": change["add"]})
        else:
            old = leaves[leaf_id]
            leaves[leaf_id] = Leaf(
                leaf_id, old.path, old.label, old.kind, {**old.content, **change["set"]}, old.options
            )
    return Document(edition, leaves)


def _leaves(raw: Mapping[str, Any]) -> Iterator[Leaf]:
    yield from _walk(raw["cover"], ("表紙",))
    for section in raw["sections"]:
        for group in section["groups"]:
            yield from _walk(group, (section["label"], group["label"]))
    appendix = raw["appendix1"]
    for group in appendix["groups"]:
        for item in group["items"]:
            yield Leaf(item["id"], (appendix["label"], group["label"]), item["label"], RECORD_ITEM, _named(item))


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": item["label"]}


def _walk(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Leaf]:
    for key in ("risks", "items", "repeat", "after"):
        for entry in node.get(key, ()):
            if "type" in entry:
                content = {name: entry[name] for name in CONTENT_KEYS if name in entry}
                yield Leaf(entry["id"], path, entry["label"], entry["type"], content, entry.get("options"))
            else:
                yield from _walk(entry, (*path, entry["label"]))


def canonical(content: Mapping[str, Any]) -> str:
    """Two contents are the same when this is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    return found
