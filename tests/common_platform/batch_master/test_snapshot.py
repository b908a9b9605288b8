"""バッチマスタ: one moment for all tables, one generation for a run, declared columns only, nothing half made."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from tests.nonresident_registry.factories import publish_resident

from kokunen.config import environment, keys
from kokunen.config.subsystems import SNAPSHOT_ROLE
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext

OFFICER = AccessContext("system:test", "system", "tax_assessment", "試験")


@pytest.fixture(autouse=True)
def office_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")


@pytest.fixture
def people(city_database: str) -> list[dict[str, Any]]:
    """Three residents; texts with everything that a comma-separated file could trip over."""
    return [
        publish_resident("000000000000078", name="渡邉　花子", name_kana="ワタナベ　ハナコ"),
        publish_resident("000000001234560", name='𠮷田"，,\n次郎', name_kana="", birth_date=date(1970, 1, 1)),
        publish_resident("000000000000086", name="\\N", name_kana="ナル", telephone=""),
    ]


def _open(run: str = "r1", subsystem: str = "resident_tax", **more: Any) -> Any:
    from kokunen.common_platform.batch_master.readers import open_snapshot

    return open_snapshot(subsystem, batch="試験バッチ", run=run, context=OFFICER, **more)


def _take() -> Any:
    from kokunen.common_platform.batch_master.services import take_snapshot

    return take_snapshot()


@pytest.mark.usefixtures("people")
@pytest.mark.function("S3-3")
def test_写しは元の表と値も型も同じ() -> None:
    taken = _take()
    assert taken.generation.row_counts["resident"] == 3
    with _open() as snapshot:
        frame = snapshot.scan("resident").collect().sort("atena_number")
        assert snapshot.business_date == date(2026, 11, 24)
        assert snapshot.cutoff_seq("resident") == 3
    assert frame["name"].to_list() == ["渡邉　花子", "\\N", '𠮷田"，,\n次郎']
    assert frame.schema["birth_date"] == pl.Date
    assert frame.schema["protected"] == pl.Boolean
    assert frame["name_kana"].to_list() == ["ワタナベ　ハナコ", "ナル", ""]
    assert frame["removed_on"].null_count() == 3


@pytest.mark.usefixtures("people")
@pytest.mark.function("S3-3")
def test_目録には行数とハッシュと列がある() -> None:
    from kokunen.common_platform.batch_master import manifest

    taken = _take()
    folder = manifest.folder_of(taken.generation.pk)
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    resident = told["datasets"]["resident"]
    assert (resident["rows"], resident["cutoff_seq"], resident["version_total"]) == (3, 3, 3)
    assert resident["sha256"] == manifest.sha256_of(folder / "resident.parquet")
    columns = {column["name"]: column for column in resident["columns"]}
    assert (columns["birth_date"]["pg_type"], columns["birth_date"]["parquet_type"]) == ("date", "date32[day]")
    assert columns["birth_date"]["label"].startswith("生年月日")
    assert datetime.fromisoformat(told["cutoff_at"]).tzinfo is not None
    assert (folder.stat().st_mode & 0o777, (folder / "resident.parquet").stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.usefixtures("people")
@pytest.mark.function("S3-3")
def test_失敗した実行は新しい世代があっても同じ世代でやり直す() -> None:
    """Worked example Q13 of the platform."""
    first = _take().generation.pk
    with pytest.raises(ZeroDivisionError), _open("NPD010") as snapshot:
        assert snapshot.generation == first
        raise ZeroDivisionError
    publish_resident("000000000000078", name="改名　花子", name_kana="カイメイ　ハナコ")
    second = _take().generation.pk
    with _open("NPD010") as again, _open("NPD011") as other:
        assert (again.generation, other.generation) == (first, second)
        names = [
            s.scan("resident", "name").filter(pl.col("name").str.contains("花子")).collect()["name"].to_list()
            for s in (again, other)
        ]
        assert names == [["渡邉　花子"], ["改名　花子"]]
        assert (again.cutoff_seq("resident"), other.cutoff_seq("resident")) == (3, 4)
    with pytest.raises(Conflict, match="使っています"), _open("NPD010", generation=second):
        raise AssertionError("opened")


@pytest.mark.usefixtures("people")
def test_宣言のない連携データと列は読めない() -> None:
    _take()
    with _open() as snapshot:
        with pytest.raises(NotAllowed, match="利用を宣言していません"):
            snapshot.scan("nonresident")
        with pytest.raises(NotAllowed, match="宣言していない列"):
            snapshot.scan("resident", "telephone")


@pytest.mark.usefixtures("people")
def test_使用は台帳に残る(admin_connection: Any) -> None:
    taken = _take()
    with _open():
        pass
    rows = admin_connection.execute(
        "select act, dataset, detail from ledger.entry where dataset like 'バッチマスタ%' order by 1"
    ).fetchall()
    assert [(row[0], row[1]) for row in rows] == [("export", "バッチマスタの作成"), ("system", "バッチマスタの使用")]
    assert (rows[1][2]["generation"], rows[1][2]["subsystem"]) == (taken.generation.pk, "resident_tax")


@pytest.mark.usefixtures("city_database")
def test_世代がなければ作り方を告げる() -> None:
    with pytest.raises(InputError, match="batch-master snapshot"), _open():
        raise AssertionError("opened")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("damaged", ["resident.parquet", "manifest.json"])
def test_書き換えられた写しは使わない(damaged: str) -> None:
    from kokunen.common_platform.batch_master import manifest
    from kokunen.common_platform.batch_master.readers import SnapshotDamaged

    path: Path = manifest.folder_of(_take().generation.pk) / damaged
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(SnapshotDamaged), _open() as snapshot:
        snapshot.scan("resident")


@pytest.mark.usefixtures("people")
def test_古い世代は使う者がなくなってから消える() -> None:
    from kokunen.common_platform.batch_master import manifest
    from kokunen.common_platform.batch_master.models import Generation
    from kokunen.common_platform.batch_master.services import retire_old

    numbers = [_take().generation.pk for _ in range(3)]
    with pytest.raises(ZeroDivisionError), _open("held", generation=numbers[0]):
        raise ZeroDivisionError
    assert retire_old(keep=1) == (numbers[1],)
    assert not manifest.folder_of(numbers[1]).exists()
    with _open("held"):
        pass
    assert retire_old(keep=1) == (numbers[0],)
    states = dict(Generation.objects.values_list("pk", "state"))
    assert [states[n] for n in numbers] == ["retired", "retired", "ready"]


@pytest.mark.usefixtures("people")
def test_途中で殺された作成は跡を残さず次ができる(city_database: str) -> None:
    """kill -9 in the middle of writing: the last READY generation stays in force, the next run clears up."""
    from kokunen.common_platform.batch_master import manifest
    from kokunen.common_platform.batch_master.models import Generation
    from kokunen.common_platform.batch_master.readers import latest_generation

    first = _take().generation.pk
    program = (
        "import django, os, signal; django.setup()\n"
        "from kokunen.common_platform.batch_master import services\n"
        "write = services.write_dataset\n"
        "def die(source, dataset, folder):\n"
        "    facts = write(source, dataset, folder)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "services.write_dataset = die\n"
        "services.take_snapshot()\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert latest_generation() == first
    assert Generation.objects.filter(state="building").count() == 1
    third = _take().generation.pk
    assert latest_generation() == third
    assert [g.state for g in Generation.objects.order_by("pk")] == ["ready", "failed", "ready"]
    assert sorted(p.name for p in manifest.root_folder().iterdir()) == [f"G{first:06d}", f"G{third:06d}"]


def test_写しの役は公開された表を読むだけである(city_database: str) -> None:
    address = environment.database_address()
    with psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=city_database,
        user=SNAPSHOT_ROLE,
        password=keys.role_password(SNAPSHOT_ROLE),
        autocommit=True,
    ) as connection:
        assert connection.execute("select count(*) from integrated.resident").fetchone() == (0,)
        for statement in (
            "select 1 from resident_registry.resident_version",
            "select 1 from common_platform.batch_master_generation",
            "select 1 from ledger.entry",
            "insert into integrated.resident (atena_number) values ('1')",
            "delete from integrated.resident",
            "create table integrated.smuggled (x int)",
        ):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.usefixtures("people")
def test_コマンドは世代を一つの文書で告げる() -> None:
    from typer.testing import CliRunner

    from kokunen.cli import app

    told = json.loads(CliRunner().invoke(app, ["batch-master", "snapshot", "--json"]).stdout)
    assert (told["state"], told["rows"]["resident"], told["retired"]) == ("ready", 3, [])
    listed = json.loads(CliRunner().invoke(app, ["batch-master", "list", "--json"]).stdout)
    assert [row["generation"] for row in listed] == [told["generation"]]
