"""住民の表: the tables of the resident register, made from a block's society and its events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kokunen.city.composition import Role
from kokunen.city.days import NEVER
from kokunen.city.dwellings import Dwellings, countries, other_addresses
from kokunen.city.foreigners import PERIODS, STATUSES, Stay, became_foreign_resident, residence_class
from kokunen.city.frames import chosen, constant, dates, gathered, intervals_end, moments, name_columns, nothing
from kokunen.city.numbers import card_numbers
from kokunen.city.people import JAPAN, NOBODY, People, Society
from kokunen.city.randomness import Bools, Ints, Rng, between, pick
from kokunen.city.reference import MUNICIPALITY, MUNICIPALITY_CODE, Reference
from kokunen.city.relations import UNMARRIED, print_order, relation_codes, relation_texts, relations
from kokunen.city.timeline import NO_ROLE
from kokunen.city.versions import Notes, Versions

FROM_ABROAD = (103, 105, 106)
TO_ABROAD = (203, 216)


@dataclass(slots=True)
class Register:
    """登録の材料: what the tables of the register are made from; ``atena`` and ``household`` are numbers as text."""

    reference: Reference
    society: Society
    dwellings: Dwellings
    stay: Stay
    notes: Notes
    versions: Versions
    atena: pl.Series
    household: pl.Series
    place: Ints
    seed: int


def register_tables(rng: Rng, register: Register) -> dict[str, pl.DataFrame]:
    """登録の表: households, persons, person_names, memberships, addresses, foreign_status."""
    persons = _persons(rng, register)
    return {
        "households": _households(register),
        "persons": persons,
        "person_names": _person_names(persons),
        "memberships": _memberships(persons),
        "addresses": _address_table(register),
        "foreign_status": _foreign_status(register),
    }


def _persons(rng: Rng, register: Register) -> pl.DataFrame:
    versions, people = register.versions, register.society.people
    person = versions.person
    house = people.household[person]
    columns: dict[str, pl.Series] = {
        "atena_number": register.atena.gather(person),
        "history_number": pl.Series(versions.number.astype(np.int32)),
        "household_number": register.household.gather(house),
        "valid_from": dates(versions.on),
        "valid_to": dates(intervals_end(person, versions.on)),
        "recorded_from": moments(versions.recorded),
        "event_code": pl.Series(versions.code).cast(pl.String),
        "event_on": dates(versions.on),
        "notified_on": moments(versions.recorded).dt.date(),
        "state": chosen(versions.removed, constant("removed", person.size), constant("current", person.size)),
        "resident_kind": chosen(
            people.nation[person] == JAPAN, constant("japanese", person.size), constant("foreign", person.size)
        ),
        "sex": pl.Series(people.sex[person]).cast(pl.String),
        "birth_date": dates(_written_birth(register)),
    }
    columns |= _names(register)
    columns |= _family(rng, register)
    columns |= _places(rng, register)
    columns |= _koseki(rng, register)
    columns |= _status_columns(register)
    return pl.DataFrame(columns)


def _written_birth(register: Register) -> Ints:
    """The birth date as it stood: wrong by some days until the 誤記修正."""
    versions, people = register.versions, register.society.people
    fixed_next = np.zeros(versions.person.size, dtype=np.bool_)
    fixed_next[:-1] = (versions.code[1:] == 323) & (versions.person[1:] == versions.person[:-1])
    birth = people.birth[versions.person]
    return np.where(fixed_next, birth - 1 - versions.person % 9, birth)


def _married_yet(register: Register) -> Bools:
    """Whether a version shows the name and relation before a marriage recorded here."""
    versions, society = register.versions, register.society
    people = society.people
    person = versions.person
    marriage = society.line.marriage[people.household[person]]
    spouse = people.role[person] == Role.SPOUSE
    before: Bools = spouse & (marriage > 0) & (marriage > people.entry[person]) & (versions.on < marriage)
    return ~before


def _names(register: Register) -> dict[str, pl.Series]:
    versions, people, notes = register.versions, register.society.people, register.notes
    person = versions.person
    foreign = people.nation[person] != JAPAN
    before = ~_married_yet(register) & (people.former_family[person] != NOBODY)
    family = np.where(before, people.former_family[person], people.family[person])
    names = name_columns(register.reference, family, people.given[person], foreign)
    old = np.where(versions.on >= notes.former_name[person], people.former_family[person], NOBODY)
    alias_family, alias_given = alias_words(register.reference, people)
    has_alias = versions.on >= notes.alias[person]
    alias = name_columns(register.reference, alias_family[person], alias_given[person], np.zeros(person.size, np.bool_))
    former = name_columns(register.reference, np.maximum(old, 0), people.given[person], foreign)
    certified = versions.on >= notes.kana[person]
    none = nothing(person.size)
    return names | {
        "kana_status": chosen(certified, constant("certified", person.size), constant("uncertified", person.size)),
        "former_family_name": gathered(register.reference.families.text, old),
        "former_family_kana": gathered(register.reference.families.kana, old),
        "alias": chosen(has_alias, alias["name"], none),
        "alias_kana": chosen(has_alias, alias["kana"], none),
        "alias_kana_key": chosen(has_alias, alias["kana_key"], none),
        "alias_name_key": chosen(has_alias, alias["name_key"], none),
        "former_kana_key": chosen(old != NOBODY, former["kana_key"], none),
        "former_name_key": chosen(old != NOBODY, former["name_key"], none),
    }


def alias_words(reference: Reference, people: People) -> tuple[Ints, Ints]:
    """通称の語: a Japanese family name for the household, a given name by sex; the same each time it is asked."""
    families = reference.japanese_families.rows
    male = next(pool for sex, since, _, pool in reference.japanese_givens if sex == 1 and since == 1960)
    female = next(pool for sex, since, _, pool in reference.japanese_givens if sex == 2 and since == 1960)
    family = families[(people.household * 31 + 7) % 120]
    turn = np.arange(people.count) * 17 + 3
    given = np.where(people.sex == 1, male.rows[turn % male.rows.size], female.rows[turn % female.rows.size])
    return family, given


def _family(rng: Rng, register: Register) -> dict[str, pl.Series]:
    versions, society = register.versions, register.society
    people, line = society.people, society.line
    person = versions.person
    house = people.household[person]
    now, before = relations(rng, society)
    earlier = (line.head_before[house] != NO_ROLE) & (versions.at < line.head_change[house])
    relation = np.where(earlier, before[person], now[person])
    single = ~_married_yet(register) | line.lives_unmarried[house]
    for married, unmarried in UNMARRIED.items():
        relation = np.where(single & (relation == married), unmarried, relation)
    head_role = np.where(earlier, np.maximum(line.head_before[house], 0), Role.HEAD)
    head = society.seat[house, head_role]
    whole = name_columns(register.reference, people.family, people.given, people.nation != JAPAN)["name"]
    return {
        "relation": relation_texts().gather(relation),
        "relation_codes": relation_codes().gather(relation),
        "order_in_household": pl.Series(print_order(society)[person].astype(np.int16)),
        "head_atena_number": gathered(register.atena, head),
        "head_name": gathered(whole, head),
        "father_atena_number": gathered(register.atena, people.father[person]),
        "mother_atena_number": gathered(register.atena, people.mother[person]),
        "spouse_atena_number": gathered(register.atena, np.where(single, NOBODY, people.spouse[person])),
    }


def _places(rng: Rng, register: Register) -> dict[str, pl.Series]:
    versions, society = register.versions, register.society
    people, line = society.people, society.line
    person, size = versions.person, versions.person.size
    house = people.household[person]
    first, second = line.first_move[house], line.second_move[house]
    segment = (versions.at >= first).astype(np.int64) + (versions.at >= second)
    row = register.dwellings.segment[house, segment]
    table = register.dwellings.table
    came, went = (
        other_addresses(rng, register.reference, people.count),
        other_addresses(rng, register.reference, people.count),
    )
    came_country, went_country = (countries(rng, register.reference, people.count) for _ in range(2))
    head = society.seat[house, Role.HEAD]
    together = people.entry[person] == people.entry[np.maximum(head, 0)]
    origin = np.where(together & (head != NOBODY), head, person)
    moved = np.where(segment == 2, second, np.where(segment == 1, first, people.entry[person]))
    since = np.maximum(moved, people.entry[person])
    returned = versions.on >= line.back_on[house]
    since = np.where(returned, np.maximum(line.back_on[house], since), since)
    was_here = (segment > 0) & (moved > people.entry[person])
    before_row = register.dwellings.segment[house, np.maximum(segment - 1, 0)]
    entry_code = people.entry_code[person]
    abroad = np.isin(entry_code, FROM_ABROAD)
    grew_up = people.entry_code[origin] == 301
    old_home = table["address"].gather(rng.integers(0, len(table), people.count)).gather(origin)
    homes = gathered(pl.Series([nation.name for nation in register.reference.nations]), people.nation[person])
    country = chosen(people.nation[person] == JAPAN, came_country.gather(origin), homes)
    from_outside = chosen(abroad, country, came["address"].gather(origin))
    from_outside = chosen(grew_up, old_home, from_outside)
    no_origin = (entry_code == 111) & ~was_here
    previous = chosen(was_here, table["address"].gather(before_row), from_outside)
    leaving_together = people.exit[person] == line.left[house]
    target = np.where(leaving_together & (head != NOBODY), head, person)
    to_abroad = np.isin(versions.code, TO_ABROAD)
    goes = versions.removed & ~np.isin(versions.code, [211, 213])
    became = np.where(people.native[person], people.birth[person], people.entry[person])
    became = np.where(returned, line.back_on[house], became)
    became = np.where(people.nation[person] == JAPAN, became, became_foreign_resident_at(people, person, became))
    none = nothing(size)
    return {
        "municipality_code": table["municipality_code"].gather(row),
        "town_id": table["town_id"].gather(row),
        "town": table["town"].gather(row),
        "lot": table["lot"].gather(row),
        "building": table["building"].gather(row),
        "postal_code": table["postal_code"].gather(row),
        "address": table["address"].gather(row),
        "became_resident_on": dates(became),
        "address_set_on": dates(since),
        "previous_address": chosen(no_origin, none, previous),
        "previous_municipality_code": chosen(
            was_here | (grew_up & ~no_origin),
            constant(MUNICIPALITY_CODE, size),
            chosen(abroad | no_origin, none, came["municipality_code"].gather(origin)),
        ),
        "destination": chosen(
            goes, chosen(to_abroad, went_country.gather(target), went["address"].gather(target)), none
        ),
        "destination_municipality_code": chosen(goes & ~to_abroad, went["municipality_code"].gather(target), none),
        "removed_on": dates(np.where(versions.removed, versions.on, NEVER)),
    }


def became_foreign_resident_at(people: People, person: Ints, since: Ints) -> Ints:
    """外国人住民となった年月日 for rows of versions."""
    spread = np.full(people.count, -NEVER, dtype=np.int64)
    spread[person] = since
    return became_foreign_resident(people, spread)[person]


def _koseki(rng: Rng, register: Register) -> dict[str, pl.Series]:
    """戸籍の表示: 本籍 and 筆頭者; a married couple and its children share one."""
    reference, society = register.reference, register.society
    people, person = society.people, register.versions.person
    head = _koseki_heads(people)
    place = np.where(head == NOBODY, np.arange(people.count), head)
    given = np.where(head == NOBODY, _fathers_names(rng, reference, people), people.given[np.maximum(head, 0)])
    family = np.where(head == NOBODY, people.family, people.family[np.maximum(head, 0)])
    unmarried = ~_married_yet(register) & (people.former_family[person] != NOBODY)
    place_v = np.where(unmarried, person, place[person])
    family_v = np.where(unmarried, people.former_family[person], family[person])
    given_v = np.where(unmarried, _fathers_names(rng, reference, people)[person], given[person])
    text = _honseki(rng, reference, people.count)
    japanese = people.nation[person] == JAPAN
    none = nothing(person.size)
    name = reference.families.text.gather(family_v) + "\u3000" + reference.givens.text.gather(given_v)
    return {
        "honseki": chosen(japanese, text.gather(place_v), none),
        "koseki_head": chosen(japanese, name, none),
    }


def _koseki_heads(people: People) -> Ints:
    """筆頭者: of a couple the man (or the Japanese one), of a child at home its parents'; else nobody here."""
    japanese = people.nation == JAPAN
    everyone = np.arange(people.count)
    spouse = people.spouse
    married = spouse != NOBODY
    leads = (people.sex == 1) | ~japanese[np.maximum(spouse, 0)]
    head = np.where(married & japanese, np.where(leads, everyone, spouse), NOBODY)
    parent = np.where(people.father != NOBODY, people.father, people.mother)
    child = (head == NOBODY) & (parent != NOBODY) & japanese
    of_parent = np.where(head[np.maximum(parent, 0)] != NOBODY, head[np.maximum(parent, 0)], parent)
    foreign_parent = ~japanese[np.maximum(of_parent, 0)]
    return np.where(child & ~foreign_parent, of_parent, head)


