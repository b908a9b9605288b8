"""資料: the lists the city is made from (data/), as columns with the search keys of every word."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from kokunen.city.composition import Kind
from kokunen.city.randomness import Ints
from kokunen.common_platform.codes.towns import TOWNS_FILE
from kokunen.kernel.names import alternate_search_key, kana_sort_key, search_key, variant_key

DATA = Path(__file__).parent / "data"
MUNICIPALITY_CODE = "112038"
MUNICIPALITY = "埼玉県川口市"
HEAD_CLASSES = tuple(range(15, 100, 5))


@dataclass(frozen=True, slots=True)
class Words:
    """語の表: names with readings and keys, one row a distinct word; people hold row numbers.

    ``text`` is kanji (foreigners: Roman letters), ``kanji`` a foreigner's kanji form. ``key_after_o`` is the
    search key of a word that follows an オ段 kana, where a leading ウ reads オ. ``look_alike`` is another row with
    the same reading that people mix up (a variant glyph, 斎藤 and 斉藤); the row itself where there is none. ``sort``
    holds the levels of the sort key.
    """

    text: pl.Series
    kana: pl.Series
    kanji: pl.Series
    key: pl.Series
    key_after_o: pl.Series
    alternate: pl.Series
    alternate_after_o: pl.Series
    ends_in_o: NDArray[np.bool_]
    alternate_ends_in_o: NDArray[np.bool_]
    variant: pl.Series
    kanji_variant: pl.Series
    sort: tuple[pl.Series, pl.Series, pl.Series]
    look_alike: Ints


@dataclass(frozen=True, slots=True)
class Pool:
    """抽選箱: row numbers of a :class:`Words` with their weights."""

    rows: Ints
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Town:
    """町字の表 as columns, only towns people can live in."""

    town_id: pl.Series
    name: pl.Series
    postal_code: pl.Series
    numbered: NDArray[np.bool_]
    weight: NDArray[np.float64]
    foreign_weight: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nation:
    """国籍・地域."""

    code: str
    name: str
    share: float
    family: Pool
    male: Pool
    female: Pool
    kanji: bool
    own_names: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """資料一式."""

    families: Words
    givens: Words
    japanese_families: Pool
    japanese_givens: tuple[tuple[int, int, int, Pool], ...]
    nations: tuple[Nation, ...]
    towns: Town
    cities: pl.DataFrame
    places: dict[str, Any]
    tax: dict[str, Any]
    kind_share: NDArray[np.float64]
    foreign_kind_share: NDArray[np.float64]
    head_ages: NDArray[np.float64]


@lru_cache(maxsize=1)
def reference() -> Reference:
    """資料を読む: everything under data/, once a process."""
    families = _rows("family_names.csv")
    givens = _rows("given_names.csv")
    foreign = _rows("foreign_names.csv")
    foreign_families = [row for row in foreign if row["part"] == "family"]
    foreign_givens = [row for row in foreign if row["part"] != "family"]
    distinct = list(dict.fromkeys((row["name"], row["kana"]) for row in givens))
    position = {pair: index for index, pair in enumerate(distinct)}
    places = yaml.safe_load((DATA / "places.yaml").read_text(encoding="utf-8"))
    return Reference(
        families=_words(
            [row["name"] for row in families] + [row["alphabet"] for row in foreign_families],
            [row["kana"] for row in families] + [row["kana"] for row in foreign_families],
            [""] * len(families) + [row["kanji"] for row in foreign_families],
        ),
        givens=_words(
            [name for name, _ in distinct] + [row["alphabet"] for row in foreign_givens],
            [kana for _, kana in distinct] + [row["kana"] for row in foreign_givens],
            [""] * len(distinct) + [row["kanji"] for row in foreign_givens],
        ),
        japanese_families=Pool(np.arange(len(families)), np.array([float(row["weight"]) for row in families])),
        japanese_givens=_cohorts(givens, position),
        nations=_nations(foreign_families, foreign_givens, len(families), len(distinct)),
        towns=_towns(places),
        cities=pl.read_csv(DATA / "other_cities.csv", schema_overrides={"municipality_code": pl.String}),
        places=places,
        tax=yaml.safe_load((DATA / "tax_years.yaml").read_text(encoding="utf-8")),
        kind_share=_shares("share"),
        foreign_kind_share=_shares("foreign_share"),
        head_ages=_head_ages(),
    )


def _rows(name: str) -> list[dict[str, str]]:
    return _read(DATA / name)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _words(text: Sequence[str], kana: Sequence[str], kanji: Sequence[str]) -> Words:
    wide = [reading.replace(" ", "\u3000") for reading in kana]
    key = [search_key(reading) for reading in wide]
    alternate = [alternate_search_key(reading) for reading in wide]
    return Words(
        text=pl.Series(text, dtype=pl.String),
        kana=pl.Series(wide, dtype=pl.String),
        kanji=pl.Series(kanji, dtype=pl.String),
        key=pl.Series(_following("ア", wide, search_key)),
        key_after_o=pl.Series(_following("オ", wide, search_key)),
        alternate=pl.Series(_following("ア", wide, alternate_search_key)),
        alternate_after_o=pl.Series(_following("オ", wide, alternate_search_key)),
        ends_in_o=np.array([_o_column(word) for word in key]),
        alternate_ends_in_o=np.array([_o_column(word) for word in alternate]),
        variant=pl.Series([variant_key(word) for word in text], dtype=pl.String),
        kanji_variant=pl.Series([variant_key(word) if word else "" for word in kanji], dtype=pl.String),
        sort=_sort_parts(wide),
        look_alike=_look_alikes(list(zip(text, wide, strict=True))),
    )


def _sort_parts(words: Sequence[str]) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The three levels of the sort key (plain kana, voicing, size), each with one letter a kana."""
    levels = [(plain, *rest.split(" ")) for plain, rest in (kana_sort_key(word).split("  ") for word in words)]
    plain, voicing, size = (pl.Series(level, dtype=pl.String) for level in zip(*levels, strict=True))
    return plain, voicing, size


