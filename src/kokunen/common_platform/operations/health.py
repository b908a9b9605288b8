"""健全性: is every process of the city up? Answers the page ``/healthz`` and the command ``kokunen status``.

No personal data and no secret is in the answer, so it needs no sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import heartbeat
from .processes import WEB
from .run_folder import CityState, ProcessState, RunFolder


@dataclass(frozen=True)
class Health:
    """健全性の答え: ready when ``missing`` is empty; ``missing`` names what is not up."""

    missing: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """True when every process is up."""
        return not self.missing

    def as_dict(self) -> dict[str, object]:
        """For the health page."""
        return {"ready": True} if self.ready else {"ready": False, "missing": list(self.missing)}


def is_ready(run_dir: Path | None = None) -> bool:
    """True when the database answers and every process of the city is up; for the page ``/healthz``."""
    return check(run_dir).ready


def check(run_dir: Path | None = None) -> Health:
    """What is not up, asked from inside the web process (which is up, since it asks)."""
    run_dir = run_dir or _default_run_dir()
    missing = [] if _database_answers() else ["database"]
    state = RunFolder(run_dir).read()
    if state is None:  # not supervised by `kokunen up`: the beats of this machine's processes are what can be seen
        missing += [name for name in _beating(run_dir) if not heartbeat.is_fresh(name, run_dir)]
    else:
        missing += missing_processes(state, run_dir)
    return Health(tuple(missing))


def missing_processes(state: CityState, run_dir: Path) -> list[str]:
    """Names of the processes of ``state`` that are not up, the web process itself left out."""
    missing = [] if state.is_supervised else ["supervisor"]
    return missing + [
        process.name for process in state.processes if process.name != WEB and not is_up(process, run_dir)
    ]


def is_up(process: ProcessState, run_dir: Path) -> bool:
    """True when the process lives, was seen to work after its start and has not fallen silent."""
    if process.state != "running" or not process.is_alive:
        return False
    return not process.beats or heartbeat.is_fresh(process.name, run_dir)


def _database_answers() -> bool:
    from django.db import Error, connections

    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return False
    return True


def _beating(run_dir: Path) -> list[str]:
    folder = run_dir / "heartbeats"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _default_run_dir() -> Path:
    from kokunen.config import environment

    return environment.data_dir() / "run"
