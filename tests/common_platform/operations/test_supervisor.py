"""見張り: 起動、倒れたプロセスの再起動、順を守った終了、強制終了からの立ち直り。"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.ports import reserve_port

from kokunen.common_platform.operations import health
from kokunen.common_platform.operations.processes import ask
from kokunen.common_platform.operations.run_folder import ProcessState, RunFolder

from .waiting import eventually

_PROGRAM = Path(__file__).with_name("small_city.py")
_SOURCES = Path(__file__).resolve().parents[3] / "src"

City = subprocess.Popen[str]
Start = Callable[..., City]


@pytest.fixture
def port() -> int:
    return reserve_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Starts the small city; whatever still runs at the end of the test is ended."""
    started: list[City] = []

    def begin(*wish: str) -> City:
        city = subprocess.Popen(
            [sys.executable, str(_PROGRAM), str(tmp_path), str(port), *wish],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_SOURCES)},
        )
        started.append(city)
        return city

    yield begin
    for city in started:
        if city.poll() is None:
            city.terminate()
        city.communicate(timeout=30)


def wait_until_ready(city: City) -> None:
    assert city.stdout is not None
    assert city.stdout.readline().startswith("READY http://127.0.0.1:")


def process(folder: Path, name: str) -> ProcessState:
    state = RunFolder(folder / "run").read()
    assert state is not None
    return next(p for p in state.processes if p.name == name)


def test_すべて動いてから準備完了を告げ_終了は逆の順に行う(start: Start, tmp_path: Path, port: int) -> None:
    city = start()
    wait_until_ready(city)
    assert ask(port, "/healthz") == (200, {"ready": True})
    state = RunFolder(tmp_path / "run").read()
    assert state is not None
    assert (state.phase, [p.state for p in state.processes]) == ("ready", ["running", "running"])
    assert health.missing_processes(state, tmp_path / "run") == []

    city.send_signal(signal.SIGINT)
    _, messages = city.communicate(timeout=30)

    assert city.returncode == 0
    assert (tmp_path / "ends.txt").read_text().split() == ["web", "worker"]
    assert RunFolder(tmp_path / "run").read() is None
    assert ask(port, "/healthz") == (None, None)
    assert "終了しています" in messages


def test_倒れたプロセスは起動し直される(start: Start, tmp_path: Path) -> None:
    city = start()
    wait_until_ready(city)
    fallen = process(tmp_path, "worker").pid
    assert fallen is not None
    os.kill(fallen, signal.SIGKILL)

    eventually(lambda: process(tmp_path, "worker").restarts == 1 and process(tmp_path, "worker").state == "running")

    assert process(tmp_path, "worker").pid != fallen
    assert process(tmp_path, "web").restarts == 0
    city.terminate()
    _, messages = city.communicate(timeout=30)
    assert "作業（worker）が終了しました（状態 -9）" in messages


def test_生きていても鼓動のないプロセスは起動し直される(start: Start, tmp_path: Path) -> None:
    city = start("--impatient")
    wait_until_ready(city)
    hanging = process(tmp_path, "worker").pid
    assert hanging is not None
    os.kill(hanging, signal.SIGSTOP)

    eventually(lambda: process(tmp_path, "worker").restarts == 1 and process(tmp_path, "worker").state == "running")

    assert process(tmp_path, "worker").pid != hanging
    city.terminate()
    _, messages = city.communicate(timeout=30)
    assert "作業（worker）の鼓動が2秒ないため、終了させます" in messages


def test_倒れている間は健全ではない(start: Start, tmp_path: Path) -> None:
    wait_until_ready(start())
    run = tmp_path / "run"
    state = RunFolder(run).read()
    assert state is not None
    worker = next(p for p in state.processes if p.name == "worker")
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    eventually(lambda: not worker.is_alive)
    assert health.missing_processes(state, run) == ["worker"]


def test_見張りの写しとして始まる常駐処理(start: Start, tmp_path: Path) -> None:
    """Standard streams only (never the lock of the city), the house loaded, restarted when it falls, its turn kept."""
    city = start("--copied")
    wait_until_ready(city)
    first = process(tmp_path, "copy")
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    eventually(lambda: process(tmp_path, "copy").restarts == 1 and process(tmp_path, "copy").state == "running")
    city.terminate()
    _, messages = city.communicate(timeout=30)

    assert "写し（copy）が終了しました（状態 -9）" in messages
    assert (tmp_path / "ends.txt").read_text().split() == ["web", "copy", "worker"]
    log = tmp_path / "logs" / "copy.log"
    assert log.read_text(encoding="utf-8").splitlines() == [f"copy 3 True /dev/null {log} {log}"] * 2
    assert city.returncode == 0


def test_同じフォルダの二つ目の起動は断られる(start: Start, tmp_path: Path) -> None:
    first = start()
    wait_until_ready(first)
    second = start()
    _, messages = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "既に動いています" in messages and "kokunen down" in messages
    assert first.poll() is None
    assert process(tmp_path, "worker").is_alive


def test_見張りが強制終了されても子は残らず_次の起動は続けられる(start: Start, tmp_path: Path) -> None:
    city = start()
    wait_until_ready(city)
    children = [process(tmp_path, "worker"), process(tmp_path, "web")]
    city.kill()
    city.communicate(timeout=30)
    eventually(lambda: not any(child.is_alive for child in children))
    state = RunFolder(tmp_path / "run").read()
    assert state is not None and not state.is_supervised
    assert "supervisor" in health.missing_processes(state, tmp_path / "run")

    wait_until_ready(start())


def test_準備の失敗は告げられ_何も残らない(start: Start, tmp_path: Path) -> None:
    city = start("--fail-to-prepare")
    _, messages = city.communicate(timeout=30)
    assert city.returncode == 1
    assert "壊れた準備" in messages
    assert RunFolder(tmp_path / "run").read() is None
    assert not (tmp_path / "ends.txt").exists()


def test_準備の途中でも止められる(start: Start) -> None:
    city = start("--prepare-for-ever")
    assert city.stderr is not None
    assert any("PREPARING" in line for line in iter(city.stderr.readline, ""))
    city.send_signal(signal.SIGINT)
    city.communicate(timeout=30)
    assert city.returncode == 0
