"""つなぎ口: who carries files to the 中間サーバー. This system knows the content, the settings name the carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from django.conf import settings

from kokunen.assessment.gateway import open_line


class SaidFault(Protocol):
    """拒否の理由 as the other side says it."""

    @property
    def item(self) -> str:
        """Item concerned."""

    @property
    def code(self) -> str:
        """Stable code."""

    @property
    def message(self) -> str:
        """Words for the officer."""


class SaidAnswer(Protocol):
    """送信の結果."""

    @property
    def accepted(self) -> bool:
        """Taken, with a receipt."""

    @property
    def receipt(self) -> str:
        """Number of the other side; "" when it never came so far."""

    @property
    def faults(self) -> Sequence[SaidFault]:
        """Why not."""


class ArrivedItem(Protocol):
    """届いたファイル."""

    @property
    def number(self) -> str:
        """Number of the other side."""

    @property
    def kind(self) -> str:
        """IF id."""

    @property
    def items(self) -> Mapping[str, Any]:
        """Content."""

    @property
    def problem(self) -> str:
        """Why it cannot be read; "" when it can."""


class Carrier(Protocol):
    """運び手: the line. Every method raises KokunenError with code ``line_trouble`` when there is no sound answer."""

    def send(self, *, number: str, kind: str, items: Mapping[str, Any], created_at: str) -> SaidAnswer:
        """Send one file; the same number may be sent again."""

    def fetch(self) -> Sequence[ArrivedItem]:
        """What waits for the city, oldest first."""

    def acknowledge(self, numbers: Sequence[str]) -> None:
        """What the city has stored."""

    def close(self) -> None:
        """End the connection."""


def carrier() -> Carrier:
    """中間サーバーの運び手, as `INTERMEDIATE_SERVER_LINE` of the settings names it."""
    return cast(Carrier, open_line("unified_atena", "intermediate_server", settings.INTERMEDIATE_SERVER_LINE))
