"""障害を起こす: one process is killed, or one line to an outside party is cut, delayed, repeated or garbled."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokunen.commands.console import say

if TYPE_CHECKING:
    from kokunen.common_platform.operations.run_folder import CityState

HEAL_SECONDS = 240.0
"""A process that falls again and again waits up to 30 s for its start, and the screens load for up to a minute on a
machine where everybody else works too."""

DATABASE = "database"
_PARTY = "counterpart-"
_LINES = ("fail", "delay", "repeat", "garble")


@dataclass(frozen=True)
class Fault:
    """障害の一回: what was done to whom, how far into the run (0 to 1), how long until the city was whole again."""

    run: int
    fault: str
    target: str
    point: float
    recovered_seconds: float


class NotWhole(Exception):
    """復旧しない: the city did not become whole again in time; the message names the fault and what is not up."""


def city_state() -> CityState | None:
    """The state of a supervised city; None when none runs here."""
    from kokunen.common_platform.operations.run_folder import RunFolder
    from kokunen.config import environment

    state = RunFolder(environment.data_dir() / "run").read()
    return state if state is not None and state.is_supervised else None


def process_names() -> list[str]:
    """What can be hurt: the database and every process of the city, in a lasting order."""
    state = city_state()
    assert state is not None, "the supervisor of the city is gone"
    return [DATABASE, *sorted(process.name for process in state.processes)]


def one_fault(
    number: int, choice: random.Random, seconds: float, kinds: frozenset[str], targets: Sequence[str] = ()
) -> Fault:
    """One run: wait for the random point, do harm, wait until the city is whole again.

    ``targets``: names out of ``process_names`` that take their turns run by run; empty: any of them, by chance.
    Raises NotWhole.
    """
    names = [targets[(number - 1) % len(targets)]] if targets else process_names()
    parties = [name.removeprefix(_PARTY) for name in names if name.startswith(_PARTY)]
    point = round(choice.random(), 3)
    if parties and "line" in kinds and ("kill" not in kinds or choice.random() < 0.3):
        fault, target = choice.choice(_LINES), choice.choice(parties)
    else:
        fault, target = "kill", choice.choice(names)
    pause = threading.Event()
    pause.wait(point * seconds)
    began = time.monotonic()
    if fault == "kill":
        _kill(target)
    else:
        _order(target, fault)
        pause.wait(seconds * 0.5)
        _order(target, "heal")
    _wait_until_whole(began, f"{fault} {target}")
    recovered = round(time.monotonic() - began, 2)
    pause.wait((1 - point) * seconds)
    return Fault(number, fault, target, point, recovered)


def heal_lines() -> None:
    """Every line works again."""
    state = city_state()
    for process in state.processes if state else []:
        if process.name.startswith(_PARTY):
            _order(process.name.removeprefix(_PARTY), "heal")


def _kill(name: str) -> None:
    """kill -9, children included: what a power cut of that process is."""
    import psutil

    state = city_state()
    assert state is not None
    pid = _database_pid() if name == DATABASE else next(p.pid for p in state.processes if p.name == name)
    if pid is None:
        return
    try:
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            one.kill()
    except psutil.NoSuchProcess:
        return  # it fell by itself just before


def _database_pid() -> int | None:
    from kokunen.commands.city_hall import city_cluster

    cluster = city_cluster()
    return None if cluster is None else cluster.pid()


def _order(party: str, mode: str) -> None:
    from kokunen.config import environment
    from kokunen.counterparts.framework.control import ControlClient
    from kokunen.kernel.errors import KokunenError

    client = ControlClient(environment.data_dir() / "counterparts" / party)
    try:
        if mode == "heal":
            client.heal()
        else:
            client.order(mode, seconds=0.5 if mode == "delay" else None)
    except (OSError, KokunenError):
        say(f"{party} に {mode} を伝えられませんでした")


def _wait_until_whole(began: float, what: str) -> None:
    from kokunen.common_platform.operations.processes import ask
    from kokunen.config import environment

    pause = threading.Event()
    while True:
        pause.wait(0.1)
        status, body = ask(environment.web_port(), "/healthz")
        if status == 200:
            return
        if time.monotonic() - began > HEAL_SECONDS:
            raise NotWhole(f"{what}: {_not_up(body)}")


def _not_up(body: object) -> str:
    """What the page of health misses, and how the supervisor sees each process that it does not call running."""
    state = city_state()
    if state is None:
        return "市を見張るプロセスがありません"
    missing = body.get("missing", []) if isinstance(body, dict) else ["画面の応答"]
    seen = [f"{one.name} {one.state}（記録 {one.log}）" for one in state.processes if one.state != "running"]
    return "、".join(["動いていないもの: " + " ".join(map(str, missing)), *seen])
