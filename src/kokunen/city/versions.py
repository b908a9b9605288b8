"""異動履歴: every person's chain of events, each opening a version of the record, with the moment it was recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kokunen.city.composition import Role
from kokunen.city.days import NEVER, weekday_forward
from kokunen.city.foreigners import Stay
from kokunen.city.people import JAPAN, NOBODY, Society
from kokunen.city.randomness import Bools, Ints, Rng, between
from kokunen.city.timeline import NO_ROLE

OLD_NAMES_SINCE = 18_205  # 2019-11-05: 旧氏 may be recorded
KANA_SINCE = 20_599  # 2026-05-26: the notified readings reach the registers
REMOVING = (201, 202, 203, 204, 211, 213, 216)
_JST = 9 * 3600
_OPENING = 8 * 3600 + 1800 - _JST  # 08:30 in Japan, as seconds of the UTC day
_OPEN_SECONDS = 8 * 3600 + 2700


@dataclass(slots=True)
class Notes:
    """個人の事項: days on which a person's own particulars changed; NEVER where they did not."""

    former_name: Ints
    alias: Ints
    kana: Ints
    corrected: Ints


@dataclass(slots=True)
class Versions:
    """版: one row a version; sorted by person and time. ``at`` is the day whose household state the version shows."""

    person: Ints
    number: Ints
    on: Ints
    at: Ints
    code: Ints
    recorded: Ints
    removed: Bools


def personal_notes(rng: Rng, society: Society, alias: Bools, today: int, cutover: int) -> Notes:
    """個人の事項を決める: 旧氏, 通称, 振り仮名, 誤記修正."""
    people = society.people
    until = np.minimum(people.exit - 5, today - 3)

    def some(keep: Bools, since: Ints | int) -> Ints:
        start = np.maximum(np.maximum(people.entry, cutover) + 5, since)
        when = between(rng, start, until)
        return np.where(keep & (start < until), when, NEVER)

    draw = rng.random((4, people.count))
    unmarried = society.line.lives_unmarried[people.household]
    japanese = people.nation == JAPAN
    renamed = (people.former_family != NOBODY) & japanese & ~unmarried
    after_marriage = np.where(people.role == Role.SPOUSE, society.line.marriage[people.household] + 10, 0)
    return Notes(
        former_name=some(renamed & (draw[0] < 0.035), np.maximum(OLD_NAMES_SINCE, after_marriage)),
        alias=some(alias, 0),
        kana=some(japanese & (draw[2] < 0.12) & people.current, KANA_SINCE),
        corrected=np.where(
            (draw[3] < 0.006) & people.current & (people.entry > cutover) & (people.entry < today - 100),
            people.entry + 20 + np.floor(draw[0] * 60).astype(np.int64),
            NEVER,
        ),
    )


def chain_events(rng: Rng, society: Society, stay: Stay, notes: Notes, today: int, cutover: int) -> Versions:
    """異動をつなぐ: collect each person's events, order them, drop what meets on one day.

    Say when they were recorded.
    """
    person, on, code = _collect(society, stay, notes, cutover)
    order = np.lexsort((_rank(code), on, person))
    person, on, code = person[order], on[order], code[order]
    same_day = np.concatenate([[False], (person[1:] == person[:-1]) & (on[1:] == on[:-1])])
    meets_next = np.concatenate([(person[1:] == person[:-1]) & (on[1:] <= notes.corrected[person[:-1]] + 5), [False]])
    keep = np.where(code == 323, ~meets_next, ~same_day)
    person, on, code = person[keep], on[keep], code[keep]
    first = np.concatenate([[True], person[1:] != person[:-1]])
    position = np.maximum.accumulate(np.where(first, np.arange(person.size), 0))
    corrected = notes.corrected[person]
    recorded = _recorded(
        rng, society.people.household[person], np.where(code == 323, corrected, on), code, first, cutover, today
    )
    removed = np.isin(code, REMOVING)
    recorded = _increasing(person, recorded)
    return Versions(
        person=person,
        number=np.arange(person.size) - position + 1,
        on=on,
        at=np.where(removed, on - 1, on),
        code=code,
        recorded=recorded,
        removed=removed,
    )


