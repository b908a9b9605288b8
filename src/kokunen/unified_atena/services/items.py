"""送信する件を起こす: in the transaction of the change, one waiting item for one thing however often it changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kokunen.unified_atena.choices import Interface, ItemState, Operation
from kokunen.unified_atena.models import SendItem


def ask(
    interface: Interface, things: Iterable[tuple[str, str, str]], at: datetime, operation: Operation = Operation.PUT
) -> None:
    """送信を求める: (団体内統合宛名番号, kind, key) each. What waits already goes out with the newest content."""
    SendItem.objects.bulk_create(
        [
            SendItem(
                interface=interface, unified_number=number, kind=kind, record_key=key, operation=operation, asked_at=at
            )
            for number, kind, key in things
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def ask_deletion(unified_number: str, at: datetime) -> None:
    """番号の削除を知らせる (0320008): only for a number that the other side has been told of."""
    told = SendItem.objects.filter(
        interface=Interface.NUMBER, unified_number=unified_number, state__in=(ItemState.IN_FILE, ItemState.ACCEPTED)
    )
    if told.exists():
        ask(Interface.NUMBER_END, [(unified_number, "", "")], at, Operation.DELETE)


def withdraw(unified_number: str, why: str) -> None:
    """送信を取りやめる: what waits for a number that has ended."""
    SendItem.objects.filter(unified_number=unified_number, state=ItemState.WAITING).update(
        state=ItemState.CLOSED, settled_reason=why[:200], settled_by="system:団体内統合宛名 紐付"
    )
