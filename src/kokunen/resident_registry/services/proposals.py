"""続柄の提案: the household handed to the law's rule (`kokunen.law.rules.relationship`), the answer for a clerk to
confirm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kokunen.law.rules import relationship as law
from kokunen.resident_registry.choices import HEAD_RELATION, HEAD_RELATION_CODE, ResidentStatus, Sex
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT


@dataclass(frozen=True, slots=True)
class Proposal:
    """続柄の提案: new 続柄 by 宛名番号, who rests on an assumption (with the reason), and the order of printing."""

    relations: dict[str, str]
    needs_confirmation: dict[str, str]
    print_order: tuple[str, ...]


def propose_relations(members: Sequence[ResidentVersion], *, new_head: str, leaving: Sequence[str] = ()) -> Proposal:
    """続柄を提案する: `members` as they stood before, those in `leaving` still in the family graph.

    A household that has no head any more is read from the removed head's record (世帯主未設定); without one nobody's
    続柄 can be told and all need confirmation.
    """
    people = list(members)
    away = set(leaving)
    if not any(row.relationship_codes == HEAD_RELATION_CODE for row in people):
        former = _former_head(people)
        if former is None:
            return _unknown(people, new_head, away)
        people.append(former)
        away.add(former.atena_number)
    answer = law.propose([_member(row, row.atena_number in away) for row in people], new_head)
    relations = {item.person: item.relation_after for item in answer.members if item.relation_after is not None}
    unsure = {item.person: item.note for item in answer.members if item.needs_confirmation and item.person not in away}
    return Proposal(relations, unsure, tuple(answer.print_order or ()))


def _former_head(people: Sequence[ResidentVersion]) -> ResidentVersion | None:
    """世帯主であった人: the removed record of this household with 世帯主 on it, latest first."""
    if not people:
        return None
    rows = ResidentVersion.objects.filter(
        CURRENT, household_number=people[0].household_number, relationship_codes=HEAD_RELATION_CODE
    )
    return rows.exclude(status=ResidentStatus.LIVING).order_by("-removed_on").first()


def _member(row: ResidentVersion, leaves: bool) -> law.Member:
    return law.Member(
        person=row.atena_number,
        relation=row.relationship or "縁故者",
        sex=law.Sex.FEMALE if row.sex == Sex.FEMALE else law.Sex.MALE,
        birth_date=row.birth_date,
        leaves=leaves,
    )


def _unknown(people: Sequence[ResidentVersion], new_head: str, away: set[str]) -> Proposal:
    relations = {row.atena_number: row.relationship or "縁故者" for row in people if row.atena_number not in away}
    relations[new_head] = HEAD_RELATION
    note = "もとの世帯主の記録がないため、続柄を推定できません"
    return Proposal(relations, {number: note for number in relations if number != new_head}, tuple(relations))
