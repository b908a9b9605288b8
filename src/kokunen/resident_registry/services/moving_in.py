"""転入・出生・職権記載: people who are written into the register (住基法22条, 30条の46, 30条の47; 令12条)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from kokunen.kernel.addresses import Address
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import ImpreciseDate, format_wareki
from kokunen.law.rules.filing_deadline import special_moving_in
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import EventCode, Filer, FilingKind, ResidenceClass, ResidentKind
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.household_rules import place_in_order, require_head
from kokunen.resident_registry.services.newcomers import ForeignItems, Newcomer, check_newcomer, record_newcomers
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates, note_late_filing
from kokunen.resident_registry.services.relations import is_head_relation
from kokunen.resident_registry.services.writing import carry_out

MOVE_IN_CODES = frozenset(
    {
        EventCode.MOVE_IN,
        EventCode.SPECIAL_MOVE_IN,
        EventCode.MOVE_IN_FROM_ABROAD,
        EventCode.UNFILED_MOVE_IN,
        EventCode.FOREIGN_MOVE_IN,
        EventCode.FOREIGN_STATUS_NOTICE,
        EventCode.ADDRESS_FOUND,
        EventCode.EX_OFFICIO_ENTRY,
    }
)
_FOREIGN_ONLY = frozenset({EventCode.FOREIGN_MOVE_IN, EventCode.FOREIGN_STATUS_NOTICE})
_FROM_ELSEWHERE = frozenset(
    {EventCode.MOVE_IN, EventCode.SPECIAL_MOVE_IN, EventCode.UNFILED_MOVE_IN, EventCode.MOVE_IN_FROM_ABROAD}
)
UNFILED_SUFFIX = "（未届）"


@dataclass(frozen=True, slots=True)
class Destination:
    """異動先の世帯 (SPEC 4.0.2): an existing household to join, or an address where a new one begins."""

    household_number: str = ""
    address: Address | None = None


def move_in(
    *,
    context: AccessContext,
    notice: Notice,
    newcomers: Sequence[Newcomer],
    destination: Destination,
    planned_out_on: date | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """転入・職権記載: write people into a new household or one that exists. Raises KokunenError, NeedsConfirmation.

    `planned_out_on` is 転出予定年月日 of the 転出証明書情報, needed for 特例転入 (102).
    """
    plan = partial(plan_move_in, newcomers=newcomers, destination=destination, planned_out_on=planned_out_on)
    subjects = [newcomer.atena_number for newcomer in newcomers]
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=subjects, expected=expected, acknowledged=acknowledged
    )


def plan_move_in(
    desk: Desk, *, newcomers: Sequence[Newcomer], destination: Destination, planned_out_on: date | None = None
) -> None:
    """転入の判定: who is written, where, with which days."""
    notice = desk.notice
    if notice.code not in MOVE_IN_CODES:
        raise InputError(
            f"異動事由{notice.code}は転入・職権記載ではありません",
            "code",
            "invalid_value",
            "異動事由を選び直してください。",
        )
    if not newcomers:
        raise InputError("転入する人が入力されていません", "newcomers", "missing_field", "1人以上を入力してください。")
    check_dates(notice, desk.today)
    if notice.code == EventCode.SPECIAL_MOVE_IN:
        _refuse_late_special(notice, desk.today, planned_out_on)
    note_late_filing(notice, desk.today, desk.findings)
    returning = [newcomer.atena_number for newcomer in newcomers if newcomer.atena_number]
    if returning:
        desk.open_people(returning)
    people = [_checked(desk, newcomer, position) for position, newcomer in enumerate(newcomers)]
    number, address, joining = _open_destination(desk, destination, people)
    since = notice.event_on
    numbers = record_newcomers(desk, people, address, number, resident_since=since)
    if joining:
        place_in_order(desk, number, numbers)
    else:
        require_head(desk.members(number), "newcomers.0.relationship")


def _refuse_late_special(notice: Notice, today: date, planned_out_on: date | None) -> None:
    """特例転入の期限 (住基令24条の3): past the earlier of both limits only a paper certificate will do."""
    if planned_out_on is None:
        raise InputError(
            "転出予定年月日が入力されていません",
            "planned_out_on",
            "missing_field",
            "転出証明書情報の転出予定年月日を入力してください。",
        )
    limits = special_moving_in(notice.day, planned_out_on)
    if notice.filed_on(today) > limits.deadline:
        raise InputError(
            f"特例転入の期限（{format_wareki(limits.deadline)}）を過ぎています。カードによる転入届はできません",
            "planned_out_on",
            "too_late",
            "前の市区町村の転出証明書を受け取り、転入（国内）で登録してください。",
        )


def _checked(desk: Desk, newcomer: Newcomer, position: int) -> Newcomer:
    code, at = desk.notice.code, f"newcomers.{position}."
    check_newcomer(newcomer, position, desk.today)
    if (
        newcomer.birth.sortable > desk.notice.day
        and not desk.notice.event_on.is_imprecise
        and not newcomer.birth.is_imprecise
    ):
        raise InputError("転入した日が生年月日より前です。日付を確認してください", "event_on", "inconsistent", "")
    if code in _FOREIGN_ONLY and newcomer.kind != ResidentKind.FOREIGN:
        raise InputError(
            f"{desk.notice.name}は外国人住民の届出です。日本人は国外からの転入（103）を選んでください",
            f"{at}nationality",
            "inconsistent",
            "",
        )
    if (
        code == EventCode.MOVE_IN_FROM_ABROAD
        and newcomer.foreign
        and newcomer.foreign.residence_class
        in (
            ResidenceClass.MID_TO_LONG_TERM,
            ResidenceClass.SPECIAL_PERMANENT,
        )
    ):
        raise InputError(
            "外国人住民が国外から転入したときは、法30条の46の届出（105）を選んでください", "code", "inconsistent", ""
        )
    if code in _FROM_ELSEWHERE and not newcomer.previous_address.strip():
        raise InputError(
            "従前の住所が入力されていません",
            f"{at}previous_address",
            "missing_field",
            "転出証明書のとおりに入力してください。",
        )
    if code == EventCode.UNFILED_MOVE_IN and not newcomer.previous_address.endswith(UNFILED_SUFFIX):
        return replace(newcomer, previous_address=newcomer.previous_address.strip() + UNFILED_SUFFIX)
    return newcomer


def _open_destination(desk: Desk, destination: Destination, people: Sequence[Newcomer]) -> tuple[str, Address, bool]:
    if destination.household_number:
        head = open_household(desk, destination.household_number)
        for position, newcomer in enumerate(people):
            if is_head_relation(newcomer.relationship) and any(
                m.is_head for m in desk.members(destination.household_number)
            ):
                raise InputError(
                    "この世帯には世帯主がいます。世帯主から見た続柄を入力してください",
                    f"newcomers.{position}.relationship",
                    "second_head",
                    "",
                )
        return destination.household_number, address_of(head), True
    if destination.address is None or not destination.address.town:
        raise InputError("住所が入力されていません", "address", "missing_field", "町名と番地を入力してください。")
    return desk.new_household_number(), destination.address, False


def open_household(desk: Desk, household_number: str, field: str = "household_number") -> ResidentVersion:
    """世帯を開く: somebody who lives in it (the head where there is one); an empty or unknown household is refused."""
    desk.open_households(household_number)
    members = desk.members(household_number)
    if not members:
        raise InputError(
            f"世帯番号{household_number}には住民がいません",
            field,
            "not_found",
            "世帯番号を確認するか、新しい世帯を選んでください。",
        )
    return next((row for row in members if row.is_head), members[0])


def address_of(row: ResidentVersion) -> Address:
    """住所 of a record as a value."""
    return Address("", row.town_id, row.town, row.lot, row.building, row.postal_code)


@dataclass(frozen=True, slots=True)
class Newborn:
    """出生子: `name` may still be empty (名未定). `parent_atena_number` is the parent whose household the child
    joins. `nationality` of a child without Japanese nationality: it is 出生による経過滞在者 (法30条の45) for 60 days.
    """

    name: str
    name_kana: str
    sex: str
    relationship: str
    parent_atena_number: str
    registered_domicile: str = ""
    registered_domicile_head: str = ""
    nationality: str = ""


def register_birth(
    *,
    context: AccessContext,
    notice: Notice,
    child: Newborn,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """出生 (戸籍法49条, 令12条2項1号): the child becomes a resident on the day of birth (異動日 = 生年月日)."""
    return carry_out(
        context=context,
        notice=notice,
        plan=partial(plan_birth, child=child),
        subjects=[child.parent_atena_number],
        expected=expected,
        acknowledged=acknowledged,
    )


def plan_birth(desk: Desk, *, child: Newborn) -> None:
    """出生の判定."""
    check_dates(desk.notice, desk.today)
    note_late_filing(desk.notice, desk.today, desk.findings)
    desk.open_people([child.parent_atena_number])
    parent = desk.living(child.parent_atena_number, "parent_atena_number")
    if is_head_relation(child.relationship):
        raise InputError(
            "出生子を世帯主にすることはできません。世帯主から見た続柄（子、子の子など）を入力してください",
            "relationship",
            "invalid_value",
            "",
        )
    birth: ImpreciseDate = desk.notice.event_on
    foreign = None
    if child.nationality.strip():
        foreign = ForeignItems(child.nationality.strip(), ResidenceClass.BIRTH_TRANSITION)
    newborn = Newcomer(
        name=child.name,
        name_kana=child.name_kana,
        birth=birth,
        sex=child.sex,  # type: ignore[arg-type]
        relationship=child.relationship,
        registered_domicile=child.registered_domicile or parent.registered_domicile or "不明",
        registered_domicile_head=child.registered_domicile_head or parent.registered_domicile_head,
        foreign=foreign,
    )
    check_newcomer(newborn, 0, desk.today, name_required=False)
    number = parent.household_number
    added = record_newcomers(desk, [newborn], address_of(parent), number, resident_since=birth)
    place_in_order(desk, number, added)
    if not child.name.strip():
        desk.findings.follow_up("name_pending", "名が未定です。出生届の追完の後に氏名を記載してください")
    if foreign is not None:
        desk.findings.follow_up(
            "stay_of_newborn",
            "出生による経過滞在者です。30日以内に在留資格の取得を申請し、60日を過ぎると住民票を消除することを案内してください",
        )
    desk.findings.follow_up("number_request", "個人番号の生成を住基ネットへ要求します")


def ex_officio(code: EventCode, event_on: ImpreciseDate, remarks: str = "") -> Notice:
    """職権の異動: a notice whose filer is the office itself (令12条)."""
    return Notice(code, event_on, filing_kind=FilingKind.EX_OFFICIO, filer=Filer.OFFICE, remarks=remarks)
