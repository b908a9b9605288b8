"""検索: one box for people, in the section's own view of the residents.

氏名, カナ (variant characters and long marks folded), 生年月日, 基礎年金番号, 宛名番号, 受付番号. 個人番号 is no key
here: the section does not hold it (the number vault does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records import search
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import SHORT_TYPE_LABELS
from kokunen.national_pension.models import PensionNumber, QualificationPeriod, Receipt
from kokunen.national_pension.queries.common import BASIC, looked_at
from kokunen.national_pension.resident_view import Resident

TARGET = search.SearchTarget(
    resident_view.VIEW,
    kana=("kana_key", "kana_alt_key", "alias_kana_key"),
    names=("name_key", "alias_name_key"),
)
_KINDS = {
    "name": search.KeyKind.KANJI,
    "kana": search.KeyKind.KANA,
    "birth": search.KeyKind.DATE,
    "number": search.KeyKind.NUMBER,
}
_ATENA, _PENSION, _INDIVIDUAL, _RECEIPT = 15, 10, 12, 13


@dataclass(frozen=True, slots=True)
class FoundRow:
    """検索結果の行: the resident, the kind in force today, and whether another row has the same name and birth date."""

    resident: Resident
    qualification: str
    same_person_suspected: bool


@dataclass(frozen=True, slots=True)
class Found:
    """検索結果: what the key was taken for, the rows, the key of the next page, and the total (None = more than
    counted).
    """

    kind_ja: str
    rows: tuple[FoundRow, ...]
    next_key: str
    total: int | None


def search_persons(text: str, *, context: AccessContext, kind: str = "", after: str = "") -> Found:
    """検索する: rows in the order exact, prefix, part. Raises InputError when nothing was typed or it cannot be a
    key.
    """
    query = search.read_query(text, clock.today(), _KINDS.get(kind))
    if query.kind is search.KeyKind.NUMBER:
        numbers = _by_number(query.digits)
        return _found(query.kind, numbers, "", len(numbers), context)
    page = search.find("national_pension", TARGET, query, cursor=search.Cursor.decode(after) if after else None)
    following = page.next_cursor.encode() if page.next_cursor else ""
    return _found(query.kind, [hit.atena_number for hit in page.hits], following, page.total, context)


def _by_number(digits: str) -> list[str]:
    if len(digits) == _ATENA:
        return [digits]
    if len(digits) == _PENSION:
        rows = PensionNumber.objects.current().filter(number=digits)
        return list(dict.fromkeys(rows.values_list("atena_number", flat=True)))
    if len(digits) == _RECEIPT:
        found = Receipt.objects.filter(pk=int(digits[4:])).first()
        return [found.atena_number] if found and found.receipt_number == digits else []
    if len(digits) == _INDIVIDUAL:
        raise InputError(
            "個人番号では検索できません（国民年金システムは個人番号を保有しません）",
            field="q",
            code="invalid_value",
            hint="氏名・カナ・生年月日・基礎年金番号・宛名番号で検索してください。",
        )
    raise InputError(
        f"{len(digits)}桁の番号では検索できません",
        field="q",
        code="invalid_format",
        hint="基礎年金番号（10桁）、受付番号（13桁）、宛名番号（15桁）のどれかを入力してください。",
    )


def _found(
    kind: search.KeyKind, numbers: Sequence[str], following: str, total: int | None, context: AccessContext
) -> Found:
    with looked_at(context, "個人の検索", list(numbers), items=(BASIC,), act=Act.SEARCH):
        residents = resident_view.by_numbers(numbers)
        kinds = _kinds_today(numbers)
        ordered = [residents[number] for number in dict.fromkeys(numbers) if number in residents]
        keys = [(one.name, one.birth_date, one.sex) for one in ordered]
        return Found(
            search.KEY_KIND_JA[kind],
            tuple(
                FoundRow(one, kinds.get(one.atena_number, ""), keys.count(key) > 1)
                for one, key in zip(ordered, keys, strict=True)
            ),
            following,
            total,
        )


def _kinds_today(numbers: Sequence[str]) -> dict[str, str]:
    rows = QualificationPeriod.objects.current().valid_on(clock.today()).filter(atena_number__in=list(numbers))
    return {atena: SHORT_TYPE_LABELS[kind] for atena, kind in rows.values_list("atena_number", "insured_type")}
