"""課税状況調の表: which taxpayers count in which row, what is summed in each column, how yen become thousands.

Definitions are in statistics.yaml. Exact figures are kept in yen; ``adjusted`` makes the table that is handed in: every
cell rounded to thousands and the difference to the rounded total put on the largest cell (端数調整), so that rows and
columns add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

COUNTS = frozenset({"persons", "male", "female", "ordinary", "salary"})
TOTAL = "total"
_BANDS = (100_000, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_500_000, 7_000_000, 10_000_000)
_SEPARATE = ("land_short", "land_long", "listed_dividend", "general_stock", "listed_stock", "futures", "forest",
             "retirement")  # fmt: skip
_CREDITS = ("adjustment_credit", "housing_credit", "donation_basic_credit", "donation_special_credit",
            "one_stop_credit", "adjustment_measure", "fixed_reduction", "withheld_credit")  # fmt: skip
_PENSION = ("pension.requested", "pension.accepted", "pension.stopped", "pension.refused")


@dataclass(frozen=True, slots=True)
class Family:
    """表の定義: title, the ministry's number, columns, rows, and how the total is made."""

    code: str
    title: str
    number: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    total: bool | str


@cache
def definition() -> dict[str, Any]:
    """statistics.yaml."""
    raw: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("statistics.yaml").read_text(encoding="utf-8"))
    return raw


@cache
def families() -> dict[str, Family]:
    """表 by code."""
    return {
        code: Family(code, one["title"], one["number"], tuple(one["columns"]), tuple(one["rows"]), one["total"])
        for code, one in definition()["families"].items()
    }


def label(name: str) -> str:
    """行・列の名."""
    return "計" if name == TOTAL else str(definition()["labels"][name])


# --- one taxpayer's place -------------------------------------------------------------------------------------------

ALWAYS = ("exemption", "exemption_reason", "salary_income", "pension_income", "total_income_after_carryforward",
          "taxable_income", "deductions.total", "city_income_levy", "prefecture_income_levy", "city_per_capita",
          "computed_income_levy.city", "computed_income_levy.prefecture",
          *(name for name in definition()["families"]["04"]["rows"]),
          *(f"{name}.{part}" for name in _CREDITS[:-1] for part in ("city", "prefecture")))  # fmt: skip
"""Steps of the law that every taxpayer has."""

SEPARATE = ("separate_income_total", "withheld_credit.city", "withheld_credit.prefecture",
            *(f"taxable.{name}" for name in _SEPARATE),
            *(f"separate_levy.{name}.{part}" for name in _SEPARATE for part in ("city", "prefecture")))  # fmt: skip
"""Steps of those with separately taxed incomes."""


def prepared(people: pl.DataFrame) -> pl.DataFrame:
    """列を整える: ``people`` has ALWAYS, SEPARATE (null where it does not apply), ``business``, ``sex``, ``method``."""
    zero = pl.col(*SEPARATE).fill_null(0)
    frame = people.with_columns(zero)
    levy = pl.col("city_income_levy") + pl.col("prefecture_income_levy")
    taxable = pl.sum_horizontal("taxable_income", *(f"taxable.{name}" for name in _SEPARATE))
    other = pl.col("total_income_after_carryforward") - pl.col("salary_income") - pl.col("business").clip(lower_bound=0)
    return frame.with_columns(
        levy=levy,
        taxable=taxable,
        computed=pl.col("computed_income_levy.city") + pl.col("computed_income_levy.prefecture"),
        income=pl.col("total_income_after_carryforward"),
        other=other - pl.col("separate_income_total"),
        paying=(pl.col("exemption") == "taxed") & (levy > 0),
        flat=(pl.col("exemption").is_in(["taxed", "income_levy_exempt"])) & (pl.col("city_per_capita") > 0),
    ).with_columns(credits=pl.col("computed") - pl.col("levy"))


def marks() -> dict[str, pl.Expr]:
    """行の条件 by name, over a frame of ``prepared``; families 02 to 05, 07 and 08 are about who pays 所得割."""
    paying, flat = pl.col("paying"), pl.col("flat")
    biggest = pl.max_horizontal("salary_income", "business", "other", "separate_income_total")
    kinds = {"kind.salary": "salary_income", "kind.business": "business", "kind.other": "other"}
    found: dict[str, pl.Expr] = {
        "flat_only": flat & ~paying, "levy_only": paying & ~flat, "both": paying & flat,
        "undeclared": pl.col("exemption") == "unknown",
    }  # fmt: skip
    before = pl.lit(False)
    for mark, column in kinds.items():
        found[mark] = paying & ~before & (pl.col(column) == biggest)
        before = before | (pl.col(column) == biggest)
    found["kind.separate"] = paying & ~before
    for index, (low, high) in enumerate(zip((-1, *_BANDS), (*_BANDS, None), strict=True), start=1):
        above = paying & (pl.col("taxable") > low)
        found[f"band.{index}"] = above if high is None else above & (pl.col("taxable") <= high)
    for name in families()["04"].rows:
        found[name] = paying & (pl.col(name) > 0)
    for name in _CREDITS:
        found[name] = paying & (pl.col(f"{name}.city") + pl.col(f"{name}.prefecture") > 0)
    for name in families()["06"].rows[:-1]:
        reason = name.removeprefix("exempt.")
        found[name] = (pl.col("exemption") == "all_exempt") & (pl.col("exemption_reason") == reason)
    for name in _SEPARATE:
        found[name] = paying & (pl.col(f"taxable.{name}") > 0)
    return {name: condition.fill_null(False) for name, condition in found.items()}


def column_marks() -> dict[str, pl.Expr]:
    """列の条件: the columns that count some of a row's persons."""
    return {
        "male": pl.col("sex") == "1", "female": pl.col("sex") == "2",
        "ordinary": pl.col("method") == "1", "salary": pl.col("method") == "2",
    }  # fmt: skip


def _summed(family: str, row: str, column: str) -> pl.Expr:
    """列の値 of one row, yen or persons."""
    if column == "persons":
        return pl.len()
    if column in COUNTS:
        return column_marks()[column].sum()
    if family in ("02", "03"):
        return pl.col("deductions.total" if column == "deductions" else column).sum()
    if family == "04":
        return pl.col(row).sum()
    if family == "05":
        return pl.col(f"{row}.{column}").sum()
    name = f"taxable.{row}" if column == "taxable" else f"separate_levy.{row}.{column}"
    return pl.col(name).sum()


def cells(frame: pl.DataFrame) -> list[tuple[str, str, str, int]]:
    """欄の値: (family, row, column, value) of a frame of ``prepared``."""
    conditions, made = marks(), []
    for code, family in families().items():
        if code == "09":
            continue
        for row in family.rows:
            own = frame.filter(conditions[row])
            values = own.select(_summed(code, row, column).cast(pl.Int64).alias(column) for column in family.columns)
            made += [
                (code, row, column, int(value or 0))
                for column, value in zip(family.columns, values.row(0), strict=True)
            ]
    return made


def persons(frame: pl.DataFrame) -> pl.DataFrame:
    """数えられた行: atena_number and its marks (text of an array), for whoever counts anywhere."""
    every = {**marks(), **column_marks()}
    named = [pl.when(condition).then(pl.lit(f'"{name}"')) for name, condition in every.items()]
    counted = frame.filter(pl.any_horizontal(*marks().values()))
    return counted.select(
        "atena_number", marks=pl.format("{{{}}}", pl.concat_str(named, separator=",", ignore_nulls=True))
    )


# --- the table that is handed in ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """表: rows with their figures as handed in (persons, thousand yen), and the exact ones."""

    family: Family
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    exact: tuple[tuple[str, tuple[int, ...]], ...]


def table(family: Family, values: Mapping[tuple[str, str], int]) -> Table:
    """表を作る: ``values`` by (row, column), exact."""
    exact = [(row, tuple(values.get((row, column), 0) for column in family.columns)) for row in family.rows]
    columns = [
        _adjusted_column([figures[index] for _, figures in exact], column)
        for index, column in enumerate(family.columns)
    ]
    rows = [(row, tuple(column[number] for column in columns)) for number, (row, _) in enumerate(exact)]
    if family.total:
        sums = tuple(sum(figures[index] for _, figures in rows) for index in range(len(family.columns)))
        exact_sums = tuple(sum(figures[index] for _, figures in exact) for index in range(len(family.columns)))
        rows, exact = [*rows, (TOTAL, sums)], [*exact, (TOTAL, exact_sums)]
    return Table(family, tuple(rows), tuple(exact))


def _adjusted_column(figures: Sequence[int], column: str) -> list[int]:
    return list(figures) if column in COUNTS else adjusted(figures)


def adjusted(figures: Sequence[int]) -> list[int]:
    """端数調整: yen to thousands, half up; the difference to the rounded total goes to the largest cell."""
    rounded = [thousands(figure) for figure in figures]
    difference = thousands(sum(figures)) - sum(rounded)
    if difference and figures:
        largest = max(range(len(figures)), key=lambda index: figures[index])
        rounded[largest] += difference
    return rounded


def thousands(yen: int) -> int:
    """千円単位: half a thousand is rounded up."""
    return (yen + 500) // 1_000
