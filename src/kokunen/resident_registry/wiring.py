"""つなぎ口: who carries messages to outside parties. The register knows the shape, the settings name the carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from kokunen.assessment.gateway import open_line
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import LineParty


class SaidFault(Protocol):
    """拒否の理由 as the party says it."""

    @property
    def code(self) -> str:
        """Stable code."""

    @property
    def message(self) -> str:
        """Words for the clerk."""


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


class ArrivedItem(Protocol):
    """届いた電文."""

    @property
    def number(self) -> str:
        """Number of the party."""

    @property
    def kind(self) -> str:
        """Kind of message."""

    @property
    def items(self) -> Mapping[str, Any]:
        """Items by name."""

    @property
    def problem(self) -> str:
        """Why it cannot be read; "" when it can."""


class Carrier(Protocol):
    """運び手: one party's line. Every method raises KokunenError with code ``line_trouble`` when it does not answer."""

    def send(self, *, number: str, kind: str, items: Mapping[str, Any], created_at: str) -> SaidAnswer:
        """Send one message; the same number may be sent again."""

    def fetch(self) -> Sequence[ArrivedItem]:
        """What waits for the city, oldest first."""

    def acknowledge(self, numbers: Sequence[str]) -> None:
        """What the city has stored."""

    def close(self) -> None:
        """End the connection."""


def carriers() -> dict[LineParty, Carrier]:
    """相手方ごとの運び手, as `REGISTRY_LINES` of the settings names them."""
    lines = settings.REGISTRY_LINES
    return {LineParty(name): cast(Carrier, open_line("resident_registry", name, path)) for name, path in lines.items()}


def individual_number(*, context: AccessContext, atena_number: str, reason: str) -> str:
    """個人番号 as the number vault shows it for one certificate, "" when none is registered.

    `INDIVIDUAL_NUMBER_SOURCE` of the settings names the vault's own door; it refuses every other purpose and writes
    the look into the ledger itself. The register keeps nothing of it.
    """
    source = import_string(settings.INDIVIDUAL_NUMBER_SOURCE)
    return str(source(context=context, atena_number=atena_number, reason=reason))
