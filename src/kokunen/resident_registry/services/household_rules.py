"""世帯の規則: what a notice does to the people who stay, and what the law calls them afterwards (SPEC 1.1.11,
4.0.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kokunen.kernel.errors import InputError
from kokunen.resident_registry.choices import HEAD_RELATION, HEAD_RELATION_CODE
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.proposals import Proposal, propose_relations
from kokunen.resident_registry.services.relations import normalise_relation, relation_codes


def set_relation(desk: Desk, atena_number: str, relation: str, *, subject: bool, field: str = "relationship") -> None:
    """続柄を記載する: text and codes together."""
    relation = normalise_relation(relation)
    desk.revise(
        atena_number, subject=subject, relationship=relation, relationship_codes=relation_codes(relation, field)
    )


def apply_relations(desk: Desk, relations: Mapping[str, str], *, subject: bool = False) -> None:
    """続柄をまとめて記載する: as the officer confirmed them; the field of an error names the person."""
    for atena_number, relation in relations.items():
        if normalise_relation(relation) != desk.person(atena_number).relationship:
            set_relation(desk, atena_number, relation, subject=subject, field=f"relations.{atena_number}")


def require_head(members: Iterable[ResidentVersion], field: str = "relations") -> None:
    """世帯主の確認: a household that begins or is asked for a head must have exactly one."""
    heads = [row for row in members if row.relationship_codes == HEAD_RELATION_CODE]
    if len(heads) != 1:
        raise InputError(
            "世帯主が決まっていません。世帯員のうち1人の続柄を「世帯主」にしてください"
            if not heads
            else f"世帯主が{len(heads)}人います。世帯主は1人だけです",
            field,
            "head_required" if not heads else "second_head",
            "世帯主とする人を届出人に確認してください。",
        )


def place_in_order(desk: Desk, household_number: str, joining: Sequence[str]) -> None:
    """世帯内の順序: whoever joins later goes to the end (SPEC 5.2)."""
    staying = [row for row in desk.members(household_number) if row.atena_number not in joining]
    last = max((row.household_order for row in staying), default=0)
    for number in joining:
        last += 1
        desk.revise(number, household_order=last)


def look_after_those_who_stay(
    desk: Desk,
    household_number: str,
    *,
    new_head: str | None,
    relations: Mapping[str, str] | None,
) -> None:
    """残る世帯員: when the head leaves (SPEC 4.0.4, 4.0.5).

    One person left becomes head ex officio. Two or more: with `new_head` the proposed 続柄 are taken (those the
    officer confirmed in `relations` first); without it the household has no head, an alert says so and the request
    letter is due.
    """
    before = desk.members_before(household_number)
    staying = desk.members(household_number)
    head = next((row for row in before if row.relationship_codes == HEAD_RELATION_CODE), None)
    head_left = head is not None and head.atena_number not in {row.atena_number for row in staying}
    if not staying or (not head_left and head is not None and new_head is None):
        return
    if len(staying) == 1 and new_head in (None, staying[0].atena_number):
        only = staying[0]
        if only.relationship_codes != HEAD_RELATION_CODE:
            set_relation(desk, only.atena_number, HEAD_RELATION, subject=False)
            desk.findings.follow_up(
                "auto_head",
                f"残る世帯員が1人のため、{only.name}さんを職権で世帯主にします。世帯主変更通知書を交付してください",
            )
        return
    if new_head is None:
        if head_left:
            _no_head(desk, before, staying)
        return
    change_head_to(desk, household_number, new_head=new_head, relations=relations)


def _no_head(desk: Desk, before: Sequence[ResidentVersion], staying: Sequence[ResidentVersion]) -> None:
    first = staying[0]
    desk.findings.alert(
        "head_leaves",
        f"世帯主がいなくなり、{len(staying)}人が残ります。先に世帯主変更を届け出てもらうか、新しい世帯主を選んでください",
        "new_head",
    )
    desk.findings.follow_up(
        "head_request",
        f"世帯主未設定になります。{first.name}さんに世帯主変更依頼通知書を送ってください",
    )


def change_head_to(desk: Desk, household_number: str, *, new_head: str, relations: Mapping[str, str] | None) -> None:
    """世帯主を替える: the new 続柄 of everybody who stays, and the order of printing."""
    staying = {row.atena_number: row for row in desk.members(household_number)}
    if new_head not in staying:
        raise InputError(
            "新しい世帯主が、残る世帯員の中にいません。残る人の中から選んでください", "new_head", "not_a_member", ""
        )
    proposal = proposal_for(desk, household_number, new_head)
    confirmed = {number: text for number, text in (relations or {}).items() if number in staying and number != new_head}
    unsure = [number for number in proposal.needs_confirmation if number in staying and number not in confirmed]
    for number in unsure:
        desk.findings.alert(
            f"relation_unsure_{number}",
            f"{staying[number].name}さんの続柄「{proposal.relations[number]}」は推定です。届出人に確認してください",
            f"relations.{number}",
        )
    wanted = {**proposal.relations, **confirmed, new_head: HEAD_RELATION}
    for number in staying.keys() & wanted.keys():
        subject = desk.changes[number].subject if number in desk.changes else False
        set_relation(desk, number, wanted[number], subject=subject, field=f"relations.{number}")
    order = [number for number in proposal.print_order if number in staying]
    for position, number in enumerate([*order, *(n for n in staying if n not in order)], start=1):
        desk.revise(number, subject=False, household_order=position)


def proposal_for(desk: Desk, household_number: str, new_head: str) -> Proposal:
    """続柄の提案: from the household as it was before this notice, with those who leave still in the family graph."""
    before = desk.members_before(household_number)
    staying = {row.atena_number for row in desk.members(household_number)}
    return propose_relations(
        before, new_head=new_head, leaving=[r.atena_number for r in before if r.atena_number not in staying]
    )
