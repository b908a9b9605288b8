"""作られた免除申請 (applications): as many as wanted, with applicant, spouse and householder, the same for one seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import polars as pl

from kokunen.law.rules.exemption import GROUNDS, PEOPLE, Application, Ground, Income, Kind, Person, Scheme, Status
from kokunen.law.rules.exemption.facts import (
    APPLICATION_COLUMNS,
    DEDUCTIONS,
    DEPENDANTS,
    GROUND_COLUMNS,
    INCOME_COLUMNS,
    PAID_COLUMNS,
    Tables,
)

APPLIED_ON = date(2026, 11, 24)


def city_tables(count: int, seed: int) -> Tables:
    """市の申請: one cycle an application (令和6〜8年度), three judged persons, one in ten with a 特例事由."""
    chance = np.random.default_rng(seed)
    cycle = chance.choice([2024, 2025, 2026], count, p=[0.1, 0.2, 0.7])
    births = np.datetime64("1967-01-01") + chance.integers(0, 38 * 365, count).astype("timedelta64[D]")
    applications = pl.DataFrame(
        {
            "application": np.arange(count),
            "birth": births,
            "from_month": cycle * 12 + 6,
            "to_month": cycle * 12 + 17,
            "dv_separated": chance.random(count) < 0.01,
        }
    ).with_columns(
        scheme=pl.lit("general"),
        applied_on=pl.lit(APPLIED_ON),
        insured_from=pl.lit(None),
        insured_to=pl.lit(None),
        **{name: pl.lit(True) for name in APPLICATION_COLUMNS if name.startswith(("wishes.", "has."))},
    )
    grounds = _grounds(np.flatnonzero(chance.random(count) < 0.1), chance)
    return Tables(
        applications.select(pl.col(name).cast(kind) for name, kind in APPLICATION_COLUMNS.items()),
        pl.concat([_incomes(count, person, cycle - 1, chance) for person in PEOPLE]),
        grounds.select(pl.col(name).cast(kind) for name, kind in GROUND_COLUMNS.items()),
        pl.DataFrame(schema=PAID_COLUMNS),
    )


def _incomes(count: int, person: str, years: np.ndarray, chance: np.random.Generator) -> pl.DataFrame:
    known = chance.random(count) < 0.92
    table = pl.DataFrame(
        {
            "application": np.arange(count),
            "income_year": years,
            "known": known,
            "income": np.round(chance.lognormal(13.6, 0.9, count)).astype(np.int64),
            **{f"dependants.{name}": chance.binomial(2, 0.15, count) for name in DEPENDANTS},
            **{f"deductions.{name}": np.zeros(count, np.int64) for name in DEDUCTIONS},
            "deductions.social_insurance": chance.integers(0, 500_000, count),
            "single_parent": chance.random(count) < 0.03,
        }
    ).with_columns(
        income=pl.when("known").then("income"),
        status=pl.when("known").then(pl.lit("known")).otherwise(pl.lit("undeclared")),
        person=pl.lit(person),
        dependants_disabled=pl.lit(0),
        dependants_special_disabled=pl.lit(0),
        disability=pl.lit("none"),
        widow=pl.lit(False),
        working_student=pl.lit(False),
    )
    return table.select(pl.col(name).cast(kind) for name, kind in INCOME_COLUMNS.items())


def _grounds(places: np.ndarray, chance: np.random.Generator) -> pl.DataFrame:
    first = chance.integers(2023 * 12, 2027 * 12, len(places))
    return pl.DataFrame(
        {
            "application": places,
            "person": chance.choice(PEOPLE, len(places)),
            "place": np.zeros(len(places), np.int64),
            "kind": chance.choice(GROUNDS, len(places)),
            "first": first,
            "last": first + chance.integers(0, 30, len(places)),
        }
    )


def random_applications(count: int, seed: int) -> list[Application]:
    """あらゆる申請: every field at its edges, for comparing two ways to judge them."""
    chance = random.Random(seed)
    return [_application(chance) for _ in range(count)]


def _application(chance: random.Random) -> Application:
    applied = date(2023, 8, 1) + timedelta(days=chance.randrange(4_500))
    month = applied.year * 12 + applied.month - 1
    scheme = chance.choice([Scheme.GENERAL, Scheme.GENERAL, Scheme.GENERAL, Scheme.STUDENT])
    others = [name for name in PEOPLE[1:] if chance.random() < 0.5]

    def maybe(low: int, high: int) -> int | None:
        return month + chance.randint(low, high) if chance.random() < 0.4 else None

    first, last = maybe(-40, 5), maybe(-10, 20)
    wished = chance.sample(list(Kind), chance.randint(0, 5)) if scheme is Scheme.GENERAL else []
    birth = applied - timedelta(days=round(chance.choice([20.5, 30, 49.5, 59.5]) * 365.25) + chance.randint(-900, 900))
    return Application(
        scheme,
        applied,
        birth.replace(day=1) if chance.random() < 0.1 else birth,
        {name: _person(chance, month, scheme) for name in ("applicant", *others)},
        first,
        last if first is None or last is None else max(first, last),
        maybe(-40, 0),
        maybe(0, 20),
        frozenset(month + chance.randint(-30, 12) for _ in range(chance.choice([0, 0, 3, 20]))),
        frozenset(wished),
        chance.random() < 0.2,
    )


def _person(chance: random.Random, month: int, scheme: Scheme) -> Person:
    years = [year for year in range(month // 12 - 4, month // 12 + 1) if chance.random() < 0.8]
    grounds = [_ground(chance, month) for _ in range(chance.choice([0, 0, 0, 1, 3]))]
    return Person({year: _income(chance) for year in years}, grounds)


def _ground(chance: random.Random, month: int) -> Ground:
    kind = chance.choice(GROUNDS)
    if kind in GROUNDS[:3]:
        return Ground(kind, day=date(month // 12 - chance.randint(0, 3), chance.randint(1, 12), chance.randint(1, 28)))
    first = month + chance.randint(-30, 6)
    return Ground(kind, first=first, last=chance.choice([None, first + chance.randint(0, 20)]))


def _income(chance: random.Random) -> Income:
    edges = (0, 320_000, 350_000, 670_000, 880_000, 1_280_000, 1_350_000, 1_680_000, 3_000_000)
    status = chance.choice([Status.KNOWN] * 6 + [Status.UNDECLARED, Status.OTHER_CITY])
    amount = max(0, chance.choice(edges) + 350_000 * chance.randint(0, 3) + chance.choice([-1, 0, 1, 0]))
    few = {name: chance.choice([0, 0, 0, 1, 2]) for name in DEPENDANTS}
    taken = {name: chance.choice([0, 0, 0, 100_000, 130_001]) for name in DEDUCTIONS}
    return Income(
        status,
        amount if status is Status.KNOWN else None,
        few,
        taken,
        chance.choice([0, 0, 1]),
        chance.choice([0, 0, 2]),
        chance.choice(["none", "none", "none", "general", "special"]),
        *(chance.random() < 0.1 for _ in range(3)),
    )
