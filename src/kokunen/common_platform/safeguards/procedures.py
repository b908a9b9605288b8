"""台帳と手続の定義: read once from procedures.yaml and parameters.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from kokunen.kernel.errors import InputError

_PACKAGE = "kokunen.common_platform.safeguards"
CREATE = "create"


@dataclass(frozen=True, slots=True)
class Field:
    """記載の欄: `kind` as procedures.yaml lists them; `hidden`: for the program."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """手続の一歩の定義: taken in one of `starts`, leads to `to`; `second_of` asks for another hand than that step's."""

    code: str
    label: str
    starts: frozenset[str]
    to: str
    fields: tuple[Field, ...]
    second_of: str
    decides: bool
    ends: bool
    by_program: bool


@dataclass(frozen=True, slots=True)
class Procedure:
    """台帳の定義"""

    kind: str
    label: str
    prefix: str
    about: str
    controls: tuple[str, ...]
    person: str
    fields: tuple[Field, ...]
    first: str
    due: str
    by_program: bool
    actions: Mapping[str, Action]


@lru_cache(maxsize=1)
def procedures() -> Mapping[str, Procedure]:
    """Every register by its kind, in the order of the file."""
    raw = _read("procedures.yaml")
    return {kind: _procedure(kind, entry) for kind, entry in raw.items()}


def get_procedure(kind: str) -> Procedure:
    """The register of that kind. Raises InputError."""
    found = procedures().get(kind)
    if found is None:
        raise InputError(f"「{kind}」という台帳はありません", field="kind")
    return found


def parameter(name: str) -> Any:
    """A value of parameters.yaml."""
    return _read("parameters.yaml")[name]["value"]


@lru_cache(maxsize=2)
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files(_PACKAGE).joinpath(name).read_text(encoding="utf-8"))
    return found


def _procedure(kind: str, raw: Mapping[str, Any]) -> Procedure:
    return Procedure(
        kind=kind,
        label=raw["label"],
        prefix=raw["prefix"],
        about=raw.get("about", ""),
        controls=tuple(raw["controls"]),
        person=raw.get("person", ""),
        fields=tuple(_field(field) for field in raw["fields"]),
        first=raw["first"],
        due=raw.get("due", ""),
        by_program=bool(raw.get("by_program")),
        actions={code: _action(code, action) for code, action in raw["steps"].items()},
    )


def _action(code: str, raw: Mapping[str, Any]) -> Action:
    return Action(
        code=code,
        label=raw["label"],
        starts=frozenset(raw["from"]),
        to=raw["to"],
        fields=tuple(_field(field) for field in raw.get("fields", ())),
        second_of=raw.get("second_of", ""),
        decides=bool(raw.get("decides")),
        ends=bool(raw.get("ends")),
        by_program=bool(raw.get("by_program")),
    )


def _field(raw: Mapping[str, Any]) -> Field:
    choices = parameter(raw["choices_from"]) if "choices_from" in raw else raw.get("choices", ())
    return Field(
        raw["name"],
        raw["label"],
        raw.get("type", "text"),
        bool(raw.get("required", True)),
        tuple(choices),
        hidden=bool(raw.get("hidden")),
    )
