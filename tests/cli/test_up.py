"""市役所を本当に開ける: kokunen up で小さな市をつくり、止め、また開ける。"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.common_platform.operations.waiting import eventually

from kokunen.common_platform.operations.processes import ask

from .running import ROOT, environment, kokunen

_WEB, _BASE = 18780, 18730


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A city of 600 residents in a folder of its own; whatever still runs at the end is ended."""
    given = environment(
        KOKUNEN_DATA=str(tmp_path_factory.mktemp("hall") / "var"),
        KOKUNEN_PORT=str(_WEB),
        KOKUNEN_PORT_BASE=str(_BASE),
        KOKUNEN_CITY_SIZE="600",
    )
    yield given
    kokunen("down", env=given)


def status(env: Mapping[str, str]) -> dict[str, Any]:
    """What ``kokunen status --json`` says."""
    document: dict[str, Any] = json.loads(kokunen("status", "--json", env=env).stdout)
    return document


def count_residents(env: Mapping[str, str]) -> int:
    """Residents that are published, asked with the connection string that the command gives."""
    import psycopg

    dsn = kokunen("dsn", "resident_registry", env=env).stdout.strip()
    with psycopg.connect(dsn) as connection:
        row = connection.execute("select count(*) from integrated.resident").fetchone()
    assert row is not None
    return int(row[0])


def test_開けると告げたものがすべて動き_二つ目は断られる(env: Mapping[str, str]) -> None:
    done = kokunen("up", "--detach", "--json", env=env)
    assert done.returncode == 0, done.stderr
    opened = json.loads(done.stdout)
    assert opened["ready"] is True and opened["address"] == f"http://127.0.0.1:{_WEB}/"
    assert {"username", "password", "staff_name", "office", "roles", "passkey"} <= set(opened["accounts"][0])

    assert eventually(lambda: ask(_WEB, "/healthz") == (200, {"ready": True}))
    assert all(process["state"] == "running" for process in status(env)["processes"])
    assert count_residents(env) >= 600

    refused = kokunen("up", env=env)
    assert refused.returncode == 1 and "既に動いています" in refused.stderr


_HURT = (
    "unified-lines",
    "job-worker-1",
    "counterpart-intermediate_server",
    "integration-worker",
    "web",
    "database",
    "registry-lines",
)


@pytest.mark.function("S3-5")
def test_仕事の最中に七つのプロセスが強制終了されても_何も失われず何も重ならない(env: Mapping[str, str]) -> None:
    if not status(env)["ready"]:
        assert kokunen("up", "--detach", env=env).returncode == 0
    targets = [word for name in _HURT for word in ("--target", name)]
    short = ("fault-run", "--json", "--only", "kill", "--seconds", "0.5")
    done = kokunen(*short, "--runs", str(len(_HURT)), *targets, env=env)
    assert done.returncode == 0, done.stderr + done.stdout

    document = json.loads(done.stdout)
    assert [fault["target"] for fault in document["faults"]] == list(_HURT)
    assert (document["whole"], document["lost"], document["doubled"]) == (True, 0, 0)
    assert all(work["acts"] for work in document["works"]), document["works"]

    refused = kokunen("fault-run", "--target", "nobody", env=env)
    assert refused.returncode == 2 and "nobody というプロセスはありません" in refused.stderr


def test_見張りとデータベースが強制終了されても続きから開く(env: Mapping[str, str]) -> None:
    if not status(env)["ready"]:
        assert kokunen("up", "--detach", env=env).returncode == 0
    residents = count_residents(env)
    run = json.loads((Path(env["KOKUNEN_DATA"]) / "run" / "city.json").read_text(encoding="utf-8"))
    database = next(p["pid"] for p in status(env)["processes"] if p["name"] == "database")
    killed = [psutil.Process(pid) for pid in (run["pid"], database)]
    for process in killed:
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(killed, timeout=30)

    assert kokunen("up", "--detach", env=env).returncode == 0
    # A worker that met the database still recovering is started anew by the watch: the city is whole soon after.
    assert eventually(lambda: status(env)["ready"]), status(env)
    assert count_residents(env) == residents


def test_止めて前景でまた開けると続きからで_Ctrl_Cで順に止まる(env: Mapping[str, str]) -> None:
    if not status(env)["ready"]:
        assert kokunen("up", "--detach", env=env).returncode == 0
    residents = count_residents(env)
    assert kokunen("down", env=env).returncode == 0
    assert status(env)["state"] == "stopped"
    assert ask(_WEB, "/healthz") == (None, None)

    hall = subprocess.Popen(
        [sys.executable, "-m", "kokunen.cli", "up"],
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert hall.stdout is not None
    assert any(f"http://127.0.0.1:{_WEB}/" in line for line in iter(hall.stdout.readline, ""))
    assert eventually(lambda: ask(_WEB, "/healthz") == (200, {"ready": True}))
    assert count_residents(env) == residents
    assert kokunen("ledger", "verify", env=env).returncode == 0
    hall.send_signal(signal.SIGINT)
    hall.communicate(timeout=60)
    assert hall.returncode == 0
    assert status(env)["state"] == "stopped"
