"""大きな都市: a durable cluster of its own with 600,000 residents, made once and reused by every figure.

KOKUNEN_BENCH_DATA (default var/bench), KOKUNEN_BENCH_RESIDENTS (default 600000) and KOKUNEN_BENCH_PORT_BASE (18400)
move it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KOKUNEN_BENCH_DATA", ROOT / "var" / "bench")).resolve()
RESIDENTS = int(os.environ.get("KOKUNEN_BENCH_RESIDENTS", "600000"))
PORT_BASE = os.environ.get("KOKUNEN_BENCH_PORT_BASE", "18400")
_RECORD = DATA / f"load-{RESIDENTS}.json"


@dataclass(frozen=True, slots=True)
class Load:
    """登録の測定: what making and loading the city took."""

    seconds: float
    peak_gib: float
    rows: int
    rows_per_second: float


def environment() -> dict[str, str]:
    """Environment of every process that works on the big city."""
    return {
        **os.environ,
        "KOKUNEN_DATA": str(DATA),
        "KOKUNEN_PORT_BASE": PORT_BASE,
        "KOKUNEN_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "kokunen.config.settings",
    }


def use() -> Load:
    """Start the cluster, load the city if it is not there, and point this process at it."""
    from kokunen.common_platform.operations.embedded_postgres import Cluster

    os.environ.update(environment())
    Cluster(DATA / "postgres", int(PORT_BASE), durable=True).start()
    if _RECORD.exists():
        load = Load(**json.loads(_RECORD.read_text()))
    else:
        load = _load()
        _RECORD.write_text(json.dumps(asdict(load)))
    import django

    django.setup()
    return load


@contextmanager
def integration_worker() -> Iterator[None]:
    """庁内連携 at work on the big city while something is measured."""
    arguments = [sys.executable, "-m", "kokunen.common_platform.integration.worker"]
    worker = subprocess.Popen(arguments, env=environment())
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def stop() -> None:
    """Stop the cluster; the data stay."""
    from kokunen.common_platform.operations.embedded_postgres import Cluster

    Cluster(DATA / "postgres", int(PORT_BASE), durable=True).stop()


def _load() -> Load:
    from kokunen.config import provision

    with provision.admin_connection("postgres") as admin:
        admin.execute("drop database if exists kokunen with (force)")
    subprocess.run([sys.executable, "-m", "kokunen.config.provision"], env=environment(), check=True)
    command = [str(Path(sys.executable).with_name("kokunen")), "city", "generate", "--load", "--json"]
    command += ["--residents", str(RESIDENTS), "--seed", "1"]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("the city could not be loaded")
    seconds = time.perf_counter() - began
    told = json.loads(output)
    return Load(seconds, usage.ru_maxrss / 2**20, sum(told["rows"].values()), float(told["rows_per_second"]))
