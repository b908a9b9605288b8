"""分離課税 (separate incomes): worked by hand, and what must hold for everybody who has one."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from benchmarks._taxpayers import taxpayers

from kokunen.law.rules import instalments, resident_tax
from kokunen.law.rules.resident_tax import separate

PEOPLE = 200_000


def one(**facts: Any) -> dict[str, Any]:
    frame = pl.DataFrame({name: [value] for name, value in ({"birth_date": date(1985, 5, 1)} | facts).items()})
    return resident_tax.assess(frame, None, 2026).row(0, named=True)


def test_土地の譲渡は特別控除前の額で合計所得金額に入り課税標準では控除する() -> None:
    # 給与 3,000,000 → 2,020,000; 控除 880,000; 長期譲渡 35,000,000 − 30,000,000
    found = one(
        salary_receipts=3_000_000,
        social_insurance=450_000,
        land_long_income=35_000_000,
        land_long_special_deduction=30_000_000,
    )
    assert found["total_income"] == 37_020_000
    assert found["deductions.basic"] == 0  # 合計所得金額が2,500万円を超える
    assert found["taxable_income"] == 1_570_000
    assert found["taxable.land_long"] == 5_000_000
    assert found["separate_levy.land_long.city"] == 150_000
    assert found["adjustment_credit.city"] == 0
    assert found["city_income_levy"] == 94_200 + 150_000
    assert found["prefecture_income_levy"] == 62_800 + 100_000


def test_総所得で余った所得控除は短期譲渡から順に使う() -> None:
    # 給与 1,000,000 → 350,000; 控除 430,000+150,000 = 580,000 → 残り230,000 を短期譲渡へ
    found = one(
        salary_receipts=1_000_000,
        social_insurance=150_000,
        land_short_income=1_000_000,
        listed_dividend_income=500_000,
    )
    assert found["taxable_income"] == 0
    assert found["deductions_left.general"] == 230_000
    assert (found["taxable.land_short"], found["taxable.listed_dividend"]) == (770_000, 500_000)
    assert found["computed_income_levy.city"] == 770 * 54 + 15_000
    assert found["computed_income_levy.prefecture"] == 770 * 36 + 10_000


def test_株の損失の繰越しは総所得金額等を減らすが合計所得金額は減らさない() -> None:
    found = one(listed_stock_income=800_000, listed_dividend_income=300_000, listed_loss_carried_forward=1_000_000)
    assert found["total_income"] == 1_100_000
    assert found["total_income_after_carryforward"] == 100_000
    assert found["exemption"] == "income_levy_exempt"
    assert found["total_tax"] == 5_000


def test_株の利益で非課税から外れる() -> None:
    assert one(salary_receipts=1_000_000)["exemption"] == "all_exempt"
    assert one(salary_receipts=1_000_000, listed_stock_income=200_000)["exemption"] == "taxed"


def test_事業の損失は山林所得退職所得の順に通算する() -> None:
    found = one(business_income=-1_500_000, forest_income=1_000_000, retirement_income=2_000_000)
    assert (found["forest_after_offset"], found["retirement_after_offset"]) == (0, 1_500_000)
    assert found["total_income"] == 1_500_000
    assert found["taxable.retirement"] == 1_070_000
    assert found["adjustment_credit_base"] == 50_000  # 課税退職所得金額は合計課税所得金額に入る


def test_配当割額は所得割から引き引ききれない額を還付に回す() -> None:
    found = one(salary_receipts=3_000_000, social_insurance=450_000, withheld_dividend_levy=20_001)
    assert (found["withheld_credit.city"], found["withheld_credit.prefecture"]) == (12_000, 8_001)
    assert (found["city_income_levy"], found["prefecture_income_levy"]) == (54_900, 36_500)
    rich = one(listed_dividend_income=900_000, withheld_dividend_levy=45_000)
    assert rich["city_income_levy"] == rich["prefecture_income_levy"] == 0
    levy = rich["levy_after_measure.city"] + rich["levy_after_measure.prefecture"]
    assert rich["withheld_levy_unused"] == 45_000 - levy > 0


@pytest.mark.parametrize(
    ("kind", "rate"),
    [("land_short", 59_370), ("land_long", 74_685), ("futures", 74_685), ("retirement", 79_790), ("forest", 84_895)],
)
def test_総所得のない人の特例控除の率(kind: str, rate: int) -> None:
    found = one(**{f"{kind}_income": 3_000_000, "donation_hometown": 30_000})
    assert found["donation_special_rate"] == rate


def test_分離課税の所得が零の人は分離課税の段があってもなくても同じ税額になる() -> None:
    people, relatives = taxpayers(20_000, seed=5)
    plain = resident_tax.assess(people, relatives, 2026)
    none = people.with_columns(pl.lit(0, pl.Int64).alias(fact.name) for fact in resident_tax.SEPARATE_FACTS)
    widened = resident_tax.assess(none, relatives, 2026)
    common = [name for name in plain.columns if name in widened.columns]
    assert widened.select(common).equals(plain.select(common))


def _with_separate(count: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    people, relatives = taxpayers(count, seed)
    rng = np.random.default_rng(seed)

    def some(share: float, high: int) -> pl.Series:
        return pl.Series(np.where(rng.random(count) < share, rng.integers(0, high, count), 0))

    highs = {fact.name: 400_000 if "levy" in fact.name else 4_000_000 for fact in resident_tax.SEPARATE_FACTS}
    return people.with_columns(some(0.15, high).alias(name) for name, high in highs.items()), relatives


def test_二十万人で端数と合計の決まりが成り立つ() -> None:
    people, relatives = _with_separate(PEOPLE, seed=21)
    found = resident_tax.assess(people, relatives, 2026)
    bases = [pl.col(f"taxable.{kind}") for kind in separate.KINDS]
    whole = pl.sum_horizontal("general_income_after_carryforward", *(separate.available(k) for k in separate.KINDS))
    taken = whole - pl.sum_horizontal("taxable_income", *bases)
    holds = found.select(
        pl.all_horizontal(*((base % 1000 == 0) & (base >= 0) for base in bases)).all().alias("課税標準額は千円単位"),
        (pl.col("city_income_levy") % 100 + pl.col("prefecture_income_levy") % 100 == 0).all().alias("百円単位"),
        (pl.min_horizontal("city_income_levy", "prefecture_income_levy") >= 0).all().alias("負はない"),
        (pl.col("total_income_after_carryforward") <= pl.col("total_income")).all().alias("繰越控除は増やさない"),
        (~pl.col("taxed") | taken.is_between(pl.min_horizontal(whole, "deductions.total"), whole))
        .all()
        .alias("控除は使い切るか、所得が尽きる"),
        (
            pl.col("withheld_credit.city") + pl.col("withheld_credit.prefecture") + pl.col("withheld_levy_unused")
            == pl.when("taxed").then("withheld_levy").otherwise(0)
        )
        .all()
        .alias("配当割額の内訳"),
    ).row(0, named=True)
    assert all(holds.values()), holds


@pytest.mark.parametrize("kind", list(separate.KINDS))
def test_所得が増えて税額が減ることはない(kind: str) -> None:
    steps = range(0, 20_000_000, 9_973)
    frame = pl.DataFrame({separate.stated(kind): steps}).with_columns(
        birth_date=date(1975, 5, 1), salary_receipts=2_500_000, social_insurance=300_000
    )
    taxes = resident_tax.assess(frame, None, 2026, ["total_tax"]).get_column("total_tax")
    assert taxes.is_sorted()


@pytest.mark.parametrize("method", ["ordinary", "salary"])
def test_二十万人の期割の合計は年税額に等しい(method: str) -> None:
    totals = pl.DataFrame({"total": np.random.default_rng(3).integers(0, 3_000_000, PEOPLE) // 100 * 100})
    names = instalments.spread.columns(method)
    parts = instalments.evaluate(instalments.spread.first_rule(method, 2026), totals, names)
    unit = {"ordinary": 1_000, "salary": 100}[method]
    assert parts.select(pl.sum_horizontal(names)).to_series().equals(totals.to_series(), check_names=False)
    assert parts.select(pl.all_horizontal(pl.col(names[1:]) % unit == 0).all()).item()
