"""外部機関のプロセス — how one party is run: ``python -m kokunen.counterparts.<party> --data DIR --port N``.

The main thread only waits for a signal; a worker thread does the party's rounds; health and control are served on
``127.0.0.1:N``. When everything stands, one line of JSON with ``"ready": true`` goes to standard output, so whoever
started the process can wait for it without guessing. SIGTERM and SIGINT end the round in progress and then the process,
with exit status 0; a second process on the same data folder is refused with 2; a round that fails ends it with 1.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, ClassVar

from kokunen.kernel.errors import InputError

from .control import ControlServer
from .store import Store
from .trouble import Trouble, TroubleMode, Troubles

log = logging.getLogger("kokunen.counterparts")


class Counterpart:
    """外部機関 — base of a party: a subclass sets ``name``, ``label``, ``schema`` and works in :meth:`work`."""

    name: ClassVar[str]
    label: ClassVar[str]
    schema: ClassVar[Sequence[str]] = ()
    options: ClassVar[Mapping[str, tuple[float, str]]] = {}  # own options: default and what it says in --help

    def __init__(self, data: Path) -> None:
        self.data = data
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.store = Store(data / f"{self.name}.sqlite3", self.schema)
        self.troubles = Troubles(self.store)
        self._round = threading.Lock()
        self.wake = threading.Event()

    def start(self, port: int) -> None:
        """Open what the party serves besides control; ``port`` is the first one that is free for it."""

    def stop(self) -> None:
        """Close what :meth:`start` opened."""

    def work(self) -> dict[str, Any]:
        """One round of work; says what it did. Called again after every interval and whenever asked."""
        return {}

    def catch_up(self) -> None:
        """After heal: put right what a trouble has spoilt."""

    def counts(self) -> dict[str, Any]:
        """Counts for operators, without personal data."""
        return {}

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A command of this party only."""
        raise InputError("このような操作はありません", field=name)

    # what the control endpoint uses -------------------------------------------------------------------------------
    def health(self) -> dict[str, Any]:
        """Readiness: a party that was ordered to fail still says so here."""
        return {"ready": True, "party": self.name, "label": self.label, "trouble": self.troubles.names()}

    def state(self) -> dict[str, Any]:
        """Health and counts."""
        return {**self.health(), **self.counts()}

    def order(self, trouble: Trouble) -> None:
        """Let a trouble begin, between two rounds."""
        with self._round:
            self.troubles.order(trouble)

    def heal(self) -> None:
        """Let every trouble end, catch up, and work at once."""
        with self._round:
            self.troubles.heal()
            self.catch_up()
        self.wake.set()

    def work_now(self) -> dict[str, Any]:
        """One round of work, unless the party is ordered to fail."""
        with self._round:
            return {} if self.troubles.has(TroubleMode.FAIL) else self.work()


def run(party: Callable[..., Counterpart], arguments: Sequence[str] | None = None) -> int:
    """Run one party, given as its class, until it is told to stop; returns the exit status."""
    own: Mapping[str, tuple[float, str]] = getattr(party, "options", {})
    options = _options(arguments, own)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    ends = {signal.SIGTERM, signal.SIGINT}
    # Blocked before any thread exists, so that every thread inherits it and only sigwait below takes the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _lock(options.data)
    if lock is None:
        print(f"{options.data}: 既に別のプロセスがこのデータフォルダーを使っています。", file=sys.stderr)
        return 2
    with lock:
        return _serve(party(options.data, **{name: getattr(options, name) for name in own}), options, ends)


def _serve(party: Counterpart, options: argparse.Namespace, ends: set[signal.Signals]) -> int:
    stopping = threading.Event()
    failures: list[BaseException] = []

    def rounds() -> None:
        try:
            while not stopping.is_set():
                party.wake.clear()
                party.work_now()
                party.wake.wait(options.interval)
        except BaseException as error:  # the process must not go on as if it worked
            failures.append(error)
            os.kill(os.getpid(), signal.SIGTERM)

    control = ControlServer(party, options.data, options.port)
    party.start(options.port + 1 if options.port else 0)
    control.start(os.getpid())
    worker = threading.Thread(target=rounds, name="rounds")
    worker.start()
    print(json.dumps({"ready": True, "party": party.name, "port": control.port}), flush=True)
    signal.sigwait(ends)
    stopping.set()
    party.wake.set()
    worker.join()
    control.stop()
    party.stop()
    party.store.close()
    for failure in failures:
        traceback.print_exception(failure)
    return 1 if failures else 0


def _options(arguments: Sequence[str] | None, own: Mapping[str, tuple[float, str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="外部機関のプロセスを1つ動かす")
    parser.add_argument("--data", type=Path, required=True, help="この機関だけのデータフォルダー")
    parser.add_argument("--port", type=int, default=0, help="操作口のポート (0: 空いているもの)。回線は次の番号")
    parser.add_argument("--interval", type=float, default=0.5, help="作業の間隔 (秒)")
    for name, (default, text) in own.items():
        parser.add_argument(f"--{name}", type=float, default=default, help=text)
    return parser.parse_args(arguments)


def _lock(data: Path) -> IO[str] | None:
    handle = (data / "lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle
