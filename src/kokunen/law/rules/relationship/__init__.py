"""続柄の付け替え (relationship): the 続柄 of a household after its head changes, proposed for a clerk to confirm.

``propose(members, new_head)`` takes the household as it stands (those who die or move out marked ``leaves``) and gives
for every member the 続柄 to the new head, whether it rests on an assumption, and the order on the 住民票::

    proposal = propose([Member("a", "世帯主", Sex.MALE, date(1955, 2, 1), leaves=True), ...], new_head="b")
    proposal.members[1].relation_after, proposal.members[1].note

``check(relation)`` says whether one 続柄 may be written and how it is stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.kernel.errors import InputError
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.rules.relationship._family import Family
from kokunen.law.rules.relationship._order import print_order
from kokunen.law.rules.relationship._paths import Path, paths_from
from kokunen.law.rules.relationship.types import Member, MemberProposal, Proposal, Sex, Status
from kokunen.law.rules.relationship.words import (
    HEAD,
    LODGER,
    LONGEST_CHAIN,
    RELATED,
    Reason,
    RelationCheck,
    check,
)

__all__ = [
    "Member",
    "MemberProposal",
    "Proposal",
    "Reason",
    "RelationCheck",
    "Sex",
    "Status",
    "check",
    "explain",
    "propose",
]

_ARTICLE = "住民基本台帳法第7条第4号、住民記録システム標準仕様書1.1.11"
_ORDER_ARTICLE = "住民記録システム標準仕様書5.2"


def propose(members: Sequence[Member], new_head: str | None = None) -> Proposal:
    """続柄の付け替えを提案する.

    ``new_head`` may be left out only when the present head leaves: one member left becomes head ex officio, with two
    or more (or none) the household stays without a head. Raises ``InputError`` with the field (``members[1].relation``)
    and the code of the rules interface for a household that cannot be: no head or two, a 続柄 that may not be written,
    an unknown person.
    """
    _check(members, new_head)
    staying = [member for member in members if not member.leaves]
    status = Status.REWRITTEN
    if new_head is None:
        if len(staying) != 1:
            return _without_head(members, staying)
        new_head, status = staying[0].person, Status.AUTO_HEAD
    family = Family(members)
    paths = paths_from(new_head, family)
    word_of_new_head = family.members[new_head].relation
    proposals = tuple(
        _proposal(member, new_head, paths.get(member.person), word_of_new_head, family) for member in members
    )
    relations = {item.person: item.relation_after for item in proposals if item.relation_after is not None}
    return Proposal(status, new_head, proposals, print_order(relations, family))


def explain(proposal: Proposal) -> list[Explained]:
    """付け替えの説明: each member's new 続柄 with the members it was read along, then the order."""
    steps = [Explained("new_head", "新しい世帯主", proposal.new_head, Unit.TEXT, _ARTICLE)]
    for index, member in enumerate(proposal.members):
        name = f"members[{index}]"
        via = "→".join(member.path) if member.path else None
        steps += [
            Explained(f"{name}.relation_before", "これまでの続柄", member.relation_before, Unit.TEXT, _ARTICLE),
            Explained(f"{name}.path", "続柄をたどった順", via, Unit.TEXT, _ARTICLE),
            Explained(f"{name}.relation_after", "新しい続柄", member.relation_after, Unit.TEXT, _ARTICLE),
            Explained(f"{name}.needs_confirmation", "確認が必要", member.needs_confirmation, Unit.BOOL),
        ]
    order = "、".join(proposal.print_order) if proposal.print_order else None
    return [*steps, Explained("print_order", "記載順", order, Unit.TEXT, _ORDER_ARTICLE)]


def _proposal(member: Member, head: str, path: Path | None, word_of_new_head: str, family: Family) -> MemberProposal:
    before = member.relation
    if member.leaves:
        return MemberProposal(member.person, before, None, False)
    if member.person == head:
        return MemberProposal(member.person, before, HEAD, False, (head,))
    note = family.notes.get(member.person, "")
    if path is None:
        if before in {RELATED, LODGER}:
            return MemberProposal(member.person, before, before, bool(note), (), note)
        after = word_of_new_head if word_of_new_head in {RELATED, LODGER} else RELATED
        note = "新しい世帯主とのつながりがわかりません。親族であれば続柄を書き直してください"
        return MemberProposal(member.person, before, after, True, (), note)
    if len(path.words) > LONGEST_CHAIN:
        note = f"続柄が{LONGEST_CHAIN}世代を超えるため縁故者としています"
        return MemberProposal(member.person, before, RELATED, True, path.persons, note)
    return MemberProposal(member.person, before, "の".join(path.words), bool(note), path.persons, note)


def _without_head(members: Sequence[Member], staying: Sequence[Member]) -> Proposal:
    """世帯主未設定: everything stays as it was until a head is named."""
    note = "世帯主が決まるまで、これまでの続柄のままです"
    proposals = tuple(
        MemberProposal(member.person, member.relation, None, False)
        if member.leaves
        else MemberProposal(member.person, member.relation, member.relation, True, (), note)
        for member in members
    )
    order = print_order({member.person: member.relation for member in staying}, Family(members))
    return Proposal(Status.NO_HEAD, None, proposals, notify=order[0] if order else None)


def _check(members: Sequence[Member], new_head: str | None) -> None:
    people = {member.person for member in members}
    seen: set[str] = set()
    heads = 0
    for index, member in enumerate(members):
        where = f"members[{index}]"
        if member.person in seen:
            _refuse(
                f"{where}.person", "inconsistent", "同じ世帯員が2回あります。世帯員ごとに別の識別子を付けてください"
            )
        seen.add(member.person)
        if not check(member.relation).valid:
            _refuse(f"{where}.relation", "invalid_value", "続柄は住民票に記載できる語で指定してください")
        heads += member.relation == HEAD
        if heads > 1:
            _refuse(f"{where}.relation", "inconsistent", "世帯主は1人だけ指定してください（2人目です）")
        for number, parent in enumerate(member.parents):
            _check_reference(f"{where}.parents[{number}]", parent, member, people, "父母")
            if parent in member.parents[:number]:
                _refuse(f"{where}.parents[{number}]", "inconsistent", "父母に同じ世帯員が2回あります")
        if member.spouse is not None:
            _check_reference(f"{where}.spouse", member.spouse, member, people, "配偶者")
    if heads == 0:
        _refuse("members", "inconsistent", "世帯員のうち1人の続柄を世帯主としてください")
    if new_head is None:
        if not next(member for member in members if member.relation == HEAD).leaves:
            _refuse("new_head", "missing_field", "いまの世帯主が世帯に残るときは、新しい世帯主を指定してください")
    elif new_head not in people:
        _refuse("new_head", "invalid_value", "新しい世帯主は世帯員の中から指定してください")
    elif next(member for member in members if member.person == new_head).leaves:
        _refuse("new_head", "inconsistent", "新しい世帯主は世帯に残る世帯員から指定してください")


def _check_reference(field: str, person: str, member: Member, people: set[str], label: str) -> None:
    if person not in people:
        _refuse(field, "invalid_value", f"{label}は同じ世帯の世帯員の中から指定してください")
    if person == member.person:
        _refuse(field, "inconsistent", f"自分自身を{label}とすることはできません")


def _refuse(field: str, code: str, message: str) -> None:
    raise InputError(message, field, code)
