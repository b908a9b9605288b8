"""検証の分担: a small log is checked in this process, a large one by one process for each processor.

Every worker has a connection of its own that reads the very snapshot of the verification.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from kokunen.ledger.recount import People, PeopleResult, Range, RangeResult, check_people, check_range

_ALONE_BELOW = 200_000  # seals: starting processes costs more than it saves
_PLACE = ("host", "port", "dbname", "user", "password")


@dataclass(slots=True)
class _Bench:
    """作業場: a worker's connection and the people it has read."""

    connection: psycopg.Connection[Any]
    people: People


_bench: _Bench | None = None


@dataclass(slots=True)
class Workers:
    """分担: ranges and people, checked in the order in which they were given."""

    bench: _Bench
    pool: ProcessPoolExecutor | None = None
    count: int = 1
    token_findings: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def beside(cls, main: BaseDatabaseWrapper) -> Iterator[Workers]:
        """Workers that read what the transaction of `main` (repeatable read) sees."""
        with main.cursor() as cursor:
            cursor.execute("select pg_export_snapshot(), (select coalesce(max(position), 0) from ledger.seal)")
            snapshot, seals = cursor.fetchone()
        parameters = main.get_connection_params()
        place = {name: parameters[name] for name in _PLACE if parameters.get(name)}
        many = (os.cpu_count() or 1) if seals >= _ALONE_BELOW else 1
        findings: list[str] = []
        with _connect(place, snapshot) as connection:
            bench = _Bench(connection, People(connection, findings))
            if many == 1:
                yield cls(bench, token_findings=findings)
                return
            with ProcessPoolExecutor(
                many, mp_context=get_context("spawn"), initializer=_open, initargs=(place, snapshot)
            ) as pool:
                yield cls(bench, pool, many, findings)

    def map_ranges(self, ranges: Sequence[Range]) -> Iterator[RangeResult]:
        """Results of the ranges, in their order."""
        if self.pool is None:
            return (check_range(self.bench.connection, self.bench.people, one) for one in ranges)
        return self.pool.map(_range, ranges)

    def map_people(self, signed_until: int) -> Iterator[PeopleResult]:
        """Results of all people, a part for each worker."""
        if self.pool is None:
            return iter([check_people(self.bench.connection, 0, 1, signed_until)])
        return self.pool.map(_people, range(self.count), [self.count] * self.count, [signed_until] * self.count)


def _connect(place: dict[str, Any], snapshot: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(**place, autocommit=False)
    connection.execute("set transaction isolation level repeatable read read only")
    connection.execute(f"set transaction snapshot '{snapshot}'")
    connection.execute("set local max_parallel_workers_per_gather = 0")  # the workers are these
    connection.execute("set local enable_seqscan = off")  # every block is a short range of an index
    connection.execute("set local enable_hashjoin = off")
    return connection


def _open(place: dict[str, Any], snapshot: str) -> None:
    """Opens a worker process's bench."""
    global _bench
    connection = _connect(place, snapshot)
    _bench = _Bench(connection, People(connection))


def _range(given: Range) -> RangeResult:
    assert _bench is not None
    return check_range(_bench.connection, _bench.people, given)


def _people(part: int, parts: int, signed_until: int) -> PeopleResult:
    assert _bench is not None
    return check_people(_bench.connection, part, parts, signed_until)
