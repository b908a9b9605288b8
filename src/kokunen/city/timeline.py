"""世帯の歩み: when each member came and went, when the household moved, who was head before.

Ten years back from today stands the cutover, the day this register was taken into the system. What happened before is
known only as dates in the first version of a record; what happened after is a chain of recorded events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kokunen.city.composition import CHILDREN, ROLES, YEAR, Grid, Kind, Role, parents_window
from kokunen.city.days import NEVER, add_years, age_on
from kokunen.city.randomness import Bools, Ints, Rng, between, normal_between, pick

NO_ROLE = -1
REFORM_2012 = 15_530  # 2012-07-09: foreign residents came onto the register
COUPLES = (Kind.COUPLE, Kind.COUPLE_CHILDREN, Kind.THREE_GENERATIONS, Kind.ELDER_HEAD)


@dataclass(slots=True)
class Timeline:
    """歩みの表: days for each household (vectors) and each member (grids); NEVER where a thing does not happen."""

    base: Ints
    base_code: Ints
    first_move: Ints
    second_move: Ints
    left: Ints
    left_code: Ints
    away_from: Ints
    back_on: Ints
    marriage: Ints
    lives_unmarried: Bools
    head_change: Ints
    head_before: Ints
    native: Bools
    entry: Ints
    entry_code: Ints
    exit: Ints
    exit_code: Ints


def run_timeline(rng: Rng, grid: Grid, foreign: Bools, removed: Bools, today: int, cutover: int) -> Timeline:
    """歩みを作る: may add former members to ``grid`` (a spouse who died, a child who moved out)."""
    line = _start(rng, grid, foreign, removed, today, cutover)
    _former_spouses(rng, grid, line, foreign, removed, today, cutover)
    _former_fathers(rng, grid, line, removed, today, cutover)
    _grown_children(rng, grid, line, removed, today, cutover)
    _marriages(rng, grid, line, foreign, removed, today, cutover)
    _entries(rng, grid, line, foreign, today)
    _moves(rng, grid, line, today, cutover)
    _absences(rng, grid, line, removed, today, cutover)
    _close(grid, line)
    return line


def _start(rng: Rng, grid: Grid, foreign: Bools, removed: Bools, today: int, cutover: int) -> Timeline:
    count = grid.households
    head = grid.birth[:, Role.HEAD]
    adult = add_years(head, 18) + 20
    left = np.full(count, NEVER, dtype=np.int64)
    gone = np.maximum(between(rng, np.full(count, cutover + 60), np.full(count, today - 3)), adult + 200)
    left[removed] = np.minimum(gone, today - 3)[removed]
    until = np.minimum(left, today)
    age = age_on(head, today)
    scale = np.where(foreign, 4.0, np.clip((age - 17) * 0.42, 1.6, 17.0)) * YEAR
    tenure = (rng.exponential(1.0, count) * scale).astype(np.int64) + 40
    base = np.minimum(np.maximum(until - tenure, adult), until - 20)
    native = ~foreign & (base < cutover) & (rng.random(count) < 0.35)
    native_codes = np.array([101, 102, 103])[pick(rng, [0.87, 0.08, 0.05], count)]
    foreign_codes = np.array([105, 101, 106])[pick(rng, [0.58, 0.40, 0.02], count)]
    return Timeline(
        base=base,
        base_code=np.where(foreign, foreign_codes, np.where(native, 301, native_codes)),
        first_move=np.full(count, NEVER, dtype=np.int64),
        second_move=np.full(count, NEVER, dtype=np.int64),
        left=left,
        left_code=_leaving_codes(rng, grid, foreign, removed, today),
        away_from=np.full(count, NEVER, dtype=np.int64),
        back_on=np.full(count, NEVER, dtype=np.int64),
        marriage=np.full(count, -NEVER, dtype=np.int64),
        lives_unmarried=np.zeros(count, dtype=np.bool_),
        head_change=np.full(count, NEVER, dtype=np.int64),
        head_before=np.full(count, NO_ROLE, dtype=np.int64),
        native=native,
        entry=np.full((count, ROLES), NEVER, dtype=np.int64),
        entry_code=np.zeros((count, ROLES), dtype=np.int64),
        exit=np.full((count, ROLES), NEVER, dtype=np.int64),
        exit_code=np.zeros((count, ROLES), dtype=np.int64),
    )


def _leaving_codes(rng: Rng, grid: Grid, foreign: Bools, removed: Bools, today: int) -> Ints:
    count = grid.households
    native = np.array([201, 202, 203, 204, 213])[pick(rng, [0.64, 0.22, 0.07, 0.04, 0.03], count)]
    abroad = np.array([201, 203, 216, 213])[pick(rng, [0.56, 0.33, 0.06, 0.05], count)]
    code = np.where(foreign, abroad, native)
    old = np.isin(grid.kind, [Kind.SINGLE, Kind.INSTITUTION]) & (age_on(grid.birth[:, Role.HEAD], today) >= 70)
    dies = old & (rng.random(count) < 0.8)
    return np.where(removed, np.where(dies, 211, code), 0)


def _former_spouses(
    rng: Rng, grid: Grid, line: Timeline, foreign: Bools, removed: Bools, today: int, cutover: int
) -> None:
    """A spouse who died (widowhood) or left (divorce) within the ten years, as a former member."""
    age = age_on(grid.birth[:, Role.HEAD], today)
    head_sex = grid.sex[:, Role.HEAD]
    draw = rng.random(grid.households)
    alone = (grid.kind == Kind.SINGLE) & (age >= 62) & (draw < np.where(head_sex == 2, 0.30, 0.12))
    parent = (grid.kind == Kind.SINGLE_PARENT) & (age >= 48) & (draw < 0.16)
    divorced = (grid.kind == Kind.SINGLE_PARENT) & (age < 55) & (draw > 0.72)
    wants = (alone | parent | divorced) & ~removed & ~foreign
    when = between(rng, np.full(age.shape, cutover + 60), np.full(age.shape, today - 8))
    gap = normal_between(rng, 2.2, 3.2, -6, 12, age.size) * YEAR * np.where(head_sex == 2, -1, 1)
    birth = grid.birth[:, Role.HEAD] + gap.astype(np.int64)
    first = grid.birth[:, Role.CHILD1]
    earliest, latest = parents_window(grid.birth[:, Role.HEAD], birth, today)
    fits = (first >= NEVER) | ((first >= earliest) & (first <= latest) & (first < when - 280))
    youngest = np.maximum.reduce([np.where(grid.birth[:, role] < NEVER, grid.birth[:, role], 0) for role in CHILDREN])
    fits &= (youngest <= latest) & (youngest < when - 280) & (add_years(birth, 23) < when)
    fits &= add_years(grid.birth[:, Role.HEAD], 22) < when
    fits &= age_on(birth, today) < 102
    keep = wants & fits
    grid.birth[keep, Role.SPOUSE] = birth[keep]
    grid.sex[keep, Role.SPOUSE] = 3 - head_sex[keep]
    line.exit[keep, Role.SPOUSE] = when[keep]
    line.exit_code[keep, Role.SPOUSE] = np.where(divorced, np.where(draw > 0.9, 202, 201), 211)[keep]
    _begin_before(rng, grid, line, keep, when)
    _succeed(line, keep & (head_sex == 2), when, Role.SPOUSE)


def _begin_before(rng: Rng, grid: Grid, line: Timeline, keep: Bools, when: Ints) -> None:
    """The household began at least a year before ``when``, but not before its head was grown up."""
    earlier = when - 400 - (rng.exponential(6.0, when.size) * YEAR).astype(np.int64)
    adult = add_years(grid.birth[:, Role.HEAD], 18) + 20
    base = np.maximum(np.minimum(line.base, earlier), np.minimum(adult, when - 200))
    line.base[keep] = base[keep]


def _succeed(line: Timeline, keep: Bools, when: Ints, role: Role) -> None:
    line.head_change[keep] = when[keep]
    line.head_before[keep] = int(role)


def _former_fathers(rng: Rng, grid: Grid, line: Timeline, removed: Bools, today: int, cutover: int) -> None:
    """An old father who was head until he died; his son or daughter followed."""
    count = grid.households
    mother = grid.birth[:, Role.MOTHER]
    wants = (grid.kind == Kind.THREE_GENERATIONS) & (mother < NEVER) & (grid.birth[:, Role.FATHER] >= NEVER)
    wants &= ~removed & (rng.random(count) < 0.55)
    when = between(rng, np.full(count, cutover + 90), np.full(count, today - 8))
    birth = np.clip(
        mother - (normal_between(rng, 2.4, 2.5, -3, 8, count) * YEAR).astype(np.int64),
        grid.birth[:, Role.HEAD] - int(44.5 * YEAR),
        grid.birth[:, Role.HEAD] - int(20.5 * YEAR),
    )
    keep = wants & (age_on(birth, today) < 102)
    grid.birth[keep, Role.FATHER] = birth[keep]
    grid.sex[keep, Role.FATHER] = 1
    line.exit[keep, Role.FATHER] = when[keep]
    line.exit_code[keep, Role.FATHER] = 211
    _begin_before(rng, grid, line, keep, when)
    _succeed(line, keep, when, Role.FATHER)


def _grown_children(rng: Rng, grid: Grid, line: Timeline, removed: Bools, today: int, cutover: int) -> None:
    """A child who grew up and moved to another city (転出) within the ten years."""
    count = grid.households
    head, spouse = grid.birth[:, Role.HEAD], grid.birth[:, Role.SPOUSE]
    age = age_on(head, today)
    empty = grid.birth[:, Role.CHILD4] >= NEVER
    share = np.select([grid.kind == Kind.COUPLE, grid.kind == Kind.COUPLE_CHILDREN], [0.34, 0.16], default=0.0)
    wants = empty & (age >= 44) & (age <= 74) & ~removed & (rng.random(count) < share)
    earliest, latest = parents_window(head, spouse, today)
    birth = between(rng, earliest, np.maximum(latest, earliest))
    youngest = np.maximum.reduce([np.where(grid.birth[:, role] < NEVER, grid.birth[:, role], 0) for role in CHILDREN])
    birth = np.where(youngest > 0, np.minimum(birth, youngest - 500), birth)
    out = add_years(birth, 18) + between(rng, np.zeros(count, dtype=np.int64), np.full(count, 11 * 365))
    spring = out - (out % 366) % 300
    out = np.where(rng.random(count) < 0.4, spring, out)
    keep = wants & (birth >= earliest) & (birth <= latest) & (out > cutover + 60) & (out < today - 8)
    keep &= out >= add_years(birth, 18)
    grid.birth[keep, Role.CHILD4] = birth[keep]
    grid.sex[keep, Role.CHILD4] = np.where(rng.random(int(keep.sum())) < 0.55, 1, 2)
    line.exit[keep, Role.CHILD4] = out[keep]
    line.exit_code[keep, Role.CHILD4] = np.array([201, 202, 203])[pick(rng, [0.72, 0.24, 0.04], int(keep.sum()))]
    _begin_before(rng, grid, line, keep, out)


def _marriages(rng: Rng, grid: Grid, line: Timeline, foreign: Bools, removed: Bools, today: int, cutover: int) -> None:
    """Some couples lived together before they married (氏名等の職権修正), in some the spouse came at the marriage."""
    count = grid.households
    couple = np.isin(grid.kind, [int(kind) for kind in COUPLES]) & (grid.birth[:, Role.SPOUSE] < NEVER)
    first = np.minimum.reduce([grid.birth[:, role] for role in CHILDREN])
    grown = np.maximum(add_years(grid.birth[:, Role.HEAD], 19), add_years(grid.birth[:, Role.SPOUSE] % NEVER, 19))
    latest = np.minimum(np.minimum(first - 60, today - 8), line.left - 30)
    earliest = np.maximum(np.maximum(grown, cutover + 40), line.base + 60)
    possible = couple & ~foreign & ~removed & (earliest < latest) & (line.head_before == NO_ROLE)
    possible &= line.exit[:, Role.SPOUSE] >= NEVER
    draw = rng.random(count)
    when = between(rng, earliest, np.maximum(earliest, latest))
    recent = possible & (draw < 0.45)
    line.marriage[recent] = when[recent]
    joined = possible & (draw >= 0.45) & (draw < 0.75)
    line.entry[joined, Role.SPOUSE] = when[joined]
    line.entry_code[joined, Role.SPOUSE] = 101
    unmarried = couple & (grid.kind == Kind.COUPLE) & ~foreign & ~recent & ~joined & (draw > 0.97)
    line.lives_unmarried = unmarried


def _entries(rng: Rng, grid: Grid, line: Timeline, foreign: Bools, today: int) -> None:
    """Everybody comes when the household begins; children at birth; some parents are called in later."""
    count = grid.households
    base = np.where(line.head_before == Role.FATHER, np.minimum(line.base, line.head_change - 300), line.base)
    line.base = base
    for role in Role:
        given = line.entry[:, role] < NEVER
        begin = np.where(grid.birth[:, role] < NEVER, np.maximum(base, grid.birth[:, role]), base)
        born_here = (begin == grid.birth[:, role]) & (begin > base)
        code = np.where(born_here, 111, line.base_code)
        line.entry[:, role] = np.where(given, line.entry[:, role], begin)
        line.entry_code[:, role] = np.where(given, line.entry_code[:, role], code)
    later = np.isin(grid.kind, [int(Kind.WITH_PARENT), int(Kind.THREE_GENERATIONS)])
    later &= (line.head_before == NO_ROLE) & (rng.random(count) < 0.3) & (base < today - 800) & ~foreign
    later &= line.left >= NEVER
    when = between(rng, base + 200, np.full(count, today - 40))
    for role in (Role.FATHER, Role.MOTHER):
        line.entry[later, role] = when[later]
        line.entry_code[later, role] = 101


def _moves(rng: Rng, grid: Grid, line: Timeline, today: int, cutover: int) -> None:
    """転居 of the whole household, none, one or two within the ten years."""
    count = grid.households
    until = np.minimum(line.left, today) - 30
    since = np.maximum(line.base, cutover) + 60
    draw = rng.random(count)
    once = (draw < np.where(grid.kind == Kind.INSTITUTION, 0.75, 0.27)) & (since < until)
    first = between(rng, since, np.maximum(since, until))
    twice = once & (draw < 0.06) & (first + 150 < until) & (grid.kind != Kind.INSTITUTION)
    line.first_move = np.where(once, first, NEVER)
    second = between(rng, first + 120, np.maximum(first + 120, until))
    line.second_move = np.where(twice, second, NEVER)


def _absences(rng: Rng, grid: Grid, line: Timeline, removed: Bools, today: int, cutover: int) -> None:
    """Moved out and came back (再転入): the same 宛名番号 goes on."""
    count = grid.households
    since = np.maximum(line.base, cutover) + 100
    out = between(rng, since, np.full(count, today - 700))
    back = out + between(rng, np.full(count, 200), np.full(count, 900))
    quiet = (line.first_move >= NEVER) & (line.marriage < 0) & (line.head_before == NO_ROLE) & ~removed
    quiet &= np.isin(grid.kind, [int(Kind.SINGLE), int(Kind.COUPLE)])
    quiet &= (line.exit[:, Role.CHILD4] >= NEVER) & (line.entry[:, Role.SPOUSE] <= line.base)
    keep = quiet & (out > since) & (back < today - 20) & (rng.random(count) < 0.035)
    line.away_from = np.where(keep, out, NEVER)
    line.back_on = np.where(keep, back, NEVER)


def _close(grid: Grid, line: Timeline) -> None:
    """The household's own leaving closes everybody still there; who would come after that never was there."""
    left = line.left[:, None]
    leaves_with_all = line.exit >= left
    line.exit = np.minimum(line.exit, left)
    line.exit_code = np.where(leaves_with_all & (left < NEVER), line.left_code[:, None], line.exit_code)
    grid.birth[(line.entry >= line.exit) & (grid.birth < NEVER)] = NEVER
