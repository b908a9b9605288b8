"""内蔵データベースの起動・停止・異常終了後の再起動。"""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.ports import reserve_port

from kokunen.common_platform.operations import embedded_postgres
from kokunen.common_platform.operations.embedded_postgres import Cluster, ClusterError

from .waiting import eventually


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder below a closed parent, as a home folder is."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    return closed / "city"


@pytest.fixture(scope="module")
def cluster(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(home / "database", reserve_port(), durable=True)
    cluster.start()
    yield cluster
    cluster.remove()


def test_親フォルダが閉じていても動き_設定は停電に耐える(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.admin_dsn()) as connection:
        settings = dict(
            connection.execute(
                "select name, setting from pg_settings where name in"
                " ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'server_encoding')"
            ).fetchall()
        )
    assert settings == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
    }


def test_サーバは特権なしで動き_親フォルダの権限は変わらない(cluster: Cluster, home: Path) -> None:
    pid = int((cluster.data_dir / "postmaster.pid").read_text().split()[0])
    assert os.stat(f"/proc/{pid}").st_uid != 0
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data_dir.stat().st_mode) == 0o700


def test_管理者の合言葉は作られ_本人だけが読める(cluster: Cluster, home: Path) -> None:
    stored = home / "keys" / "postgres.password"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stored.read_text().strip() in cluster.admin_dsn()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=cluster.port, user="postgres", password="postgres", dbname="postgres")


def test_強制終了の後も確定した変更は残る(cluster: Cluster) -> None:
    with psycopg.connect(cluster.admin_dsn()) as connection:
        connection.execute("create table if not exists kept (value integer)")
        connection.execute("truncate kept")
        connection.execute("insert into kept values (8)")
    pid = int((cluster.data_dir / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not cluster.is_running())

    cluster.start()

    with psycopg.connect(cluster.admin_dsn()) as connection:
        assert connection.execute("select value from kept").fetchall() == [(8,)]


def test_別のプロセスの番号が残ったpidファイルは起動を妨げない(cluster: Cluster) -> None:
    cluster.stop()
    assert not cluster.is_running()
    stale = cluster.data_dir / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n/proc/self/cwd\n1700000000\n{cluster.port}\n\n127.0.0.1\n")
    assert not cluster.is_running()

    cluster.start()

    assert cluster.running_port() == cluster.port


def test_停止と起動は何度行ってもよい(cluster: Cluster) -> None:
    cluster.stop()
    cluster.stop()
    assert not cluster.is_running()
    cluster.start()
    cluster.start()
    assert cluster.is_running()


def test_ポートが使われていれば何をすべきかを告げる(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ClusterError, match="KOKUNEN_PORT_BASE"):
            Cluster(tmp_path / "database", port, durable=False).start()


def test_他人のフォルダには作らない(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("x")
    with pytest.raises(ClusterError, match="空ではありません"):
        Cluster(tmp_path / "letters", reserve_port(), durable=False).start()
    assert (tmp_path / "letters" / "a.txt").read_text() == "x"


def test_途中で切れた作成は次の起動でやり直される(tmp_path: Path) -> None:
    (tmp_path / "database.creating").mkdir()
    (tmp_path / "database.creating" / "PG_VERSION").write_text("18\n")
    cluster = Cluster(tmp_path / "database", reserve_port(), durable=False)
    cluster.start()
    try:
        assert cluster.is_running()
        assert not (tmp_path / "database.creating").exists()
    finally:
        cluster.remove()
    assert not cluster.data_dir.exists()


@pytest.mark.usefixtures("cluster")
def test_プログラムの写しは管理者だけが書ける場所に置かれる(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgres, "BINARY_CACHE", tmp_path / "cache")
    package = embedded_postgres.bin_dir().parent.parent

    copy = embedded_postgres._copy_of_binaries(package)

    assert (copy / "pginstall" / "bin" / "postgres").stat().st_mode & 0o005 == 0o005
    assert not copy.parent.stat().st_mode & 0o022
    assert embedded_postgres._copy_of_binaries(package) == copy
