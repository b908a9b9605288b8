"""国民年金の歴史: intervals of insured kind for everybody since the age of 20, exemptions, 付加.

Days follow the Act: an age is reached the day before the birthday; loss by death or leaving the country is the
next day; moving between cities changes nothing. Codes are those of the pension reference (被保険者種別 T1, 取得理由 T2,
喪失理由 T3, 免除種類 T5, 申請特例区分 T6, 裁定結果 T7, 免除終了理由 T8).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kokunen.city.composition import Role
from kokunen.city.days import NEVER, add_months, first_of_month, parts, reaches_age, year_start
from kokunen.city.frames import chosen, constant, dates, gathered, nothing
from kokunen.city.people import JAPAN, NOBODY, People, Society
from kokunen.city.randomness import Bools, Ints, Rng, Topic, between, pick
from kokunen.city.work import Livelihood, Work

SLOTS = 6
UNINSURED = 0
SCHEME_1961 = -3197  # 1961-04-01: the National Pension began to take premiums
REFORM_1986 = 5934  # 1986-04-01: 第3号 began


@dataclass(slots=True)
class Careers:
    """資格の歩み: per person up to six starts with their kinds (0 = not insured), in order; NEVER where unused."""

    start: Ints
    kind: Ints
    arrival: Ints
    missing: Bools


@dataclass(slots=True)
class Periods:
    """資格期間: rows in order of person and time."""

    person: Ints
    kind: Ints
    begin: Ints
    end: Ints
    acquired_by: pl.Series
    lost_by: pl.Series


def careers(rng: Rng, society: Society, living: Livelihood, today: int) -> Careers:
    """歩みを作る: schooling, jobs, breaks, marriage, age 60 and 65, stays abroad."""
    people = society.people
    count = people.count
    at_20, at_60, at_65 = (reaches_age(people.birth, age) for age in (20, 60, 65))
    arrival = _arrivals(rng, people)
    begin = np.maximum(np.maximum(at_20, arrival), SCHEME_1961)
    until = np.minimum(people.exit, today)
    start = np.full((count, SLOTS), NEVER, dtype=np.int64)
    kind = np.full((count, SLOTS), UNINSURED, dtype=np.int64)
    job = _first_jobs(rng, people, arrival)
    past = np.where(living.age >= 60, living.at_59, living.work)
    employed = past == Work.EMPLOYEE
    ever = employed | ((rng.random(count) < 0.66) & (living.age >= 25))
    ever &= past != Work.STUDENT
    job = np.where(employed & (job > until - 10), _recent_jobs(rng, people, arrival, until), job)
    settled = np.maximum(job, at_20) + 300
    quit_job = between(rng, settled, np.maximum(settled + 1, np.minimum(until, at_60) - 20))
    after = np.where(living.dependent_spouse, 3, 1)
    _put(start, kind, 0, np.where(job > begin, begin, NEVER), np.ones(count, dtype=np.int64))
    _put(start, kind, 1, np.where(ever, job, begin), np.where(ever, 2, after))
    _put(start, kind, 2, np.where(ever & ~employed, quit_job, NEVER), after)
    _former_dependents(rng, people, living, ever & ~employed & (after == 1), (quit_job, until), start, kind)
    _breaks(rng, people, employed, (np.maximum(job, at_20), np.minimum(until, at_60)), start, kind)
    _endings(rng, living, (at_60, at_65), until, start, kind)
    _stays_abroad(society, start, kind)
    early = (start < np.minimum(begin, arrival)[:, None]) & (kind != 2)
    start = np.where(early, begin[:, None], start)
    start = np.where(start < arrival[:, None], arrival[:, None], start)
    start = np.where((kind == 3) & (start < REFORM_1986), REFORM_1986, start)
    missing = (living.age >= 20) & (living.age < 59) & people.current & (rng.random(count) < 0.004) & (living.work != 2)
    return Careers(start, kind, arrival, missing)


def _put(start: Ints, kind: Ints, slot: int, when: Ints, what: Ints) -> None:
    start[:, slot] = when
    kind[:, slot] = what


def _arrivals(rng: Rng, people: People) -> Ints:
    """Day a person's life in Japan began: birth, or for foreigners some time before or at the entry here."""
    earlier = people.entry - (rng.exponential(2.5, people.count) * 365).astype(np.int64)
    from_abroad = np.isin(people.entry_code, [103, 105, 106])
    arrival = np.where(from_abroad, people.entry, np.maximum(earlier, people.birth))
    return np.where((people.nation == JAPAN) | (people.entry_code == 111), people.birth, arrival)


