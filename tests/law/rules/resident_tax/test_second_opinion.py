"""二つの計算の一致 (second opinion): the columns and a row-by-row computation of the same law agree to the yen."""

from __future__ import annotations

import polars as pl
import pytest
from benchmarks._tax_by_hand import tax
from benchmarks._taxpayers import taxpayers

from kokunen.law.engine import Unit
from kokunen.law.engine.columns import SLICE_ROWS
from kokunen.law.rules import resident_tax


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_columns_and_row_by_row_agree(year: int) -> None:
    people, relatives = taxpayers(4_000, seed=year)
    families: dict[int, list[dict[str, object]]] = {}
    for relative in relatives.iter_rows(named=True):
        families.setdefault(relative["person"], []).append(relative)
    assessed = resident_tax.assess(people, relatives, year)
    assert set(assessed["exemption"]) == {"taxed", "income_levy_exempt", "all_exempt"}
    for row, found in zip(people.iter_rows(named=True), assessed.iter_rows(named=True), strict=True):
        expected = tax(row, families.get(row["person"], []), year)
        assert {name: found[name] for name in expected} == expected, row


@pytest.mark.parametrize("year", resident_tax.tax_years())
def test_a_person_alone_gets_what_the_person_gets_among_the_others(year: int) -> None:
    people, relatives = taxpayers(SLICE_ROWS + 5_000, seed=1)
    together = resident_tax.assess(people, relatives, year)
    for place in (0, 1, SLICE_ROWS - 1, SLICE_ROWS, SLICE_ROWS + 4_999):
        person = people.slice(place, 1)
        family = relatives.filter(pl.col("person") == place)
        assert resident_tax.assess(person, family, year).rows() == together.slice(place, 1).rows()


@pytest.mark.parametrize("year", resident_tax.tax_years())
def test_the_steps_run_level_by_level_give_what_the_engine_gives_and_stay_whole_numbers(year: int) -> None:
    people, _ = taxpayers(300, seed=2)
    rule = resident_tax.rule(year)
    assessed = resident_tax.assess(people, None, year)
    facts = assessed.select(column for column in assessed.columns if column not in {step.name for step in rule.steps})
    sums = facts.with_columns(pl.lit(None, dtype=pl.Int64).alias(step.name) for step in rule.steps[:8])
    assert rule.evaluate(sums).select(assessed.columns).equals(assessed)
    for step in rule.steps:
        if step.unit in (Unit.YEN, Unit.PERSON):
            assert assessed.schema[step.name] == pl.Int64, step.name


def test_only_the_columns_that_are_wanted_are_given() -> None:
    people, relatives = taxpayers(50, seed=3)
    kept = resident_tax.assess(people, relatives, 2026, ["person", "total_tax"])
    assert kept.columns == ["person", "total_tax"]
    assert kept.rows() == resident_tax.assess(people, relatives, 2026).select("person", "total_tax").rows()


@pytest.mark.parametrize("numbers", [range(50), range(7, 57), range(500, 0, -10)], ids=["from 0", "on", "any"])
def test_relatives_are_found_by_whatever_number_and_those_of_strangers_count_for_nobody(numbers: range) -> None:
    people, relatives = taxpayers(50, seed=4)
    named = pl.Series(numbers)
    renumbered = relatives.with_columns(named.gather(relatives["person"]).alias("person"))
    strangers = relatives.with_columns(pl.lit(1_000, dtype=pl.Int64).alias("person"))
    expected = resident_tax.assess(people, relatives, 2026).drop("person")
    found = resident_tax.assess(people.with_columns(person=named), pl.concat([renumbered, strangers]), 2026)
    assert found.drop("person").equals(expected)
