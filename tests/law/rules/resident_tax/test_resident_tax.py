"""個人住民税の性質 (properties): what must hold for every taxpayer, and what is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl
import pytest
from benchmarks._taxpayers import taxpayers
from hypothesis import given, settings
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.law.rules import resident_tax
from kokunen.law.rules.resident_tax.facts import OUTSIDE


def one(year: int = 2026, **facts: Any) -> dict[str, Any]:
    frame = pl.DataFrame({name: [value] for name, value in ({"birth_date": date(1985, 5, 1)} | facts).items()})
    return resident_tax.assess(frame, None, year).row(0, named=True)


@pytest.mark.parametrize("year", resident_tax.tax_years())
def test_rounding_and_limits_hold_for_every_taxpayer(year: int) -> None:
    people, relatives = taxpayers(60_000, seed=year)
    found = resident_tax.assess(people, relatives, year)
    parts = pl.col("city_tax") + pl.col("prefecture_tax") + pl.col("forest_environment_tax")
    measured = pl.col("total_income_after_carryforward") - pl.col("city_income_levy") - pl.col("prefecture_income_levy")
    holds = found.select(
        (pl.col("taxable_income") % 1000 == 0).all().alias("課税標準額は千円単位"),
        (pl.col("city_income_levy") % 100 == 0).all().alias("市の所得割は百円単位"),
        (pl.col("prefecture_income_levy") % 100 == 0).all().alias("県の所得割は百円単位"),
        (parts == pl.col("total_tax")).all().alias("年税額は三つの合計"),
        (pl.min_horizontal("city_income_levy", "prefecture_income_levy", "taxable_income") >= 0)
        .all()
        .alias("負はない"),
        ((pl.col("exemption") != "all_exempt") | (pl.col("total_tax") == 0)).all().alias("非課税は0円"),
        (pl.col("exemption").is_in(["all_exempt", "taxed"]) | pl.col("total_tax").is_in([4000, 5000]))
        .all()
        .alias("均等割だけ"),
        (~pl.col("taxed") | (measured >= pl.col("income_levy_limit"))).all().alias("所得割で限度額を割らない"),
        (
            pl.col("fixed_reduction.city") + pl.col("fixed_reduction.prefecture") + pl.col("fixed_reduction.unused")
            == pl.col("fixed_reduction.entitled")
        )
        .all()
        .alias("定額減税の内訳"),
        (pl.sum_horizontal(f"deductions.{name}" for name in resident_tax.DEDUCTIONS) == pl.col("deductions.total"))
        .all()
        .alias("控除の合計"),
    ).row(0, named=True)
    assert all(holds.values()), holds


@pytest.mark.parametrize("year", resident_tax.tax_years())
@pytest.mark.parametrize("income", ["salary_receipts", "pension_receipts", "business_income"])
def test_more_income_never_means_less_tax(year: int, income: str) -> None:
    """寄附金のない人: without donations the law has no step at which the tax falls when the income grows."""
    steps = range(0, 30_000_000, 7_777)
    frame = pl.DataFrame({income: steps}).with_columns(
        birth_date=date(1950, 5, 1),
        social_insurance=200_000,
        medical_paid=300_000,
        housing_unabsorbed=50_000,
        housing_income_tax_taxable=900_000,
    )
    taxes = resident_tax.assess(frame, None, year, ["total_tax"]).get_column("total_tax")
    assert taxes.is_sorted()
    assert taxes[0] == 0 < taxes[-1]


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 20_000_000), st.sampled_from(resident_tax.tax_years()))
def test_salary_income_never_falls_and_never_exceeds_the_receipts(receipts: int, year: int) -> None:
    less, more = one(year, salary_receipts=receipts), one(year, salary_receipts=receipts + 1)
    assert 0 <= less["salary_income"] <= more["salary_income"] <= receipts + 1


@pytest.mark.parametrize(
    ("born", "kind", "deduction"),
    [
        (date(2010, 1, 2), "young", 0),
        (date(2010, 1, 1), "general", 330_000),
        (date(2007, 1, 1), "specific", 450_000),
        (date(2003, 1, 2), "specific", 450_000),
        (date(2003, 1, 1), "general", 330_000),
        (date(1956, 1, 2), "general", 330_000),
        (date(1956, 1, 1), "elderly", 380_000),
    ],
    ids=str,
)
def test_who_is_born_on_1_january_is_a_year_older(born: date, kind: str, deduction: int) -> None:
    found = resident_tax.assess_relatives(pl.DataFrame({"person": [1], "birth_date": [born]}), 2026)
    assert found.select("kind", "deduction").row(0) == (kind, deduction)


def test_the_law_of_2027_is_prepared_and_says_that_it_is_expected() -> None:
    assert one(2027, salary_receipts=1_190_000)["total_tax"] == 0
    assert one(2027, salary_receipts=1_199_999)["salary_income"] == 459_999
    expected = resident_tax.TaxYear(2027).expected()
    assert "同一生計配偶者・扶養親族の合計所得金額の上限" in expected
    assert resident_tax.TaxYear(2026).expected() == []


@pytest.mark.parametrize("year", [2023, 2028])
def test_a_year_without_law_is_refused(year: int) -> None:
    with pytest.raises(InputError, match="税法は登録されていません") as refused:
        one(year)
    assert refused.value.code == "out_of_range"


@pytest.mark.parametrize(("fact", "words"), OUTSIDE.items(), ids=OUTSIDE)
def test_what_this_law_does_not_compute_is_refused_by_name(fact: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        one(**{fact: 1_000_000})


def test_a_frame_without_whose_or_when_born_is_refused() -> None:
    with pytest.raises(ValueError, match="person"):
        relatives = pl.DataFrame({"person": [1], "birth_date": [date(2015, 1, 1)]})
        resident_tax.assess(pl.DataFrame({"birth_date": [date(1985, 5, 1)]}), relatives, 2026)
    with pytest.raises(ValueError, match="birth_date"):
        resident_tax.assess(pl.DataFrame({"salary_receipts": [1]}), None, 2026)


def test_the_explanation_tells_the_stated_facts_and_every_step_with_its_article() -> None:
    frame = pl.DataFrame({"birth_date": [date(1985, 5, 1)], "salary_receipts": [3_000_000]})
    steps = resident_tax.explain(resident_tax.assess(frame, None, 2026), 2026)
    by_name = {step.name: step for step in steps}
    assert by_name["salary_receipts"].value == 3_000_000
    assert by_name["salary_income_by_table"].article == "地方税法第313条第2項、所得税法第28条、別表第五"
    assert steps[-1].name == "total_tax"
    assert len(by_name) == len(steps)
