"""閲覧記録台帳: what a look costs, how many a second, how long a whole verification and one disclosure take.

A durable cluster of its own (`KOKUNEN_BENCH_DATA`/ledger). `KOKUNEN_BENCH_ENTRIES` (default 1,000,000; 10,000,000 for
the figure itself, 50,000,000 for the disclosure's) entries are filled in by columns (`_ledger_fill.py`), each with its
true seal; with fewer than ten million the verification's time is told for ten million at the same rate.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from kokunen.commands.bench import Figure

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KOKUNEN_BENCH_DATA", ROOT / "var" / "bench")).resolve() / "ledger"
ENTRIES = int(os.environ.get("KOKUNEN_BENCH_ENTRIES", "1000000"))
PORT_BASE = os.environ.get("KOKUNEN_BENCH_LEDGER_PORT_BASE", "18440")
TOLD_FOR, PEOPLE = 10_000_000, 50_000
_LOOKS, _PROCESSES, _WRITERS, _SECONDS = 400, 2, 6, 10.0

_ENTRY = (
    "select ledger.record('nenkin1', '2010', 'pension_inquiry', 'view', '個人照会', 'person', 'T-1', null, null, "
    "%(atena)s::text[], %(items)s::text[], 1, '{}')"
)


def measure() -> list[Figure]:
    """Cost of a look, entries a second, verification, disclosure."""
    from kokunen.common_platform.operations.embedded_postgres import Cluster

    shutil.rmtree(DATA, ignore_errors=True)
    os.environ.update(_environment())
    cluster = Cluster(DATA / "postgres", int(PORT_BASE), durable=True)
    cluster.start()
    try:
        subprocess.run([sys.executable, "-m", "kokunen.config.provision"], env=_environment(), check=True)
        import django

        django.setup()
        figures = [_cost(), _rate()]
        _fill()
        return [*figures, _verification(), _disclosure()]
    finally:
        cluster.stop()
        shutil.rmtree(DATA, ignore_errors=True)


def _environment() -> dict[str, str]:
    own = {"KOKUNEN_DATA": str(DATA), "KOKUNEN_PORT_BASE": PORT_BASE, "KOKUNEN_MODE": "demo"}
    custodian = {"KOKUNEN_CUSTODIAN": str(DATA / "custodian"), "DJANGO_SETTINGS_MODULE": "kokunen.config.settings"}
    return {**os.environ, **own, **custodian}


def _look(number: int, *, recorded: bool = True) -> None:
    from django.db import connections, transaction

    from kokunen.ledger.access import AccessContext, Act
    from kokunen.ledger.recording import record

    with transaction.atomic(using="national_pension"):
        with connections["national_pension"].cursor() as cursor:
            cursor.execute("select count(*) from insured_person where atena_number = %s", [f"{number:015}"])
        if recorded:
            context = AccessContext("nenkin1", "2010", "pension_inquiry", screen="person", terminal="T-1")
            record(
                "national_pension", context, act=Act.VIEW, dataset="個人照会", atena_numbers=[f"{number % PEOPLE:015}"]
            )


def _cost() -> Figure:
    """Median of a read with its entry less the median of the read alone, commit included, read and entry in turn."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(_LOOKS):
        for recorded in (True, False):
            times[recorded].append(_timed(lambda n=number, r=recorded: _look(n, recorded=r)))  # type: ignore[misc]
    difference = statistics.median(times[True]) - statistics.median(times[False])
    return Figure("ledger_cost_per_screen", "milliseconds", difference * 1000, 2, "less")


def _rate() -> Figure:
    """Entries a second that officers write through two web processes beside the sealer, sealed to the last one.

    Each look is a transaction on the disk; what the sealer still has to do when the writers stop counts as time.
    """
    from kokunen.ledger.sealer import seal_all, seal_once

    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_write_for, place) for place in range(_PROCESSES)]
        while wait(waiting, timeout=0.05).not_done:
            seal_once()
        written = sum(future.result()[0] for future in waiting)
        start = min(future.result()[1] for future in waiting)
    seal_all()
    return Figure("ledger_entries_per_second", "entries", written / (time.time() - start), 2000, "more")


def _write_for(place: int) -> tuple[int, float]:
    """One web process: entries by its connections for `_SECONDS`, each its own transaction; (entries, when it began).

    The pension section's login and the one function it may call; what Django adds to a screen is `latency`'s figure.
    """
    import django
    import psycopg
    from django.db import connections

    django.setup()
    given = connections["national_pension"].get_connection_params()
    address = {name: given[name] for name in ("host", "port", "dbname", "user", "password")}
    lines = [psycopg.connect(**address, autocommit=True) for _ in range(_WRITERS)]
    done, began = [0] * _WRITERS, time.time()

    def work(thread: int) -> None:
        while time.time() - began < _SECONDS:
            number = f"{(done[thread] * _WRITERS + thread) % PEOPLE:015}"
            lines[thread].execute(_ENTRY, {"atena": [number], "items": ["R1/氏名情報"]}, prepare=True)
            done[thread] += 1

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(_WRITERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for line in lines:
        line.close()
    return sum(done), began


def _fill() -> None:
    from benchmarks import _ledger_fill
    from kokunen.config import environment, keys
    from kokunen.ledger.sealer import seal_all

    seal_all()
    address = environment.database_address()
    admin = {"user": address.admin_user, "password": keys.admin_password(), "dbname": address.name}
    began = time.perf_counter()
    _ledger_fill.fill({"host": address.host, "port": address.port, **admin}, ENTRIES, PEOPLE)
    print(f"ledger: {ENTRIES:,} entries in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _verification() -> Figure:
    from kokunen.ledger import checkpoints, verification

    checkpoints.take()
    reports = []
    seconds = _timed(lambda: reports.append(verification.verify()))
    report = reports[0]
    if not report.is_whole:
        raise RuntimeError(f"the measured ledger does not verify: {report.findings[:3]}")
    return Figure("ledger_verification_of_10_million", "seconds", seconds * TOLD_FOR / report.sealed, 300, "less")


def _disclosure() -> Figure:
    from kokunen.ledger.access import AccessContext
    from kokunen.ledger.disclosure import disclose

    context = AccessContext("kaiji1", "1010", "disclosure", screen="bench", terminal="T-1")
    return Figure("ledger_disclosure", "seconds", _timed(lambda: disclose(f"{7:015}", context=context)), 2, "less")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
