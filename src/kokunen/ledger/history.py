"""閲覧の履歴: who has seen a person's record, for the officer who may ask and for the person.

Reading the ledger is itself a look and leaves its entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from kokunen.ledger.access import ACT_LABELS_JA, AccessContext, Act
from kokunen.ledger.purposes import purpose_ja
from kokunen.ledger.recording import record


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """閲覧記録: one look, in the order in which it was recorded (newest first in lists)."""

    entry_id: int
    recorded_at: datetime
    staff_number: str
    office_code: str
    purpose: str
    purpose_ja: str
    act: str
    act_ja: str
    dataset: str
    screen: str
    terminal: str
    case_id: str | None
    serial: str | None
    items: tuple[str, ...]
    subject_count: int
    is_sealed: bool


_COLUMNS = (
    "entry_id, recorded_at, staff_number, office_code, purpose, "
    "act, dataset, screen, terminal, case_id, serial, items, "
    "subject_count, exists (select 1 from seal s where s.entry_id = e.entry_id)"
)


def find_entries_of_person(
    atena_number: str, *, context: AccessContext, before: int | None = None, limit: int = 100
) -> list[AccessEntry]:
    """Looks at that person, newest first; `before` is the entry_id of the last row of the page before."""
    with transaction.atomic(using="ledger"):
        rows = _fetch(
            f"select {_COLUMNS} from entry e where atena_numbers @> "
            f"array[%s] and (%s::bigint is null or entry_id < %s) "
            "order by entry_id desc limit %s",
            [atena_number, before, before, limit],
        )
        record(
            "ledger",
            context,
            act=Act.VIEW,
            dataset="閲覧記録",
            atena_numbers=[atena_number],
            detail={"entries": len(rows)},
        )
    return rows


def find_entries_of_serial(serial: str, *, context: AccessContext) -> list[AccessEntry]:
    """From a printed serial number to who printed it, when and where."""
    with transaction.atomic(using="ledger"):
        rows = _fetch(f"select {_COLUMNS} from entry e where serial = %s order by entry_id", [serial])
        record("ledger", context, act=Act.VIEW, dataset="閲覧記録", detail={"serial": serial, "entries": len(rows)})
    return rows


def _fetch(query: str, values: list[Any]) -> list[AccessEntry]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(query, values)
        return [
            AccessEntry(
                entry_id=row[0],
                recorded_at=row[1],
                staff_number=row[2],
                office_code=row[3],
                purpose=row[4],
                purpose_ja=purpose_ja(row[4]),
                act=row[5],
                act_ja=ACT_LABELS_JA[Act(row[5])],
                dataset=row[6],
                screen=row[7],
                terminal=row[8],
                case_id=row[9],
                serial=row[10],
                items=tuple(row[11]),
                subject_count=row[12],
                is_sealed=row[13],
            )
            for row in cursor.fetchall()
        ]
