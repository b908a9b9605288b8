"""世帯変更 (住基法25条): split, merge, change of household, change of head. The address never changes in these (SPEC
4.1.4.1).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import EventCode
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.household_rules import (
    apply_relations,
    change_head_to,
    look_after_those_who_stay,
    place_in_order,
)
from kokunen.resident_registry.services.moving_in import open_household
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates, note_late_filing
from kokunen.resident_registry.services.relocation import (
    begin_household,
    note_order_of_events,
    open_movers,
    require_relations,
)
from kokunen.resident_registry.services.writing import carry_out


def split_household(
    *,
    context: AccessContext,
    notice: Notice,
    movers: Sequence[str],
    relations: Mapping[str, str] | None = None,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """世帯分離 (311): `movers` begin a household of their own at the same address; `relations` name its head."""
    plan = partial(
        plan_split,
        movers=movers,
        relations=relations or {},
        new_head=new_head,
        staying_relations=staying_relations,
    )
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=movers, expected=expected, acknowledged=acknowledged
    )


def plan_split(
    desk: Desk,
    *,
    movers: Sequence[str],
    relations: Mapping[str, str],
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
) -> None:
    """世帯分離の判定."""
    people = _opened(desk, movers)
    old_number = people[0].household_number
    if len(people) == len(desk.members_before(old_number)):
        raise InputError(
            "世帯の全員が選ばれています。世帯分離は一部の人だけです",
            "movers",
            "inconsistent",
            "分離する人だけを選んでください。",
        )
    number = desk.new_household_number()
    _put_into(desk, people, number)
    begin_household(desk, number, movers, relations)
    look_after_those_who_stay(desk, old_number, new_head=new_head, relations=staying_relations)


def join_household(
    *,
    context: AccessContext,
    notice: Notice,
    movers: Sequence[str],
    household_number: str,
    relations: Mapping[str, str],
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """世帯合併 (312, everybody) and 世帯変更 (313, some): `movers` go into another household at the same address."""
    plan = partial(
        plan_join,
        movers=movers,
        household_number=household_number,
        relations=relations,
        new_head=new_head,
        staying_relations=staying_relations,
    )
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=movers, expected=expected, acknowledged=acknowledged
    )


def plan_join(
    desk: Desk,
    *,
    movers: Sequence[str],
    household_number: str,
    relations: Mapping[str, str],
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
) -> None:
    """世帯合併・世帯変更の判定."""
    people = _opened(desk, movers, household_number)
    target = open_household(desk, household_number)
    old_number = people[0].household_number
    if household_number == old_number:
        raise InputError(
            "今の世帯が異動先に選ばれています", "household_number", "inconsistent", "別の世帯を選んでください。"
        )
    whole = len(people) == len(desk.members_before(old_number))
    if (desk.notice.code == EventCode.HOUSEHOLD_MERGE) != whole:
        raise InputError(
            "世帯合併は世帯の全員、世帯変更は一部の人の届出です。選んだ人と異動事由が合いません",
            "movers",
            "inconsistent",
            "選んだ人を確認してください。",
        )
    if people[0].address != target.address:
        raise InputError(
            f"異動先の世帯の住所（{target.address}）が、今の住所（{people[0].address}）と異なります",
            "household_number",
            "address_differs",
            "住所が変わるときは転居の届出をしてください。",
        )
    require_relations(people, relations)
    _put_into(desk, people, household_number)
    apply_relations(desk, {row.atena_number: relations[row.atena_number] for row in people}, subject=True)
    place_in_order(desk, household_number, movers)
    look_after_those_who_stay(desk, old_number, new_head=new_head, relations=staying_relations)


def change_head(
    *,
    context: AccessContext,
    notice: Notice,
    household_number: str,
    new_head: str,
    relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """世帯主変更 (314): every 続柄 is written anew; the proposals are taken where the officer confirmed nothing
    else.
    """
    plan = partial(plan_change_head, household_number=household_number, new_head=new_head, relations=relations)
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=[new_head], expected=expected, acknowledged=acknowledged
    )


def plan_change_head(
    desk: Desk, *, household_number: str, new_head: str, relations: Mapping[str, str] | None = None
) -> None:
    """世帯主変更の判定."""
    check_dates(desk.notice, desk.today)
    note_late_filing(desk.notice, desk.today, desk.findings)
    present = open_household(desk, household_number)
    if present.atena_number == new_head and present.is_head:
        raise InputError(
            f"{present.name}さんはすでに世帯主です", "new_head", "inconsistent", "新しい世帯主を選んでください。"
        )
    note_order_of_events(desk, desk.members(household_number))
    for row in desk.members(household_number):
        desk.revise(row.atena_number, subject=True)
    change_head_to(desk, household_number, new_head=new_head, relations=relations)


def _opened(desk: Desk, movers: Sequence[str], *also: str) -> list[ResidentVersion]:
    check_dates(desk.notice, desk.today)
    note_late_filing(desk.notice, desk.today, desk.findings)
    people = open_movers(desk, movers, *also)
    note_order_of_events(desk, people)
    return people


def _put_into(desk: Desk, people: Sequence[ResidentVersion], household_number: str) -> None:
    for row in people:
        desk.revise(
            row.atena_number,
            household_number=household_number,
            notified_on=desk.notice.filed_on(desk.today),
            filing_kind=desk.notice.filing_kind,
        )
