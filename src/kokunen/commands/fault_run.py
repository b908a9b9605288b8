"""障害試験: kokunen fault-run: a running demo city is hurt at random points, and then nothing may be missing.

Residents move house all the time while it goes on. In each run one process is killed (``kill -9``: the database, a
worker, the web server, an outside party …) or one line to an outside party is cut, delayed, repeated or garbled. What
the counter was told to be done must be there afterwards, once; what ended in an error may be there once or not at all.
At the end the invariants of the whole city are checked.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import ANSWER_IS_NO, JsonOption, refuse_outside_demo, say, set_up_django, write, write_json

if TYPE_CHECKING:
    from kokunen.common_platform.operations.invariants import Report
    from kokunen.common_platform.operations.run_folder import CityState

_HEAL_SECONDS = 120.0
_SETTLE_SECONDS = 120.0
_LINES = ("fail", "delay", "repeat", "garble")


def add_commands(app: typer.Typer) -> None:
    """Add ``fault-run`` to the command."""
    app.command("fault-run", rich_help_panel="確かめる")(fault_run)


@dataclass(frozen=True)
class Fault:
    """障害の一回: what was done to whom, how far into the run (0 to 1), how long until the city was whole again."""

    run: int
    fault: str
    target: str
    point: float
    recovered_seconds: float


@dataclass
class Tally:
    """窓口の控え: by person, how often a move was answered as done, and how often it ended in an error."""

    done: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    before: dict[str, int] = field(default_factory=dict)


def fault_run(
    runs: Annotated[int, typer.Option("--runs", min=1, help="障害を起こす回数")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="同じ値なら同じ順の障害")] = 1,
    seconds: Annotated[float, typer.Option("--seconds", min=0.2, help="1回の長さ（秒）")] = 3.0,
    json_output: JsonOption = False,
) -> None:
    """動いているデモの市で、プロセスを止め、回線を切り、そのあと全市を突き合わせる。"""
    refuse_outside_demo("fault-run")
    state = _city()
    if state is None:
        say("市役所が動いていません。kokunen up --detach で起動してから行ってください。")
        raise typer.Exit(ANSWER_IS_NO)
    set_up_django()
    choice, tally, faults = random.Random(seed), Tally(), []
    stop = threading.Event()
    counter = threading.Thread(target=_move_people, args=(random.Random(seed), tally, stop), name="counter")
    counter.start()
    try:
        for number in range(1, runs + 1):
            faults.append(_one(number, choice, seconds))
            say(f"{number}/{runs} {faults[-1].fault} {faults[-1].target}: {faults[-1].recovered_seconds:g}秒で復旧")
    finally:
        stop.set()
        counter.join()
        _heal_lines()
    settled = _settle()
    lost, doubled = _compare(tally)
    report = _check()
    whole = settled and not lost and not doubled and report.is_whole
    document: dict[str, Any] = {
        "runs": runs,
        "seed": seed,
        "whole": whole,
        "acts": sum(tally.done.values()),
        "interrupted": sum(tally.unknown.values()),
        "lost": lost,
        "doubled": doubled,
        "settled": settled,
        "faults": [asdict(fault) for fault in faults],
        "invariants": report.as_dict(),
    }
    if json_output:
        write_json(document)
    else:
        write(f"障害 {runs} 回、届出 {document['acts']} 件、失われたもの {lost} 件、重なったもの {doubled} 件")
        for finding in document["invariants"]["findings"]:
            write(f"- {finding}")
    if not whole:
        raise typer.Exit(ANSWER_IS_NO)


# ---- trouble ---------------------------------------------------------------------------------------------------------


def _city() -> CityState | None:
    """The state of a supervised city; None when none runs here."""
    from kokunen.common_platform.operations.run_folder import RunFolder
    from kokunen.config import environment

    state = RunFolder(environment.data_dir() / "run").read()
    return state if state is not None and state.is_supervised else None


def _one(number: int, choice: random.Random, seconds: float) -> Fault:
    """One run: wait for the random point, do harm, wait until the city is whole again."""
    state = _city()
    assert state is not None, "the supervisor of the city is gone"
    names = sorted(process.name for process in state.processes)
    parties = [name.removeprefix("counterpart-") for name in names if name.startswith("counterpart-")]
    point = round(choice.random(), 3)
    if parties and choice.random() < 0.3:
        fault, target = choice.choice(_LINES), choice.choice(parties)
    else:
        fault, target = "kill", choice.choice(["database", *names])
    pause = threading.Event()
    pause.wait(point * seconds)
    began = time.monotonic()
    if fault == "kill":
        _kill(target)
    else:
        _order(target, fault)
        pause.wait(seconds * 0.5)
        _order(target, "heal")
    _wait_until_whole(began)
    recovered = round(time.monotonic() - began, 2)
    pause.wait((1 - point) * seconds)
    return Fault(number, fault, target, point, recovered)


def _kill(name: str) -> None:
    """kill -9, children included: what a power cut of that process is."""
    import psutil

    state = _city()
    assert state is not None
    pid = _database_pid() if name == "database" else next(p.pid for p in state.processes if p.name == name)
    if pid is None:
        return
    try:
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            one.kill()
    except psutil.NoSuchProcess:
        return  # it fell by itself just before


def _database_pid() -> int | None:
    from .city_hall import city_cluster

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


def _heal_lines() -> None:
    state = _city()
    for process in state.processes if state else []:
        if process.name.startswith("counterpart-"):
            _order(process.name.removeprefix("counterpart-"), "heal")


def _wait_until_whole(began: float) -> None:
    from kokunen.common_platform.operations.processes import ask
    from kokunen.config import environment

    pause = threading.Event()
    while True:
        pause.wait(0.1)
        if ask(environment.web_port(), "/healthz")[0] == 200:
            return
        if time.monotonic() - began > _HEAL_SECONDS:
            raise typer.Exit(ANSWER_IS_NO)


# ---- the counter -----------------------------------------------------------------------------------------------------


def _move_people(choice: random.Random, tally: Tally, stop: threading.Event) -> None:
    """Households move inside the city, one after the other, until told to stop."""
    from django.db import connections

    from kokunen.kernel.addresses import Address

    addresses = [Address("112038", "0017002", "青木二丁目", f"{n}番1号", "", "3320031") for n in range(1, 40)]
    people: list[str] = []
    while not stop.is_set():
        number = ""
        try:
            people = people or _movable(tally)
            number = choice.choice(people)
            _move(number, choice.choice(addresses))
            tally.done[number] += 1
        except Exception:  # whatever a killed process makes of it: the outcome is not known
            tally.unknown[number] += 1
            connections.close_all()
            stop.wait(0.1)
    connections.close_all()


def _movable(tally: Tally) -> list[str]:
    """People who live alone, with the number of their version before the first move."""
    from kokunen.resident_registry.invariants import people_living_alone

    found = people_living_alone(limit=200)
    tally.before.update(found)
    return sorted(found)


def _move(number: str, address: Any) -> None:
    from kokunen.common_platform.operations import clock
    from kokunen.ledger.access import system_context
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import EventCode, IdentityCheck

    today = clock.today()
    services.relocate(
        context=system_context("fault_run", "resident_notice"),
        notice=services.Notice.on(
            EventCode.RELOCATION,
            today,
            notified_on=today,
            identity_check=IdentityCheck.INDIVIDUAL_NUMBER_CARD,
        ),
        movers=[number],
        destination=services.Destination(address=address),
        acknowledged=_Everything(),
    )


class _Everything(frozenset[str]):
    """Every warning is acknowledged."""

    def __contains__(self, item: object) -> bool:
        return True


# ---- afterwards ------------------------------------------------------------------------------------------------------


def _settle() -> bool:
    """Wait until nothing is under way any more; False when something still waits after a while."""
    from django.db import Error, connections

    from kokunen.common_platform.integration.overview import feed_rows
    from kokunen.common_platform.operations.queue import backlog

    pause, deadline = threading.Event(), time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        try:
            if not any(row.backlog for row in feed_rows()) and not any(backlog().values()):
                return True
        except Error:
            connections.close_all()
        pause.wait(0.5)
    return False


def _compare(tally: Tally) -> tuple[int, int]:
    """(lost, doubled): moves that were answered as done and are not there; moves that are there too often."""
    from kokunen.resident_registry.invariants import version_numbers

    now = version_numbers(list(tally.before))
    lost = doubled = 0
    for number, before in tally.before.items():
        moved = now.get(number, 0) - before
        lost += max(0, tally.done[number] - moved)
        doubled += max(0, moved - tally.done[number] - tally.unknown[number])
    return lost, doubled


def _check() -> Report:
    from .invariants import check_city

    return check_city()
