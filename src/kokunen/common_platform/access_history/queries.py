"""閲覧記録の読み出し: entries of the ledger with the names of officers and offices put to their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kokunen.common_platform.codes.offices import all_offices
from kokunen.common_platform.portal.models import Staff
from kokunen.ledger.access import AccessContext
from kokunen.ledger.history import AccessEntry, find_entries_of_person, find_entries_of_serial

PAGE = 50
_SYSTEM = "system:"


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """表示する閲覧記録: one entry, with the words that a person reads."""

    entry: AccessEntry
    staff_name: str
    office_name: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """閲覧記録の一頁: `next_key` continues behind the last row, None at the end."""

    rows: tuple[ShownEntry, ...]
    next_key: int | None


def find_history(atena_number: str, *, context: AccessContext, before: int | None = None) -> EntryPage:
    """Looks at that person, newest first, one page."""
    entries = find_entries_of_person(atena_number, context=context, before=before, limit=PAGE + 1)
    next_key = entries[PAGE - 1].entry_id if len(entries) > PAGE else None
    return EntryPage(tuple(_named(entries[:PAGE])), next_key)


def find_by_serial(serial: str, *, context: AccessContext) -> EntryPage:
    """From the serial number on a printed sheet to who printed it, when and where."""
    return EntryPage(tuple(_named(find_entries_of_serial(serial, context=context))), None)


def _named(entries: Iterable[AccessEntry]) -> Iterable[ShownEntry]:
    listed = list(entries)
    numbers = {entry.staff_number for entry in listed}
    names = dict(Staff.objects.filter(number__in=numbers).values_list("number", "name"))
    offices = {office.code: office.name for office in all_offices()}
    for entry in listed:
        automatic = entry.staff_number.startswith(_SYSTEM)
        yield ShownEntry(
            entry,
            "自動処理" if automatic else names.get(entry.staff_number, "（登録のない職員）"),
            "システム" if automatic else offices.get(entry.office_code, entry.office_code),
        )
