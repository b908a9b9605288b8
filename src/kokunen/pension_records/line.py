"""端末制御装置への回線: the one place outside that this program calls; its words, not its wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from django.utils.module_loading import import_string

from kokunen.kernel.errors import KokunenError

CARRIER = "kokunen.counterparts.terminal_controller.gateway.city_line"
"""Who carries inquiries to the 年金事務所: this program knows the words, its counterpart the wire."""

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
    opened: Line = import_string(CARRIER)()
    return opened