def _rank(code: Ints) -> Ints:
    """What matters most on one day stays: coming and going, then moves and heads, then personal particulars."""
    return np.select([code == 323, code < 300, np.isin(code, [301, 314, 321])], [9, 0, 1], default=5)


def _collect(society: Society, stay: Stay, notes: Notes, cutover: int) -> tuple[Ints, Ints, Ints]:
    people, line = society.people, society.line
    everyone = np.arange(people.count)
    house = people.household
    back = line.back_on[house]
    away = line.away_from[house]
    spouse = people.role == Role.SPOUSE
    renamed = np.where(spouse & (line.marriage[house] > people.entry), line.marriage[house], NEVER)
    change = np.where(line.head_before[house] == NO_ROLE, NEVER, line.head_change[house])
    abroad = (house % 5 == 0) & (people.nation == JAPAN)
    parts: list[tuple[Ints, Ints, Ints]] = [
        (everyone, people.entry, people.entry_code),
        (everyone, np.where(people.exit < NEVER, people.exit, NEVER), people.exit_code),
        (everyone, _inside(people.entry, line.first_move[house], people.exit), np.full(people.count, 301)),
        (everyone, _inside(people.entry, line.second_move[house], people.exit), np.full(people.count, 301)),
        (everyone, _inside(people.entry, change, people.exit), np.full(people.count, 314)),
        (everyone, _inside(people.entry, away, people.exit), np.where(abroad, 203, 201)),
        (everyone, _inside(people.entry, back, people.exit), np.where(abroad, 103, 101)),
        (everyone, _inside(people.entry, renamed, people.exit), np.full(people.count, 321)),
        (everyone, _quiet(notes.former_name, away, back), np.full(people.count, 341)),
        (everyone, _quiet(notes.alias, away, back), np.full(people.count, 344)),
        (everyone, _quiet(notes.kana, away, back), np.full(people.count, 346)),
        (everyone, np.where(notes.corrected < NEVER, people.entry, NEVER), np.full(people.count, 323)),
    ]
    for turn in (1, 2):
        granted = _quiet(stay.granted[:, turn], away[stay.person], back[stay.person])
        inside = _inside(np.maximum(people.entry[stay.person], cutover), granted, people.exit[stay.person])
        parts.append((stay.person, inside, np.full(stay.person.size, 324)))
    person, on, code = (np.concatenate([part[n] for part in parts]) for n in range(3))
    happens = on < NEVER
    return person[happens], on[happens], code[happens]


def _inside(entry: Ints, when: Ints, leaving: Ints) -> Ints:
    return np.where((when > entry) & (when < leaving), when, NEVER)


def _quiet(when: Ints, away: Ints, back: Ints) -> Ints:
    """Nothing is recorded for somebody who is away."""
    return np.where((when >= away) & (when <= back), NEVER, when)


def _recorded(rng: Rng, house: Ints, on: Ints, code: Ints, first: Bools, cutover: int, today: int) -> Ints:
    """Seconds since 1970 (UTC) when the office wrote it down: some days later, in opening hours; old rows at the
    cutover.

    A household comes to the counter together: members share the moment of what befell them all.
    """
    habit = rng.integers(0, 1 << 30, int(house.max(initial=0)) + 1)[house]
    delay = (habit + on) % 14
    delay = np.where(np.isin(code, [211, 314]), (habit + on) % 7 + 1, delay)
    delay = np.where(np.isin(code, [201, 202, 203, 344, 341, 346, 323]), (habit + on) % 3, delay)
    day = np.minimum(weekday_forward(on + delay), today - 1)
    day = np.maximum(day, np.minimum(on, today - 1))
    minute = (habit // 7 + on * 7919) % _OPEN_SECONDS
    moment = day * 86_400 + _OPENING + minute
    migrated = cutover * 86_400 - _JST + 22 * 3600
    return np.where(first & (on < cutover), migrated, np.maximum(moment, migrated + 60))


def _increasing(person: Ints, recorded: Ints) -> Ints:
    """Later versions are recorded later: where two meet or cross, the later one follows a minute behind."""
    result = recorded.copy()
    while True:
        late = np.concatenate([[False], (person[1:] == person[:-1]) & (result[1:] <= result[:-1])])
        if not late.any():
            return result
        rows = np.flatnonzero(late)
        result[rows] = result[rows - 1] + 60
