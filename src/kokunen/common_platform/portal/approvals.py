"""承認箱: one inbox for the approvals of every subsystem.

A subsystem's ``approvals.py`` registers where its approvals wait::

    register_approvals("resident_tax.change", "更正の決定", permission=perms.CHANGE_APPROVE, waiting=waiting_changes)

`waiting()` gives a row for each: record and asker, no person's data. The approval itself is given at the subsystem's
own screen, with its own rules; what an officer has asked for is shown, but is not for that officer to approve.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """承認を待つもの: words of the record (number, kind), who asked and when, where it is decided."""

    words: str
    asked_by: str
    asked_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class ApprovalKind:
    """承認の種類"""

    code: str
    title: str
    permission: str
    waiting: Callable[[], Iterable[Waiting]]


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """承認箱の一行: `is_mine` when the officer who looks has asked for it and another must approve."""

    title: str
    waiting: Waiting
    is_mine: bool


class ApprovalRegistry:
    """承認の種類の登録簿: can be made afresh for a test."""

    def __init__(self) -> None:
        self._kinds: dict[str, ApprovalKind] = {}

    def register(self, code: str, title: str, *, permission: str, waiting: Callable[[], Iterable[Waiting]]) -> None:
        """Add a kind of approval for whoever holds `permission`."""
        self._kinds[code] = ApprovalKind(code, title, permission, waiting)

    def rows(self, permissions: frozenset[str], number: str) -> Sequence[ApprovalRow]:
        """承認箱: what waits for one of these permissions, longest first; a kind that fails is left out and logged."""
        found: list[ApprovalRow] = []
        for kind in self._kinds.values():
            if kind.permission not in permissions:
                continue
            try:
                found += [ApprovalRow(kind.title, one, one.asked_by == number) for one in kind.waiting()]
            except Exception:
                logger.exception("approvals of %s failed", kind.code)
        return sorted(found, key=lambda row: row.waiting.asked_at)

    def permissions(self) -> frozenset[str]:
        """Permissions that have an inbox at all."""
        return frozenset(kind.permission for kind in self._kinds.values())


REGISTRY = ApprovalRegistry()
register_approvals = REGISTRY.register
