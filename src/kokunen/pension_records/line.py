"""端末制御装置への回線: the one place outside that this program calls; its words, not its wire."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol

import yaml
from django.db import connections
from django.utils.module_loading import import_string

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError, NotAllowed
from kokunen.pension_records.choices import ALIAS

CARRIER = "kokunen.counterparts.terminal_controller.gateway.city_line"
"""Who carries inquiries to the 年金事務所: this program knows the words, its counterpart the wire."""

DECLARED_NAME = "管轄年金事務所のターミナルコントローラ"
FORM, RESULT, ENDED, INQUIRY, LIST = "0101", "0102", "0103", "0201", "0301"


class Fault(Protocol):
    """断りの理由."""

    @property
    def message(self) -> str:
        """In words."""


class Answer(Protocol):
    """送信の結果."""

    @property
    def accepted(self) -> bool:
        """Taken, or refused."""

    @property
    def receipt(self) -> str:
        """Number that the office gave to the message."""

    @property
    def faults(self) -> Sequence[Fault]:
        """Why it was refused."""

    @property
    def items(self) -> Mapping[str, Any]:
        """What it answers."""


class Arrived(Protocol):
    """届いた電文."""

    @property
    def number(self) -> str:
        """Number of the message."""

    @property
    def kind(self) -> str:
        """Kind of the message."""

    @property
    def items(self) -> Mapping[str, Any]:
        """What it says; empty when it cannot be read."""


class Line(Protocol):
    """回線: numbered messages; the same number may be sent again."""

    def send(self, *, number: str, kind: str, items: Mapping[str, Any], created_at: str) -> Answer:
        """Send one message. Raises KokunenError when there is no sound answer."""

    def fetch(self) -> Sequence[Arrived]:
        """What waits, oldest first; the same until it is acknowledged."""

    def acknowledge(self, numbers: Sequence[str]) -> None:
        """These are stored."""

    def close(self) -> None:
        """Close the connections."""


class NoAnswer(KokunenError):
    """応答なし: the terminal controller gave no sound answer; what was asked may be sent again with its number."""

    default_code = "no_answer"


@lru_cache(maxsize=1)
def line() -> Line:
    """The one line there is."""
    opened: Line = import_string(CARRIER)(admit)
    return opened


def admit() -> None:
    """この回線を使ってよいか: refuse (NotAllowed) unless I.2 of the assessment names the 年金事務所's controller.

    This program has no way to the city's tables: its database gives it this one item of the version in force. While
    the first published version holds, it is the text that comes with the program.
    """
    content = _in_force()
    if not (_names(content) if content is not None else _declared()):
        raise NotAllowed(
            f"評価書 I.2.system7 は「{DECLARED_NAME}」との接続を定めていません",
            hint="評価書 I.2 の接続に加えて公表するまで、照会できません",
        )


def _in_force() -> Mapping[str, Any] | None:
    """What the version in force says of this line; None while the first one holds."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select pension_records.line_in_force(%s)", [clock.today()])
        [(content,)] = cursor.fetchall()
    found: Mapping[str, Any] | None = json.loads(content) if isinstance(content, str) else content
    return found


@lru_cache(maxsize=1)
def _declared() -> bool:
    text = (files("kokunen.assessment") / "data" / "2025-12-26.yaml").read_text(encoding="utf-8")
    return any(_names(leaf) for leaf in _leaves(yaml.load(text, Loader=yaml.CSafeLoader)))


def _leaves(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict):
        if node.get("id") == "I.2.system7.connections":
            yield node
        node = list(node.values())
    for part in node if isinstance(node, list) else ():
        yield from _leaves(part)


def _names(leaf: Mapping[str, Any]) -> bool:
    return DECLARED_NAME in (*(leaf.get("value") or ()), *str(leaf.get("other_text") or "").split("、"))