def _first_jobs(rng: Rng, people: People, arrival: Ints) -> Ints:
    """First of April after leaving school at 18, 20 or 22; foreigners not before they came."""
    years = np.array([18, 20, 22])[pick(rng, [0.32, 0.22, 0.46], people.count)]
    year, month, day = parts(people.birth)
    late = (month > 4) | ((month == 4) & (day >= 2))
    first: Ints = np.maximum(year_start(year + years + late, 4), arrival)
    return first


def _recent_jobs(rng: Rng, people: People, arrival: Ints, until: Ints) -> Ints:
    """For those who work before their year of leaving school: a job since some months, from 18 on."""
    since = until - rng.integers(15, 700, people.count)
    begun: Ints = np.maximum(np.maximum(since, reaches_age(people.birth, 18)), arrival)
    return begun


def _former_dependents(
    rng: Rng, people: People, living: Livelihood, wants: Bools, span: tuple[Ints, Ints], start: Ints, kind: Ints
) -> None:
    """Wives who were 第3号 for years and are 第1号 now (own income, divorce, the husband's retirement)."""
    quit_job, until = span
    was = wants & (people.sex == 2) & (living.age >= 28) & (living.age < 60) & (rng.random(people.count) < 0.40)
    turns = between(rng, quit_job + 300, np.maximum(quit_job + 301, until - 10))
    was &= turns < until - 5
    kind[was, 2] = 3
    _put(start, kind, 3, np.where(was, turns, start[:, 3]), np.where(was, 1, kind[:, 3]))


def _breaks(rng: Rng, people: People, employed: Bools, span: tuple[Ints, Ints], start: Ints, kind: Ints) -> None:
    """Between two jobs some months of 第1号; for some wives years of 第3号."""
    job, until = span
    draw = rng.random(people.count)
    married_woman = (people.sex == 2) & (people.spouse != NOBODY)
    raised = married_woman & (draw < 0.30)
    length = np.where(raised, rng.integers(700, 4200, people.count), rng.integers(20, 420, people.count))
    leaves = between(rng, job + 350, np.maximum(job + 351, until - length - 40))
    happens = employed & (draw < 0.40) & (leaves + length + 30 < until) & (leaves > job)
    _put(start, kind, 2, np.where(happens, leaves, start[:, 2]), np.where(happens, np.where(raised, 3, 1), kind[:, 2]))
    _put(start, kind, 3, np.where(happens, leaves + length, start[:, 3]), np.where(happens, 2, kind[:, 3]))


def _endings(rng: Rng, living: Livelihood, ages: tuple[Ints, Ints], until: Ints, start: Ints, kind: Ints) -> None:
    """At 60 第1号 and 第3号 end, 第2号 when the job ends or at 65; a few go on by choice until 65."""
    at_60, at_65 = ages
    count = at_60.size
    employee_at_60 = living.at_59 == Work.EMPLOYEE
    working = living.work == Work.EMPLOYEE
    leaves = between(rng, at_60, np.minimum(at_65, np.maximum(until, at_60 + 1)))
    end = np.where(employee_at_60, np.where(working, at_65, leaves), at_60)
    end = np.where(until < at_60, NEVER, end)
    late = (start >= np.where(employee_at_60, end, at_60)[:, None]) & (start < NEVER)
    start[late] = NEVER
    _put(start, kind, 4, end, np.zeros(count, dtype=np.int64))
    chooses = (rng.random(count) < 0.05) & ~working & (end < NEVER)
    applied = between(rng, np.maximum(end, at_60) + 1, np.maximum(end + 2, at_65 - 200))
    chooses &= (applied < at_65 - 60) & (applied < until - 10)
    _put(start, kind, 5, np.where(chooses, applied, NEVER), np.full(count, 5))


def _stays_abroad(society: Society, start: Ints, kind: Ints) -> None:
    """Away in another country: loss on the day after leaving, acquisition on the day of coming back (if under 60)."""
    people, line = society.people, society.line
    house = people.household
    away, back = line.away_from[house], line.back_on[house]
    abroad = (house % 5 == 0) & (people.nation == JAPAN) & (away < NEVER)
    rows = np.flatnonzero(abroad)
    for row in rows:
        kept = [(s, k) for s, k in zip(start[row], kind[row], strict=True) if s < away[row]]
        later = [(s, k) for s, k in zip(start[row], kind[row], strict=True) if back[row] < s < NEVER]
        if not kept or kept[-1][1] == UNINSURED:
            continue
        events = [*sorted(kept), (away[row] + 1, UNINSURED), (back[row], 1 if kept[-1][1] != 2 else 2), *sorted(later)][
            :SLOTS
        ]
        start[row], kind[row] = NEVER, UNINSURED
        for slot, (when, what) in enumerate(events):
            start[row, slot], kind[row, slot] = when, what


