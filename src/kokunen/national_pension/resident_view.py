"""住民記録の連携データ: what the section sees of a resident, through its own declared view and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from kokunen.national_pension.deduction import Subject

USING = "national_pension"
VIEW = "integrated.national_pension__resident"

COLUMNS = (
    "status",
    "resident_kind",
    "name",
    "name_kana",
    "alias",
    "birth_date",
    "birth_text",
    "sex",
    "relationship",
    "household_number",
    "head_atena_number",
    "head_name",
    "telephone",
    "resident_since",
    "removed_on",
    "removal_code",
    "postal_code",
    "address",
    "building",
    "departure_code",
    "departure_on",
    "destination",
    "destination_abroad",
    "protected",
)
_SELECT = ", ".join(("atena_number", *COLUMNS))
FOREIGN = "2"
LIVING = "1"
SPOUSE_WORDS = ("夫", "妻", "夫（未届）", "妻（未届）")


@dataclass(frozen=True, slots=True)
class Resident:
    """住民: the declared columns of one resident, as the register holds them now."""

    atena_number: str
    status: str
    resident_kind: str
    name: str
    name_kana: str
    alias: str
    birth_date: date
    birth_text: str
    sex: str
    relationship: str
    household_number: str
    head_atena_number: str
    head_name: str
    telephone: str
    resident_since: date
    removed_on: date | None
    removal_code: str
    postal_code: str
    address: str
    building: str
    departure_code: str
    departure_on: date | None
    destination: str
    destination_abroad: bool
    protected: bool

    @property
    def is_living_here(self) -> bool:
        """住民であるか (someone whose move is only planned still is)."""
        return self.status == LIVING

    @property
    def is_foreign(self) -> bool:
        """外国人住民であるか"""
        return self.resident_kind == FOREIGN

    @property
    def full_address(self) -> str:
        """現住所 with 方書, which is never left out."""
        return f"{self.address}　{self.building}" if self.building else self.address

    @property
    def subject(self) -> Subject:
        """What the law asks of the person."""
        return Subject(self.birth_date, japanese=not self.is_foreign)


def find(atena_number: str) -> Resident | None:
    """住民記録: one resident, or None when the register has never known the number."""
    return by_numbers([atena_number]).get(atena_number)


def by_numbers(atena_numbers: Iterable[str]) -> dict[str, Resident]:
    """住民記録: residents by 宛名番号; unknown numbers are left out."""
    return {one.atena_number: one for one in _read("where atena_number = any(%s)", [list(atena_numbers)])}


def household(household_number: str) -> list[Resident]:
    """世帯員: the living members of a household."""
    if not household_number:
        return []
    return _read("where household_number = %s and status = %s order by atena_number", [household_number, LIVING])


def households(household_numbers: Iterable[str]) -> dict[str, list[Resident]]:
    """世帯員 of many households at once: 世帯番号 → living members."""
    found: dict[str, list[Resident]] = {}
    numbers = sorted({one for one in household_numbers if one})
    for one in _read("where household_number = any(%s) and status = %s order by atena_number", [numbers, LIVING]):
        found.setdefault(one.household_number, []).append(one)
    return found


def _read(where: str, params: Sequence[Any]) -> list[Resident]:
    with connections[USING].cursor() as cursor:
        cursor.execute(f"select {_SELECT} from {VIEW} {where}", params)
        return [_resident(row) for row in cursor.fetchall()]


def _resident(row: Sequence[Any]) -> Resident:
    return Resident(**dict(zip(("atena_number", *COLUMNS), row, strict=True)))


def spouse_in(members: Sequence[Resident], of: Resident) -> Resident | None:
    """配偶者: the spouse by 続柄 within the household, None when the words do not tell with certainty."""
    others = [member for member in members if member.atena_number != of.atena_number]
    relation = of.relationship
    if relation == "世帯主":
        found = [member for member in others if member.relationship in SPOUSE_WORDS]
    elif relation in SPOUSE_WORDS:
        found = [member for member in others if member.relationship == "世帯主"]
    else:
        head, _, last = relation.rpartition("の")
        if last in SPOUSE_WORDS and head:
            found = [member for member in others if member.relationship == head]
        else:
            found = [member for member in others if member.relationship in (f"{relation}の夫", f"{relation}の妻")]
    return found[0] if len(found) == 1 else None