def _look_alikes(words: list[tuple[str, str]]) -> Ints:
    by_reading: dict[tuple[str, str], list[int]] = {}
    for row, (text, reading) in enumerate(words):
        by_reading.setdefault((reading, variant_key(text)[-1:]), []).append(row)
    result = np.arange(len(words), dtype=np.int64)
    for rows in by_reading.values():
        for row, other in zip(rows, rows[1:] + rows[:1], strict=True):
            result[row] = other
    return result


def _following(before: str, words: Sequence[str], key: Callable[[str], str]) -> list[str]:
    """Keys of words as they read after ``before`` (ア: nothing changes; オ: a leading ウ becomes オ)."""
    return [key(before + word)[1:] for word in words]


def _o_column(key: str) -> bool:
    return key[-1:] in tuple("オコソトノホモヨロヲ")


def _cohorts(
    rows: list[dict[str, str]], position: dict[tuple[str, str], int]
) -> tuple[tuple[int, int, int, Pool], ...]:
    cohorts: dict[tuple[int, int, int], list[tuple[int, float]]] = {}
    for row in rows:
        cohort = (int(row["sex"]), int(row["born_from"]), int(row["born_until"]))
        cohorts.setdefault(cohort, []).append((position[row["name"], row["kana"]], float(row["weight"])))
    return tuple(
        (*cohort, Pool(np.array([index for index, _ in names]), np.array([weight for _, weight in names])))
        for cohort, names in cohorts.items()
    )


def _nations(
    families: list[dict[str, str]], givens: list[dict[str, str]], family_offset: int, given_offset: int
) -> tuple[Nation, ...]:
    def pool(rows: list[dict[str, str]], code: str, part: str, offset: int) -> Pool:
        found = [i for i, row in enumerate(rows) if row["nationality"] == code and row["part"] == part]
        weights = np.array([1.0 / (place + 3.0) for place in range(len(found))])
        return Pool(np.array(found, dtype=np.int64) + offset, weights)

    with_kanji = {row["nationality"] for row in families if row["kanji"]}
    return tuple(
        Nation(
            code=row["code"],
            name=row["name"],
            share=float(row["share"]),
            family=pool(families, row["code"], "family", family_offset),
            male=pool(givens, row["code"], "male", given_offset),
            female=pool(givens, row["code"], "female", given_offset),
            kanji=row["code"] in with_kanji,
            own_names=row["code"] in {"CHN", "VNM", "KOR", "TWN", "MMR", "IDN"},
        )
        for row in _rows("nationalities.csv")
    )


def _towns(places: dict[str, Any]) -> Town:
    rows = [row for row in _read(TOWNS_FILE) if row["postal_code"] and row["oaza_cho"]]
    weights = [{"1": 1.0, "2": 1.0, "3": 0.06}[row["machiaza_type"]] for row in rows]
    factor = np.array([_longest(places["town_weights"], row["oaza_cho"]) for row in rows])
    foreign = np.array([_longest(places["foreign_weights"], row["oaza_cho"]) for row in rows])
    weight = np.array(weights) * factor
    return Town(
        town_id=pl.Series([row["machiaza_id"] for row in rows], dtype=pl.String),
        name=pl.Series([row["display_name"] for row in rows], dtype=pl.String),
        postal_code=pl.Series([row["postal_code"] for row in rows], dtype=pl.String),
        numbered=np.array([row["rsdt_addr_flg"] == "1" for row in rows]),
        weight=weight,
        foreign_weight=weight * foreign,
    )


def _longest(table: dict[str, float], name: str) -> float:
    """The value of the longest prefix of ``name`` in the table; 1.0 where none fits."""
    fitting = [prefix for prefix in table if name.startswith(prefix)]
    return float(table[max(fitting, key=len)]) if fitting else 1.0


def _shares(column: str) -> NDArray[np.float64]:
    rows = {row["kind"]: float(row[column]) for row in _rows("household_kinds.csv")}
    return np.array([rows[kind.name] for kind in Kind])


def _head_ages() -> NDArray[np.float64]:
    table = np.zeros((len(Kind), len(HEAD_CLASSES)))
    for row in _rows("head_ages.csv"):
        table[Kind[row["kind"]], HEAD_CLASSES.index(int(row["age_from"]))] = float(row["weight"])
    return table