def _fathers_names(rng: Rng, reference: Reference, people: People) -> Ints:
    pool = next(pool for sex, since, _, pool in reference.japanese_givens if sex == 1 and since == 1940)
    return pool.rows[pick(rng, pool.weights, people.count)]


def _honseki(rng: Rng, reference: Reference, size: int) -> pl.Series:
    cities, words, towns = reference.cities, reference.places["koseki_towns"], reference.towns
    city = pick(rng, np.sqrt(cities["weight"].to_numpy()), size)
    elsewhere = (
        cities["prefecture"].gather(city)
        + cities["city"].gather(city)
        + pl.Series(words).gather(rng.integers(0, len(words), size))
    )
    here = MUNICIPALITY + towns.name.gather(pick(rng, towns.weight, size))
    number = pl.Series(between(rng, np.ones(size, dtype=np.int64), np.full(size, 1800))).cast(pl.String)
    return chosen(rng.random(size) < 0.36, here, elsewhere) + number + "番地"


def _status_columns(register: Register) -> dict[str, pl.Series]:
    """国籍・地域 and the stay as it stood: repeated in every version, as every item is."""
    versions, people, stay = register.versions, register.society.people, register.stay
    person, size = versions.person, versions.person.size
    row_of = np.full(people.count, NOBODY, dtype=np.int64)
    row_of[stay.person] = np.arange(stay.person.size)
    row = row_of[person]
    here = np.maximum(row, 0)
    if not stay.person.size:
        return {name: nothing(size) for name in _STATUS_TEXTS} | {"stay_expires_on": nothing(size, pl.Date)}
    turn = (versions.at >= stay.granted[here, 1]).astype(np.int64) * 1
    turn = np.where(versions.at >= stay.granted[here, 2], 2, turn)
    foreign = row != NOBODY
    nations = register.reference.nations
    nation = people.nation[person]
    cards = _cards(register)
    known = np.where(foreign, here * 3 + turn, NOBODY)
    return {
        "nationality_code": gathered(pl.Series([each.code for each in nations]), nation),
        "nationality": gathered(pl.Series([each.name for each in nations]), nation),
        "residence_class": gathered(residence_class(stay.status), row),
        "residence_status": gathered(pl.Series(STATUSES).gather(stay.status), row),
        "residence_period": gathered(pl.Series(PERIODS).gather(stay.period), row),
        "residence_card_number": gathered(cards, known),
        "stay_expires_on": dates(np.where(foreign, stay.expires[here, turn], NEVER)),
    }


