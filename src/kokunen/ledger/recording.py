"""記録する: the entry of every look at a person, written in the transaction of the look.

No ledger, no answer: outside a transaction `record` raises, and when the entry cannot be written the read rolls back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction

from kokunen.ledger.access import AccessContext, Act

_RECORD = "select ledger.record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s, %s::jsonb)"


class LedgerUnavailable(RuntimeError):
    """台帳に書けない: raised instead of an answer (CTL: no read without its entry)."""


@dataclass(slots=True)
class Taken:
    """持ち出し: what prints and exports entered while it was watched; the gateway of outputs decides by it."""

    entries: int = 0
    dataset: str = ""
    atena_numbers: set[str] = field(default_factory=set)
    largest: int = 0

    @property
    def people(self) -> int:
        """人数: the larger of the highest count of one entry and of the different people of all."""
        return max(self.largest, len(self.atena_numbers))


_watched: ContextVar[Taken | None] = ContextVar("kokunen_taken", default=None)


@contextmanager
def watch_outputs() -> Iterator[Taken]:
    """持ち出しを数える: every print and export entered inside, whoever enters it."""
    taken = Taken()
    before = _watched.set(taken)
    try:
        yield taken
    finally:
        _watched.reset(before)


def record(
    using: str,
    context: AccessContext,
    *,
    act: Act,
    dataset: str,
    atena_numbers: Sequence[str] = (),
    items: Sequence[str] = (),
    count: int | None = None,
    detail: Mapping[str, Any] | None = None,
    serial: str | None = None,
) -> int:
    """Write one entry and return its id.

    `using` is the alias of the caller's transaction, `dataset` the table or screen in words that a person understands,
    `items` the items shown (別添1), `count` the number of people concerned (default: length of `atena_numbers`).
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise LedgerUnavailable("record() must run in the transaction of the read")
    values = (
        context.staff_number,
        context.office_code,
        context.purpose,
        str(act),
        dataset,
        context.screen,
        context.terminal,
        context.case_id,
        serial,
        list(dict.fromkeys(atena_numbers)),
        list(items),
        len(set(atena_numbers)) if count is None else count,
        json.dumps(dict(detail or {}), ensure_ascii=False, default=str),
    )
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        row = cursor.fetchone()
    if row is None:
        raise LedgerUnavailable("the ledger gave no entry number")
    taken = _watched.get()
    if taken is not None and act in (Act.PRINT, Act.EXPORT):
        taken.entries += 1
        taken.dataset = taken.dataset or dataset
        taken.atena_numbers.update(atena_numbers)
        taken.largest = max(taken.largest, int(values[11]))
    return int(row[0])


def record_refusal(
    context: AccessContext,
    *,
    dataset: str,
    reason: str,
    atena_numbers: Sequence[str] = (),
    detail: Mapping[str, Any] | None = None,
    using: str = "ledger",
) -> int:
    """拒否の記録: a refusal in a transaction of its own, so that it outlives the roll-back of what was refused."""
    with transaction.atomic(using=using, durable=False):
        return record(
            using,
            context,
            act=Act.REFUSE,
            dataset=dataset,
            atena_numbers=atena_numbers,
            detail={"reason": reason, **(detail or {})},
        )
