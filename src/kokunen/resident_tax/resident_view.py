"""住民記録の連携データ: what the section sees of a resident, through its own declared view and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

USING = "resident_tax"
VIEW = "integrated.resident_tax__resident"

COLUMNS = (
    "status",
    "name",
    "name_kana",
    "birth_date",
    "birth_text",
    "sex",
    "relationship",
    "household_number",
    "head_name",
    "resident_since",
    "removed_on",
    "postal_code",
    "address",
    "building",
    "protected",
)
SEARCH_KEYS = ("name_key", "kana_key", "kana_alt_key", "alias_name_key", "alias_kana_key", "kana_sort")
_SELECT = ", ".join(("atena_number", *COLUMNS))
DEAD = "3"


@dataclass(frozen=True, slots=True)
class Resident:
    """住民: the declared columns of one resident, as the register holds them now."""

    atena_number: str
    status: str
    name: str
    name_kana: str
    birth_date: date
    birth_text: str
    sex: str
    relationship: str
    household_number: str
    head_name: str
    resident_since: date
    removed_on: date | None
    postal_code: str
    address: str
    building: str
    protected: bool

    @property
    def full_address(self) -> str:
        """現住所 with 方書, which is never left out."""
        return f"{self.address}　{self.building}" if self.building else self.address


def by_numbers(atena_numbers: Iterable[str]) -> dict[str, Resident]:
    """住民記録: residents by 宛名番号; unknown numbers are left out."""
    return {one.atena_number: one for one in _read("where atena_number = any(%s)", [list(atena_numbers)])}


def find(atena_number: str) -> Resident | None:
    """住民記録: one resident, or None when the register has never known the number."""
    return by_numbers([atena_number]).get(atena_number)


def by_kana_and_birth(pairs: Sequence[tuple[str, date]]) -> dict[tuple[str, date], list[str]]:
    """照合: 宛名番号 of everybody with that カナ検索キー and 生年月日, for each pair."""
    found: dict[tuple[str, date], list[str]] = {}
    with connections[USING].cursor() as cursor:
        cursor.execute(
            f"select kana_key, birth_date, atena_number from {VIEW} "
            "where (kana_key, birth_date) in (select * from unnest(%s::text[], %s::date[]))",
            [[kana for kana, _ in pairs], [birth for _, birth in pairs]],
        )
        for kana, birth, atena in cursor.fetchall():
            found.setdefault((kana, birth), []).append(atena)
    return found


def _read(where: str, params: Sequence[Any]) -> list[Resident]:
    with connections[USING].cursor() as cursor:
        cursor.execute(f"select {_SELECT} from {VIEW} {where}", params)
        return [Resident(**dict(zip(("atena_number", *COLUMNS), row, strict=True))) for row in cursor.fetchall()]