def periods(rng: Rng, society: Society, career: Careers, today: int) -> Periods:
    """資格期間にする: starts in order, each ending at the next.

    The last one ends by death, leaving Japan, 60 or 65, or is open.
    """
    people = society.people
    at_20, at_60, at_65 = (reaches_age(people.birth, age) for age in (20, 60, 65))
    order = np.argsort(career.start, axis=1, kind="stable")
    start = np.take_along_axis(career.start, order, axis=1)
    kind = np.take_along_axis(career.kind, order, axis=1)
    person, slot = np.nonzero((start < NEVER) & ~career.missing[:, None])
    begin, what = start[person, slot], kind[person, slot]
    same = person[1:] == person[:-1]
    keep = np.concatenate([[True], ~same | (what[1:] != what[:-1])]) if person.size else np.zeros(0, dtype=np.bool_)
    person, begin, what = person[keep], begin[keep], what[keep]
    following = np.full(person.size, NEVER, dtype=np.int64)
    next_kind = np.full(person.size, -1, dtype=np.int64)
    same = person[1:] == person[:-1]
    following[:-1] = np.where(same, begin[1:], NEVER)
    next_kind[:-1] = np.where(same, what[1:], -1)
    limit = np.where(np.isin(what, [1, 3]), at_60[person], np.where(what == 5, at_65[person], NEVER))
    gone = np.where(np.isin(people.exit_code, [203, 216, 211]), people.exit + 1, NEVER)[person]
    end = np.minimum.reduce([following, limit, gone])
    shown = np.minimum(people.exit[person], today)
    rows = (what != UNINSURED) & (begin < end) & (begin <= shown) & (begin < NEVER)
    end = np.where(end > today, NEVER, end)
    previous = np.full(person.size, -1, dtype=np.int64)
    previous[1:] = np.where(same, what[:-1], -1)
    acquired = _acquired(rng, people, person, begin, what, previous, at_20)
    lost = _lost(people, person, end, what, next_kind, (following, limit, gone))
    return Periods(
        person[rows], what[rows], begin[rows], end[rows], acquired.filter(pl.Series(rows)), lost.filter(pl.Series(rows))
    )


def _acquired(rng: Rng, people: People, person: Ints, begin: Ints, kind: Ints, before: Ints, at_20: Ints) -> pl.Series:
    left_marriage = np.array(["04", "04", "05", "06", "08"])[pick(rng, [40, 20, 25, 13, 2], person.size)]
    back = (before == UNINSURED) | (begin == people.entry[person])
    code = np.select(
        [kind == 5, kind != 1, begin == at_20[person], before == 2, before == 3, back],
        ["12", "", "01", "02", left_marriage, "09"],
        default="09",
    )
    return pl.Series(code).replace("", None)


def _lost(
    people: People, person: Ints, end: Ints, kind: Ints, following: Ints, ends: tuple[Ints, Ints, Ints]
) -> pl.Series:
    after, limit, gone = ends
    dead = people.exit_code[person] == 211
    code = np.select(
        [
            end >= NEVER,
            (end == gone) & dead,
            end == gone,
            (end == limit) & (kind == 5),
            end == limit,
            (end == after) & (following == UNINSURED) & (kind != 2),
            (kind == 1) & (following == 2),
            (kind == 1) & (following == 3),
            (kind == 5) & (following == 2),
        ],
        ["", "01", "02", "10", "03", "02", "04", "06", "04"],
        default="",
    )
    return pl.Series(code).replace("", None)


def pension_tables(
    seeds: dict[Topic, Rng],
    society: Society,
    living: Livelihood,
    career: Careers,
    atena: pl.Series,
    pension_number: pl.Series,
    today: int,
) -> dict[str, pl.DataFrame]:
    """年金の表: pension_persons, qualification_periods, exemption_periods, additional_periods."""
    found = periods(seeds[Topic.PENSION], society, career, today)
    numbered = np.unique(found.person)
    number = gathered(pension_number, np.arange(society.people.count))
    exemption = _exemptions(seeds[Topic.EXEMPTION], society, living, found, today)
    return {
        "pension_persons": _pension_persons(seeds[Topic.PENSION], society, numbered, atena, number, found),
        "qualification_periods": pl.DataFrame(
            {
                "atena_number": atena.gather(found.person),
                "basic_pension_number": number.gather(found.person),
                "kind": pl.Series(found.kind).cast(pl.String),
                "acquired_on": dates(found.begin),
                "acquired_by": found.acquired_by,
                "lost_on": dates(found.end),
                "lost_by": found.lost_by,
            }
        ),
        "exemption_periods": exemption.with_columns(
            atena_number=atena.gather(exemption["person"]), basic_pension_number=number.gather(exemption["person"])
        ).select("atena_number", "basic_pension_number", pl.exclude("person", "atena_number", "basic_pension_number")),
        "additional_periods": _additional(seeds[Topic.PENSION], society, living, found, atena, number, today),
    }


