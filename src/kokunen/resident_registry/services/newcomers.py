"""新しく記載する人: the items a person brings, their checks, and the first row that follows (住基法7条, 30条の45)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokunen.kernel.addresses import Address
from kokunen.kernel.errors import InputError
from kokunen.kernel.names import check_kana, variant_key
from kokunen.kernel.numbers import ResidenceCardNumber, ResidentCode
from kokunen.kernel.wareki import ImpreciseDate, format_wareki
from kokunen.resident_registry.choices import (
    KanaStatus,
    ResidenceClass,
    ResidentKind,
    ResidentStatus,
    Sex,
)
from kokunen.resident_registry.models import CONTENT_FIELDS, ResidentCodeAssignment, ResidentVersion, SearchName
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services import numbering
from kokunen.resident_registry.services.desk import Desk, next_version
from kokunen.resident_registry.services.relations import normalise_relation, relation_codes

WARN_DAYS_BEFORE_EXPIRY = 30


@dataclass(frozen=True, slots=True)
class ForeignItems:
    """外国人住民の項目 (法30条の45): nationality, class and what the class brings."""

    nationality: str
    residence_class: ResidenceClass
    nationality_code: str = ""
    residence_status: str = ""
    residence_period: str = ""
    residence_expires_on: date | None = None
    card_number: str = ""
    kanji_name: str = ""
    alias: str = ""
    alias_kana: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """新しく記載する人: one person of a moving-in, a birth or an ex officio recording.

    `atena_number` is set when the officer chose a removed record (再転入者, or someone known under that number).
    `name` may be empty for a newborn only. `registered_domicile` is 本籍 (なし and 不明 are values); empty is refused
    for a Japanese.
    """

    name: str
    name_kana: str
    birth: ImpreciseDate
    sex: Sex
    relationship: str
    registered_domicile: str = ""
    registered_domicile_head: str = ""
    previous_address: str = ""
    last_registered_address: str = ""
    resident_code: str = ""
    telephone: str = ""
    foreign: ForeignItems | None = None
    atena_number: str = ""
    lived_here_since: date | None = None
    kana_status: KanaStatus = KanaStatus.NEITHER

    @property
    def kind(self) -> ResidentKind:
        """住民種別."""
        return ResidentKind.FOREIGN if self.foreign else ResidentKind.JAPANESE


@dataclass(frozen=True, slots=True)
class Match:
    """再転入者の候補: a removed (or living) record that may be the same person, and how it was found."""

    row: ResidentVersion
    by_number: bool
    key: str


def check_newcomer(newcomer: Newcomer, position: int, today: date, *, name_required: bool = True) -> None:
    """項目の検査: what must not be empty (SPEC 1.1.6) and what must hold; fields are named newcomers.<n>.<item>."""
    at = f"newcomers.{position}."
    if name_required and not newcomer.name.strip():
        raise InputError("氏名が入力されていません", f"{at}name", "missing_field", "氏名を入力してください。")
    if newcomer.birth.sortable > today:
        raise InputError(
            f"生年月日（{newcomer.birth}）が今日より後です。正しい生年月日を入力してください",
            f"{at}birth",
            "out_of_range",
            "",
        )
    if newcomer.name_kana:
        check_kana(newcomer.name_kana, f"{at}name_kana")
    relation_codes(newcomer.relationship, f"{at}relationship")
    if newcomer.foreign is None:
        if not newcomer.registered_domicile.strip():
            raise InputError(
                "本籍が入力されていません。戸籍がないときは「なし」、分からないときは「不明」と入力してください",
                f"{at}registered_domicile",
                "missing_field",
                "",
            )
    else:
        check_foreign(newcomer.foreign, at, today)
    if newcomer.resident_code:
        ResidentCode.parse(newcomer.resident_code, lenient=True, field=f"{at}resident_code")


def check_foreign(items: ForeignItems, at: str, today: date) -> None:
    """外国人住民の項目の検査; fields are named with `at` before them."""
    if not items.nationality.strip():
        raise InputError(
            "国籍・地域が入力されていません",
            f"{at}nationality",
            "missing_field",
            "在留カードのとおりに入力してください。",
        )
    if items.card_number:
        ResidenceCardNumber.parse(items.card_number, lenient=True, field=f"{at}card_number")
    if items.residence_class == ResidenceClass.MID_TO_LONG_TERM:
        if not items.residence_status:
            raise InputError(
                "在留資格が入力されていません",
                f"{at}residence_status",
                "missing_field",
                "在留カードのとおりに入力してください。",
            )
        if not items.card_number:
            raise InputError(
                "在留カードの番号が入力されていません",
                f"{at}card_number",
                "missing_field",
                "在留カードの右上の番号を入力してください。",
            )
    if items.residence_expires_on and items.residence_expires_on < today:
        raise InputError(
            f"在留期間の満了の日（{items.residence_expires_on:%Y年%m月%d日}）を過ぎています。新しい在留カードを確認してください",
            f"{at}residence_expires_on",
            "out_of_range",
            "在留期間が過ぎた人は住民票に記載できません。",
        )


def find_matches(newcomer: Newcomer) -> list[Match]:
    """再転入者・重複の検索 (SPEC 4.1.1.2): by number (binding) and by name, sex and birth date (an alert)."""
    found: dict[str, Match] = {}
    current = ResidentVersion.objects.filter(CURRENT)
    if newcomer.resident_code:
        code = ResidentCode.parse(newcomer.resident_code, lenient=True).value
        owner = ResidentCodeAssignment.objects.filter(resident_code=code).values_list("atena_number", flat=True).first()
        for row in current.filter(atena_number=owner) if owner else ():
            found[row.atena_number] = Match(row, True, "住民票コード")
    if newcomer.foreign and newcomer.foreign.card_number:
        card = ResidenceCardNumber.parse(newcomer.foreign.card_number, lenient=True).value
        for row in current.filter(residence_card_number=card):
            found.setdefault(row.atena_number, Match(row, True, "在留カード番号"))
    if newcomer.name and not newcomer.birth.is_imprecise:
        for row in same_name_and_birth(newcomer.name, newcomer.birth.sortable, newcomer.sex):
            found.setdefault(row.atena_number, Match(row, False, "氏名・性別・生年月日"))
    return list(found.values())


def same_name_and_birth(name: str, birth: date, sex: str) -> list[ResidentVersion]:
    """氏名・性別・生年月日が同じ人: through the search names of that birth date, present and past."""
    numbers = SearchName.objects.filter(birth_date=birth, name_key=variant_key(name)).values_list(
        "atena_number", flat=True
    )
    return list(ResidentVersion.objects.filter(CURRENT, atena_number__in=list(numbers), sex=sex))


def record_newcomers(
    desk: Desk, newcomers: Sequence[Newcomer], address: Address, household_number: str, *, resident_since: ImpreciseDate
) -> list[str]:
    """記載する: the first rows (or reopened ones) of the people, on the desk; gives their 宛名番号."""
    numbers = []
    for position, newcomer in enumerate(newcomers):
        _settle_identity(desk, newcomer, position)
        before = desk.rows.get(newcomer.atena_number) if newcomer.atena_number else None
        number = before.atena_number if before else desk.new_atena_number()
        row = next_version(before) if before else ResidentVersion(atena_number=number, version_number=1)
        _fill(desk, row, newcomer, before, address, household_number, resident_since, position)
        if before:
            desk.revise(number, **{name: getattr(row, name) for name in CONTENT_FIELDS})
        else:
            desk.add(row)
        numbers.append(number)
    return numbers


def _settle_identity(desk: Desk, newcomer: Newcomer, position: int) -> None:
    """再転入者の判定: a match by number must be chosen, a match by name only alerts."""
    at = f"newcomers.{position}.atena_number"
    for match in find_matches(newcomer):
        row = match.row
        if row.atena_number == newcomer.atena_number:
            continue
        if match.by_number and row.is_living:
            raise InputError(
                f"{match.key}が、住民である{row.name}さん（宛名番号{row.atena_number}）と同じです。番号を確認してください",
                at.replace("atena_number", "resident_code"),
                "already_used",
                "",
            )
        if match.by_number:
            raise InputError(
                f"{match.key}が、除票の{row.name}さん（宛名番号{row.atena_number}）と同じです。再転入者として前の記録を選んでください",
                at,
                "returning_resident",
                "新しい宛名番号は付けられません。",
            )
        state = "住民" if row.is_living else f"{row.get_removal_code_display()}の除票"
        desk.findings.alert(
            f"same_person_{row.atena_number}",
            f"氏名・性別・生年月日が同じ人がいます: {row.name}さん（{state}、宛名番号{row.atena_number}）。"
            "同じ人なら前の記録を選んでください",
            at,
        )


def _fill(
    desk: Desk,
    row: ResidentVersion,
    newcomer: Newcomer,
    before: ResidentVersion | None,
    address: Address,
    household_number: str,
    resident_since: ImpreciseDate,
    position: int,
) -> None:
    if before is not None and before.is_living:
        raise InputError(
            f"{before.name}さんは現在も住民です。転入ではなく転居・世帯変更を選んでください",
            f"newcomers.{position}.atena_number",
            "already_living",
            "",
        )
    since = resident_since
    if newcomer.lived_here_since and newcomer.lived_here_since > resident_since.sortable:
        since = ImpreciseDate.of(newcomer.lived_here_since)
    foreign = newcomer.foreign
    notice = desk.notice
    row.status, row.resident_kind = ResidentStatus.LIVING, newcomer.kind
    row.name, row.name_kana = newcomer.name.strip(), check_kana(newcomer.name_kana) if newcomer.name_kana else ""
    row.kana_status, row.kana_confirmed = newcomer.kana_status, bool(newcomer.name_kana)
    row.birth_date, row.birth_imprecise = newcomer.birth.sortable, newcomer.birth.is_imprecise
    row.birth_text = newcomer.birth.display if newcomer.birth.is_imprecise else ""
    row.sex, row.telephone = newcomer.sex, newcomer.telephone
    row.household_number, row.household_order = household_number, position + 1
    row.relationship = normalise_relation(newcomer.relationship)
    row.relationship_codes = relation_codes(newcomer.relationship, f"newcomers.{position}.relationship")
    row.head_atena_number = row.head_name = ""
    if row.relationship_codes == "02":
        row.head_atena_number, row.head_name = row.atena_number, row.name
    row.registered_domicile = "" if foreign else newcomer.registered_domicile.strip()
    row.registered_domicile_head = "" if foreign else newcomer.registered_domicile_head.strip()
    for prefix in ("resident_since", "address_since"):  # 住所を定めた日 = 住民となった日 while not moved (SPEC 4.1.1.1)
        setattr(row, prefix, since.sortable)
        setattr(row, f"{prefix}_imprecise", since.is_imprecise)
        setattr(row, f"{prefix}_text", since.display if since.is_imprecise else "")
    set_address(row, address)
    row.previous_address, row.last_registered_address = newcomer.previous_address, newcomer.last_registered_address
    row.notified_on, row.filing_kind = notice.filed_on(desk.today), notice.filing_kind
    _fill_foreign(desk, row, foreign)
    clear_departure(row)
    if not desk.for_real:
        return
    if newcomer.resident_code:
        row.resident_code = numbering.take_over_resident_code(
            row.atena_number, newcomer.resident_code, f"newcomers.{position}.resident_code"
        )
    elif before is None or not before.resident_code:
        row.resident_code = numbering.assign_resident_code(row.atena_number, desk.findings)


def _fill_foreign(desk: Desk, row: ResidentVersion, foreign: ForeignItems | None) -> None:
    for name, value in foreign_columns(foreign).items():
        setattr(row, name, value)
    expires = row.residence_expires_on
    if expires and (expires - desk.today).days <= WARN_DAYS_BEFORE_EXPIRY:
        desk.findings.alert(
            "stay_expires_soon",
            f"在留期間の満了の日（{expires.year}年{expires.month}月{expires.day}日）まで30日以内です",
            "",
        )


def foreign_columns(foreign: ForeignItems | None) -> dict[str, Any]:
    """外国人住民の列: all of them, empty for a Japanese resident."""
    card = foreign.card_number if foreign else ""
    return {
        "nationality_code": foreign.nationality_code if foreign else "",
        "nationality": foreign.nationality.strip() if foreign else "",
        "residence_class": foreign.residence_class if foreign else "",
        "residence_status": foreign.residence_status if foreign else "",
        "residence_period": foreign.residence_period if foreign else "",
        "residence_expires_on": foreign.residence_expires_on if foreign else None,
        "residence_card_number": ResidenceCardNumber.parse(card, lenient=True).value if card else "",
        "kanji_name": foreign.kanji_name if foreign else "",
        "alias": foreign.alias if foreign else "",
        "alias_kana": foreign.alias_kana if foreign else "",
    }


def set_address(row: ResidentVersion, address: Address) -> None:
    """住所を記載する."""
    row.postal_code, row.town_id, row.town = address.postal_code, address.town_id, address.town
    row.lot, row.building = address.lot, address.building


def clear_departure(row: ResidentVersion) -> None:
    """転出・消除の項目を空にする: a person who lives here has none."""
    row.departure_code = row.planned_destination = row.destination_kind = row.confirmed_destination = ""
    row.planned_departure_on = row.confirmed_departure_on = row.arrival_notified_on = None
    row.removal_code, row.removed_on, row.removed_text, row.removed_imprecise = "", None, "", False


def describe(row: ResidentVersion) -> str:
    """氏名（生年月日）: how a person is named in messages."""
    return f"{row.name}（{row.birth_text or format_wareki(row.birth_date)}生）"