_STATUS_TEXTS = (
    "nationality_code", "nationality", "residence_class", "residence_status", "residence_period",
    "residence_card_number",
)  # fmt: skip


def _cards(register: Register) -> pl.Series:
    """Card numbers of the three possible grants of each foreign resident, row by row."""
    stay = register.stay
    place = np.repeat(register.place[stay.person], 3)
    special = np.repeat(stay.status == STATUSES.index("特別永住者"), 3)
    return card_numbers(place, np.tile(np.arange(3), stay.person.size), register.seed, special)


def _foreign_status(register: Register) -> pl.DataFrame:
    stay, people = register.stay, register.society.people
    row, turn = np.nonzero(stay.granted < NEVER)
    person = stay.person[row]
    begin = stay.granted[row, turn]
    nation = people.nation[person]
    nations = register.reference.nations
    return pl.DataFrame(
        {
            "atena_number": register.atena.gather(person),
            "valid_from": dates(begin),
            "valid_to": dates(np.minimum(intervals_end(person, begin), people.exit[person])),
            "nationality_code": gathered(pl.Series([each.code for each in nations], dtype=pl.String), nation),
            "nationality": gathered(pl.Series([each.name for each in nations], dtype=pl.String), nation),
            "residence_class": residence_class(stay.status).gather(row),
            "residence_status": pl.Series(STATUSES).gather(stay.status[row]),
            "residence_period": pl.Series(PERIODS).gather(stay.period[row]),
            "stay_expires_on": dates(stay.expires[row, turn]),
            "residence_card_number": _cards(register).gather(row * 3 + turn),
        }
    )


