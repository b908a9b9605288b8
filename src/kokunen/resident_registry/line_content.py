"""電文の内容: which message each change of the register makes for which party, and the values of its items.

One place says what leaves the register: 住基ネット (法30条の6, 24条の2, 9条1項), 法務省 (入管法61条の8の2), 本籍地の
戸籍附票 (法19条1項). Items are named as in the layouts of the parties; how they look on the line is not known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kokunen.resident_registry.choices import EventCode, LineParty, ResidenceClass, ResidentKind
from kokunen.resident_registry.models import ResidentVersion

CITY = "埼玉県川口市"
ENTRY, REMOVAL, UPDATE = "1", "2", "3"
_IDENTITY = (
    "resident_code", "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana",
    "birth_date", "birth_text", "sex", "town_id", "town", "lot", "building",
)  # fmt: skip
_FOREIGN = (
    "name", "kanji_name", "alias", "birth_date", "sex", "nationality", "residence_class", "residence_status",
    "residence_period", "residence_expires_on", "residence_card_number", "town_id", "town", "lot", "building",
)  # fmt: skip
_SUPPLEMENT = (
    "name", "name_kana", "birth_date", "sex", "registered_domicile", "registered_domicile_head", "resident_code",
    "town_id", "town", "lot", "building",
)  # fmt: skip
_ADDRESS = ("town_id", "town", "lot", "building")
_FROM_ANOTHER_CITY = {EventCode.MOVE_IN, EventCode.SPECIAL_MOVE_IN, EventCode.UNFILED_MOVE_IN}
_WITH_CARD = {
    EventCode.MOVE_IN, EventCode.SPECIAL_MOVE_IN, EventCode.UNFILED_MOVE_IN, EventCode.MOVE_IN_FROM_ABROAD,
    EventCode.FOREIGN_MOVE_IN, EventCode.FOREIGN_STATUS_NOTICE, EventCode.RELOCATION,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """異動の1人分: the rows before and after (None = no record), and the event that led from one to the other."""

    before: ResidentVersion | None
    after: ResidentVersion
    code: str
    event_on: date
    processed_on: date
    notified_on: date

    @property
    def update(self) -> str:
        """更新の別: 記載, 消除 or 修正."""
        was = self.before is not None and self.before.is_living
        if self.after.is_living:
            return UPDATE if was else ENTRY
        return REMOVAL if was else UPDATE

    def differs(self, names: tuple[str, ...]) -> bool:
        """Did one of these items change?"""
        before = self.before
        return before is None or any(getattr(before, name) != getattr(self.after, name) for name in names)


@dataclass(frozen=True, slots=True)
class Draft:
    """電文の下書き: party, kind, whom it is about, and its items (the sequence is added when it is stored)."""

    party: LineParty
    kind: str
    subject: str
    version_number: int | None
    items: Mapping[str, Any] = field(repr=False)


def drafts_of(change: Change) -> Iterator[Draft]:
    """その異動で送る電文 of one person, in the order in which they are sent."""
    yield from _to_network(change)
    if ResidentKind.FOREIGN in (change.after.resident_kind, change.before.resident_kind if change.before else ""):
        yield from _to_ministry(change)
    if change.after.resident_kind == ResidentKind.JAPANESE:
        yield from _to_domicile(change)


def identity_draft(change: Change, *, resend: bool = False) -> Draft:
    """本人確認情報 (法30条の6) as the row after the change says it."""
    row = change.after
    items = {
        "update": change.update,
        "reason_code": change.code,
        "event_on": change.event_on.isoformat(),
        "processed_on": change.processed_on.isoformat(),
        **_identity(row),
        "address": full_address(row),
        "town_id": row.town_id,
        "resend": resend,
    }
    return _draft(LineParty.JUKI_CS, "0101", row, items)


def compared_items(row: ResidentVersion) -> dict[str, str]:
    """整合性確認で比べる項目 of a record, as 本人確認情報 tells them."""
    items = {name: str(getattr(row, name)) for name in ("name", "name_kana", "former_surname", "alias")}
    return {**items, "birth_date": row.birth_date.isoformat(), "sex": row.sex, "address": full_address(row)}


def digest_of(row: ResidentVersion) -> str:
    """照合値 (layout of 住基ネット, 0102): SHA-256 of the compared items, the first 32 digits."""
    return hashlib.sha256("\x1f".join(compared_items(row).values()).encode()).hexdigest()[:32]


def certificate_draft(people: list[ResidentVersion]) -> Draft:
    """転出証明書情報 (法24条の2第4項) of everybody who leaves together."""
    first = people[0]
    items = {
        "destination": first.planned_destination,
        "planned_on": _day(first.planned_departure_on),
        "notified_on": first.notified_on.isoformat(),
        "address": full_address(first),
        "people": [_moving(row) for row in people],
    }
    return _draft(LineParty.JUKI_CS, "0301", first, items)


def support_draft(row: ResidentVersion, *, stop: bool) -> Draft:
    """支援措置情報: the stop and its release go to the network by themselves (SPEC 3.1)."""
    return _draft(LineParty.JUKI_CS, "0601", row, {"resident_code": row.resident_code, "stop": "1" if stop else "2"})


def full_address(row: ResidentVersion) -> str:
    """住所 with prefecture and city."""
    return f"{CITY}{row.address}"


def _to_network(change: Change) -> Iterator[Draft]:
    row = change.after
    if change.update != UPDATE or (row.is_living and change.differs(_IDENTITY)):
        yield identity_draft(change)
    if change.update == ENTRY and change.code in _FROM_ANOTHER_CITY:
        items = {
            **_identity(row),
            "previous_address": row.previous_address,
            "address": full_address(row),
            "arrived_on": change.event_on.isoformat(),
            "notified_on": change.notified_on.isoformat(),
        }
        yield _draft(LineParty.JUKI_CS, "0401", row, items)


def _to_ministry(change: Change) -> Iterator[Draft]:
    """市町村通知: 記載, 消除, 修正 of a foreign record; not what concerns the household only, nor a plan to leave."""
    row = change.after
    before = change.before
    if before is not None and before.resident_kind != row.resident_kind:
        update, about = (REMOVAL, before) if row.resident_kind == ResidentKind.JAPANESE else (ENTRY, row)
    elif change.update == UPDATE and (not row.is_living or not change.differs(_FOREIGN)):
        return
    else:
        update, about = change.update, row
    items = {
        "update": update,
        "reason_code": change.code,
        "event_on": change.event_on.isoformat(),
        "notified_on": change.notified_on.isoformat(),
        **{name: getattr(about, name) for name in ("name", "kanji_name", "alias", "birth_text", "sex")},
        "birth_date": about.birth_date.isoformat(),
        "nationality": about.nationality,
        **{name: getattr(about, name) for name in ("residence_class", "residence_status", "residence_period")},
        "residence_expires_on": _day(about.residence_expires_on),
        "residence_card_number": about.residence_card_number,
        "address": full_address(row),
    }
    yield _draft(LineParty.MOJ, "0801", row, items)
    carded = row.residence_class in (ResidenceClass.MID_TO_LONG_TERM, ResidenceClass.SPECIAL_PERMANENT)
    if row.is_living and carded and row.residence_card_number and change.code in _WITH_CARD:
        told = {name: items[name] for name in ("event_on", "notified_on", "name", "birth_date", "sex", "nationality")}
        told |= {"residence_card_number": row.residence_card_number, "address": full_address(row)}
        yield _draft(LineParty.MOJ, "0802", row, told)


def _to_domicile(change: Change) -> Iterator[Draft]:
    """戸籍附票記載事項通知: on entry, removal and every change of address or of what identifies (法19条1項)."""
    row = change.after
    if row.registered_domicile in ("", "なし", "不明"):
        return
    if change.update == UPDATE and (not row.is_living or not change.differs(_SUPPLEMENT)):
        return
    items = {
        "update": change.update,
        "reason_code": change.code,
        "event_on": change.event_on.isoformat(),
        "registered_domicile": row.registered_domicile,
        "registered_domicile_head": row.registered_domicile_head,
        **{name: getattr(row, name) for name in ("name", "name_kana", "birth_text", "sex", "resident_code")},
        "birth_date": row.birth_date.isoformat(),
        "address": full_address(row) if row.is_living else row.destination,
        "address_since": row.address_since.isoformat(),
        "previous_address": _previous(change),
    }
    yield _draft(LineParty.KOSEKI, "0701", row, items)


def _previous(change: Change) -> str:
    before = change.before
    if before is None or not before.is_living:
        return change.after.previous_address
    moved = not change.after.is_living or change.differs(_ADDRESS)
    return full_address(before) if moved else ""


def _identity(row: ResidentVersion) -> dict[str, Any]:
    names = (
        "resident_code", "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana",
        "birth_text", "sex",
    )  # fmt: skip
    return {**{name: getattr(row, name) for name in names}, "birth_date": row.birth_date.isoformat()}


def _moving(row: ResidentVersion) -> dict[str, Any]:
    names = (
        "resident_code", "name", "name_kana", "birth_text", "sex", "relationship", "head_name", "registered_domicile",
        "registered_domicile_head", "former_surname", "former_surname_kana", "nationality", "residence_class",
        "residence_status", "residence_period", "residence_card_number", "alias", "alias_kana",
    )  # fmt: skip
    items = {name: str(getattr(row, name)) for name in names}
    return {**items, "birth_date": row.birth_date.isoformat(), "residence_expires_on": _day(row.residence_expires_on)}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _draft(party: LineParty, kind: str, row: ResidentVersion, items: Mapping[str, Any]) -> Draft:
    version: int | None = row.version_number
    return Draft(party, kind, row.atena_number, version, items)
