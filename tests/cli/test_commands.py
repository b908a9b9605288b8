"""kokunen コマンドの約束: 終了状態、標準出力に出るもの、読み込むもの。"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .running import ROOT, environment, kokunen


def city(tmp_path: Path, **changes: str) -> dict[str, str]:
    """Environment of a city that has never been started."""
    return environment(KOKUNEN_DATA=str(tmp_path / "city"), KOKUNEN_PORT="18795", KOKUNEN_PORT_BASE="18796", **changes)


def loaded_modules(code: str) -> set[str]:
    """Top-level names of the modules that are loaded after ``code`` has run."""
    program = f"import sys\n{code}\nprint(' '.join({{name.split('.')[0] for name in sys.modules}}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(), cwd=ROOT, check=True
    )
    return set(done.stderr.split())


def test_命令一覧はすぐに出るよう_重いものを読み込まない() -> None:
    heavy = {"django", "psycopg", "polars", "numpy", "pyarrow", "psutil", "cryptography", "httpx"}
    assert heavy.isdisjoint(loaded_modules("import kokunen.cli"))


def test_規則の計算はDjangoもデータベースも読み込まない() -> None:
    code = (
        "import kokunen.cli\n"
        "sys.argv = ['kokunen', 'rules', 'numbers']\n"
        "try:\n    kokunen.cli.app()\nexcept SystemExit:\n    pass"
    )
    assert {"django", "psycopg"}.isdisjoint(loaded_modules(code))


def test_使い方が出る() -> None:
    done = kokunen("--help")
    assert done.returncode == 0
    names = "up down status migrate city accounts dsn rules coverage ledger counterpart bench reset"
    for command in names.split():
        assert f" {command} " in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("rules",),
        ("rules", "no-such-ruleset"),
        ("rules", "numbers", "--no-such-option"),
        ("rules", "numbers", "--input", "no/such/file.jsonl"),
        ("dsn", "no_such_subsystem"),
        ("counterpart", "jps", "explode"),
        ("counterpart", "nobody", "heal"),
        ("city", "generate", "--residents", "5"),
        ("bench", "no-such-figure"),
    ],
    ids=" ".join,
)
def test_使い方の誤りは2で終わり_標準出力には何も出ない(arguments: tuple[str, ...]) -> None:
    done = kokunen(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()


def test_規則_すべての行が計算できれば0(tmp_path: Path) -> None:
    line = '{"id":"1","kind":"municipality_code","value":"112038"}\n'
    done = kokunen("rules", "numbers", stdin=line)
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == "1"

    (tmp_path / "in.jsonl").write_text(line, encoding="utf-8")
    assert kokunen("rules", "numbers", "--input", str(tmp_path / "in.jsonl")).stdout == done.stdout


def test_規則_誤りの行があれば3で_順序は保たれる() -> None:
    lines = '{"id":"1"}\n\n{"id":"2","kind":"municipality_code","value":"112038"}\nnot json\n'
    done = kokunen("rules", "numbers", stdin=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [answer["id"] for answer in answers] == ["1", "2", None]


def test_規則_空の入力は0で何も出ない() -> None:
    done = kokunen("rules", "numbers")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KOKUNEN_PORT_BASE", "abc"),
        ("KOKUNEN_PORT", "99999"),
        ("KOKUNEN_MODE", "trial"),
        ("KOKUNEN_CITY_SIZE", "many"),
        ("KOKUNEN_TODAY", "2026-02-30"),
        ("KOKUNEN_SUBSYSTEMS", "water_works"),
    ],
)
def test_環境変数の誤りは何が正しいかを告げて2(tmp_path: Path, variable: str, value: str) -> None:
    done = kokunen("up", env=city(tmp_path) | {variable: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert variable in done.stderr and value in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "city" / "database").exists()


def test_止まっている市の状態は1で_JSON文書1つ(tmp_path: Path) -> None:
    done = kokunen("status", "--json", env=city(tmp_path))
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["state"], document["ready"], document["address"]) == ("stopped", False, None)


def test_止まっている市を止めても差し支えない(tmp_path: Path) -> None:
    done = kokunen("down", "--json", env=city(tmp_path))
    assert (done.returncode, json.loads(done.stdout)) == (0, {"state": "stopped"})


def test_接続文字列は_そのサブシステムの役割のもの(tmp_path: Path) -> None:
    done = kokunen("dsn", "national_pension", env=city(tmp_path))
    assert done.returncode == 0
    assert done.stdout.startswith("postgresql://kokunen_national_pension:")
    assert done.stdout.endswith("@127.0.0.1:18796/kokunen\n")


@pytest.mark.parametrize(
    "command", [("accounts",), ("dsn", "ledger"), ("reset", "--yes"), ("counterpart", "jps", "heal")]
)
def test_デモだけの命令は本番では断られる(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = kokunen(*command, env=city(tmp_path, KOKUNEN_MODE="production"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "デモの市でだけ" in done.stderr


def test_消す前に確かめ_断れば残る(tmp_path: Path) -> None:
    keys = tmp_path / "city" / "keys"
    keys.mkdir(parents=True)
    done = kokunen("reset", stdin="n\n", env=city(tmp_path))
    assert done.returncode == 1
    assert keys.exists()


def test_消せば市のものはなくなり_試験の場所は残る(tmp_path: Path) -> None:
    for name in ("keys", "run", "logs", "test"):
        (tmp_path / "city" / name).mkdir(parents=True)
    done = kokunen("reset", "--yes", env=city(tmp_path))
    assert done.returncode == 0
    assert [entry.name for entry in (tmp_path / "city").iterdir()] == ["test"]


def test_市のフォルダでなければ消さない(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "letter.txt").write_text("x")
    done = kokunen("reset", "--yes", env=city(tmp_path))
    assert done.returncode == 1
    assert (tmp_path / "city" / "letter.txt").exists()


def test_家のフォルダは_鍵があっても消さない(tmp_path: Path) -> None:
    (tmp_path / "city" / "keys").mkdir(parents=True)
    (tmp_path / "city" / "letter.txt").write_text("x")
    done = kokunen("reset", "--yes", env=city(tmp_path, HOME=str(tmp_path / "city")))
    assert done.returncode == 1
    assert (tmp_path / "city" / "letter.txt").exists()


def test_網羅表は機能ごとの試験を挙げる() -> None:
    done = kokunen("coverage", "--functions", "--controls", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(document) == {"functions", "controls"}
    assert set(document["functions"]["S1-1"]) == {"tests", "state"}
    for entry in document["functions"].values():
        assert entry["state"] == ("covered" if entry["tests"] else "missing")
    for entry in document["controls"].values():  # 「manual」: a dated check in the register instead of a test
        assert entry["state"] in (("covered",) if entry["tests"] else ("missing", "manual"))
    for entry in (*document["functions"].values(), *document["controls"].values()):
        for test in entry["tests"]:
            assert (ROOT / test.split("::")[0]).is_file()


def test_台帳の検証は結果をJSONで答える(city_database: str) -> None:
    done = kokunen("ledger", "verify", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["whole"] is True


def test_改変された台帳は1で終わる(city_database: str, context: object, admin_connection: object) -> None:
    from django.db import transaction
    from psycopg import Connection

    from kokunen.ledger.access import AccessContext, Act
    from kokunen.ledger.recording import record
    from kokunen.ledger.sealer import seal_all

    assert isinstance(context, AccessContext) and isinstance(admin_connection, Connection)
    with transaction.atomic(using="national_pension"):
        record("national_pension", context, act=Act.VIEW, dataset="insured_person", atena_numbers=(), count=1)
    assert seal_all() == 1
    admin_connection.execute("alter table ledger.entry disable trigger all")
    admin_connection.execute("update ledger.entry set purpose = 'other'")

    done = kokunen("ledger", "verify", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"]


@pytest.mark.parametrize("command", [("ledger", "verify", "--json"), ("report", "closing", "--staff", "nenkin1")])
def test_市が動いていなければ_その旨を告げる(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = kokunen(*command, env=city(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "kokunen status" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def demo_staff(city_database: str) -> None:
    from kokunen.common_platform.portal import demo

    demo.create_accounts()


@pytest.mark.usefixtures("demo_staff")
def test_報告は国民年金課の職員だけが扱える() -> None:
    done = kokunen("report", "closing", "--staff", "shimin1", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "国民年金課" in done.stderr

    done = kokunen("report", "closing", "--staff", "nenkin1", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"ready": 0, "counts": {}, "held_back": []})


@pytest.mark.usefixtures("demo_staff")
def test_送るもののない報告は断られる() -> None:
    done = kokunen("report", "build", "--staff", "nenkin1", "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert "報告する届書がありません" in done.stderr