def _pension_persons(
    rng: Rng, society: Society, person: Ints, atena: pl.Series, number: pl.Series, found: Periods
) -> pl.DataFrame:
    first = np.searchsorted(found.person, person)
    digits = rng.integers(0, 10_000, person.size)
    mobile = rng.random(person.size) < 0.8
    phone = pl.Series(digits).cast(pl.String).str.zfill(4)
    prefix = chosen(mobile, constant("090-0000-", person.size), constant("048-000-", person.size))
    return pl.DataFrame(
        {
            "atena_number": atena.gather(person),
            "basic_pension_number": number.gather(person),
            "first_acquired_on": dates(found.begin[first]),
            "phone_number": chosen(rng.random(person.size) < 0.7, prefix + phone, nothing(person.size)),
        }
    )


def _exemptions(rng: Rng, society: Society, living: Livelihood, found: Periods, today: int) -> pl.DataFrame:
    first_kind = np.flatnonzero(found.kind == 1)
    person, begin = found.person[first_kind], found.begin[first_kind]
    end = np.where(found.end[first_kind] < NEVER, found.end[first_kind], today + 200)
    people = society.people
    rows = [
        _students(rng, people, living, person, begin, end, today),
        _low_income(rng, people, living, person, begin, end, today),
        _lawful(rng, people, person, begin, end, today),
        _mothers(society, person, begin, end, today),
    ]
    return pl.concat(rows).sort("person", "from_month", "kind", maintain_order=True)


def _exemption_frame(
    person: Ints, kind: Ints, months: tuple[Ints, Ints], applied: Ints, today: int, **more: pl.Series
) -> pl.DataFrame:
    """Rows of one kind of exemption: months as their first days; decided two months after the application."""
    decided = add_months(applied, 2)
    pending = decided > today
    size = person.size
    columns: dict[str, pl.Series] = {
        "person": pl.Series(person),
        "kind": pl.Series(kind).cast(pl.String),
        "from_month": dates(months[0]),
        "to_month": dates(months[1]),
        "applied_on": dates(applied),
        "special_ground": constant("0", size),
        "result": chosen(pending, constant("7", size), constant("1", size)),
        "decided_on": dates(np.where(pending, NEVER, decided)),
        "continue_wished": pl.Series(np.zeros(size, dtype=np.bool_)),
        "school": nothing(size),
    }
    return pl.DataFrame(columns | more)


def _cycle(begin: Ints, end: Ints, year: Ints, month: int) -> tuple[Ints, Ints]:
    """First and last month of one exemption year (July or April on) within an interval; last < first if none."""
    first = np.maximum(year_start(year, month), first_of_month(begin))
    last = np.minimum(add_months(year_start(year + 1, month), -1), add_months(first_of_month(end), -1))
    return first, last


def _students(
    rng: Rng, people: People, living: Livelihood, person: Ints, begin: Ints, end: Ints, today: int
) -> pl.DataFrame:
    at_20 = reaches_age(people.birth, 20)[person]
    student = (begin == at_20) & (end - begin < 4 * 366) & (begin > today - 12 * 365)
    mine = np.flatnonzero(student & (rng.random(person.size) < 0.62))
    frames = []
    for offset in range(4):
        year, month, _ = parts(begin[mine])
        first, last = _cycle(begin[mine], end[mine], year - (month < 4) + offset, 4)
        keep = (last >= first) & (first <= today)
        applied = np.minimum(first + 20, today - 1)
        school = pl.Series(["市立商科大学", "県立工科大学", "看護専門学校", "情報専門学校"]).gather(mine[keep] % 4)
        frames.append(
            _exemption_frame(
                person[mine[keep]],
                np.full(int(keep.sum()), 40),
                (first[keep], last[keep]),
                applied[keep],
                today,
                school=school,
            )
        )
    return pl.concat(frames)


