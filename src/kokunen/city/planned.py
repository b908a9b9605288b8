"""予定された出来事: what will happen on the coming business days, for tests and demonstrations only - never loaded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import orjson
import polars as pl

from kokunen.city.days import parts, reaches_age
from kokunen.city.dwellings import countries, other_addresses
from kokunen.city.frames import dates, name_columns
from kokunen.city.pensions import Careers
from kokunen.city.people import JAPAN, NOBODY, Society
from kokunen.city.randomness import Bools, Ints, Rng, pick
from kokunen.city.reference import Reference
from kokunen.city.work import Livelihood, Work

DAYS_AHEAD = 60
# Events per 1,000 residents and year; shapes, not statistics.
RATES = {
    "move_out_abroad": 9.0,
    "move_out": 38.0,
    "move_in": 42.0,
    "move_within": 24.0,
    "birth": 7.0,
    "death": 10.0,
    "leaves_job": 22.0,
    "marriage": 4.5,
}


def planned_events(
    rng: Rng, reference: Reference, society: Society, living: Livelihood, career: Careers, atena: pl.Series, today: int
) -> dict[str, pl.DataFrame]:
    """予定の表 and the planted gaps: day, kind, 宛名番号, details as JSON."""
    people = society.people
    days = np.array([day for day in range(today, today + DAYS_AHEAD) if (day + 3) % 7 < 5])
    residents = int(people.current.sum())
    frames = [_birthdays(society, atena, today)]
    taken = np.zeros(people.count, dtype=np.bool_)
    for kind, rate in RATES.items():
        count = max(1, round(residents * rate / 1000 * DAYS_AHEAD / 365))
        frames.append(_one_kind(rng, reference, society, living, (kind, count, days), atena, taken))
    gaps = pl.DataFrame(
        {
            "atena_number": atena.filter(pl.Series(career.missing)),
            "flaw": pl.Series(["no_qualification"] * int(career.missing.sum()), dtype=pl.String),
        }
    )
    return {"planned_events": pl.concat(frames).sort("day", "kind", "atena_number"), "planted_errors": gaps}


def _birthdays(society: Society, atena: pl.Series, today: int) -> pl.DataFrame:
    """Ages that matter to the pension, reached in the coming days (the day before the birthday)."""
    people = society.people
    frames = []
    for age in (20, 60, 65):
        on = reaches_age(people.birth, age)
        rows = np.flatnonzero(people.current & (on >= today) & (on < today + DAYS_AHEAD))
        frames.append(_frame(on[rows], f"reaches_{age}", atena.gather(rows), ["{}"] * rows.size))
    return pl.concat(frames)


def _frame(day: Ints, kind: str, atena: pl.Series, details: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "day": dates(day),
            "kind": pl.Series([kind] * day.size, dtype=pl.String),
            "atena_number": atena,
            "details": pl.Series(details, dtype=pl.String),
        }
    )


def _one_kind(
    rng: Rng,
    reference: Reference,
    society: Society,
    living: Livelihood,
    wanted: tuple[str, int, Ints],
    atena: pl.Series,
    taken: Bools,
) -> pl.DataFrame:
    kind, count, days = wanted
    people = society.people
    eligible = _ELIGIBLE[kind](society, living) & people.current & ~taken
    candidates = np.flatnonzero(eligible)
    size = min(count, candidates.size)
    rows = rng.choice(candidates, size=size, replace=False) if size else candidates[:0]
    taken[rows] = True
    day = days[rng.integers(0, days.size, size)]
    details = _details(rng, reference, society, kind, rows, day)
    numbers = atena.gather(rows) if kind != "move_in" else pl.Series([None] * size, dtype=pl.String)
    return _frame(day, kind, numbers, details)


_ELIGIBLE: dict[str, Callable[[Society, Livelihood], Bools]] = {
    "move_out_abroad": lambda s, w: (w.age >= 20) & (w.age < 60) & (w.work != Work.EMPLOYEE),
    "move_out": lambda s, w: (w.age >= 18) & (w.age < 60),
    "move_in": lambda s, w: w.age >= 0,
    "move_within": lambda s, w: (w.age >= 20) & (s.people.role == 0),
    "birth": lambda s, w: (s.people.sex == 2) & (w.age >= 22) & (w.age <= 43) & (s.people.spouse != NOBODY),
    "death": lambda s, w: w.age >= 68,
    "leaves_job": lambda s, w: (w.work == Work.EMPLOYEE) & (w.age >= 22) & (w.age < 60),
    "marriage": lambda s, w: (w.age >= 22) & (w.age < 45) & (s.people.spouse == NOBODY) & (s.people.role == 0),
}


def _details(rng: Rng, reference: Reference, society: Society, kind: str, rows: Ints, day: Ints) -> list[str]:
    size = rows.size
    if kind == "move_out_abroad":
        return [_json({"country": country}) for country in countries(rng, reference, size)]
    if kind in {"move_out", "move_within"}:
        return [_json({"address": address}) for address in other_addresses(rng, reference, size)["address"]]
    if kind == "leaves_job":
        return [_json({"last_working_day": int(each) - 1}) for each in day]
    if kind in {"birth", "move_in"}:
        return _newcomers(rng, reference, society, kind, rows, day)
    return ["{}"] * size


def _newcomers(rng: Rng, reference: Reference, society: Society, kind: str, rows: Ints, day: Ints) -> list[str]:
    size = rows.size
    sex = np.where(rng.random(size) < 0.512, 1, 2)
    born = day if kind == "birth" else day - (np.clip(rng.normal(33, 11, size), 18, 90) * 365.25).astype(np.int64)
    pool = reference.japanese_families
    family = society.people.family[rows] if kind == "birth" else pool.rows[pick(rng, pool.weights, size)]
    given = np.zeros(size, dtype=np.int64)
    year = parts(born)[0]
    for one, since, until, names in reference.japanese_givens:
        mine = np.flatnonzero((sex == one) & (year >= since) & (year <= until))
        given[mine] = names.rows[pick(rng, names.weights, mine.size)]
    columns = name_columns(
        reference,
        family,
        given,
        society.people.nation[rows] != JAPAN if kind == "birth" else np.zeros(size, dtype=np.bool_),
    )
    origin = other_addresses(rng, reference, size)["address"]
    birth = dates(born)
    return [
        _json({"name": name, "kana": kana, "sex": str(int(one)), "birth_date": str(on), "from": source})
        for name, kana, one, on, source in zip(columns["name"], columns["kana"], sex, birth, origin, strict=True)
    ]


def _json(value: dict[str, object]) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
