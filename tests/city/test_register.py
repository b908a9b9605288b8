"""住民の表: families that can be, words of the law, numbers that hold, rows in two times that never overlap."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.city.conftest import TODAY

from kokunen.city.bitemporal import expand
from kokunen.city.frames import name_columns
from kokunen.city.reference import reference
from kokunen.city.versions import REMOVING
from kokunen.kernel.names import alternate_search_key, kana_sort_key, search_key, variant_key
from kokunen.kernel.numbers import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    HouseholdNumber,
    IndividualNumber,
    ResidenceCardNumber,
    ResidentCode,
)
from kokunen.law.rules.relationship.words import check

Tables = dict[str, pl.DataFrame]


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("numbers", "atena_number", AtenaNumber),
        ("numbers", "individual_number", IndividualNumber),
        ("numbers", "resident_code", ResidentCode),
        ("households", "household_number", HouseholdNumber),
        ("corporations", "corporate_number", CorporateNumber),
        ("corporations", "atena_number", AtenaNumber),
        ("pension_persons", "basic_pension_number", BasicPensionNumber),
        ("foreign_status", "residence_card_number", ResidenceCardNumber),
    ],
)
def test_番号は検査用数字まで正しく一人に一つ(tables: Tables, table: str, column: str, kind: type) -> None:
    numbers = tables[table][column].drop_nulls()
    assert all(kind.judge(number).valid for number in numbers)
    if (table, column) != ("numbers", "individual_number"):
        assert numbers.n_unique() == len(numbers)


def test_個人番号を二人がもつのは仕込んだ二重登録だけ(tables: Tables) -> None:
    numbers = tables["numbers"].drop_nulls("individual_number")
    shared = numbers.filter(pl.col("individual_number").is_duplicated())
    planted = tables["planted_duplicates"]
    twins = set(planted["atena_number"]) | set(planted["same_as_atena_number"])
    assert shared.height > 0
    assert set(shared["atena_number"]) <= twins
    assert numbers.filter(~pl.col("individual_number").str.starts_with("9")).is_empty()


def test_今の世帯には世帯主がちょうど一人いる(residents: pl.DataFrame) -> None:
    heads = residents.group_by("household_number").agg((pl.col("relation") == "世帯主").sum().alias("heads"))
    assert heads["heads"].unique().to_list() == [1]


@pytest.mark.parametrize("on", [date(2017, 6, 30), date(2020, 1, 1), date(2023, 3, 31), date(2026, 10, 1)])
def test_どの日の世帯にも世帯主が二人いない(tables: Tables, on: date) -> None:
    rows = tables["memberships"].filter(
        (pl.col("valid_from") <= on) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > on))
    )
    assert rows["atena_number"].n_unique() == rows.height
    heads = rows.group_by("household_number").agg((pl.col("relation") == "世帯主").sum().alias("heads"))
    assert heads["heads"].unique().to_list() == [1]


def test_続柄は法令の語だけ(tables: Tables) -> None:
    used = tables["persons"].select("relation", "relation_codes").unique()
    for relation, codes in used.iter_rows():
        answer = check(relation)
        assert answer.valid, relation
        assert "-".join(answer.codes) == codes
    assert {"妻（未届）", "子の子", "同居人", "縁故者", "母"} <= set(used["relation"])


def test_世帯主の氏名は世帯主の版の氏名である(residents: pl.DataFrame) -> None:
    heads = residents.filter(pl.col("relation") == "世帯主").select(
        "household_number", head="name", number="atena_number"
    )
    joined = residents.join(heads, on="household_number")
    assert joined.height == residents.height
    assert (joined["head_name"] == joined["head"]).all()
    assert (joined["head_atena_number"] == joined["number"]).all()


def test_世帯員は同じ住所に住む(residents: pl.DataFrame) -> None:
    assert residents.group_by("household_number").agg(pl.col("address").n_unique())["address"].max() == 1


def test_親は子より二十歳から四十五歳年上で配偶者は互いを指す(tables: Tables) -> None:
    newest = tables["persons"].group_by("atena_number", maintain_order=True).last()
    births = newest.select(parent="atena_number", parent_birth="birth_date")
    for link in ("father_atena_number", "mother_atena_number"):
        family = newest.join(births, left_on=link, right_on="parent", how="inner")
        years = (family["birth_date"] - family["parent_birth"]).dt.total_days() / 365.25
        assert family.height > 3_000
        assert years.min() >= 19.9  # type: ignore[operator]
        assert years.max() <= 45.1  # type: ignore[operator]
    couples = newest.drop_nulls("spouse_atena_number").select("atena_number", "spouse_atena_number")
    both = couples.join(
        couples, left_on=["atena_number", "spouse_atena_number"], right_on=["spouse_atena_number", "atena_number"]
    )
    assert both.height == couples.height


def test_版は年代順に記録され有効期間は隙間なく続く(tables: Tables) -> None:
    persons = tables["persons"]
    same = persons["atena_number"] == persons["atena_number"].shift(1)
    later = persons.filter(same)
    earlier = persons.filter(same.shift(-1, fill_value=False))
    assert (later["recorded_from"] > earlier["recorded_from"]).all()
    assert (later["valid_from"] >= earlier["valid_from"]).all()
    assert (later["history_number"] == earlier["history_number"] + 1).all()
    assert (earlier["valid_to"] == later["valid_from"]).all()
    assert persons["recorded_from"].dt.date().max() <= TODAY  # type: ignore[operator]
    assert (persons["event_on"] <= TODAY).all()


def test_有効期間と記録期間の両方で重なる行はない(tables: Tables) -> None:
    rows = (
        expand(tables["persons"])
        .select("atena_number", "valid_from", "valid_to", "recorded_from", "recorded_to")
        .with_row_index()
    )
    pairs = rows.join(rows, on="atena_number", suffix="_b").filter(pl.col("index") < pl.col("index_b"))
    far, end = date(9999, 1, 1), pl.datetime(9999, 1, 1, time_zone="Asia/Tokyo")
    overlapping = pairs.filter(
        (pl.col("valid_from") < pl.col("valid_to_b").fill_null(far))
        & (pl.col("valid_from_b") < pl.col("valid_to").fill_null(far))
        & (pl.col("recorded_from") < pl.col("recorded_to_b").fill_null(end))
        & (pl.col("recorded_from_b") < pl.col("recorded_to").fill_null(end))
    )
    assert pairs.height > 20_000
    assert overlapping.is_empty()


def test_今分かっている行は人の一生を隙間なく覆う(tables: Tables) -> None:
    known = expand(tables["persons"]).filter(pl.col("recorded_to").is_null()).sort("atena_number", "valid_from")
    same = known["atena_number"] == known["atena_number"].shift(1)
    assert (known.filter(same)["valid_from"] == known.filter(same.shift(-1, fill_value=False))["valid_to"]).all()
    assert known.filter(pl.col("event_code") == "323").height > 0


def test_除票は消除の事由と日をもち住民に戻れば再び現在になる(tables: Tables) -> None:
    persons = tables["persons"]
    removed = persons.filter(pl.col("state") == "removed")
    assert set(removed["event_code"].cast(pl.Int32)) <= set(REMOVING)
    assert (removed["removed_on"] == removed["event_on"]).all()
    assert (
        persons.filter(pl.col("state") == "current")["removed_on"].null_count()
        == persons.filter(pl.col("state") == "current").height
    )
    back = persons.with_columns(before=pl.col("state").shift(1).over("atena_number")).filter(
        (pl.col("before") == "removed") & (pl.col("state") == "current")
    )
    assert back.height > 10
    assert set(back["event_code"]) <= {"101", "103"}


def test_過去十年の異動がそろっている(tables: Tables) -> None:
    codes = set(tables["persons"]["event_code"])
    assert {
        "101",
        "102",
        "103",
        "105",
        "111",
        "201",
        "202",
        "203",
        "211",
        "301",
        "314",
        "321",
        "323",
        "324",
        "341",
        "344",
        "346",
    } <= codes


def test_外国人住民の在留は資格と期間と満了日が合う(tables: Tables, residents: pl.DataFrame) -> None:
    foreign = residents.filter(pl.col("resident_kind") == "foreign")
    forever = foreign.filter(pl.col("residence_status").is_in(["永住者", "特別永住者"]))
    limited = foreign.filter(~pl.col("residence_status").is_in(["永住者", "特別永住者"]))
    assert forever["stay_expires_on"].null_count() == forever.height
    assert limited["stay_expires_on"].null_count() == 0
    assert (limited["stay_expires_on"] >= TODAY).all()
    assert foreign["became_resident_on"].min() >= date(2012, 7, 9)  # type: ignore[operator]
    assert foreign["honseki"].null_count() == foreign.height
    japanese = residents.filter(pl.col("resident_kind") == "japanese")
    assert japanese["honseki"].null_count() == 0
    assert japanese["nationality"].null_count() == japanese.height
    grants = tables["foreign_status"]
    ends = grants.filter(pl.col("atena_number") == pl.col("atena_number").shift(-1))["valid_to"]
    begins = grants.filter(pl.col("atena_number") == pl.col("atena_number").shift(1))["valid_from"]
    assert (ends == begins).all()


def test_検索キーは核の関数が一件ずつ作るものと同じ(tables: Tables) -> None:
    sample = tables["persons"].sample(1_500, seed=1)
    for row in sample.iter_rows(named=True):
        assert row["kana_key"] == search_key(row["kana"])
        assert row["kana_alt_key"] == alternate_search_key(row["kana"])
        assert row["name_key"] == variant_key(row["name"])
        assert row["kana_sort"] == kana_sort_key(row["kana"])


def test_氏の終わりと名の始まりにまたがる読みも同じキーになる() -> None:
    facts = reference()
    families = np.flatnonzero(facts.families.ends_in_o)[:60]
    givens = np.flatnonzero(facts.givens.kana.str.starts_with("ウ").to_numpy())
    pairs = [(family, given) for family in families for given in givens]
    columns = name_columns(
        facts,
        np.array([pair[0] for pair in pairs]),
        np.array([pair[1] for pair in pairs]),
        np.zeros(len(pairs), np.bool_),
    )
    assert len(pairs) > 50
    assert columns["kana_key"].to_list() == [search_key(kana) for kana in columns["kana"]]


def test_支援措置は世帯の全員に及び一年から一日を引いた日に終わる(tables: Tables, residents: pl.DataFrame) -> None:
    measures = tables["support_measures"]
    assert measures.height > 10
    protected = measures.join(residents, on="atena_number")
    assert protected.height == measures.height
    houses = residents.filter(pl.col("household_number").is_in(protected["household_number"].unique().to_list()))
    assert houses.height == measures.height
    assert set(measures["state"]) >= {"active", "overdue"}
    days = (measures["ends_on"] - measures["starts_on"]).dt.total_days()
    assert days.max() in {364, 365}


def test_住登外者の二重登録は真実の表にだけ書かれている(tables: Tables) -> None:
    planted, outside = tables["planted_duplicates"], tables["nonresidents"]
    assert planted.height > 50
    assert set(planted["flaw"]) == {"same", "variant", "birth_digits", "misspelt", "former_family"}
    assert set(planted["atena_number"]) <= set(outside["atena_number"])
    known = set(outside["atena_number"]) | set(tables["persons"]["atena_number"])
    assert set(planted["same_as_atena_number"]) <= known
    former = outside.filter(pl.col("former_resident"))
    assert former.height > 5
    assert set(former["atena_number"]) <= set(tables["persons"]["atena_number"])
