"""転居 (住基法23条): a move inside the city, of a whole household or a part of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from kokunen.kernel.addresses import Address
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.household_rules import (
    apply_relations,
    look_after_those_who_stay,
    place_in_order,
    require_head,
)
from kokunen.resident_registry.services.moving_in import Destination, address_of, open_household
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates, note_late_filing
from kokunen.resident_registry.services.writing import carry_out


def relocate(
    *,
    context: AccessContext,
    notice: Notice,
    movers: Sequence[str],
    destination: Destination,
    relations: Mapping[str, str] | None = None,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """転居: `movers` (宛名番号, of one household) take up `destination`.

    A whole household that moves to an address keeps its 世帯番号 and 続柄. A part begins a new household (then
    `relations` must name one 世帯主 among them) or joins one (then `relations` are those to its head). `new_head` and
    `staying_relations` are for those who stay when the head leaves.
    """
    plan = partial(
        plan_relocation,
        movers=movers,
        destination=destination,
        relations=relations or {},
        new_head=new_head,
        staying_relations=staying_relations,
    )
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=movers, expected=expected, acknowledged=acknowledged
    )


def plan_relocation(
    desk: Desk,
    *,
    movers: Sequence[str],
    destination: Destination,
    relations: Mapping[str, str],
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
) -> None:
    """転居の判定."""
    check_dates(desk.notice, desk.today)
    note_late_filing(desk.notice, desk.today, desk.findings)
    people = open_movers(desk, movers, destination.household_number)
    old_number = people[0].household_number
    whole = len(people) == len(desk.members_before(old_number))
    note_order_of_events(desk, people)
    if destination.household_number:
        number = _join(desk, destination.household_number, people, relations)
        address = address_of(next(row for row in desk.members_before(number)))
    else:
        if destination.address is None or not destination.address.town:
            raise InputError(
                "転居先の住所が入力されていません", "address", "missing_field", "町名と番地を入力してください。"
            )
        address = destination.address
        number = old_number if whole else desk.new_household_number()
    _move(desk, people, number, address)
    if destination.household_number:
        place_in_order(desk, number, movers)
    elif whole:
        apply_relations(desk, relations, subject=True)
    else:
        begin_household(desk, number, movers, relations)
    look_after_those_who_stay(desk, old_number, new_head=new_head, relations=staying_relations)


def open_movers(desk: Desk, movers: Sequence[str], *also_households: str) -> list[ResidentVersion]:
    """異動者を開く: living people of one household; anything else is refused."""
    if not movers:
        raise InputError("異動する人が選ばれていません", "movers", "missing_field", "1人以上を選んでください。")
    desk.open_people(movers, *(number for number in also_households if number))
    people = [desk.living(number, "movers") for number in dict.fromkeys(movers)]
    if len({row.household_number for row in people}) > 1:
        raise InputError("別の世帯の人が一緒に選ばれています", "movers", "inconsistent", "世帯ごとに届け出てください。")
    return people


def note_order_of_events(desk: Desk, people: Sequence[ResidentVersion]) -> None:
    """異動日の前後: an alert when somebody's latest change is later than this one (section 12)."""
    for row in people:
        latest = row.valid_period.lower
        if not desk.notice.event_on.is_imprecise and desk.notice.day < latest:
            desk.findings.alert(
                f"earlier_than_latest_{row.atena_number}",
                f"異動日が、{row.name}さんの直近の異動日（{format_wareki(latest)}）より前です。日付を確認してください",
                "event_on",
            )


def _join(desk: Desk, number: str, people: Sequence[ResidentVersion], relations: Mapping[str, str]) -> str:
    open_household(desk, number)
    if any(row.household_number == number for row in people):
        raise InputError(
            "今の世帯が転居先に選ばれています",
            "household_number",
            "inconsistent",
            "別の世帯か、新しい住所を選んでください。",
        )
    require_relations(people, relations)
    apply_relations(desk, {row.atena_number: relations[row.atena_number] for row in people}, subject=True)
    return number


def require_relations(people: Sequence[ResidentVersion], relations: Mapping[str, str]) -> None:
    """続柄の入力: everybody who joins a household needs the relation to its head."""
    for row in people:
        if not relations.get(row.atena_number, "").strip():
            raise InputError(
                f"{row.name}さんの新しい世帯での続柄が入力されていません",
                f"relations.{row.atena_number}",
                "missing_field",
                "新しい世帯の世帯主から見た続柄を入力してください。",
            )


def begin_household(desk: Desk, number: str, movers: Sequence[str], relations: Mapping[str, str]) -> None:
    """新しい世帯を始める: one of the movers is the head, the others stand to that person as told."""
    if len(movers) == 1:
        relations = {movers[0]: "世帯主"}
    apply_relations(desk, {m: relations[m] for m in movers if m in relations}, subject=True)
    require_head(desk.members(number))
    for position, mover in enumerate(movers, start=1):
        desk.revise(mover, household_order=position)


def _move(desk: Desk, people: Sequence[ResidentVersion], number: str, address: Address) -> None:
    for row in people:
        if row.planned_departure_on:
            desk.findings.alert(
                f"departure_planned_{row.atena_number}",
                f"{row.name}さんは{format_wareki(row.planned_departure_on)}に転出する予定です。転出取消の届出が先に必要か確認してください",
                "movers",
            )
        if _same_address(row, address):
            desk.findings.alert(
                "same_address", "今の住所と同じ住所です。同じ番地の別の建物への転居か確認してください", "address"
            )
        desk.revise(
            row.atena_number,
            household_number=number,
            postal_code=address.postal_code,
            town_id=address.town_id,
            town=address.town,
            lot=address.lot,
            building=address.building,
            previous_address=row.address,
            address_since=desk.notice.day,
            address_since_text="",
            address_since_imprecise=False,
            notified_on=desk.notice.filed_on(desk.today),
            filing_kind=desk.notice.filing_kind,
        )


def _same_address(row: ResidentVersion, address: Address) -> bool:
    return (row.town, row.lot, row.building) == (address.town, address.lot, address.building)
