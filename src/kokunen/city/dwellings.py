"""住まい: addresses of households now and before, buildings with rooms, addresses in other cities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kokunen.city.composition import Kind
from kokunen.city.days import NEVER
from kokunen.city.people import Society
from kokunen.city.randomness import Bools, Ints, Rng, between, pick
from kokunen.city.reference import MUNICIPALITY, MUNICIPALITY_CODE, Reference

FLAT_SHARE = {
    Kind.SINGLE: 0.84,
    Kind.COUPLE: 0.62,
    Kind.COUPLE_CHILDREN: 0.48,
    Kind.SINGLE_PARENT: 0.70,
    Kind.WITH_PARENT: 0.30,
    Kind.THREE_GENERATIONS: 0.08,
    Kind.ELDER_HEAD: 0.05,
    Kind.SIBLINGS: 0.70,
    Kind.SHARED: 0.85,
    Kind.INSTITUTION: 0.80,
}
FLATS_PER_BUILDING = 14
DOORS_PER_FLOOR = 5


@dataclass(slots=True)
class Dwellings:
    """住所の表: ``segment[household, n]`` is the row of its n-th address (0 first).

    Households stay in a row's dwelling.
    """

    table: pl.DataFrame
    segment: Ints
    segments: Ints


def settle(rng: Rng, reference: Reference, society: Society, block: int) -> Dwellings:
    """住まわせる: one address for each household and stay."""
    line, kind = society.line, society.grid.kind
    moves = (line.first_move < NEVER).astype(np.int64) + (line.second_move < NEVER)
    count = moves + 1
    start = np.cumsum(count) - count
    segment = np.minimum(start[:, None] + np.arange(3), (start + count - 1)[:, None])
    owner = np.repeat(np.arange(kind.size), count)
    last = np.zeros(owner.size, dtype=np.bool_)
    last[start + count - 1] = True
    in_home = last & (kind[owner] == Kind.INSTITUTION)
    table = _addresses(rng, reference, block, kind[owner], society.foreign[owner], in_home)
    return Dwellings(table, segment, count)


def _addresses(
    rng: Rng, reference: Reference, block_number: int, kind: Ints, foreign: Bools, in_home: Bools
) -> pl.DataFrame:
    towns, size = reference.towns, kind.size
    town = np.where(foreign, pick(rng, towns.foreign_weight, size), pick(rng, towns.weight, size))
    share = np.array([FLAT_SHARE[each] for each in Kind])[kind]
    flat = (rng.random(size) < np.where(foreign, 0.93, share)) & ~in_home
    one = np.ones(size, dtype=np.int64)
    block, number, plain = between(rng, one, one * 42), between(rng, one, one * 32), between(rng, one, one * 2400)
    branch = np.where(rng.random(size) < 0.6, between(rng, one, one * 24), 0)
    building = np.where(flat, _buildings(rng, town, flat), -1)
    homes = reference.places["care_homes"]
    home = pick(rng, np.ones(len(homes)), size)
    home_town = pick(np.random.Generator(np.random.PCG64(7 + block_number)), towns.weight, len(homes))
    town = np.where(in_home, home_town[home], town)
    # A building has one lot: its number decides the lot and the name, whoever lives there.
    fixed = np.where(in_home, home * 977 + 13, building * 7919 + 101) + block_number * 104_729
    shared = flat | in_home
    block = np.where(shared, fixed % 41 + 1, block)
    number = np.where(shared, fixed // 41 % 31 + 1, number)
    plain = np.where(shared, fixed % 2399 + 1, plain)
    branch = np.where(shared, fixed // 2399 % 20 + 1, branch)
    room = _rooms(np.where(in_home, building.max(initial=0) + 1 + home, building), shared)
    return _address_frame(
        reference, town, (block, number, plain, branch), (building + 17 * block_number, home, in_home, room, shared)
    )


def _buildings(rng: Rng, town: Ints, flat: Bools) -> Ints:
    """Numbers of buildings: as many in a town as its flats need; each flat falls into one of them."""
    flats = np.bincount(town[flat], minlength=int(town.max(initial=0)) + 1)
    buildings = np.maximum(flats // FLATS_PER_BUILDING, 1)
    start = np.cumsum(buildings) - buildings
    return start[town] + np.floor(rng.random(town.size) * buildings[town]).astype(np.int64)


def _rooms(building: Ints, shared: Bools) -> Ints:
    """Room numbers 101, 102 ... in the order of moving in; nobody gets another's room."""
    order = np.lexsort((np.arange(building.size), building))
    ordered = building[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if ordered.size else np.zeros(0, dtype=np.bool_)
    first = np.maximum.accumulate(np.where(starts, np.arange(ordered.size), 0))
    rank = np.empty(building.size, dtype=np.int64)
    rank[order] = np.arange(ordered.size) - first
    return np.where(shared, (rank // DOORS_PER_FLOOR + 1) * 100 + rank % DOORS_PER_FLOOR + 1, 0)


def _address_frame(
    reference: Reference, town: Ints, lot: tuple[Ints, Ints, Ints, Ints], place: tuple[Ints, Ints, Bools, Ints, Bools]
) -> pl.DataFrame:
    building, home, in_home, room, shared = place
    first, last = reference.places["building_first"], reference.places["building_last"]
    towns, homes = reference.towns, reference.places["care_homes"]
    names = pl.Series([one + other for one in first for other in last])
    frame = pl.DataFrame(
        {
            "town": town,
            "numbered": towns.numbered[town],
            "block": lot[0],
            "number": lot[1],
            "plain": lot[2],
            "branch": lot[3],
            "room": room,
            "shared": shared,
        }
    ).with_columns(
        town_id=towns.town_id.gather(town),
        town=towns.name.gather(town),
        postal_code=towns.postal_code.gather(town),
        house=pl.Series(np.where(in_home, home, 0)),
        building_name=names.gather(building * 37 % len(names)),
        home_name=pl.Series(homes).gather(home),
        in_home=pl.Series(in_home),
    )
    lot_text = (
        pl.when(pl.col("numbered"))
        .then(pl.format("{}番{}号", "block", "number"))
        .when(pl.col("branch") > 0)
        .then(pl.format("{}番地{}", "plain", "branch"))
        .otherwise(pl.format("{}番地", "plain"))
    )
    building_text = (
        pl.when(pl.col("in_home"))
        .then(pl.format("{}　{}号室", "home_name", "room"))
        .when(pl.col("shared"))
        .then(pl.format("{}　{}号室", "building_name", "room"))
        .otherwise(pl.lit(""))
    )
    return frame.select(
        pl.lit(MUNICIPALITY_CODE).alias("municipality_code"),
        "town_id",
        "town",
        lot_text.alias("lot"),
        building_text.alias("building"),
        "postal_code",
    ).with_columns(
        address=pl.concat_str(
            pl.lit(MUNICIPALITY),
            pl.col("town"),
            pl.col("lot"),
            pl.when(pl.col("building") == "").then(pl.lit("")).otherwise(pl.lit("　") + pl.col("building")),
        )
    )


def other_addresses(rng: Rng, reference: Reference, size: int) -> pl.DataFrame:
    """他市町村の住所: municipality code and address text of made-up places in real cities."""
    cities, words = reference.cities, reference.places["other_towns"]
    city = pick(rng, cities["weight"].to_numpy(), size)
    word = pick(rng, np.ones(len(words)), size)
    return pl.DataFrame(
        {
            "municipality_code": cities["municipality_code"].gather(city),
            "prefecture": cities["prefecture"].gather(city),
            "city": cities["city"].gather(city),
            "town": pl.Series(words).gather(word),
            "chome": between(rng, np.ones(size, dtype=np.int64), np.full(size, 6)),
            "block": between(rng, np.ones(size, dtype=np.int64), np.full(size, 40)),
            "number": between(rng, np.ones(size, dtype=np.int64), np.full(size, 30)),
        }
    ).select(
        "municipality_code",
        "city",
        town=pl.format("{}{}丁目", "town", "chome"),
        lot=pl.format("{}番{}号", "block", "number"),
        address=pl.format("{}{}{}{}丁目{}番{}号", "prefecture", "city", "town", "chome", "block", "number"),
    )


def countries(rng: Rng, reference: Reference, size: int) -> pl.Series:
    """国外の行き先."""
    table: dict[str, float] = reference.places["destinations"]
    return pl.Series(list(table)).gather(pick(rng, list(table.values()), size))
