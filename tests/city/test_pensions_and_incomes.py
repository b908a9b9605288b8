"""年金の歴史と所得: days of the Act, kinds in order, incomes by the tables of their tax year."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.city.conftest import TODAY

from kokunen.city.days import add_months, age_on, day, reaches_age
from kokunen.city.incomes import pension_income_of, salary_income_of
from kokunen.kernel.calendar import reaches_age_on

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def periods(tables: Tables) -> pl.DataFrame:
    births = (
        tables["persons"]
        .group_by("atena_number", maintain_order=True)
        .last()
        .select("atena_number", "birth_date", "state")
    )
    return tables["qualification_periods"].join(births, on="atena_number", how="left", maintain_order="left")


def days_of(column: pl.Series) -> np.ndarray:
    return column.cast(pl.Int32).to_numpy().astype(np.int64)


@pytest.mark.parametrize("birth", ["2006-12-01", "2008-02-29", "1966-12-02", "2007-03-01", "2000-01-01"])
@pytest.mark.parametrize("age", [20, 60, 65])
def test_年齢到達日は核の一件ずつの計算と同じ(birth: str, age: int) -> None:
    born = date.fromisoformat(birth)
    assert reaches_age(np.array([day(born)]), age)[0] == day(reaches_age_on(born, age))


def test_月の加算は月末で止まる() -> None:
    moved = add_months(np.array([day(date(2026, 1, 31)), day(date(2024, 2, 29))]), np.array([1, 12]))
    assert moved.tolist() == [day(date(2026, 2, 28)), day(date(2025, 2, 28))]


def test_資格期間は重ならず順に並ぶ(periods: pl.DataFrame) -> None:
    same = periods["atena_number"] == periods["atena_number"].shift(1)
    later, earlier = periods.filter(same), periods.filter(same.shift(-1, fill_value=False))
    assert earlier["lost_on"].null_count() == 0
    assert (earlier["lost_on"] <= later["acquired_on"]).all()
    assert (periods.drop_nulls("lost_on")["lost_on"] > periods.drop_nulls("lost_on")["acquired_on"]).all()
    touching = earlier["lost_on"] == later["acquired_on"]
    assert (earlier.filter(touching)["kind"] != later.filter(touching)["kind"]).all()


def test_第1号と第3号は二十歳到達日から六十歳到達日まで(periods: pl.DataFrame) -> None:
    rows = periods.filter(pl.col("kind").is_in(["1", "3"]))
    births = days_of(rows["birth_date"])
    assert (days_of(rows["acquired_on"]) >= reaches_age(births, 20)).all()
    ended = days_of(rows["lost_on"].fill_null(date(2026, 11, 24)))
    assert (ended <= reaches_age(births, 60)).all()
    reached = rows.filter(pl.col("lost_by") == "03")
    assert (days_of(reached["lost_on"]) == reaches_age(days_of(reached["birth_date"]), 60)).all()


def test_二十歳到達の取得は誕生日の前日(periods: pl.DataFrame) -> None:
    rows = periods.filter(pl.col("acquired_by") == "01")
    assert rows.height > 5_000
    assert (days_of(rows["acquired_on"]) == reaches_age(days_of(rows["birth_date"]), 20)).all()


def test_任意加入は六十歳から六十五歳まで(periods: pl.DataFrame) -> None:
    rows = periods.filter(pl.col("kind") == "5")
    births = days_of(rows["birth_date"])
    assert rows.height > 20
    assert (days_of(rows["acquired_on"]) > reaches_age(births, 60)).all()
    assert (days_of(rows["lost_on"].fill_null(TODAY)) <= reaches_age(births, 65)).all()


def test_国外転出と死亡の喪失は翌日(tables: Tables, periods: pl.DataFrame) -> None:
    last = tables["persons"].group_by("atena_number", maintain_order=True).last()
    for code, reason in (("203", "02"), ("211", "01")):
        gone = last.filter(pl.col("event_code") == code).select("atena_number", "removed_on")
        rows = periods.filter(pl.col("lost_by") == reason).join(gone, on="atena_number").group_by("atena_number").last()
        assert rows.height > 5
        assert (rows["lost_on"] == rows["removed_on"].dt.offset_by("1d")).all()


def test_国内の転出は資格を失わせない(tables: Tables, periods: pl.DataFrame) -> None:
    last = tables["persons"].group_by("atena_number", maintain_order=True).last()
    moved = last.filter(pl.col("event_code").is_in(["201", "202"])).select("atena_number", "removed_on")
    rows = periods.join(moved, on="atena_number")
    assert rows.filter(pl.col("lost_on") == pl.col("removed_on").dt.offset_by("1d")).height <= 2
    assert rows.filter(pl.col("lost_on").is_null()).height > 100


def test_被保険者の割合は国の姿に近い(tables: Tables, periods: pl.DataFrame, residents: pl.DataFrame) -> None:
    ages = age_on(days_of(residents["birth_date"]), day(TODAY))
    due = residents.filter(pl.Series((ages >= 20) & (ages < 60)))
    now = periods.filter(pl.col("lost_on").is_null()).join(due.select("atena_number"), on="atena_number")
    shares = dict(
        (now.group_by("kind").len().with_columns(share=pl.col("len") / due.height)).select("kind", "share").iter_rows()
    )
    assert 0.15 <= shares["1"] <= 0.30
    assert 0.50 <= shares["2"] <= 0.75
    assert 0.06 <= shares["3"] <= 0.14
    without = due.filter(~pl.col("atena_number").is_in(now["atena_number"].to_list()))
    planted = set(tables["planted_errors"]["atena_number"])
    assert planted <= set(without["atena_number"])
    assert len(planted) > 10
    assert without.height - len(planted) <= due.height * 0.002


def test_第3号の配偶者は第2号である(residents: pl.DataFrame, periods: pl.DataFrame) -> None:
    third = periods.filter((pl.col("kind") == "3") & pl.col("lost_on").is_null()).join(
        residents.select("atena_number", "spouse_atena_number"), on="atena_number"
    )
    second = set(periods.filter((pl.col("kind") == "2") & pl.col("lost_on").is_null())["atena_number"])
    spouses = third["spouse_atena_number"].drop_nulls()
    assert len(spouses) > 500
    assert sum(number in second for number in spouses) / third.height > 0.97


def test_免除は第1号の月に限り月の初日で表す(tables: Tables, periods: pl.DataFrame) -> None:
    exemptions = tables["exemption_periods"]
    first = periods.filter(pl.col("kind") == "1").select("atena_number", "acquired_on", "lost_on")
    inside = exemptions.join(first, on="atena_number").filter(
        (pl.col("from_month") >= pl.col("acquired_on").dt.month_start())
        & (pl.col("to_month").is_null() | pl.col("lost_on").is_null() | (pl.col("to_month") < pl.col("lost_on")))
    )
    keys = ["atena_number", "kind", "from_month"]
    assert inside.unique(keys).height == exemptions.unique(keys).height
    assert exemptions["from_month"].dt.day().max() == 1
    assert set(exemptions["kind"]) >= {"10", "11", "20", "21", "22", "23", "30", "40", "50"}
    pending = exemptions.filter(pl.col("result") == "7")
    assert pending["decided_on"].null_count() == pending.height


@pytest.mark.parametrize(
    ("receipts", "minimum", "income"),
    [
        (1_618_999, 550_000, 1_068_999),
        (1_619_000, 550_000, 1_069_000),
        (1_627_999, 550_000, 1_074_000),
        (1_628_000, 550_000, 1_076_800),
        (1_799_999, 550_000, 1_177_600),
        (1_800_000, 550_000, 1_180_000),
        (1_899_999, 550_000, 1_247_200),
        (1_900_000, 550_000, 1_250_000),
        (650_999, 650_000, 999),
        (1_899_999, 650_000, 1_249_999),
        (1_900_000, 650_000, 1_250_000),
        (6_599_999, 650_000, 4_836_800),
        (6_600_000, 550_000, 4_840_000),
        (8_499_999, 550_000, 6_549_999),
        (8_500_000, 650_000, 6_550_000),
    ],
)
def test_給与所得は別表第五の境目どおり(receipts: int, minimum: int, income: int) -> None:
    assert salary_income_of(np.array([receipts]), minimum)[0] == income


@pytest.mark.parametrize(
    ("receipts", "age", "income"),
    [
        (1_100_000, 65, 0),
        (3_300_000, 65, 2_200_000),
        (4_100_000, 65, 2_800_000),
        (7_700_000, 70, 5_860_000),
        (600_000, 64, 0),
        (1_300_000, 64, 700_000),
        (4_100_000, 64, 2_800_000),
    ],
)
def test_公的年金等の雑所得は控除表どおり(receipts: int, age: int, income: int) -> None:
    rule = {"under_65": 600_000, "from_65": 1_100_000}
    assert pension_income_of(np.array([receipts]), np.array([age]), rule)[0] == income


def test_三年度の所得がそろい未申告は零ではなく空である(tables: Tables) -> None:
    incomes = tables["incomes"]
    assert incomes["tax_year"].unique().sort().to_list() == [2024, 2025, 2026]
    assert incomes.select("atena_number", "tax_year").is_duplicated().sum() == 0
    undeclared = incomes.filter(pl.col("state") == "undeclared")
    assert 0.005 <= undeclared.height / incomes.height <= 0.03
    amounts = [name for name, kind in incomes.schema.items() if kind == pl.Int64]
    assert len(amounts) == 22
    assert all(undeclared[name].null_count() == undeclared.height for name in amounts)
    declared = incomes.filter(pl.col("state") != "undeclared")
    assert all(declared[name].null_count() == 0 and declared[name].min() >= 0 for name in amounts)  # type: ignore[operator]
    assert set(incomes["state"]) == {"taxed", "flat_only", "exempt", "undeclared"}


def test_扶養の数は扶養の表を数えたものと同じ(tables: Tables) -> None:
    claims = tables["dependants"]
    counts = claims.group_by("claimant_atena_number", "tax_year").agg(
        young=(pl.col("kind") == "under_16").sum(),
        elderly=(pl.col("kind") == "elderly").sum(),
        specific=(pl.col("kind") == "specific").sum(),
        general=pl.col("kind").is_in(["general", "age_16_to_18"]).sum(),
    )
    joined = tables["incomes"].filter(pl.col("state") != "undeclared").join(
        counts, left_on=["atena_number", "tax_year"], right_on=["claimant_atena_number", "tax_year"], how="left"
    ).fill_null(0)  # fmt: skip
    for column, counted in (
        ("young_dependants", "young"),
        ("elderly_dependants", "elderly"),
        ("specific_dependants", "specific"),
        ("general_dependants", "general"),
    ):
        assert (joined[column] == joined[counted]).all()
    assert claims.select("tax_year", "dependant_atena_number").is_duplicated().sum() == 0
    both = claims.join(
        claims, left_on=["tax_year", "dependant_atena_number"], right_on=["tax_year", "claimant_atena_number"]
    )
    assert both.is_empty()


def test_扶養される人の所得はその年度の限度以下(tables: Tables) -> None:
    limits = pl.DataFrame(
        {"tax_year": [2024, 2025, 2026], "limit": [480_000, 480_000, 580_000]}, schema_overrides={"tax_year": pl.Int16}
    )
    claims = (
        tables["dependants"]
        .join(
            tables["incomes"].select("atena_number", "tax_year", "total_income"),
            left_on=["dependant_atena_number", "tax_year"],
            right_on=["atena_number", "tax_year"],
        )
        .join(limits, on="tax_year")
    )
    assert claims.height > 5_000
    assert (claims["total_income"] <= claims["limit"]).all()


def test_特定親族特別控除は令和8年度からだけある(tables: Tables) -> None:
    by_year = tables["incomes"].group_by("tax_year").agg(pl.col("specific_relative_deduction").sum()).sort("tax_year")
    assert by_year["specific_relative_deduction"].to_list()[:2] == [0, 0]
    assert by_year["specific_relative_deduction"].to_list()[2] > 0
