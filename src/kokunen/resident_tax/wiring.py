"""つなぎ口: who carries the files of 年金特別徴収. The section knows plain records, the settings name the carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from django.conf import settings

from kokunen.assessment.gateway import open_line


class SaidFault(Protocol):
    """拒否の理由 as the party says it."""

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
        """Number of the party; "" when it never came so far."""

    @property
    def faults(self) -> Sequence[SaidFault]:
        """Why not."""


class ArrivedFile(Protocol):
    """届いたファイル."""

    @property
    def number(self) -> str:
        """Number of the party."""

    @property
    def kind(self) -> str:
        """通知内容コード."""

    @property
    def items(self) -> Mapping[str, Any]:
        """file_name, payer, created_on and records."""

    @property
    def problem(self) -> str:
        """Why it cannot be read; "" when it can."""


class Carrier(Protocol):
    """運び手: the line. Every method raises KokunenError with code ``line_trouble`` when there is no sound answer."""

    def send(self, *, number: str, kind: str, items: Mapping[str, Any], created_at: str) -> SaidAnswer:
        """Send one file; the same number may be sent again."""

    def fetch(self) -> Sequence[ArrivedFile]:
        """What waits for the city, oldest first."""

    def acknowledge(self, numbers: Sequence[str]) -> None:
        """What the city has stored."""

    def close(self) -> None:
        """End the connection."""


def carrier() -> Carrier:
    """運び手, as `TAX_LINE` of the settings names it."""
    return cast(Carrier, open_line("resident_tax", "eltax", settings.TAX_LINE))
