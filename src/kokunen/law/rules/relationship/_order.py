"""記載順 (print order): in which order the members stand on the 住民票 (住民記録システム標準仕様書5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kokunen.law.rules.relationship._family import Family
from kokunen.law.rules.relationship.words import CHILDREN, HEAD, LODGER, PARENTS, RELATED, SIBLINGS, SPOUSES

_GRANDPARENTS = ("父の父", "父の母", "母の父", "母の母")


def print_order(relations: Mapping[str, str], family: Family) -> tuple[str, ...]:
    """記載順: the members of ``relations`` (those who stay, with their 続柄), the head first if there is one."""
    order: list[str] = []

    def place(people: Iterable[str]) -> None:
        order.extend(sorted(set(people) - set(order), key=family.age_key))

    def having(*words: str) -> list[str]:
        return [person for person, relation in relations.items() if relation in words]

    staying = set(relations)
    place(having(HEAD))
    place(having(*SPOUSES))
    children = sorted(having(*CHILDREN), key=family.age_key)
    with_family = [child for child in children if (family.spouses(child) | family.children(child)) & staying]
    place(set(children) - set(with_family))
    for child in with_family:
        place([child])
        place(family.spouses(child) & staying)
        place(family.children(child) & staying)
    parents = having(*PARENTS)
    place(person for person in parents if family.members[person].koseki_head)
    place(parents)
    place(having(*SIBLINGS))
    for grandparent in _GRANDPARENTS:
        place(having(grandparent))
    place(person for person, relation in relations.items() if relation not in {RELATED, LODGER})
    place(having(RELATED))
    place(having(LODGER))
    return tuple(order)
