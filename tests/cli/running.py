"""コマンドを動かす: the kokunen command as a user runs it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


# What tests/conftest.py sets while a copy of the test database is open: a city with data of its own must not see it.
_OF_THE_TEST_DATABASE = ("KOKUNEN_DATABASE_NAME", "KOKUNEN_CUSTODIAN")


def environment(**changes: str) -> dict[str, str]:
    """The environment of this run with the sources of this checkout and ``changes``.

    With ``KOKUNEN_DATA`` among them it is a city of its own: database and second custodian of the tests are left out.
    """
    given = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    if "KOKUNEN_DATA" in changes:
        for name in _OF_THE_TEST_DATABASE:
            given.pop(name, None)
    return {**given, **changes}


def kokunen(
    *arguments: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None, seconds: float = 400
) -> subprocess.CompletedProcess[str]:
    """Run ``kokunen ARGUMENTS`` to its end; standard output and error are text in UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "kokunen.cli", *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=dict(env) if env is not None else environment(),
        cwd=ROOT,
        timeout=seconds,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
