"""人: one block's people as columns, with their families, nationalities and names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kokunen.city.composition import CHILDREN, HEAD_AGE_RANGE, ROLES, Grid, Kind, Role, compose
from kokunen.city.days import NEVER, age_on, parts
from kokunen.city.randomness import Bools, Ints, Rng, Topic, between, pick
from kokunen.city.reference import HEAD_CLASSES, Nation, Pool, Reference
from kokunen.city.timeline import COUPLES, NO_ROLE, Timeline, run_timeline

Table = TypeVar("Table", Grid, Timeline)

JAPAN = -1
NOBODY = -1
FOREIGN_HOUSEHOLDS = 0.068
MIXED_COUPLES = 0.022
REMOVED_HOUSEHOLDS = 0.046
TAIL = 16


@dataclass(slots=True)
class People:
    """住民の列: one row a person of the block, current and removed; numbers of persons are row numbers in here."""

    household: Ints
    role: Ints
    sex: Ints
    birth: Ints
    entry: Ints
    entry_code: Ints
    exit: Ints
    exit_code: Ints
    native: Bools
    nation: Ints
    family: Ints
    former_family: Ints
    given: Ints
    father: Ints
    mother: Ints
    spouse: Ints
    step: Bools

    @property
    def count(self) -> int:
        return int(self.household.size)

    @property
    def current(self) -> Bools:
        return self.exit >= NEVER


@dataclass(slots=True)
class Society:
    """社会: the households of a block, their timeline and their people.

    ``seat`` finds a person by household and role.
    """

    grid: Grid
    line: Timeline
    foreign: Bools
    people: People
    seat: Ints


def build_society(seeds: dict[Topic, Rng], reference: Reference, residents: int, today: int, cutover: int) -> Society:
    """社会を作る: exactly ``residents`` current residents, and the removed ones of ten years."""
    rng = seeds[Topic.COMPOSITION]
    main = max(1, int(residents * 0.56) + 4)
    gone = max(1, int(residents * REMOVED_HOUSEHOLDS))
    removed = np.zeros(main + TAIL + gone, dtype=np.bool_)
    removed[main + TAIL :] = True
    foreign = rng.random(removed.size) < np.where(removed, FOREIGN_HOUSEHOLDS * 1.7, FOREIGN_HOUSEHOLDS)
    kind = np.where(
        foreign,
        pick(rng, reference.foreign_kind_share, removed.size),
        pick(rng, reference.kind_share, removed.size),
    )
    loner = removed & (rng.random(removed.size) < 0.35)
    kind[loner] = Kind.SINGLE
    kind[main : main + TAIL] = Kind.SINGLE
    grid = compose(rng, kind, _head_ages(rng, reference, kind, foreign, loner), today, foreign)
    line = run_timeline(seeds[Topic.HISTORY], grid, foreign, removed, today, cutover)
    keep = _exactly(grid, line, residents, main, removed)
    grid, line = _rows(grid, keep), _rows(line, keep)
    foreign = foreign[keep]
    people, seat = _flatten(grid, line)
    _name(seeds[Topic.NAMES], reference, grid, line, foreign, people, seat)
    return Society(grid, line, foreign, people, seat)


def _head_ages(rng: Rng, reference: Reference, kind: Ints, foreign: Bools, loner: Bools) -> Ints:
    age = np.zeros(kind.size, dtype=np.int64)
    for one in Kind:
        rows = np.flatnonzero(kind == one)
        start = np.array(HEAD_CLASSES)[pick(rng, reference.head_ages[one], rows.size)]
        low, high = HEAD_AGE_RANGE[one]
        age[rows] = np.clip(between(rng, start, start + 4), low, high)
    young = np.clip(rng.normal(35, 10, kind.size), 19, 70).astype(np.int64)
    young = np.where(np.isin(kind, [int(Kind.COUPLE_CHILDREN), int(Kind.SINGLE_PARENT)]), np.maximum(young, 24), young)
    age = np.where(foreign, young, age)
    single = np.clip(rng.normal(29, 7, kind.size), 19, 60).astype(np.int64)
    return np.where(loner & ~foreign, single, age)


def _exactly(grid: Grid, line: Timeline, residents: int, main: int, removed: Bools) -> Ints:
    """Households whose current members add up to exactly ``residents``: the last few places are filled by singles."""
    size = ((grid.birth < NEVER) & (line.exit >= NEVER)).sum(axis=1)
    total = np.cumsum(size[:main])
    whole = int(np.searchsorted(total, residents, side="right"))
    missing = residents - (int(total[whole - 1]) if whole else 0)
    return np.concatenate([np.arange(whole), np.arange(main, main + missing), np.flatnonzero(removed)])


def _rows(table: Table, keep: Ints) -> Table:
    return type(table)(**{field.name: getattr(table, field.name)[keep] for field in fields(table)})


def _flatten(grid: Grid, line: Timeline) -> tuple[People, Ints]:
    household, role = np.nonzero(grid.birth < NEVER)
    seat = np.full(grid.birth.shape, NOBODY, dtype=np.int64)
    seat[household, role] = np.arange(household.size)
    empty = np.full(household.size, NOBODY, dtype=np.int64)
    people = People(
        household=household,
        role=role,
        sex=grid.sex[household, role],
        birth=grid.birth[household, role],
        entry=line.entry[household, role],
        entry_code=line.entry_code[household, role],
        exit=line.exit[household, role],
        exit_code=line.exit_code[household, role],
        native=line.native[household]
        & ((role == Role.HEAD) | ((role == Role.SPOUSE) & (household % 4 == 0)))
        & (line.entry[household, role] == line.base[household]),
        nation=np.full(household.size, JAPAN, dtype=np.int64),
        family=empty.copy(),
        former_family=empty.copy(),
        given=empty.copy(),
        father=empty.copy(),
        mother=empty.copy(),
        spouse=empty.copy(),
        step=grid.step_child[household] & (role == Role.CHILD1),
    )
    _kinship(grid, line, people, seat)
    return people, seat


def _kinship(grid: Grid, line: Timeline, people: People, seat: Ints) -> None:
    """Links of parents and spouses to people who are or were on the register."""
    head, spouse = seat[:, Role.HEAD], seat[:, Role.SPOUSE]
    head_is_male = grid.sex[:, Role.HEAD] == 1
    dad = np.where(head_is_male, head, spouse)
    mum = np.where(head_is_male, spouse, head)
    for role in CHILDREN:
        rows, child = _seated(seat, role)
        step = people.step[child]
        stranger_is_dad = head_is_male[rows]
        people.father[child] = np.where(step & stranger_is_dad, NOBODY, dad[rows])
        people.mother[child] = np.where(step & ~stranger_is_dad, NOBODY, mum[rows])
    for role in (Role.HEAD, Role.SIBLING):
        rows, child = _seated(seat, role)
        people.father[child] = seat[rows, Role.FATHER]
        people.mother[child] = seat[rows, Role.MOTHER]
    child_is_male = grid.sex[:, Role.CHILD1] == 1
    for role in (Role.GRANDCHILD1, Role.GRANDCHILD2):
        rows, child = _seated(seat, role)
        one, two = seat[rows, Role.CHILD1], seat[rows, Role.CHILD_SPOUSE]
        people.father[child] = np.where(child_is_male[rows], one, two)
        people.mother[child] = np.where(child_is_male[rows], two, one)
    divorced = np.isin(line.exit_code[:, Role.SPOUSE], [201, 202]) & (line.left >= NEVER)
    married = (spouse != NOBODY) & ~line.lives_unmarried & ~divorced
    _join(people, head[married], spouse[married])
    both = (seat[:, Role.FATHER] != NOBODY) & (seat[:, Role.MOTHER] != NOBODY)
    _join(people, seat[both, Role.FATHER], seat[both, Role.MOTHER])
    young = seat[:, Role.CHILD_SPOUSE] != NOBODY
    _join(people, seat[young, Role.CHILD1], seat[young, Role.CHILD_SPOUSE])


def _seated(seat: Ints, role: Role) -> tuple[Ints, Ints]:
    rows = np.flatnonzero(seat[:, role] != NOBODY)
    return rows, seat[rows, role]


def _join(people: People, one: Ints, other: Ints) -> None:
    people.spouse[one] = other
    people.spouse[other] = one


def _name(
    rng: Rng, reference: Reference, grid: Grid, line: Timeline, foreign: Bools, people: People, seat: Ints
) -> None:
    """Nationality by household, family names by marriage and descent, given names by sex and birth cohort."""
    count = grid.households
    nation = np.where(foreign, pick(rng, [nation.share for nation in reference.nations], count), JAPAN)
    couple = np.isin(grid.kind, [int(kind) for kind in COUPLES])
    mixed = (
        ~foreign & couple & (rng.random(count) < MIXED_COUPLES) & (line.marriage < 0) & (line.head_before == NO_ROLE)
    )
    people.nation[:] = nation[people.household]
    stranger = mixed[people.household] & (people.role == Role.SPOUSE)
    shares = np.array([nation.share for nation in reference.nations])
    people.nation[stranger] = pick(rng, shares, int(stranger.sum()))
    native = people.nation == JAPAN
    _japanese_families(rng, reference, grid, line, people, seat, native)
    _foreign_names(rng, reference, people, seat)
    _given_names(rng, reference, people, native)


def _draw(rng: Rng, pool: Pool, size: int) -> Ints:
    return pool.rows[pick(rng, pool.weights, size)]


def _japanese_families(
    rng: Rng, reference: Reference, grid: Grid, line: Timeline, people: People, seat: Ints, native: Bools
) -> None:
    count = grid.households
    pool = reference.japanese_families
    family, maiden, other, in_law = (_draw(rng, pool, count) for _ in range(4))
    took_husbands = (grid.sex[:, Role.CHILD1] == 2) & (seat[:, Role.CHILD_SPOUSE] != NOBODY) & (rng.random(count) < 0.7)
    married_woman = (grid.sex[:, Role.HEAD] == 2) & (seat[:, Role.SPOUSE] != NOBODY)
    parental = np.where(married_woman, maiden, family)
    young = np.where(took_husbands, in_law, family)
    own = np.where(line.lives_unmarried, maiden, family)
    by_role = np.stack([family] * ROLES, axis=1)
    by_role[:, Role.SPOUSE] = own
    by_role[:, Role.FATHER] = by_role[:, Role.MOTHER] = by_role[:, Role.SIBLING] = parental
    by_role[:, Role.OTHER] = other
    by_role[:, Role.CHILD1] = np.where(took_husbands, in_law, family)
    for role in (Role.CHILD_SPOUSE, Role.GRANDCHILD1, Role.GRANDCHILD2):
        by_role[:, role] = young
    people.family[:] = by_role[people.household, people.role]
    former = np.full((count, ROLES), NOBODY, dtype=np.int64)
    former[:, Role.SPOUSE] = np.where(line.lives_unmarried | (grid.sex[:, Role.HEAD] == 2), NOBODY, maiden)
    former[:, Role.HEAD] = np.where(married_woman, maiden, NOBODY)
    former[:, Role.MOTHER] = np.where(rng.random(count) < 0.9, other, NOBODY)
    former[:, Role.CHILD_SPOUSE] = np.where(took_husbands, NOBODY, in_law)
    former_names = np.where(former == by_role, NOBODY, former)
    people.former_family[:] = np.where(native, former_names[people.household, people.role], NOBODY)


def _foreign_names(rng: Rng, reference: Reference, people: People, seat: Ints) -> None:
    for index, nation in enumerate(reference.nations):
        rows = np.flatnonzero(people.nation == index)
        if not rows.size:
            continue
        households = np.unique(people.household[rows])
        shared = np.zeros(int(households.max()) + 1, dtype=np.int64)
        shared[households] = _draw(rng, nation.family, households.size)
        alone = _draw(rng, nation.family, rows.size)
        roles = people.role[rows]
        apart = np.isin(roles, [int(Role.OTHER)]) | (
            nation.own_names & np.isin(roles, [int(Role.SPOUSE), int(Role.MOTHER)])
        )
        people.family[rows] = np.where(apart, alone, shared[people.household[rows]])
        people.given[rows] = _foreign_given(rng, nation, people.sex[rows])


def _foreign_given(rng: Rng, nation: Nation, sex: Ints) -> Ints:
    return np.where(sex == 1, _draw(rng, nation.male, sex.size), _draw(rng, nation.female, sex.size))


def _given_names(rng: Rng, reference: Reference, people: People, native: Bools) -> None:
    year = parts(people.birth)[0]
    for sex, born_from, born_until, pool in reference.japanese_givens:
        rows = np.flatnonzero(native & (people.sex == sex) & (year >= born_from) & (year <= born_until))
        people.given[rows] = _draw(rng, pool, rows.size)
    for _ in range(3):
        rows = _namesakes(people, native)
        for sex, born_from, born_until, pool in reference.japanese_givens:
            mine = rows[(people.sex[rows] == sex) & (year[rows] >= born_from) & (year[rows] <= born_until)]
            people.given[mine] = _draw(rng, pool, mine.size)


def _namesakes(people: People, native: Bools) -> Ints:
    """People who bear the same given name as an earlier member of their household: nobody names a child so."""
    key = people.household * 100_000 + people.given
    order = np.argsort(key, kind="stable")
    again = np.zeros(key.size, dtype=np.bool_)
    again[order[1:]] = key[order[1:]] == key[order[:-1]]
    return np.flatnonzero(again & native)


def resident_ages(people: People, today: int) -> NDArray[np.int64]:
    """満年齢 today."""
    return age_on(people.birth, today)
