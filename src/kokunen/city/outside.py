"""住登外: people the city knows without their being residents, corporations, and records of one person kept twice.

The truth about who is whom is handed back apart from the records themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.city.days import NEVER, age_on, parts, year_start
from kokunen.city.dwellings import countries, other_addresses
from kokunen.city.frames import chosen, constant, dates, gathered, moments, name_columns, nothing
from kokunen.city.numbers import CORPORATIONS, NONRESIDENTS, atena_numbers, corporate_numbers, individual_numbers
from kokunen.city.people import JAPAN, NOBODY, Society
from kokunen.city.randomness import Ints, Rng, between, pick
from kokunen.city.reference import MUNICIPALITY, MUNICIPALITY_CODE, Reference

OWNERS = 0.024
RELATIVES = 0.004
DUPLICATES = 0.004
TWICE_OUTSIDE = 0.0012
LAST_ADDRESS = 0.85
"""Of those who moved in: the record made before still has the address that they moved in from."""
SAME_ADDRESS_TWICE = 0.6
"""Of those recorded twice outside: both records have the same address (the others had moved meanwhile)."""
CORPORATION_SHARE = 0.018
_JST_OPENING = 8 * 3600 + 1800 - 9 * 3600


@dataclass(slots=True)
class Stranger:
    """住登外者の材料: one row a record."""

    reason: pl.Series
    family: Ints
    given: Ints
    sex: Ints
    birth: Ints
    registered: Ints
    twin_of: Ints
    flaw: pl.Series


def outside_tables(
    rng: Rng,
    reference: Reference,
    society: Society,
    atena: pl.Series,
    persons: pl.DataFrame,
    block: int,
    capacity: int,
    seed: int,
    today: int,
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame], pl.DataFrame]:
    """住登外の表: (tables, truth, numbers of the people outside)."""
    strangers = _strangers(rng, reference, society, today)
    size = strangers.family.size
    place = block * capacity + NONRESIDENTS + np.arange(size)
    number = atena_numbers(place)
    address = other_addresses(rng, reference, size)
    abroad = (rng.random(size) < 0.05) & (strangers.reason != "insured_relative").to_numpy()
    country = countries(rng, reference, size)
    home = _homes(rng, strangers, atena, persons, _place(address, abroad, country))
    names = name_columns(reference, strangers.family, strangers.given, np.zeros(size, dtype=np.bool_))
    table = pl.DataFrame(
        {
            "atena_number": number,
            "reason": strangers.reason,
            "valid_from": dates(strangers.registered),
            "recorded_from": moments(strangers.registered * 86_400 + _JST_OPENING + 3600 + strangers.registered % 9000),
        }
        | {name: names[name] for name in _NAMES}
        | {
            "sex": pl.Series(strangers.sex).cast(pl.String),
            "birth_date": dates(strangers.birth),
            "municipality_code": home["municipality_code"],
            "address": home["address"],
            "former_resident": pl.Series(np.zeros(size, dtype=np.bool_)),
        }
    )
    moved = _moved_out(society, reference, atena, today)
    known = rng.random(size) < 0.62
    same = (strangers.twin_of >= 0) & (rng.random(size) < 0.2)
    own = individual_numbers(np.where(same, block * capacity + np.maximum(strangers.twin_of, 0), place), seed)
    numbers = pl.DataFrame({"atena_number": number, "individual_number": own}).filter(
        pl.Series(np.where(strangers.twin_of == -1, known, same))  # one person never has two numbers
    )
    truth = pl.DataFrame(
        {
            "atena_number": number,
            "same_as_atena_number": _twins(strangers, atena, number, society.people.count),
            "flaw": strangers.flaw,
        }
    ).filter(pl.col("same_as_atena_number").is_not_null())
    return {"nonresidents": pl.concat([table, moved])}, {"planted_duplicates": truth}, numbers


_NAMES = (
    "name", "family_name", "given_name", "kana", "family_kana", "given_kana",
    "kana_key", "kana_alt_key", "name_key", "kana_sort",
)  # fmt: skip


def _place(address: pl.DataFrame, abroad: NDArray[np.bool_], country: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "municipality_code": chosen(abroad, nothing(abroad.size), address["municipality_code"]),
            "address": chosen(abroad, country, address["address"]),
        }
    )


def _homes(
    rng: Rng, strangers: Stranger, atena: pl.Series, persons: pl.DataFrame, anywhere: pl.DataFrame
) -> pl.DataFrame:
    """Addresses of the records: a resident's other record was made where they lived before they moved in."""
    before = (
        persons.group_by("atena_number", maintain_order=True)
        .first()
        .filter(pl.col("previous_municipality_code").is_not_null())
        .filter(pl.col("previous_municipality_code") != MUNICIPALITY_CODE)
        .select("atena_number", "previous_municipality_code", "previous_address")
    )
    resident = np.where(strangers.twin_of >= 0, strangers.twin_of, 0)
    found = pl.DataFrame({"atena_number": atena.gather(resident)}).join(
        before, on="atena_number", how="left", maintain_order="left"
    )
    luck = rng.random(strangers.twin_of.size)
    has = found["previous_address"].is_not_null().to_numpy()
    use = (strangers.twin_of >= 0) & has & (luck < LAST_ADDRESS)
    again = np.where((strangers.twin_of <= -2) & (luck < SAME_ADDRESS_TWICE), -strangers.twin_of - 2, -1)
    there = anywhere[np.where(again >= 0, again, np.arange(again.size))]
    return pl.DataFrame(
        {
            "municipality_code": chosen(use, found["previous_municipality_code"], there["municipality_code"]),
            "address": chosen(use, found["previous_address"], there["address"]),
        }
    )


