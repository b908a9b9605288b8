"""家族のつながり (family): who is whose parent and spouse, as given and as the present 続柄 tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from kokunen.law.rules.relationship.types import Member, Sex
from kokunen.law.rules.relationship.words import CHILDREN, HEAD, PARENTS, SIBLINGS, SPOUSES, split

_OUTSIDE = "\0outside"
"""世帯の外の親: stands for parents of the head who do not live here, so that brothers and sisters share them."""

_UNREGISTERED = "（未届）"
_SPOUSE_NOTE = "世帯主の配偶者の子でもあるものとしています。親子関係を確かめてください"
_CHILDS_SPOUSE_NOTE = "ただ一人の子の配偶者であるものとしています。婚姻の相手を確かめてください"
_GRANDCHILD_NOTE = "ただ一人の子とその配偶者の子であるものとしています。親子関係を確かめてください"


class StepKind(IntEnum):
    """一歩の種類, in the order in which paths of equal length are preferred."""

    CHILD = 0
    SPOUSE = 1
    PARENT = 2
    SIBLING = 3


class Family:
    """世帯の家族関係: built once from the members, asked by key. ``notes`` holds what had to be assumed."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = {member.person: member for member in members}
        self.notes: dict[str, str] = {}
        self._parents: dict[str, set[str]] = {member.person: set(member.parents) for member in members}
        self._spouses: dict[str, set[str]] = {member.person: set() for member in members}
        self._head = next(member for member in members if member.relation == HEAD)
        self._siblings_of_head: set[str] = set()
        for member in members:
            if member.spouse is not None:
                self._marry(member.person, member.spouse)
        self._read_head_side(members)
        self._read_children(members)

    def age_key(self, person: str) -> tuple[str, str]:
        """年長の順: the elder first; born on one day, the smaller key."""
        return self.members[person].birth_date.isoformat(), person

    def parents(self, person: str) -> set[str]:
        """世帯にいる父母."""
        return self._parents[person] - {_OUTSIDE}

    def children(self, person: str) -> set[str]:
        """世帯にいる子."""
        return {child for child, parents in self._parents.items() if person in parents}

    def spouses(self, person: str) -> set[str]:
        """世帯にいる配偶者."""
        return self._spouses[person]

    def siblings(self, person: str) -> set[str]:
        """世帯にいる兄弟姉妹: at least one parent in common, or brother or sister of the head by 続柄."""
        found = {other for other in self.members if self._parents[other] & self._parents[person]}
        if person == self._head.person:
            found |= self._siblings_of_head
        elif person in self._siblings_of_head:
            found.add(self._head.person)
        return found - {person}

    def steps(self, person: str) -> Iterator[tuple[StepKind, str, str]]:
        """一歩先の人: kind of step, its word, the person."""
        for child in self.children(person):
            yield StepKind.CHILD, "子", child
        for spouse in self.spouses(person):
            yield StepKind.SPOUSE, self._spouse_word(person, spouse), spouse
        for parent in self.parents(person):
            yield StepKind.PARENT, "父" if self._is_male(parent) else "母", parent
        for sibling in self.siblings(person):
            yield StepKind.SIBLING, self._sibling_word(person, sibling), sibling

    def _read_head_side(self, members: Sequence[Member]) -> None:
        """配偶者, 父母 and 兄弟姉妹 of the head."""
        head = self._head.person
        for member in members:
            if member.relation in SPOUSES:
                self._marry(head, member.person)
            elif member.relation in PARENTS:
                self._parents[head].add(member.person)
        self._marry_parents_of_head()
        for member in members:
            if member.relation in SIBLINGS:
                self._siblings_of_head.add(member.person)
                if not member.parents:
                    if not self._parents[head]:
                        self._parents[head].add(_OUTSIDE)
                    self._parents[member.person] |= self._parents[head]

    def _marry_parents_of_head(self) -> None:
        parents = sorted(self._parents[self._head.person])
        if len(parents) == 2:
            one, other = parents
            if self.members[one].spouse in {None, other} and self.members[other].spouse in {None, one}:
                self._marry(one, other)

    def _read_children(self, members: Sequence[Member]) -> None:
        """子, their spouses and 子の子."""
        head = self._head.person
        spouses_of_head = set(self._spouses[head])
        for member in members:
            if member.relation in CHILDREN:
                self._parents[member.person].add(head)
                if not member.parents and spouses_of_head - {member.person}:
                    self._parents[member.person] |= spouses_of_head - {member.person}
                    self.notes[member.person] = _SPOUSE_NOTE
        children = [member for member in members if member.relation == "子"]
        for member in members:
            if member.spouse is None and _is_childs_spouse(member.relation):
                free = (child for child in children if child.sex != member.sex and not self._spouses[child.person])
                if (child := _only(free)) is not None:
                    self._marry(child.person, member.person)
                    self.notes[member.person] = _CHILDS_SPOUSE_NOTE
        married = [child for child in children if self._spouses[child.person]]
        for member in members:
            if member.relation != "子の子" or member.parents:
                continue
            if (parent := _only(married or children)) is not None:
                self._parents[member.person] |= {parent.person, *self._spouses[parent.person]} - {member.person}
                self.notes[member.person] = _GRANDCHILD_NOTE

    def _marry(self, one: str, other: str) -> None:
        self._spouses[one].add(other)
        self._spouses[other].add(one)

    def _is_male(self, person: str) -> bool:
        return self.members[person].sex is Sex.MALE

    def _spouse_word(self, person: str, spouse: str) -> str:
        word = "夫" if self._is_male(spouse) else "妻"
        both = (self.members[person].relation, self.members[spouse].relation)
        return word + _UNREGISTERED if any(relation.endswith(_UNREGISTERED) for relation in both) else word

    def _sibling_word(self, person: str, sibling: str) -> str:
        elder = self.age_key(sibling) < self.age_key(person)
        if self._is_male(sibling):
            return "兄" if elder else "弟"
        return "姉" if elder else "妹"


def _is_childs_spouse(relation: str) -> bool:
    """子の妻, 子の夫 (also 未届), and the bracketed words for one whom the head has adopted as well."""
    words = split(relation) or ()
    return relation in CHILDREN[1:] or (len(words) == 2 and words[0] == "子" and words[1] in SPOUSES)


def _only(members: Iterable[Member]) -> Member | None:
    found = list(members)
    return found[0] if len(found) == 1 else None
