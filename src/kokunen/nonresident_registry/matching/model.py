"""確からしさ (Fellegi-Sunter): levels of agreement, their weights in bits, and the probability of each pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.kernel.addresses import address_key

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDS = 25
SMALLEST_CITY = 10_000
"""A name is never taken to be more common than it is among so many people: a handful of records proves nothing."""
_LEAST = 1e-9
_SAME_ADDRESS = 2e-5
"""How often two people of one given name who are not one person have had one address."""

#: 比べた結果の言葉 by item and level; the first level is the strongest.
LEVELS: dict[str, tuple[str, ...]] = {
    "氏名": ("氏名が同じ（異体字を含む）", "読みが同じ・漢字が違う", "旧氏と名が同じ", "名だけ同じ", "氏名が違う"),
    "生年月日": (
        "生年月日が同じ",
        "生年月日の日の数字が入れ替わっている",
        "生年月日の月だけ一つ違う",
        "生年月日が似ている（日か月だけ違う）",
        "生年月日が違う",
    ),
    "性別": ("性別が同じ", "性別が違う"),
    "住所": ("住所が同じ（以前の住所を含む）", "住所は比べられない", "住所が違う"),
    "番号": ("同じ番号が紐付いている", "どちらかに番号がない", "違う番号が紐付いている"),
}
_START_M: dict[str, tuple[float, ...]] = {
    "氏名": (0.6, 0.2, 0.1, 0.05, 0.05),
    "生年月日": (0.85, 0.05, 0.04, 0.03, 0.03),
    "性別": (0.99, 0.01),
    "住所": (0.4, 0.05, 0.55),
}
#: 番号の重み: a number belongs to one person; what remains is mistakes at registration.
NUMBER_BITS = (40.0, 0.0, -20.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """判定: pairs with probability, weight, and level and bits of each item (`LEVELS` order)."""

    pairs: pl.DataFrame
    m: dict[str, Floats]
    prior: float


def judge(rows: pl.DataFrame, pairs: pl.DataFrame) -> Judged:
    """組を判定する: `rows` of `pairs.people`, `pairs` of `pairs.candidates` (left, right).

    Gives `pairs` with `probability`, `weight` (bits, prior included), and for each item `level_…` and `bits_…`.
    """
    compared = _compare(rows, pairs)
    levels: dict[str, Ints] = {name: compared[f"level_{name}"].to_numpy().astype(np.int64) for name in LEVELS}
    log_u = {name: _log_u(name, compared) for name in _START_M}
    number = np.asarray(NUMBER_BITS)[levels["番号"]] * np.log(2)
    m = {name: np.asarray(values) for name, values in _START_M.items()}
    # of all the pairs that could be looked at, not of those that share a block: a block is evidence already
    population = max(rows.height, SMALLEST_CITY)
    possible = float(max(1, rows["outside"].sum()) * population)
    prior = _START_SHARE / population
    probability = np.zeros(pairs.height)
    for _ in range(ROUNDS):
        evidence = number + sum(np.log(m[name][levels[name]]) - log_u[name] for name in _START_M)
        odds = np.log(prior / (1 - prior)) + evidence
        probability = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
        prior = float(np.clip(probability.sum() / possible, 1 / possible, 0.5))
        for name in _START_M:
            sums = np.bincount(levels[name], weights=probability, minlength=len(LEVELS[name])) + 0.5
            m[name] = sums / sums.sum()
    bits = {name: (np.log(m[name][levels[name]]) - log_u[name]) / np.log(2) for name in _START_M}
    bits["番号"] = np.asarray(NUMBER_BITS)[levels["番号"]]
    weight = np.log2(prior / (1 - prior)) + sum(bits.values())
    answer = pairs.with_columns(
        pl.Series("probability", probability),
        pl.Series("weight", weight),
        *(pl.Series(f"level_{name}", levels[name]) for name in LEVELS),
        *(pl.Series(f"bits_{name}", bits[name]) for name in LEVELS),
    )
    return Judged(answer, m, prior)


_START_SHARE = 0.1
"""Before anything is learnt: one in ten records outside the register is somebody the city already knows."""


def _compare(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """項目ごとに比べる: levels, and how frequent the agreeing values are in the city."""
    total = max(rows.height, SMALLEST_CITY)
    known = rows.with_columns(
        f_name=pl.len().over("name_key") / total,
        f_kana=pl.len().over("kana_key") / total,
        f_given=pl.len().over("given_kana") / total,
        f_birth=pl.len().over("birth_date") / total,
    )
    columns = ["name_key", "kana_key", "given_kana", "given", "family_kana", "former_kana", "birth_date", "sex",
               "number_token", "address", "previous_address", "f_name", "f_kana", "f_given", "f_birth"]  # fmt: skip
    a, b = (
        known.select(columns)[pairs[side].to_numpy()].rename({name: f"{name}_{mark}" for name in columns})
        for side, mark in (("left", "a"), ("right", "b"))
    )
    both = _with_address_keys(pl.concat([a, b], how="horizontal"))
    same_given = (pl.col("given_kana_a") == pl.col("given_kana_b")) & (pl.col("given_kana_a") != "")
    former = same_given & (
        ((pl.col("former_kana_a") != "") & (pl.col("former_kana_a") == pl.col("family_kana_b")))
        | ((pl.col("former_kana_b") != "") & (pl.col("former_kana_b") == pl.col("family_kana_a")))
    )
    day_a, day_b = pl.col("birth_date_a"), pl.col("birth_date_b")
    same_year = day_a.dt.year() == day_b.dt.year()
    same_month = same_year & (day_a.dt.month() == day_b.dt.month())
    turned = pl.col("birth_date_b").dt.day() % 10 * 10 + pl.col("birth_date_b").dt.day() // 10
    swapped = same_month & (day_a.dt.day() == turned)
    months = (day_a.dt.month().cast(pl.Int32) - day_b.dt.month().cast(pl.Int32)).abs()
    at_end = (day_a == day_a.dt.month_end()) | (day_b == day_b.dt.month_end())  # the shorter month has no 31st
    same_day = (day_a.dt.day() == day_b.dt.day()) | (at_end & (day_a.dt.day() > 27) & (day_b.dt.day() > 27))
    month_off = same_year & months.is_in([1, 11]) & same_day
    near = same_year & (
        (day_a.dt.month() == day_b.dt.month())
        | (day_a.dt.day() == day_b.dt.day())
        | ((day_a - day_b).dt.total_days().abs() <= 33)
    )
    together, comparable = _addresses()
    no_number = (pl.col("number_token_a").fill_null("") == "") | (pl.col("number_token_b").fill_null("") == "")
    name = (
        pl.when(pl.col("name_key_a") == pl.col("name_key_b"))
        .then(0)
        .when(pl.col("kana_key_a") == pl.col("kana_key_b"))
        .then(1)
        .when(former)
        .then(2)
        .when(same_given & (pl.col("given_a") == pl.col("given_b")))
        .then(3)
        .otherwise(4)
    )
    return both.select(
        name.alias("level_氏名"),
        pl.when(day_a == day_b)
        .then(0)
        .when(swapped)
        .then(1)
        .when(month_off)
        .then(2)
        .when(near)
        .then(3)
        .otherwise(4)
        .alias("level_生年月日"),
        pl.when(pl.col("sex_a") == pl.col("sex_b")).then(0).otherwise(1).alias("level_性別"),
        # a family lives together: where the given names differ, the same address says nothing
        pl.when(~comparable | (name == 4)).then(1).when(together).then(0).otherwise(2).alias("level_住所"),
        pl.when(no_number)
        .then(1)
        .when(pl.col("number_token_a") == pl.col("number_token_b"))
        .then(0)
        .otherwise(2)
        .alias("level_番号"),
        f_name=pl.max_horizontal("f_name_a", "f_name_b"),
        f_kana=pl.max_horizontal("f_kana_a", "f_kana_b"),
        f_given=pl.max_horizontal("f_given_a", "f_given_b"),
        f_birth=pl.max_horizontal("f_birth_a", "f_birth_b"),
    )


def _with_address_keys(both: pl.DataFrame) -> pl.DataFrame:
    """住所の鍵: 青木二丁目1番1号 and 青木２－１－１ are one address; only of the records that are compared."""
    names = [f"{name}_{side}" for name in ("address", "previous_address") for side in ("a", "b")]
    texts = pl.concat([both[name].rename("text") for name in names]).drop_nulls().unique()
    keys = pl.DataFrame({"text": texts, "key": [address_key(text) for text in texts]})
    return both.with_columns(
        pl.col(name).fill_null("").replace_strict(keys["text"], keys["key"], default="") for name in names
    )


def _addresses() -> tuple[pl.Expr, pl.Expr]:
    """(one of the addresses of one record is one of the other's, there is something to compare)."""
    texts = {side: [pl.col(f"{name}_{side}") for name in ("address", "previous_address")] for side in ("a", "b")}
    both = [(one, other) for one in texts["a"] for other in texts["b"]]
    known = {side: pl.any_horizontal(text != "" for text in texts[side]) for side in texts}
    return pl.any_horizontal((one == other) & (one != "") for one, other in both), known["a"] & known["b"]


def _log_u(name: str, compared: pl.DataFrame) -> Floats:
    """偶然の一致: how often two people of the city agree that far on this item, by the value where it matters."""
    level = pl.col(f"level_{name}")
    if name == "氏名":
        u = (
            pl.when(level == 0)
            .then("f_name")
            .when(level == 1)
            .then("f_kana")
            .when(level == 2)
            .then(pl.col("f_given") * 0.0005)
            .when(level == 3)
            .then("f_given")
            .otherwise(0.98)
        )
    elif name == "生年月日":
        days = pl.when(level == 0).then(1).when(level == 1).then(0.6).when(level == 2).then(2).otherwise(60)
        u = pl.when(level < 4).then(pl.col("f_birth") * days).otherwise(0.99)
    elif name == "住所":
        u = pl.when(level == 0).then(_SAME_ADDRESS).when(level == 1).then(0.05).otherwise(0.95)
    else:
        u = pl.lit(0.5)
    values = compared.select(u.cast(pl.Float64).clip(_LEAST, 1.0).log().alias("u"))["u"]
    return np.asarray(values.to_numpy(), dtype=np.float64)
