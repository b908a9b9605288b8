"""住民異動の反映: flow C (住民 → 住登外, the number is inherited) and flow D (住登外 → 住民), exactly once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from kokunen.common_platform.integration.consuming import Change
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.choices import AtenaKind, Reason, RecordStatus
from kokunen.nonresident_registry.models import ALIAS, CURRENT, AtenaVersion
from kokunen.nonresident_registry.services.records import change_status
from kokunen.nonresident_registry.services.writing import current_row, lock, write_version


def take_resident_changes(changes: Sequence[Change]) -> None:
    """住民異動を受け取る: everybody named in the batch is brought to what the register says now.

    The published row, not the change, says whether somebody is a resident: a batch with a moving out and its
    cancellation leaves things as they were, and a replay changes nothing.
    """
    last: dict[str, Change] = {change.atena_number: change for change in changes}
    residents = {row.atena_number: row for row in queries.resident_rows(list(last))}
    known = {row.atena_number: row for row in AtenaVersion.objects.filter(CURRENT, atena_number__in=list(last))}
    concerned = [n for n, resident in residents.items() if _concerns(resident, known.get(n))]
    done = [number for number in concerned if _follow(residents[number], last[number])]
    if done:
        record(
            ALIAS,
            system_context("住登外 住民異動の反映", "number_management"),
            act=Act.SYSTEM,
            dataset="住民異動の反映",
            atena_numbers=done,
            detail={"changes": len(changes)},
        )


def _concerns(resident: queries.ResidentRow, row: AtenaVersion | None) -> bool:
    """住登外者に関わる異動か: a resident without a record here is of no concern (nearly everybody)."""
    listed = row is not None and row.is_listed
    if resident.status == "1":
        return listed
    return row is None or not listed or row.status != _status(resident)


def _follow(resident: queries.ResidentRow, change: Change) -> bool:
    number = resident.atena_number
    lock(number)
    row = current_row(number)
    if not _concerns(resident, row):
        return False
    if resident.status != "1":
        _inherit(resident, row, change)
    elif row is not None:  # flow D for whoever comes back under the same number; others are for 名寄せ
        change_status(
            context=system_context("住登外 住民異動の反映", "number_management"),
            before=row,
            status=RecordStatus.BECAME_RESIDENT,
            on=_day(change.event_on, row),
            why="住民となったため",
        )
    return True


def _status(resident: queries.ResidentRow) -> str:
    return str(RecordStatus.DECEASED if resident.status == "3" else RecordStatus.LIVE)


def _inherit(resident: queries.ResidentRow, before: AtenaVersion | None, change: Change) -> None:
    """住民宛名番号の引継ぎ (flow C): 転出先 comes from the register; no new number is drawn."""
    from kokunen.common_platform.integration.publishing import ChangeNote

    context = system_context("住登外 住民異動の反映", "number_management")
    dead = resident.status == "3"
    abroad = resident.destination_abroad
    place = resident.destination or resident.address
    row = AtenaVersion(
        atena_number=resident.atena_number,
        kind=AtenaKind.INDIVIDUAL,
        status=_status(resident),
        reason=Reason.DECEASED if dead else Reason.MOVED_OUT,
        former_resident=True,
        name=resident.name,
        name_kana=resident.name_kana,
        kanji_name=resident.kanji_name[:100],
        alias=resident.alias[:100],
        alias_kana=resident.alias_kana[:100],
        sex=resident.sex or "0",
        birth_date=resident.birth_date,
        birth_text=resident.birth_text,
        country=place[:100] if abroad and not dead else "",
        telephone=resident.telephone,
        ended_on=_day(resident.removed_on, before) if dead else None,
        changed_on=_day(resident.removed_on, before),
        **({} if abroad and not dead else split_address(place)),
    )
    note = ChangeNote("register", str(row.reason), row.changed_on)
    write_version(row, start=row.changed_on, context=context, why="住民記録からの引継ぎ", note=note, before=before)


def _day(day: date | None, row: AtenaVersion | None) -> date:
    """異動日: never later than today, never before the row it continues."""
    today = clock.today()
    wanted = min(day or today, today)
    return max(wanted, row.valid_period.lower) if row is not None else wanted


#: 住所の分け方: 都道府県, 市区郡町村 (at most 12 characters, the length of the standard), the rest as 町字.
ADDRESS_PATTERN = (
    "^(?P<prefecture>東京都|北海道|京都府|大阪府|.{2,3}県)?"
    "(?P<municipality>.{1,5}郡.{1,5}[町村]|.{1,6}市.{1,4}区|.{1,10}[市区町村])?(?P<rest>.*)$"
)


def split_address(address: str) -> dict[str, str]:
    """住所を分ける (a register writes it in one line)."""
    found = re.match(ADDRESS_PATTERN, address)
    if found is None:
        return {"town": address[:120]}
    return {
        "prefecture": found["prefecture"] or "",
        "municipality": (found["municipality"] or "")[:12],
        "town": found["rest"][:120],
    }
