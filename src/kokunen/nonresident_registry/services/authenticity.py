"""番号真正性確認 (S5-3; 番号法16条): the four basic items held here against those obtained, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokunen.common_platform.operations import clock
from kokunen.kernel.addresses import address_key
from kokunen.kernel.errors import InputError
from kokunen.kernel.names import search_key, variant_key
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.choices import CheckMeans, CheckResult, NumberKind
from kokunen.nonresident_registry.models import ALIAS, AuthenticityCheck
from kokunen.nonresident_registry.services.numbers import get_binding, set_verification
from kokunen.nonresident_registry.services.writing import lock, one_change

DATASET_JA = "番号真正性確認"
SAME, SPELLING, DIFFERENT, UNKNOWN = "一致", "字体・カナの差", "不一致", "不明"


@dataclass(frozen=True, slots=True)
class BasicItems:
    """基本4情報 (name, birth date, sex, address); of a corporation name and address only."""

    name: str
    name_kana: str = ""
    birth_date: date | None = None
    sex: str = "0"
    address: str = ""


def compare(held: BasicItems, obtained: BasicItems, *, corporation: bool = False) -> tuple[str, dict[str, str]]:
    """突き合わせる: the result code and what each item gave.

    1 all the same; 2 the name differs by variant characters or kana only; 3 only the address differs; 4 anything else.
    """
    items = {"氏名": _names(held, obtained)}
    if not corporation:
        items["生年月日"] = (
            SAME if held.birth_date is not None and held.birth_date == obtained.birth_date else DIFFERENT
        )
        items["性別"] = UNKNOWN if "0" in (held.sex, obtained.sex) else SAME if held.sex == obtained.sex else DIFFERENT
    items["住所"] = SAME if _place(held.address) == _place(obtained.address) else DIFFERENT
    person = [value for name, value in items.items() if name != "住所"]
    if DIFFERENT in person:
        return CheckResult.DIFFERENT, items
    if items["住所"] == DIFFERENT:
        return CheckResult.ADDRESS_DIFFERS, items
    return (CheckResult.SAME_BUT_SPELLING if SPELLING in person else CheckResult.SAME), items


def _names(held: BasicItems, obtained: BasicItems) -> str:
    if _plain(held.name) == _plain(obtained.name):
        return SAME
    if variant_key(held.name) == variant_key(obtained.name):
        return SPELLING
    kana = held.name_kana and obtained.name_kana
    return (
        SPELLING
        if kana
        and search_key(held.name_kana) == search_key(obtained.name_kana)
        and (variant_key(held.name)[:1] == variant_key(obtained.name)[:1])
        else DIFFERENT
    )


def _plain(name: str) -> str:
    return "".join(name.split())


def _place(address: str) -> str:
    return address_key(address)


def check_authenticity(
    *,
    context: AccessContext,
    atena_number: str,
    number_kind: str,
    means: str,
    obtained: BasicItems | None = None,
) -> AuthenticityCheck:
    """真正性を確認する: records means and result, and makes the number count when they agree.

    `obtained` are the items of the card, the papers, 住基ネット or 国税庁; with CheckMeans.REGISTER they are taken from
    the residents' published row. Items that could not be found at all (nobody known there) give 該当なし.
    """
    with one_change(context, DATASET_JA, [atena_number]):
        lock(atena_number)
        binding = get_binding(atena_number, number_kind)
        subject = queries.find_subject(atena_number)
        if subject is None:
            raise InputError("この宛名番号の人・法人はありません", "atena_number", "not_found", "")
        other = _from_register(atena_number) if means == CheckMeans.REGISTER else obtained
        held = BasicItems(subject.name, subject.name_kana, subject.birth_date, subject.sex, subject.address)
        if other is None:
            result, items = str(CheckResult.NOT_FOUND), dict[str, str]()
        else:
            result, items = compare(held, other, corporation=number_kind == NumberKind.CORPORATE)
        check = AuthenticityCheck.objects.create(
            atena_number=atena_number,
            number_kind=number_kind,
            number_index=binding.number_index,
            means=means,
            result=result,
            compared=items,
            checked_at=clock.now(),
            checked_by=context.staff_number,
            office_code=context.office_code,
            case_id=context.case_id or "",
        )
        set_verification(context=context, row=binding, result=result)
        record(
            ALIAS,
            context,
            act=Act.REGISTER,
            dataset=DATASET_JA,
            atena_numbers=[atena_number],
            items=[NumberKind(number_kind).label, "氏名", "生年月日", "性別", "住所"],
            detail={"means": CheckMeans(means).label, "result": CheckResult(result).label},
        )
    return check


def _from_register(atena_number: str) -> BasicItems | None:
    """住民記録の4情報: of the person, or of the resident to whom the record is linked."""
    number = queries.resolve(atena_number)
    row = queries.find_resident_row(number)
    if row is None:
        return None
    return BasicItems(row.name, row.name_kana, row.birth_date, row.sex, row.address)
