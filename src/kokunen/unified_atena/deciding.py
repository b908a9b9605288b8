"""紐付の判断: which 宛名番号 hangs on which 団体内統合宛名番号, decided from facts alone (no database here).

Rules, in this order:

* a checked 個人番号 that nobody has yet: a new 団体内統合宛名番号; one that somebody has: the same;
* equal number but another exact birth date or another sex: nobody of those is linked, all wait (照合の誤りの疑い);
* a changed number stays with its 団体内統合宛名番号 (番号法7条2項), unless another 宛名番号 of the person still
  holds the old number, or the new number is somebody's already;
* a 名寄せ元 without a number of its own follows its 名寄せ先, as long as the 名寄せ holds;
* a number that is not checked any more ends its period; the 団体内統合宛名番号 stays and waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from kokunen.unified_atena.choices import HoldReason, LinkMeans


@dataclass(frozen=True, slots=True)
class Fact:
    """宛名の事実: what the published rows say of a 宛名番号. `token` None = no checked 個人番号."""

    atena_number: str
    token: str | None = None
    birth_date: date | None = None
    birth_is_exact: bool = True
    sex: str = "0"
    is_resident: bool = False
    is_listed: bool = True
    parent: str = ""

    def contradicts(self, other: Fact) -> HoldReason | None:
        """Can these two be one person? Unknown items contradict nothing."""
        exact = self.birth_is_exact and other.birth_is_exact
        if exact and None not in (self.birth_date, other.birth_date) and self.birth_date != other.birth_date:
            return HoldReason.BIRTH
        if {self.sex, other.sex} == {"1", "2"}:
            return HoldReason.SEX
        return None


@dataclass(slots=True)
class Known:
    """今の紐付: links and numbers as they stand; the decision keeps it up as it goes."""

    person_of: dict[str, str] = field(default_factory=dict)  # 宛名番号 → 団体内統合宛名番号
    means_of: dict[str, str] = field(default_factory=dict)
    token_of: dict[str, str] = field(default_factory=dict)  # 団体内統合宛名番号 → 符号
    holder_of: dict[str, str] = field(default_factory=dict)  # 符号 → 団体内統合宛名番号

    def members(self, person: str) -> list[str]:
        """宛名番号 of a person."""
        return [number for number, unified in self.person_of.items() if unified == person]


@dataclass(slots=True)
class Decision:
    """判断の結果: in terms of existing numbers and of new ones, which are named "new:<token>"."""

    created: list[str] = field(default_factory=list)  # 符号 of people who get a number
    linked: list[tuple[str, str, LinkMeans]] = field(default_factory=list)  # 宛名番号, 団体内統合宛名番号, 手段
    unlinked: list[str] = field(default_factory=list)  # 宛名番号 whose 名寄せ ended
    renumbered: list[tuple[str, str | None]] = field(default_factory=list)  # 団体内統合宛名番号, 新しい符号
    held: dict[str, tuple[HoldReason, list[str], list[str]]] = field(default_factory=dict)


def new_name(token: str) -> str:
    """Name of a person who is yet to get a number."""
    return f"new:{token}"


def decide(numbers: Iterable[str], facts: Mapping[str, Fact], known: Known) -> Decision:
    """紐付を判断する; `facts` and `known` also cover whoever shares a number or a 名寄せ with `numbers`."""
    decision = Decision()
    ordered = sorted(numbers)
    for number in ordered:
        fact = facts.get(number) or Fact(number)
        if fact.token is None:
            _without_number(fact, facts, known, decision)
        else:
            _with_number(fact, fact.token, facts, known, decision)
    for number in ordered:
        _follow_parent(facts.get(number) or Fact(number), known, decision)
    return decision


def _without_number(fact: Fact, facts: Mapping[str, Fact], known: Known, decision: Decision) -> None:
    """番号が確認済みでなくなった: the period ends when nobody of the person holds the number any more."""
    person = known.person_of.get(fact.atena_number)
    if person is None or known.means_of.get(fact.atena_number) != LinkMeans.NUMBER:
        return
    token = known.token_of.get(person)
    if token is not None and not _holders(token, known.members(person), facts):
        decision.renumbered.append((person, None))
        _change_token(known, person, None)


def _with_number(fact: Fact, token: str, facts: Mapping[str, Fact], known: Known, decision: Decision) -> None:
    number = fact.atena_number
    person, owner = known.person_of.get(number), known.holder_of.get(token)
    group = [other for other in facts.values() if other.token == token]
    if (reason := _contradiction(group)) is not None and (person is None or person != owner):
        others = sorted(other.atena_number for other in group if other is not fact)
        decision.held[number] = (reason, others, sorted(filter(None, {owner})))
        return
    by_merge = person is not None and known.means_of.get(number) == LinkMeans.MERGE
    if by_merge and owner is None and person in known.token_of:
        # a number of its own, and another one than that of its 名寄せ先
        decision.held[number] = (HoldReason.MERGED_TWO, [fact.parent] if fact.parent else [], [str(person)])
        return
    if person is None or person == owner:
        if person is None:
            _link(number, owner or _create(token, known, decision), LinkMeans.NUMBER, known, decision)
        return
    _changed(fact, person, owner, token, facts, known, decision)


def _changed(
    fact: Fact, person: str, owner: str | None, token: str, facts: Mapping[str, Fact], known: Known, decision: Decision
) -> None:
    """番号の変更: the person keeps the 団体内統合宛名番号 where nothing speaks against it."""
    number, before = fact.atena_number, known.token_of.get(person)
    if owner is not None:
        decision.held[number] = (HoldReason.ANOTHER, sorted(known.members(owner)), sorted({person, owner}))
        return
    rest = [other for other in known.members(person) if other != number]
    if before is not None and (keeping := _holders(before, rest, facts)):
        decision.held[number] = (HoldReason.OTHERS_KEEP, sorted(keeping), [person])
        return
    decision.renumbered.append((person, token))
    _change_token(known, person, token)


def _follow_parent(fact: Fact, known: Known, decision: Decision) -> None:
    """名寄せ: a child without a number hangs where its parent hangs."""
    number = fact.atena_number
    person = known.person_of.get(number)
    wanted = known.person_of.get(fact.parent) if fact.parent else None
    by_merge = known.means_of.get(number) == LinkMeans.MERGE
    if by_merge and person != wanted:
        decision.unlinked.append(number)
        known.person_of.pop(number, None)
        known.means_of.pop(number, None)
        person = None
    if wanted is None or number in decision.held:
        return
    if person is None and fact.token is None:
        _link(number, wanted, LinkMeans.MERGE, known, decision)
    elif person is not None and person != wanted:
        decision.held[number] = (HoldReason.MERGED_TWO, [fact.parent], sorted({person, wanted}))


def _contradiction(group: list[Fact]) -> HoldReason | None:
    return next((reason for one, other in combinations(group, 2) if (reason := one.contradicts(other))), None)


def _holders(token: str, numbers: Iterable[str], facts: Mapping[str, Fact]) -> list[str]:
    return [number for number in numbers if (fact := facts.get(number)) is not None and fact.token == token]


def _create(token: str, known: Known, decision: Decision) -> str:
    person = new_name(token)
    decision.created.append(token)
    _change_token(known, person, token)
    return person


def _link(number: str, person: str, means: LinkMeans, known: Known, decision: Decision) -> None:
    decision.linked.append((number, person, means))
    known.person_of[number], known.means_of[number] = person, means


def _change_token(known: Known, person: str, token: str | None) -> None:
    if (before := known.token_of.pop(person, None)) is not None:
        known.holder_of.pop(before, None)
    if token is not None:
        known.token_of[person], known.holder_of[token] = token, person


def representative(members: Iterable[Fact]) -> str:
    """統合宛名フラグ: a resident before a listed record before whatever is left; the lowest number of equals."""
    ranked = sorted(members, key=lambda fact: (not fact.is_resident, not fact.is_listed, fact.atena_number))
    return ranked[0].atena_number if ranked else ""