def _twins(strangers: Stranger, atena: pl.Series, number: pl.Series, people: int) -> pl.Series:
    """Numbers of the same person's other record: a resident's, or another record outside (rows from ``people`` on)."""
    both = pl.concat([atena, number])
    return gathered(both, np.where(strangers.twin_of <= -2, people - strangers.twin_of - 2, strangers.twin_of))


def _strangers(rng: Rng, reference: Reference, society: Society, today: int) -> Stranger:
    people = society.people
    residents = int(people.current.sum())
    owners, relatives = max(1, int(residents * OWNERS)), max(1, int(residents * RELATIVES))
    fresh = owners + relatives
    pool = reference.japanese_families
    family = pool.rows[pick(rng, pool.weights, fresh)]
    sex = np.where(rng.random(fresh) < 0.58, 1, 2)
    birth = today - (np.clip(rng.normal(61, 14, fresh), 24, 97) * 365.25).astype(np.int64)
    birth[owners:] = today - (np.clip(rng.normal(38, 20, relatives), 1, 90) * 365.25).astype(np.int64)
    given = _given(rng, reference, sex, birth)
    copies = _copies(rng, people.count, society, residents)
    again = rng.choice(owners, size=min(owners, max(1, int(residents * TWICE_OUTSIDE))), replace=False)
    source_family = np.concatenate([people.family[copies], family[again]])
    source_given = np.concatenate([people.given[copies], given[again]])
    source_sex, source_birth = (
        np.concatenate([people.sex[copies], sex[again]]),
        np.concatenate([people.birth[copies], birth[again]]),
    )
    kind = pick(rng, [30, 25, 15, 15, 15], source_family.size)
    look = reference.families.look_alike[source_family]
    swapped = _swapped_birth(source_birth, kind)
    near = _near_given(reference, source_given)
    twins = np.concatenate([copies, -2 - again])
    size = fresh + twins.size
    reason = np.array(["property_owner"] * owners + ["insured_relative"] * relatives + ["property_owner"] * twins.size)
    flaw = np.array(["", "variant", "birth_digits", "misspelt", "former_family"])[kind]
    old = np.concatenate([people.former_family[copies], np.full(again.size, NOBODY)])
    has_old = (kind == 4) & (old != NOBODY)
    flaw = np.where((kind == 4) & ~has_old, "", flaw)
    flaw = np.where(flaw == "", "same", flaw)
    registered = between(rng, np.full(size, today - 3000), np.full(size, today - 30))
    return Stranger(
        reason=pl.Series(reason),
        family=np.concatenate([family, np.where(has_old, old, np.where(kind == 1, look, source_family))]),
        given=np.concatenate([given, np.where(kind == 3, near, source_given)]),
        sex=np.concatenate([sex, source_sex]),
        birth=np.concatenate([birth, swapped]),
        registered=registered,
        twin_of=np.concatenate([np.full(fresh, -1), twins]),
        flaw=pl.Series(np.concatenate([np.full(fresh, ""), flaw])),
    )


def _copies(rng: Rng, count: int, society: Society, residents: int) -> Ints:
    """Residents who have a second record outside the register, made before they moved in."""
    people = society.people
    adults = np.flatnonzero((people.nation == JAPAN) & people.current & (people.birth < people.entry - 7000))
    wanted = min(adults.size, max(1, int(residents * DUPLICATES)))
    return np.sort(rng.choice(adults, size=wanted, replace=False)) if adults.size else adults


def _given(rng: Rng, reference: Reference, sex: Ints, birth: Ints) -> Ints:
    year = parts(birth)[0]
    given = np.zeros(sex.size, dtype=np.int64)
    for one, since, until, pool in reference.japanese_givens:
        rows = np.flatnonzero((sex == one) & (year >= since) & (year <= until))
        given[rows] = pool.rows[pick(rng, pool.weights, rows.size)]
    return given


