"""支援措置: who is protected, from when to when, with whom; also measures that ran out and were not lifted."""

from __future__ import annotations

import numpy as np
import polars as pl

from kokunen.city.composition import Kind, Role
from kokunen.city.days import NEVER, add_years
from kokunen.city.frames import chosen, constant, dates, gathered
from kokunen.city.people import JAPAN, NOBODY, Society
from kokunen.city.randomness import Rng, between, pick

SHARE = 0.006


def support_measures(rng: Rng, society: Society, atena: pl.Series, today: int) -> pl.DataFrame:
    """支援措置の表: the applicant and every member of the household, each with one row; one year from the start."""
    grid, line, people = society.grid, society.line, society.people
    lone = np.isin(grid.kind, [int(Kind.SINGLE), int(Kind.SINGLE_PARENT)]) & (grid.sex[:, Role.HEAD] == 2)
    left = line.exit_code[:, Role.SPOUSE]
    chance = np.where(np.isin(left, [201, 202]), 0.10, SHARE)
    adult = grid.birth[:, Role.HEAD] > add_years(np.array([today]), -70)[0]
    chosen_houses = np.flatnonzero(lone & adult & (line.left >= NEVER) & (rng.random(grid.households) < chance))
    since = np.maximum(
        line.base[chosen_houses] + 5,
        between(rng, np.full(chosen_houses.size, today - 430), np.full(chosen_houses.size, today - 3)),
    )
    since = np.minimum(since, today - 1)
    position = np.full(grid.households, NOBODY, dtype=np.int64)
    position[chosen_houses] = np.arange(chosen_houses.size)
    row = position[people.household]
    members = np.flatnonzero((row != NOBODY) & people.current)
    row = row[members]
    start = np.maximum(since[row], people.entry[members])
    end = add_years(since[row], 1) - 1
    kinds = pl.Series(["domestic_violence", "stalking", "child_abuse", "other"])
    kind = kinds.gather(pick(rng, [70, 14, 12, 4], chosen_houses.size)).gather(row)
    provisional = since[row] > today - 12
    head = society.seat[people.household[members], Role.HEAD]
    former = society.seat[people.household[members], Role.SPOUSE]
    state = np.where(provisional, "provisional", np.where(end < today, "overdue", "active"))
    return pl.DataFrame(
        {
            "atena_number": atena.gather(members),
            "applicant_atena_number": gathered(atena, head),
            "kind": kind,
            "state": pl.Series(state),
            "applied_on": dates(since[row] - 2),
            "starts_on": dates(start),
            "ends_on": dates(end),
            "consulted": chosen(
                members % 3 == 0, constant("配偶者暴力相談支援センター", members.size), constant("警察署", members.size)
            ),
            "other_party_atena_number": gathered(atena, np.where(people.nation[members] == JAPAN, former, NOBODY)),
        }
    )
