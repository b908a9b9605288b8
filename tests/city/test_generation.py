"""市の生成: same city to the byte, the right size, plausible in its distributions."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.city.conftest import RESIDENTS, TODAY

from kokunen.city import City, generate
from kokunen.city.composition import Kind
from kokunen.city.days import age_on, day
from kokunen.city.reference import reference
from kokunen.city.tables import TABLES, TRUTH
from kokunen.kernel.errors import InputError

Tables = dict[str, pl.DataFrame]


def digest(city: City, directory: Path) -> str:
    city.write_parquet(directory)
    return hashlib.sha256((directory / "manifest.json").read_bytes()).hexdigest()


def test_同じ種と人数と日なら一バイトも違わない(tmp_path: Path) -> None:
    one = digest(generate(900, 3, TODAY), tmp_path / "one")
    assert digest(generate(900, 3, TODAY), tmp_path / "again") == one
    assert digest(generate(900, 4, TODAY), tmp_path / "seed") != one
    assert digest(generate(901, 3, TODAY), tmp_path / "size") != one


def test_塊の大きさも作業プロセスの数も市を変えない(city: City, tables: Tables, tmp_path: Path) -> None:
    parallel = City(city.residents, city.seed, city.today, workers=2)
    assert digest(parallel, tmp_path / "two") == digest(city, tmp_path / "one")
    (whole,) = city.chunks(blocks_per_chunk=2)
    assert all(whole[name].equals(tables[name]) for name in TABLES)


def test_目録は行数とハッシュを言い真実は別のフォルダにある(tmp_path: Path) -> None:
    manifest = generate(700, 1, TODAY).write_parquet(tmp_path)
    files = manifest["files"]
    assert isinstance(files, dict)
    assert set(files) == {f"tables/{name}.parquet" for name in TABLES} | {f"truth/{name}.parquet" for name in TRUTH}
    for path, entry in files.items():
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == entry["sha256"]
        assert pl.read_parquet(tmp_path / path).height == entry["rows"]


def test_進み具合は住民の数で伝わる(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    for _ in generate(25_600, 1, TODAY, progress=lambda done, total: seen.append((done, total))).each_block():
        pass
    assert seen == [(25_000, 25_600), (25_600, 25_600)]


@pytest.mark.parametrize("residents", [599, 6_000_001])
def test_人口の範囲の外は断る(residents: int) -> None:
    with pytest.raises(InputError, match="人口は600人以上"):
        generate(residents, 1, TODAY)


@pytest.mark.parametrize("size", [600, 1_234])
def test_小さな市も人数ちょうど(size: int) -> None:
    persons = generate(size, 5, TODAY).table("persons").group_by("atena_number", maintain_order=True).last()
    assert persons.filter(pl.col("state") == "current").height == size


def test_人数ちょうどで除票が一割ほどある(tables: Tables, residents: pl.DataFrame) -> None:
    assert residents.height == RESIDENTS
    everybody = tables["persons"]["atena_number"].n_unique()
    assert 0.08 <= everybody / RESIDENTS - 1 <= 0.16


def test_年齢の構成は人口ピラミッドに沿う(residents: pl.DataFrame) -> None:
    ages = age_on(residents["birth_date"].cast(pl.Int32).to_numpy().astype(np.int64), day(TODAY))
    found = np.bincount(np.minimum(ages // 5, 18), minlength=19) / residents.height
    wanted = np.array([0.034, 0.039, 0.041, 0.043, 0.058, 0.069, 0.065, 0.065, 0.069, 0.078, 0.087, 0.073, 0.056, 0.046,
                       0.050, 0.050, 0.038, 0.024, 0.014])  # fmt: skip
    assert np.abs(found - wanted).max() < 0.009
    women_over_85 = residents.filter((pl.Series(ages) >= 85) & (pl.col("sex") == "2")).height
    assert women_over_85 / int((ages >= 85).sum()) > 0.55


def test_世帯の人数は大都市近郊のようである(residents: pl.DataFrame) -> None:
    sizes = residents.group_by("household_number").len()["len"]
    assert 1.95 <= float(sizes.mean() or 0) <= 2.2
    shares = {n: float((sizes == n).mean() or 0) for n in (1, 2, 3, 4)}
    assert 0.36 <= shares[1] <= 0.48
    assert shares[1] > shares[2] > shares[3] > 0.08
    assert max(sizes) <= 8


def test_外国人住民は七パーセントほどで国籍は川口に似る(residents: pl.DataFrame) -> None:
    foreign = residents.filter(pl.col("resident_kind") == "foreign")
    assert 0.055 <= foreign.height / residents.height <= 0.085
    counts = dict(foreign.group_by("nationality").len().sort("len", descending=True).iter_rows())
    assert next(iter(counts)) == "中国"
    assert {"ベトナム", "フィリピン", "韓国", "トルコ", "ネパール"} <= set(counts)


def test_較正の種類の割合は一になる() -> None:
    facts = reference()
    assert facts.kind_share.sum() == pytest.approx(1.0)
    assert facts.foreign_kind_share.sum() == pytest.approx(1.0)
    assert facts.head_ages.shape[0] == len(Kind)
    assert np.allclose(facts.head_ages.sum(axis=1), 1.0, atol=1e-4)


def test_名字と名前は十分に多く読みがある() -> None:
    facts = reference()
    assert facts.japanese_families.rows.size >= 400
    assert sum(pool.rows.size for *_, pool in facts.japanese_givens) >= 600
    assert facts.families.kana.str.contains("^[ァ-ヴー\u3000]+$").all()
    text = "".join(facts.families.text)
    assert all(letter in text for letter in "髙﨑邊邉齋濵𠮷")
    assert "\U000e0102" in text


@pytest.mark.parametrize("table", [*TABLES, *TRUTH])
def test_表は定義どおりの列と型をもつ(tables: Tables, table: str) -> None:
    shape = (TABLES | TRUTH)[table]
    assert {name: kind for name, (kind, _) in shape.items()} == dict(tables[table].schema)
    assert all(meaning for _, meaning in shape.values())


def test_予定は今日からの平日に起こる(tables: Tables) -> None:
    events = tables["planned_events"]
    counters = events.filter(~pl.col("kind").str.starts_with("reaches"))
    assert counters["day"].dt.weekday().max() == 5
    assert events["day"].min() == date(2026, 11, 24) or events["day"].min() > TODAY  # type: ignore[operator]
    assert {"move_out_abroad", "move_in", "birth", "death", "leaves_job", "reaches_20", "reaches_60"} <= set(
        events["kind"]
    )
    moved = set(events.filter(pl.col("kind") == "death")["atena_number"])
    assert not moved & set(events.filter(pl.col("kind") == "move_out")["atena_number"])
