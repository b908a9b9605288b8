"""世帯構成: who lives together. Households as a grid of roles, ages that fit one another, words for the relation.

A household is a row, a role a column; ``birth`` holds the birth day (or NEVER where the role is empty). The person
who is head today stands in column HEAD whatever happened before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kokunen.city.days import NEVER, add_years, age_on
from kokunen.city.randomness import Bools, Ints, Rng, between, normal_between, pick

YEAR = 365.25


class Role(IntEnum):
    """役割: columns of the grid."""

    HEAD = 0
    SPOUSE = 1
    CHILD1 = 2
    CHILD2 = 3
    CHILD3 = 4
    CHILD4 = 5
    FATHER = 6
    MOTHER = 7
    CHILD_SPOUSE = 8
    GRANDCHILD1 = 9
    GRANDCHILD2 = 10
    SIBLING = 11
    OTHER = 12


ROLES = len(Role)
CHILDREN = (Role.CHILD1, Role.CHILD2, Role.CHILD3, Role.CHILD4)


class Kind(IntEnum):
    """世帯の型."""

    SINGLE = 0
    COUPLE = 1
    COUPLE_CHILDREN = 2
    SINGLE_PARENT = 3
    WITH_PARENT = 4
    THREE_GENERATIONS = 5
    ELDER_HEAD = 6
    SIBLINGS = 7
    SHARED = 8
    INSTITUTION = 9


HEAD_AGE_RANGE: dict[Kind, tuple[int, int]] = {
    Kind.SINGLE: (18, 98),
    Kind.COUPLE: (20, 95),
    Kind.COUPLE_CHILDREN: (23, 85),
    Kind.SINGLE_PARENT: (22, 90),
    Kind.WITH_PARENT: (25, 75),
    Kind.THREE_GENERATIONS: (26, 69),
    Kind.ELDER_HEAD: (54, 90),
    Kind.SIBLINGS: (20, 88),
    Kind.SHARED: (20, 85),
    Kind.INSTITUTION: (65, 99),
}
"""世帯主の年齢の範囲: youngest and oldest head of each kind."""


@dataclass(slots=True)
class Grid:
    """世帯の表: one row a household, one column a role."""

    kind: Ints
    birth: Ints
    sex: Ints
    step_child: Bools

    @property
    def present(self) -> Bools:
        return self.birth < NEVER

    @property
    def households(self) -> int:
        return int(self.kind.size)


def compose(rng: Rng, kind: Ints, head_age: Ints, today: int, foreign: Bools) -> Grid:
    """世帯を作る: fill the roles that belong to each kind. ``head_age`` in completed years today."""
    count = kind.size
    grid = Grid(
        kind=kind,
        birth=np.full((count, ROLES), NEVER, dtype=np.int64),
        sex=np.zeros((count, ROLES), dtype=np.int64),
        step_child=np.zeros(count, dtype=np.bool_),
    )
    _heads(rng, grid, head_age, today, foreign)
    _spouses(rng, grid, today)
    _children(rng, grid, today)
    _parents(rng, grid, today)
    _child_family(rng, grid, today)
    _others(rng, grid, today, foreign)
    return grid


def _born(rng: Rng, age: Ints, today: int) -> Ints:
    """Birth day of somebody who is ``age`` years old today: uniformly within the year."""
    newest = add_years(np.full(age.shape, today, dtype=np.int64), -age)
    oldest = add_years(np.full(age.shape, today, dtype=np.int64), -(age + 1)) + 1
    return between(rng, oldest, newest)


def _heads(rng: Rng, grid: Grid, head_age: Ints, today: int, foreign: Bools) -> None:
    male_share = np.select(
        [
            grid.kind == Kind.SINGLE,
            grid.kind == Kind.INSTITUTION,
            grid.kind == Kind.SINGLE_PARENT,
            grid.kind == Kind.WITH_PARENT,
            grid.kind == Kind.SIBLINGS,
            grid.kind == Kind.SHARED,
        ],
        [np.where(head_age < 65, 0.60, np.where(head_age < 75, 0.42, 0.24)), 0.25, 0.13, 0.66, 0.55, 0.60],
        default=0.94,
    )
    male_share = np.where(foreign & (grid.kind == Kind.SINGLE), 0.58, male_share)
    grid.birth[:, Role.HEAD] = _born(rng, head_age, today)
    grid.sex[:, Role.HEAD] = np.where(rng.random(grid.households) < male_share, 1, 2)


def _spouses(rng: Rng, grid: Grid, today: int) -> None:
    has = np.isin(grid.kind, [Kind.COUPLE, Kind.COUPLE_CHILDREN, Kind.THREE_GENERATIONS, Kind.ELDER_HEAD])
    alive = rng.random(grid.households)
    head_birth, head_sex = grid.birth[:, Role.HEAD], grid.sex[:, Role.HEAD]
    gap = normal_between(rng, 1.8, 3.4, -7, 13, grid.households) * YEAR * np.where(head_sex == 1, 1, -1)
    youngest = add_years(np.full(grid.households, today, dtype=np.int64), np.where(grid.kind == Kind.COUPLE, -19, -22))
    birth = np.minimum(head_birth + gap.astype(np.int64), youngest)
    widowed = (grid.kind == Kind.ELDER_HEAD) & (alive < 0.45)
    keep = has & ~widowed
    grid.birth[keep, Role.SPOUSE] = birth[keep]
    grid.sex[keep, Role.SPOUSE] = 3 - head_sex[keep]


def _children(rng: Rng, grid: Grid, today: int) -> None:
    """Children born when both parents were 20 to 45, living at home by their age; the first one always at home."""
    kind = grid.kind
    family = np.isin(kind, [Kind.COUPLE_CHILDREN, Kind.SINGLE_PARENT, Kind.THREE_GENERATIONS, Kind.ELDER_HEAD])
    count = np.select(
        [kind == Kind.SINGLE_PARENT, kind == Kind.ELDER_HEAD],
        [pick(rng, [0.58, 0.33, 0.09], kind.size) + 1, np.ones(kind.size, dtype=np.int64)],
        default=pick(rng, [0.44, 0.44, 0.105, 0.015], kind.size) + 1,
    )
    earliest, latest = parents_window(grid.birth[:, Role.HEAD], grid.birth[:, Role.SPOUSE], today)
    mother = np.where(grid.sex[:, Role.HEAD] == 2, grid.birth[:, Role.HEAD], grid.birth[:, Role.SPOUSE])
    mother = np.where(mother >= NEVER, grid.birth[:, Role.HEAD] + 2 * 365, mother)
    first_age = np.where(kind == Kind.ELDER_HEAD, normal_between(rng, 26.5, 3, 20, 34, kind.size), 0.0)
    usual = normal_between(rng, 30.2, 4.8, 20.5, 43, kind.size)
    wished = mother + (np.where(first_age > 0, first_age, usual) * YEAR).astype(np.int64)
    for order, role in enumerate(CHILDREN):
        if order:
            spacing = normal_between(rng, 2.8, 1.2, 1.0, 8.0, kind.size)
            twin = rng.random(kind.size) < 0.012
            wished = wished + np.where(twin, 0, (spacing * YEAR).astype(np.int64))
        inside = family & (order < count) & (earliest <= latest) & ((order == 0) | (wished <= latest))
        # a first child wished for later than today was born some day before, not all of them yesterday
        spread = between(rng, np.maximum(earliest, latest - int(6 * YEAR)), latest)
        birth = np.where(wished > latest, spread, np.maximum(wished, earliest))
        birth = np.clip(birth, earliest, np.maximum(latest, earliest))
        wished = np.where(order == 0, birth, wished)
        home = rng.random(kind.size) < _at_home(age_on(birth, today))
        keep = inside & (home | (order == 0))
        grid.birth[keep, role] = birth[keep]
        grid.sex[keep, role] = np.where(rng.random(int(keep.sum())) < 0.513, 1, 2)
    elder = kind == Kind.ELDER_HEAD
    grid.sex[elder, Role.CHILD1] = np.where(rng.random(int(elder.sum())) < 0.85, 1, 2)
    grid.step_child = (kind == Kind.COUPLE_CHILDREN) & (rng.random(kind.size) < 0.025)


def parents_window(one: Ints, other: Ints, today: int) -> tuple[Ints, Ints]:
    """親子の年齢差: the days on which a child of both can have been born, both being 20 to 45 years old."""
    younger = np.where(other < NEVER, np.maximum(one, other), one)
    older = np.where(other < NEVER, np.minimum(one, other), one)
    return add_years(younger, 20), np.minimum(add_years(older, 45), today - 1)


def _at_home(age: Ints) -> NDArray[np.float64]:
    return np.select([age < 18, age < 23, age < 30, age < 40, age < 50], [1.0, 0.86, 0.52, 0.25, 0.15], default=0.10)


def _parents(rng: Rng, grid: Grid, today: int) -> None:
    kind = grid.kind
    wants = np.isin(kind, [Kind.WITH_PARENT, Kind.THREE_GENERATIONS])
    head = grid.birth[:, Role.HEAD]
    mother = head - (normal_between(rng, 27.0, 3.8, 20.5, 40, kind.size) * YEAR).astype(np.int64)
    father = np.minimum(mother - (normal_between(rng, 2.6, 3.0, -4, 9, kind.size) * YEAR).astype(np.int64), 0 + head)
    father = np.clip(father, head - int(44.5 * YEAR), head - int(20.5 * YEAR))
    for role, birth, share, sex in ((Role.MOTHER, mother, 0.86, 2), (Role.FATHER, father, 0.42, 1)):
        age = age_on(birth, today)
        survives = rng.random(kind.size) < share * np.clip((108 - age) / 28, 0, 1)
        alone = (role == Role.MOTHER) & (age < 100)
        keep = wants & (age < 104) & (survives | alone)
        grid.birth[keep, role] = birth[keep]
        grid.sex[keep, role] = sex
    no_parent = wants & (grid.birth[:, Role.MOTHER] >= NEVER) & (grid.birth[:, Role.FATHER] >= NEVER)
    grid.kind[no_parent & (kind == Kind.WITH_PARENT)] = Kind.SINGLE


def _child_family(rng: Rng, grid: Grid, today: int) -> None:
    """A married child's family below an elder head: 子の妻 or 子の夫, 子の子."""
    child = grid.birth[:, Role.CHILD1]
    has = (grid.kind == Kind.ELDER_HEAD) & (child < NEVER) & (age_on(np.minimum(child, today), today) >= 23)
    gap = normal_between(rng, 1.5, 3.2, -6, 10, grid.households) * YEAR * np.where(grid.sex[:, Role.CHILD1] == 1, 1, -1)
    spouse = np.minimum(child + gap.astype(np.int64), int(today - 22 * YEAR))
    grid.birth[has, Role.CHILD_SPOUSE] = spouse[has]
    grid.sex[has, Role.CHILD_SPOUSE] = 3 - grid.sex[has, Role.CHILD1]
    base = np.where(has, child, today - 30 * 366)
    earliest, latest = parents_window(base, np.where(has, spouse, NEVER), today)
    wished = base + (normal_between(rng, 30, 4, 21, 42, grid.households) * YEAR).astype(np.int64)
    for order, role in enumerate((Role.GRANDCHILD1, Role.GRANDCHILD2)):
        wished = wished + order * (normal_between(rng, 2.8, 1.0, 1.2, 6, grid.households) * YEAR).astype(np.int64)
        keep = has & (earliest <= latest) & (wished <= latest) & (rng.random(grid.households) < 0.8)
        keep &= age_on(np.minimum(np.maximum(wished, earliest), today), today) < 30
        grid.birth[keep, role] = np.maximum(wished, earliest)[keep]
        grid.sex[keep, role] = np.where(rng.random(int(keep.sum())) < 0.513, 1, 2)


def _others(rng: Rng, grid: Grid, today: int, foreign: Bools) -> None:
    head = grid.birth[:, Role.HEAD]
    gap = between(rng, np.full(head.shape, 400), np.full(head.shape, 3000))
    sibling = head + np.where(rng.random(head.size) < 0.7, gap, -gap)
    keep = (grid.kind == Kind.SIBLINGS) & (sibling < today - 18 * 366)
    grid.birth[keep, Role.SIBLING] = sibling[keep]
    grid.sex[keep, Role.SIBLING] = np.where(rng.random(int(keep.sum())) < 0.5, 1, 2)
    other = np.minimum(head + rng.normal(200, 2200, head.size).astype(np.int64), int(today - 18 * 366))
    keep = grid.kind == Kind.SHARED
    grid.birth[keep, Role.OTHER] = other[keep]
    same_sex = rng.random(head.size) < np.where(foreign, 0.7, 0.35)
    sex = np.where(same_sex, grid.sex[:, Role.HEAD], 3 - grid.sex[:, Role.HEAD])
    grid.sex[keep, Role.OTHER] = sex[keep]
