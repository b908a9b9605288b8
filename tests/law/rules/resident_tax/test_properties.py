"""税法の性質: what must hold for everybody, tried on a million generated people as columns."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from benchmarks._taxpayers import taxpayers

from kokunen.law.rules import instalments, resident_tax
from kokunen.law.rules.instalments import pension, spread
from kokunen.law.rules.resident_tax import withholding

pytestmark = pytest.mark.function("S6-3")
PEOPLE, RAISE = 500_000, 7_000
KEPT = ("exemption", "taxable_income", "total_income", "pension_income", "city_income_levy", "prefecture_income_levy",
        "city_per_capita", "prefecture_per_capita", "forest_environment_tax", "city_tax", "prefecture_tax",
        "total_tax", "donation_special_rate", "donation_one_stop")  # fmt: skip


@pytest.fixture(scope="module")
def assessed() -> tuple[pl.DataFrame, pl.DataFrame]:
    """五十万人と、給与収入が7,000円多い同じ人々: a million rows."""
    people, relatives = taxpayers(PEOPLE, seed=22)
    more = people.with_columns(salary_receipts=pl.col("salary_receipts") + RAISE)
    return (
        resident_tax.assess(people, relatives, 2026, KEPT),
        resident_tax.assess(more, relatives, 2026, KEPT),
    )


def test_収入が増えて税が減ることはない(assessed: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Monotone in income, but for one jump of the law: 申告特例控除 (附則7条) grows by the bracket of the income tax.

    100 yen of each part may move by the raising of credits.
    """
    before, after = assessed
    fallen = after.get_column("total_tax") < before.get_column("total_tax") - 200
    bracket = before.get_column("donation_special_rate") != after.get_column("donation_special_rate")
    jumps = before.get_column("donation_one_stop") & bracket
    wrong = before.hstack(after.rename({name: f"{name}+" for name in after.columns})).filter(fallen & ~jumps)
    assert wrong.height == 0, wrong.head()
    assert fallen.any(), "the jump of the law is among the generated people"


def test_端数と合計の決まりは全員に成り立つ(assessed: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    for frame in assessed:
        wrong = frame.filter(
            (pl.col("taxable_income") % 1_000 != 0)
            | (pl.col("city_income_levy") % 100 != 0)
            | (pl.col("prefecture_income_levy") % 100 != 0)
            | (pl.col("city_income_levy") < 0)
            | (pl.col("prefecture_income_levy") < 0)
            | (pl.col("city_tax") != pl.col("city_income_levy") + pl.col("city_per_capita"))
            | (pl.col("prefecture_tax") != pl.col("prefecture_income_levy") + pl.col("prefecture_per_capita"))
            | (pl.col("total_tax") != pl.col("city_tax") + pl.col("prefecture_tax") + pl.col("forest_environment_tax"))
            | ((pl.col("exemption") == "all_exempt") & (pl.col("total_tax") != 0))
            | ((pl.col("exemption") == "income_levy_exempt") & (pl.col("city_income_levy") != 0))
        )
        assert wrong.height == 0, wrong.head()


@pytest.mark.parametrize(("method", "unit"), [("ordinary", 1_000), ("salary", 100)])
def test_期割の合計は年税額で_残りは最初の回にある(
    method: str, unit: int, assessed: tuple[pl.DataFrame, pl.DataFrame]
) -> None:
    totals = assessed[0].select(total="total_tax")
    names = spread.columns(method)
    parts = instalments.evaluate(spread.first_rule(method, 2026), totals, names)
    assert (parts.sum_horizontal() == totals.get_column("total")).all()
    assert parts.select(pl.any_horizontal(pl.col(*names[1:]) % unit != 0).any()).item() is False
    assert parts.select(pl.any_horizontal(pl.col(*names[1:]) > pl.col(names[0])).any()).item() is False


@pytest.mark.function("S6-8")
def test_年金分は税額を超えず_仮徴収と本徴収の合計になる(assessed: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    frame = assessed[0].select(
        "total_tax", "pension_income", "total_income",
        flat_tax=pl.col("city_per_capita") + pl.col("prefecture_per_capita") + pl.col("forest_environment_tax"),
        birth_date=pl.lit(date(1950, 1, 1)), yearly_pension=pl.lit(3_000_000), care_premium=pl.lit(60_000),
        salary_withheld=pl.col("total_income") % 2 == 0,
    )  # fmt: skip
    judged = withholding.rule(2026).evaluate(frame)
    assert (
        judged.select(((pl.col("pension_tax") < 0) | (pl.col("pension_tax") > pl.col("total_tax"))).any()).item()
        is False
    )
    assert judged.select(((pl.col("pension_income") == 0) & (pl.col("pension_levy") != 0)).any()).item() is False
    for first in (True, False):
        own = judged.select(total="pension_tax", previous_total=pl.col("pension_tax") * 3 // 2)
        opening = pension.ORDINARY if first else pension.PROVISIONAL
        parts = pension.rule(2026, first).evaluate(own)
        paid = parts.select(pl.sum_horizontal(*opening, *pension.MAIN) - pl.col("excess")).to_series()
        assert (paid == own.get_column("total")).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"birth_date": date(1961, 4, 2)}, ""),
        ({"birth_date": date(1961, 4, 3)}, "under_age"),
        ({"yearly_pension": 179_999}, "small_pension"),
        ({"yearly_pension": 180_000}, ""),
        ({"care_premium": 0}, "no_care_premium"),
        ({"total_tax": 0, "flat_tax": 0}, "no_tax"),
        ({"yearly_pension": 200_000, "care_premium": 190_000}, "exceeds_pension"),
    ],
)  # fmt: skip
def test_年金特別徴収の要件は条文どおり(change: dict[str, object], reason: str) -> None:
    facts: dict[str, object] = {
        "birth_date": date(1950, 1, 1), "yearly_pension": 2_400_000, "care_premium": 60_000, "total_tax": 31_500,
        "flat_tax": 5_000, "pension_income": 1_300_000, "total_income": 1_300_000, "salary_withheld": False,
    }  # fmt: skip
    row = withholding.rule(2026).evaluate(pl.DataFrame({name: [value] for name, value in (facts | change).items()}))
    assert row.item(0, "reason") == reason and row.item(0, "eligible") is (reason == "")
