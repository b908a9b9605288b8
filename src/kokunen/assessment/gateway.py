"""関門: every way in and out asks the assessment in force before anything is read or handed over.

What it does not declare does not work. A refusal stands in the ledger with its source, recipient and method before it
is told to whoever asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

from kokunen.assessment.flows import Policy
from kokunen.assessment.queries import policy_in_force
from kokunen.kernel.errors import NotAllowed
from kokunen.ledger.access import AccessContext, system_context
from kokunen.ledger.recording import record_refusal

_DATASET = "評価書の関門"


def admit_inbound(source: str, channel: str, *, context: AccessContext | None = None) -> None:
    """入手してよいか: raises NotAllowed for a source or a method that the assessment does not declare."""
    _ask(lambda policy: policy.check_inbound(source, channel), context, {"from": source, "channel": channel})


def admit_outbound(recipient: str, channel: str, *, context: AccessContext | None = None) -> None:
    """提供・移転してよいか: raises NotAllowed for a recipient or a method that the assessment does not declare."""
    _ask(lambda policy: policy.check_outbound(recipient, channel), context, {"to": recipient, "channel": channel})


def admit_line(subsystem: str, party: str, *, context: AccessContext | None = None) -> None:
    """外部の回線を使ってよいか: raises NotAllowed unless the system's entry in I.2 names the party."""
    _ask(lambda policy: policy.check_line(subsystem, party), context, {"system": subsystem, "party": party})


def open_line(subsystem: str, party: str, carrier: str, *arguments: Any) -> Any:
    """外部の回線を開く: the carrier of that dotted name, which asks `admit_line` before every message.

    The only way to a counterpart: what opens a line wants the question as an argument (see tests/architecture).
    `arguments` go before it.
    """
    context = system_context(f"{subsystem}-lines")

    def admit() -> None:
        admit_line(subsystem, party, context=context)

    return import_string(carrier)(*arguments, admit)


def _ask(question: Callable[[Policy], None], context: AccessContext | None, detail: dict[str, str]) -> None:
    policy = policy_in_force()
    try:
        question(policy)
    except NotAllowed as refusal:
        record_refusal(
            context or system_context("gateway"),
            dataset=_DATASET,
            reason=refusal.message,
            detail={**detail, "edition": policy.edition},
        )
        raise
