"""続柄の道筋 (paths): the shortest way from the head to each member, read as words."""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.law.rules.relationship._family import Family, StepKind


@dataclass(frozen=True, slots=True)
class Path:
    """道筋: words from the head on and the persons passed, the head first."""

    words: tuple[str, ...]
    persons: tuple[str, ...]
    kinds: tuple[StepKind, ...]
    ages: tuple[tuple[str, str], ...]

    def key(self) -> tuple[int, tuple[StepKind, ...], tuple[tuple[str, str], ...]]:
        """Among paths of equal length: fewer sibling steps, then the kinds in order, then the elder persons."""
        return self.kinds.count(StepKind.SIBLING), self.kinds, self.ages


def paths_from(head: str, family: Family) -> dict[str, Path]:
    """最短の道筋: for every member who can be reached, by breadth first."""
    found = {head: Path((), (head,), (), ())}
    reached = [head]
    while reached:
        following: dict[str, Path] = {}
        for person in reached:
            path = found[person]
            for kind, word, target in family.steps(person):
                if target in found:
                    continue
                candidate = Path(
                    (*path.words, word),
                    (*path.persons, target),
                    (*path.kinds, kind),
                    (*path.ages, family.age_key(target)),
                )
                if target not in following or candidate.key() < following[target].key():
                    following[target] = candidate
        found |= following
        reached = list(following)
    return found
