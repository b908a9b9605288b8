"""比べる相手の環境: programs of others in an environment of their own, from a lock with hashes.

KOKUNEN_RIVALS (default var/rivals) moves the environments. One that cannot be made is said so in words: what is
measured without it stands without a rival.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).resolve().parent / "rivals"
HOME = Path(os.environ.get("KOKUNEN_RIVALS", ROOT / "var" / "rivals")).resolve()


class RivalMissing(RuntimeError):
    """相手がいない: the environment could not be made on this machine; the reason in words."""


def python_of(name: str) -> Path:
    """環境の Python: made when it is not there or its lock has changed. Raises RivalMissing."""
    lock = FOLDER / f"{name}.lock"
    home = HOME / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        uv = Path(sys.executable).with_name("uv")
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, home],
            [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock],
        ):
            try:
                done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=300)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise RivalMissing(f"{name}: {error}") from error
            if done.returncode:
                raise RivalMissing(f"{name}: {done.stderr.strip()[-400:]}")
        (home / "complete").touch()
    return python


def told_by(name: str, script: str, *arguments: str) -> Any:
    """相手の答え: what ``script`` of this folder's ``rivals`` prints as JSON, run in the environment ``name``."""
    command = [str(python_of(name)), str(FOLDER / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise RivalMissing(f"{script}: {done.stderr.strip()[-400:]}")
    return json.loads(done.stdout.splitlines()[-1])