def _person_names(persons: pl.DataFrame) -> pl.DataFrame:
    """氏名の履歴: each name a person has had here, 旧氏, 通称 and kanji form too, so that a search finds past names."""
    whole = persons.select(
        "atena_number",
        "valid_from",
        "kana_key",
        "kana_alt_key",
        "name_key",
        "kana_sort",
        "name",
        "kana",
        kind=pl.lit("name"),
    )
    kanji = persons.filter(pl.col("kanji_name").is_not_null()).select(
        "atena_number", "valid_from", "kana_key", "kana_alt_key",
        pl.col("kanji_name_key").alias("name_key"), "kana_sort",
        pl.col("kanji_name").alias("name"), "kana", kind=pl.lit("kanji"),
    )  # fmt: skip
    alias = persons.filter(pl.col("alias").is_not_null()).select(
        "atena_number", "valid_from", pl.col("alias_kana_key").alias("kana_key"),
        pl.col("alias_kana_key").alias("kana_alt_key"), pl.col("alias_name_key").alias("name_key"), "kana_sort",
        pl.col("alias").alias("name"), pl.col("alias_kana").alias("kana"), kind=pl.lit("alias"),
    )  # fmt: skip
    former = persons.filter(pl.col("former_family_name").is_not_null()).select(
        "atena_number", "valid_from", pl.col("former_kana_key").alias("kana_key"),
        pl.col("former_kana_key").alias("kana_alt_key"), pl.col("former_name_key").alias("name_key"), "kana_sort",
        (pl.col("former_family_name") + "\u3000" + pl.col("given_name")).alias("name"),
        (pl.col("former_family_kana") + "\u3000" + pl.col("given_kana")).alias("kana"), kind=pl.lit("former"),
    )  # fmt: skip
    everything = pl.concat([whole, kanji, alias, former])
    first = everything.unique(["atena_number", "kind", "name"], keep="first", maintain_order=True)
    return first.select(
        "atena_number", "kind", "name", "kana", "valid_from", "kana_key", "kana_alt_key", "name_key", "kana_sort"
    )


