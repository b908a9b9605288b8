"""作業プロセス: a worker killed at any moment has done each thing once; nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.common_platform.operations.conftest import effects
from tests.common_platform.operations.waiting import eventually

pytestmark = pytest.mark.function("S3-5")

ROOT = Path(__file__).resolve().parents[3]
CALLS = 400


class Workers:
    """Worker processes of a test; the fixture ends whatever is left."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.common_platform.operations.job_functions", name],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "KOKUNEN_TODAY": "2026-11-24"},
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process


@pytest.fixture
def workers(nets: None) -> Iterator[Workers]:
    """No worker yet."""
    group = Workers()
    yield group
    for process in group.running:
        process.kill()
        process.wait()


def test_殺された作業プロセスの分も含めてちょうど一度ずつ(workers: Workers) -> None:
    from kokunen.common_platform.operations.models import QueuedCall
    from kokunen.common_platform.operations.queue import call_later

    call_later(
        "tests.common_platform.operations.job_functions.note", by="unyo1", calls=[{"number": n} for n in range(CALLS)]
    )
    first = workers.start("job-worker-1")
    eventually(lambda: len(effects()) > 20)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert len(effects()) < CALLS
    workers.start("job-worker-2")
    assert eventually(lambda: not QueuedCall.objects.filter(state="waiting").exists(), 60)
    done = [label for label in effects() if label != "second"]  # of the net that runs every day
    assert sorted(map(int, done)) == list(range(CALLS))


def test_途中で殺されたジョブは区切りから続き_後のジョブも行われる(workers: Workers) -> None:
    from tests.common_platform.operations.job_functions import ROUNDS

    from kokunen.common_platform.operations.models import NetRun
    from kokunen.common_platform.operations.runs import request_run

    run = request_run("TEST040", by="unyo1")
    first, _ = workers.start("job-worker-1"), workers.start("job-worker-2")
    step = run.steps.get(code="A")
    eventually(lambda: len(effects()) > 5)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert eventually(lambda: NetRun.objects.get(pk=run.pk).state == "well", 60)
    done = [label for label in effects() if label != "second"]  # of the net that runs every day
    assert done == [f"round {n}" for n in range(ROUNDS)] + ["third"]
    step.refresh_from_db()
    assert (step.done, step.checkpoint) == (ROUNDS, {"done": ROUNDS})
