"""街区: one block of the city, made from nothing but (seed, size, block number, today)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from kokunen.city import numbers as numbering
from kokunen.city.days import add_years, day
from kokunen.city.dwellings import settle
from kokunen.city.foreigners import grant_stays, has_alias
from kokunen.city.incomes import income_tables
from kokunen.city.outside import corporations, outside_tables
from kokunen.city.pensions import careers, pension_tables
from kokunen.city.people import build_society
from kokunen.city.planned import planned_events
from kokunen.city.randomness import Topic, stream
from kokunen.city.reference import reference
from kokunen.city.register import Register, register_tables
from kokunen.city.support import support_measures
from kokunen.city.tables import TABLES, TRUTH, Shape
from kokunen.city.versions import chain_events, personal_notes
from kokunen.city.work import livelihoods

BLOCK_RESIDENTS = 25_000
YEARS_OF_HISTORY = 10


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """街区の計画: which block of which city."""

    residents: int
    seed: int
    today: date
    block: int

    @property
    def size(self) -> int:
        """Residents of this block: full blocks, the last one takes the rest."""
        return min(BLOCK_RESIDENTS, self.residents - self.block * BLOCK_RESIDENTS)


@dataclass(slots=True)
class Block:
    """街区: its tables, and the truth that is kept apart."""

    number: int
    tables: dict[str, pl.DataFrame]
    truth: dict[str, pl.DataFrame]


def block_count(residents: int) -> int:
    return -(-residents // BLOCK_RESIDENTS)


def build_block(plan: BlockPlan) -> Block:
    """街区を作る: every table in the order and with the columns of :mod:`kokunen.city.tables`."""
    facts = reference()
    today = day(plan.today)
    cutover = int(add_years(np.array([today]), -YEARS_OF_HISTORY)[0])
    seeds = {topic: stream(plan.seed, plan.residents, plan.block, topic) for topic in Topic}
    society = build_society(seeds, facts, plan.size, today, cutover)
    people = society.people
    capacity = numbering.BLOCK_CAPACITY
    place = plan.block * capacity + np.arange(people.count)
    atena = numbering.atena_numbers(place)
    stay = grant_stays(seeds[Topic.FOREIGN], facts, people, today)
    alias = has_alias(seeds[Topic.FOREIGN], people, stay)
    notes = personal_notes(seeds[Topic.RECORDING], society, alias, today, cutover)
    versions = chain_events(seeds[Topic.RECORDING], society, stay, notes, today, cutover)
    register = Register(
        reference=facts,
        society=society,
        dwellings=settle(seeds[Topic.DWELLINGS], facts, society, plan.block),
        stay=stay,
        notes=notes,
        versions=versions,
        atena=atena,
        household=numbering.household_numbers(plan.block * capacity + np.arange(society.grid.households)),
        place=place,
        seed=plan.seed,
    )
    tables = register_tables(seeds[Topic.NAMES], register)
    living = livelihoods(seeds[Topic.WORK], society, stay, today)
    career = careers(seeds[Topic.PENSION], society, living, today)
    tables |= income_tables(seeds[Topic.INCOME], facts, society, living, atena)
    tables |= pension_tables(
        seeds, society, living, career, atena, numbering.basic_pension_numbers(place, plan.seed), today
    )
    tables["support_measures"] = support_measures(seeds[Topic.SUPPORT], society, atena, today)
    outside, truth, strangers = outside_tables(
        seeds[Topic.OUTSIDE], facts, society, atena, tables["persons"], plan.block, capacity, plan.seed, today
    )
    tables |= outside
    tables["corporations"] = corporations(
        seeds[Topic.CORPORATIONS], facts, plan.size, plan.block, capacity, plan.seed, today
    )
    residents = pl.DataFrame(
        {
            "atena_number": atena,
            "individual_number": numbering.individual_numbers(place, plan.seed),
            "resident_code": numbering.resident_codes(place, plan.seed),
        }
    )
    tables["numbers"] = pl.concat([residents, strangers], how="diagonal")
    truth |= planned_events(seeds[Topic.PLANNED], facts, society, living, career, atena, today)
    return Block(plan.block, _shaped(tables, TABLES), _shaped(truth, TRUTH))


def _shaped(tables: dict[str, pl.DataFrame], shapes: dict[str, Shape]) -> dict[str, pl.DataFrame]:
    """Columns in the documented order and type; a missing or unknown table or column is an error here, not later."""
    if set(tables) != set(shapes):
        raise ValueError(f"tables differ from tables.py: {set(tables) ^ set(shapes)}")
    return {
        name: tables[name].select(pl.col(column).cast(kind) for column, (kind, _) in shape.items()).rechunk()
        for name, shape in shapes.items()
    }