def _low_income(
    rng: Rng, people: People, living: Livelihood, person: Ints, begin: Ints, end: Ints, today: int
) -> pl.DataFrame:
    poor = np.isin(living.work[person], [int(Work.UNEMPLOYED), int(Work.PART_TIME), int(Work.AT_HOME)])
    open_now = (end > today) & people.current[person]
    wants = open_now & (rng.random(person.size) < np.where(poor, 0.62, 0.10))
    mine = np.flatnonzero(wants)
    kind = np.array([20, 30, 21, 22, 23])[pick(rng, [62, 16, 8, 8, 6], mine.size)]
    kind = np.where((kind == 30) & (living.age[person[mine]] >= 49), 20, kind)
    continues = pl.Series(np.isin(kind, [20, 30]) & (rng.random(mine.size) < 0.7))
    this = int(parts(np.array([today]))[0][0]) - int(parts(np.array([today]))[1][0] < 7)
    frames = []
    for back in (2, 1, 0):
        year = np.full(mine.size, this - back)
        first, last = _cycle(begin[mine], end[mine], year, 7)
        keep = (last >= first) & (first <= today) & (rng.random(mine.size) < 0.8)
        applied = np.minimum(np.maximum(first, year_start(year, 7)) + 15, today - 1)
        special = chosen(
            (kind == 20) & (rng.random(mine.size) < 0.2), constant("1", mine.size), constant("0", mine.size)
        )
        frames.append(
            _exemption_frame(
                person[mine[keep]], kind[keep], (first[keep], last[keep]), applied[keep], today,
                special_ground=special.filter(pl.Series(keep)), continue_wished=continues.filter(pl.Series(keep)),
            )
        )  # fmt: skip
    return pl.concat(frames)


def _lawful(rng: Rng, people: People, person: Ints, begin: Ints, end: Ints, today: int) -> pl.DataFrame:
    wants = (end > today) & people.current[person] & (people.nation[person] == JAPAN)
    mine = np.flatnonzero(wants & (rng.random(person.size) < 0.065) & (begin < today - 400))
    kind = np.array([10, 11, 12])[pick(rng, [45, 54, 1], mine.size)]
    since = between(rng, np.maximum(begin[mine], today - 3000), np.full(mine.size, today - 200))
    first = np.maximum(add_months(first_of_month(since), -1), first_of_month(begin[mine]))
    return _exemption_frame(person[mine], kind, (first, np.full(mine.size, NEVER)), since + 14, today)


def _mothers(society: Society, person: Ints, begin: Ints, end: Ints, today: int) -> pl.DataFrame:
    """産前産後: mothers insured as 第1号 when a child was born since 2019-04."""
    people = society.people
    child = np.flatnonzero((people.mother != NOBODY) & (people.birth >= 17_987) & (people.birth <= today - 30))
    mother, born = people.mother[child], people.birth[child]
    order = np.argsort(person, kind="stable")
    place = np.searchsorted(person[order], mother)
    place = np.minimum(place, max(person.size - 1, 0))
    if not person.size:
        return _exemption_frame(person, person, (person, person), person, today)
    row = order[place]
    fits = (
        (person[row] == mother)
        & (begin[row] < born - 40)
        & (end[row] > born + 100)
        & (people.role[child] != Role.OTHER)
    )
    mother, born = mother[fits], born[fits]
    first = add_months(first_of_month(born), -1)
    return _exemption_frame(mother, np.full(mother.size, 50), (first, add_months(first, 3)), born + 25, today)


def _additional(
    rng: Rng, society: Society, living: Livelihood, found: Periods, atena: pl.Series, number: pl.Series, today: int
) -> pl.DataFrame:
    """付加: some of the self-employed and of those insured by choice; a few have withdrawn."""
    open_now = (found.end >= NEVER) & np.isin(found.kind, [1, 5]) & society.people.current[found.person]
    willing = (living.work[found.person] == Work.SELF_EMPLOYED) | (found.kind == 5)
    mine = np.flatnonzero(open_now & willing & (found.begin < today - 200) & (rng.random(found.person.size) < 0.09))
    since = between(rng, np.maximum(found.begin[mine], today - 3600), np.full(mine.size, today - 60))
    left = between(rng, since + 30, np.full(mine.size, today - 5))
    withdrew = (rng.random(mine.size) < 0.15) & (left > since + 60)
    return pl.DataFrame(
        {
            "atena_number": atena.gather(found.person[mine]),
            "basic_pension_number": number.gather(found.person[mine]),
            "joined_on": dates(since),
            "from_month": dates(first_of_month(since)),
            "left_on": dates(np.where(withdrew, left, NEVER)),
            "to_month": dates(np.where(withdrew, add_months(first_of_month(left), -2), NEVER)),
            "division": chosen(withdrew, constant("2", mine.size), constant("1", mine.size)),
        }
    )
