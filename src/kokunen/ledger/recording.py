"""記録する: the entry of every look at a person, written in the transaction of the look.

No ledger, no answer: outside a transaction `record` raises, and when the entry cannot be written the read rolls back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, transaction

from kokunen.ledger.access import AccessContext, Act

_RECORD = "select ledger.record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s, %s::jsonb)"


class LedgerUnavailable(RuntimeError):
    """台帳に書けない: raised instead of an answer (CTL: no read without its entry)."""


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
