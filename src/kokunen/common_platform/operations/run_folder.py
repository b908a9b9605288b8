"""稼働状態: what of a city is running, kept in ``KOKUNEN_DATA/run`` for status, down and the health page.

The lock tells whether a supervisor lives: the kernel frees it with the process, however that ended. The state file
tells what it started. A process is named by its number together with the moment of its start, since numbers come back.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from kokunen.kernel.errors import Conflict


@dataclass
class ProcessState:
    """1プロセスの状態: ``state`` is one of waiting, starting, running, restarting, stopped."""

    name: str
    label: str
    state: str = "waiting"
    pid: int | None = None
    born: float | None = None
    beats: bool = False
    restarts: int = 0
    log: str = ""

    @property
    def is_alive(self) -> bool:
        """True while exactly this process lives."""
        return is_alive(self.pid, self.born)


@dataclass
class CityState:
    """市の状態: ``phase`` is one of preparing, starting, ready, stopping, stopped."""

    phase: str
    address: str
    pid: int
    born: float
    database_port: int | None = None
    processes: list[ProcessState] = field(default_factory=list)

    @property
    def is_supervised(self) -> bool:
        """True while the supervisor that wrote this state lives."""
        return is_alive(self.pid, self.born)


class RunFolder:
    """稼働フォルダ: lock and state of one city."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the city for this process; raises Conflict when another supervisor has it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self.path / "supervisor.lock", "a", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                state = self.read()
                raise Conflict(
                    f"この市（{self.path.parent}）は既に動いています" + (f": {state.address}" if state else ""),
                    hint="状態は kokunen status で見られます。止めるには kokunen down を実行してください。"
                    "もう1つの市を動かすには KOKUNEN_DATA、KOKUNEN_PORT、KOKUNEN_PORT_BASE を変えてください。",
                ) from None
            yield

    def is_locked(self) -> bool:
        """True while a supervisor holds the city."""
        try:
            file = open(self.path / "supervisor.lock", encoding="ascii")  # noqa: SIM115
        except FileNotFoundError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def read(self) -> CityState | None:
        """The last written state; None when there is none."""
        try:
            content = json.loads((self.path / "city.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        processes = [ProcessState(**process) for process in content.pop("processes")]
        return CityState(**content, processes=processes)

    def write(self, state: CityState) -> None:
        """Replace the state as a whole: a reader never sees half of it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path / f".city.json.{os.getpid()}"
        draft.write_text(json.dumps(asdict(state), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.rename(self.path / "city.json")

    def clear(self) -> None:
        """Forget the state of a city that was stopped in order."""
        (self.path / "city.json").unlink(missing_ok=True)


def born(pid: int) -> float | None:
    """Moment of the start of process ``pid`` (seconds since 1970); None when there is no such process."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def is_alive(pid: int | None, born_at: float | None) -> bool:
    """True while the process of that number and that start lives (a zombie does not)."""
    if pid is None or born_at is None:
        return False
    try:
        process = psutil.Process(pid)
        same = abs(float(process.create_time()) - born_at) < 0.05
        return same and bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