def _memberships(persons: pl.DataFrame) -> pl.DataFrame:
    """世帯への所属: one row as long as household, relation and head stay the same."""
    changed = (
        (pl.col("atena_number") != pl.col("atena_number").shift(1))
        | (pl.col("relation") != pl.col("relation").shift(1))
        | (pl.col("head_atena_number") != pl.col("head_atena_number").shift(1))
        | (pl.col("state") != pl.col("state").shift(1))
    ).fill_null(True)
    rows = persons.filter(pl.col("event_code") != "323").filter(changed)
    same = pl.col("atena_number") == pl.col("atena_number").shift(-1)
    return (
        rows.with_columns(valid_to=pl.when(same).then(pl.col("valid_from").shift(-1)))
        .filter(pl.col("state") == "current")
        .select(
            "household_number", "atena_number", "valid_from", "valid_to", "recorded_from", "relation", "relation_codes",
            "order_in_household", "head_atena_number",
        )
    )  # fmt: skip


def _households(register: Register) -> pl.DataFrame:
    society, dwellings = register.society, register.dwellings
    line = society.line
    last = dwellings.segment[np.arange(line.base.size), np.minimum(dwellings.segments - 1, 2)]
    current = np.bincount(society.people.household[society.people.current], minlength=line.base.size)
    table = dwellings.table
    return pl.DataFrame(
        {
            "household_number": register.household,
            "formed_on": dates(line.base),
            "ended_on": dates(line.left),
            "head_atena_number": gathered(register.atena, society.seat[:, Role.HEAD]),
            "members": pl.Series(current.astype(np.int16)),
            "town_id": table["town_id"].gather(last),
            "address": table["address"].gather(last),
        }
    )


def _address_table(register: Register) -> pl.DataFrame:
    """住所の履歴 of households: which address from when to when."""
    line, dwellings = register.society.line, register.dwellings
    household = np.repeat(np.arange(line.base.size), dwellings.segments)
    start = np.cumsum(dwellings.segments) - dwellings.segments
    turn = np.arange(household.size) - start[household]
    begin = np.select(
        [turn == 0, turn == 1], [line.base[household], line.first_move[household]], line.second_move[household]
    )
    end = np.minimum(intervals_end(household, begin), line.left[household])
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "household_number": register.household.gather(household),
                    "valid_from": dates(begin),
                    "valid_to": dates(end),
                }
            ),
            dwellings.table,
        ],
        how="horizontal",
    )
