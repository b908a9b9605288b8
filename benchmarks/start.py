"""市役所を開ける速さ: the first and the second start of a demo city, from the command to the first page.

(A fresh clone adds what the installation of the packages takes; `make run` is timed by hand, see docs/operations.)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks import _city
from kokunen.commands.bench import Figure

_WEB, _BASE = "18498", "18450"


def measure() -> list[Figure]:
    """Seconds of both starts of a city of 6,000 residents in a folder of its own."""
    home = Path(tempfile.mkdtemp(prefix="kokunen-start-"))
    environment = {**os.environ, "KOKUNEN_DATA": str(home / "var"), "KOKUNEN_PORT": _WEB, "KOKUNEN_PORT_BASE": _BASE}
    environment.pop("KOKUNEN_DATABASE_NAME", None)
    try:
        first, second = (_start(environment) for _ in range(2))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return [
        Figure("first_start", "seconds", first, 60, "less"),
        Figure("second_start", "seconds", second, 10, "less"),
    ]


def _start(environment: dict[str, str]) -> float:
    """Seconds from the command to the sign-in page; the city is closed again."""
    command = [sys.executable, "-m", "kokunen.cli"]
    began = time.perf_counter()
    subprocess.run(
        [*command, "up", "--detach", "--json"], env=environment, cwd=_city.ROOT, check=True, stdout=subprocess.DEVNULL
    )
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{_WEB}/sign-in", timeout=30) as page:
            page.read()
        return time.perf_counter() - began
    finally:
        subprocess.run([*command, "down"], env=environment, cwd=_city.ROOT, check=False, stdout=subprocess.DEVNULL)