def _swapped_birth(birth: Ints, kind: Ints) -> Ints:
    """Digits of the day exchanged (12 for 21) where that is a day, else the month off by one."""
    year, month, day = parts(birth)
    first = birth - day + 1
    turned = day % 10 * 10 + day // 10
    usable = (turned >= 1) & (turned <= 28) & (turned != day)
    other = month % 12 + 1
    length = year_start(year, other + 1) - year_start(year, other)
    moved = np.where(usable, first + turned - 1, year_start(year, other) + np.minimum(day, length) - 1)
    return np.where(kind == 2, moved, birth)


def _near_given(reference: Reference, given: Ints) -> Ints:
    """Another given name of the same reading in other characters; the name itself where there is none."""
    return reference.givens.look_alike[given]


def _moved_out(society: Society, reference: Reference, atena: pl.Series, today: int) -> pl.DataFrame:
    """転出した納税者: the 宛名番号 they had as residents goes on, with the new address."""
    people = society.people
    recent = (people.exit < NEVER) & (people.exit > today - 540) & np.isin(people.exit_code, [201, 202, 204, 203])
    rows = np.flatnonzero(
        recent & (people.nation == JAPAN) & (age_on(people.birth, today) >= 22) & (people.household % 2 == 0)
    )
    rng = np.random.Generator(np.random.PCG64(today * 7 + int(rows.size)))
    address = other_addresses(rng, reference, rows.size)
    names = name_columns(reference, people.family[rows], people.given[rows], np.zeros(rows.size, dtype=np.bool_))
    abroad = people.exit_code[rows] == 203
    return pl.DataFrame(
        {
            "atena_number": atena.gather(rows),
            "reason": constant("tax_after_move_out", rows.size),
            "valid_from": dates(people.exit[rows]),
            "recorded_from": moments(np.minimum(people.exit[rows] + 3, today - 1) * 86_400 + _JST_OPENING + 5400),
        }
        | {name: names[name] for name in _NAMES}
        | {
            "sex": pl.Series(people.sex[rows]).cast(pl.String),
            "birth_date": dates(people.birth[rows]),
            "municipality_code": chosen(abroad, nothing(rows.size), address["municipality_code"]),
            "address": chosen(abroad, countries(rng, reference, rows.size), address["address"]),
            "former_resident": pl.Series(np.ones(rows.size, dtype=np.bool_)),
        }
    )


def corporations(
    rng: Rng, reference: Reference, residents: int, block: int, capacity: int, seed: int, today: int
) -> pl.DataFrame:
    """法人: companies and other bodies with an office in the city or property here."""
    size = max(1, int(residents * CORPORATION_SHARE))
    place = block * capacity + CORPORATIONS + np.arange(size)
    places = reference.places
    kinds: dict[str, float] = places["corporation_kinds"]
    kind = pl.Series(list(kinds)).gather(pick(rng, list(kinds.values()), size))
    word, trade = (
        rng.integers(0, len(places["corporation_words"]), size),
        rng.integers(0, len(places["corporation_trades"]), size),
    )
    name = pl.Series(places["corporation_words"]).gather(word) + pl.Series(places["corporation_trades"]).gather(trade)
    kana = pl.Series(places["corporation_kana"]).gather(word) + pl.Series(places["corporation_trades_kana"]).gather(
        trade
    )
    town = pick(rng, reference.towns.weight, size)
    here = rng.random(size) < 0.86
    lot = pl.Series(between(rng, np.ones(size, dtype=np.int64), np.full(size, 40))).cast(pl.String) + "番"
    lot = lot + pl.Series(between(rng, np.ones(size, dtype=np.int64), np.full(size, 30))).cast(pl.String) + "号"
    local = MUNICIPALITY + reference.towns.name.gather(town) + lot
    elsewhere = other_addresses(rng, reference, size)
    in_front = rng.random(size) < 0.7
    registered = between(rng, np.full(size, today - 9000), np.full(size, today - 30))
    return pl.DataFrame(
        {
            "atena_number": atena_numbers(place),
            "corporate_number": corporate_numbers(place, seed),
            "name": chosen(in_front, kind + name, name + kind),
            "kana": kana,
            "municipality_code": chosen(here, constant(MUNICIPALITY_CODE, size), elsewhere["municipality_code"]),
            "town_id": chosen(here, reference.towns.town_id.gather(town), nothing(size)),
            "address": chosen(here, local, elsewhere["address"]),
            "valid_from": dates(registered),
        }
    )
