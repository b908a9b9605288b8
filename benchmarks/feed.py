"""庁内連携: from a change to its effect at 50 changes a second, and first records published beside a plain COPY.

The changes are published in the big city and taken by everybody who takes residents there, each with its own work; a
change has taken effect when the last of them has committed it. The first records are all residents of the city in a
dataset of the same shape, with one change each, as the load of a city publishes them; the rival is the same rows by
COPY into a table with the same columns, key and indexes, measured in the same run.
"""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace
from typing import Any

import polars as pl
from psycopg import sql

from benchmarks import _city
from kokunen.commands.bench import Figure

_A_SECOND, _SECONDS = 50, 20
_CHUNK = 20_000
_NAME = "bench_resident"


def measure() -> list[Figure]:
    """99th percentile from commit to effect; how many times a plain COPY the publication takes."""
    _city.use()
    with _city.integration_worker():
        spans = sorted(_spans())
    rows, plain, published = _first_records()
    return [
        Figure(f"change_to_effect_p99_at_{_A_SECOND}_a_second", "seconds", spans[int(len(spans) * 0.99)], 1, "less"),
        Figure(
            f"first_publication_of_{rows}_records",
            "seconds",
            published,
            2 * plain,
            "less",
            "plain COPY of the same rows",
            plain,
        ),
    ]


# --- from the change to its effect ------------------------------------------------------------------------------------


def _spans() -> list[float]:
    """Seconds from the commit of each change until the last consumer had it."""
    from kokunen.common_platform.integration.overview import consumers
    from kokunen.config import environment, provision
    from kokunen.resident_registry.linkage import RESIDENT

    places = [(c.subsystem, c.name) for c in consumers() if "resident" in c.datasets]
    with provision.admin_connection(environment.database_address().name) as admin:
        _wait_for(admin, places, _last(admin))
        columns = sql.SQL(", ").join(map(sql.Identifier, ("atena_number", *RESIDENT.column_names)))
        people = admin.execute(
            sql.SQL(
                "select {} from integrated.resident where status = '1' order by atena_number limit %s offset 1000"
            ).format(columns),
            [_A_SECOND * _SECONDS],
        ).fetchall()
        rows = [dict(zip(("atena_number", *RESIDENT.column_names), row, strict=True)) for row in people]
        _publish(rows[:1], {})  # the worker of a city has worked before: what it reads once is no part of a change
        _wait_for(admin, places, _last(admin))
        committed: dict[int, float] = {}
        publisher = threading.Thread(target=_publish, args=(rows, committed))
        publisher.start()
        seen = _watch(admin, places, committed, len(rows))
        publisher.join()
    return [seen[seq] - at for seq, at in committed.items()]


def _publish(rows: list[dict[str, Any]], committed: dict[int, float]) -> None:
    """One transaction a change, at a steady pace."""
    from django.db import connections, transaction

    from kokunen.common_platform.integration.publishing import ChangeNote, publish
    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry.linkage import RESIDENT

    began, pause = time.perf_counter(), threading.Event()
    for number, row in enumerate(rows):
        pause.wait(max(0.0, began + number / _A_SECOND - time.perf_counter()))
        note = ChangeNote("update", "321", clock.today())
        with transaction.atomic(using="resident_registry"):
            (seq,) = publish("resident_registry", RESIDENT, [{**row, "telephone": f"048{number:07}"}], note)
        committed[seq] = time.perf_counter()
    connections.close_all()


def _watch(admin: Any, places: list[tuple[str, str]], committed: dict[int, float], count: int) -> dict[int, float]:
    """When each number lay behind every consumer's cursor."""
    seen: dict[int, float] = {}
    pause, deadline = threading.Event(), time.perf_counter() + _SECONDS + 60
    while len(seen) < count:
        if time.perf_counter() > deadline:
            raise RuntimeError(f"{count - len(seen)} changes have not taken effect")
        position, now = _position(admin, places), time.perf_counter()
        for seq in [seq for seq in list(committed) if seq <= position and seq not in seen]:
            seen[seq] = now
        pause.wait(0.005)
    return seen


def _position(admin: Any, places: list[tuple[str, str]]) -> int:
    """The cursor of the slowest consumer."""
    statement = sql.SQL(" union all ").join(
        sql.SQL("select coalesce(max(seq), 0) from {} where consumer = {} and dataset = 'resident'").format(
            sql.Identifier(subsystem, "feed_cursor"), name
        )
        for subsystem, name in places
    )
    return int(admin.execute(sql.SQL("select min(s) from ({}) x (s)").format(statement)).fetchone()[0])


def _last(admin: Any) -> int:
    return int(admin.execute("select coalesce(max(seq), 0) from integrated.resident__change").fetchone()[0])


def _wait_for(admin: Any, places: list[tuple[str, str]], wanted: int) -> None:
    pause, deadline = threading.Event(), time.perf_counter() + 120
    while _position(admin, places) < wanted:
        if time.perf_counter() > deadline:
            raise RuntimeError("the consumers did not catch up with the city")
        pause.wait(0.1)


# --- first records ----------------------------------------------------------------------------------------------------


def _first_records() -> tuple[int, float, float]:
    """(rows, seconds of the plain COPY, seconds of the publication), commit included, each in a transaction."""
    from kokunen.city.loading.copying import Feed, copy_frame
    from kokunen.common_platform.integration import schema
    from kokunen.config import provision
    from kokunen.resident_registry.linkage import RESIDENT

    dataset = replace(RESIDENT, name=_NAME)
    with provision.migrator_connection() as link:
        _drop(link)
        schema._table(link, dataset)
        link.execute(f"create table integrated.{_NAME}_plain (like integrated.{_NAME} including all)")
    blocks = _blocks(dataset.column_names)
    note = {"kind": "register", "reason_code": "111", "event_on": "2026-11-24"}

    began = time.perf_counter()
    with provision.migrator_connection() as link:
        for block in blocks:
            copy_frame(link, "integrated", f"{_NAME}_plain", block, fresh=False)
    plain = time.perf_counter() - began

    began = time.perf_counter()
    with provision.migrator_connection() as link:
        feed = Feed(link, _NAME, fresh=False)
        feed.open()
        for block in blocks:
            changes = block.select("atena_number", **{name: pl.lit(value) for name, value in note.items()})
            feed.publish(block, changes)
    published = time.perf_counter() - began
    with provision.migrator_connection() as link:
        _drop(link)
    return sum(block.height for block in blocks), plain, published


def _blocks(columns: tuple[str, ...]) -> list[pl.DataFrame]:
    """Every resident as published, as text, a block of rows a frame."""
    from kokunen.config import environment, provision

    buffer = io.BytesIO()
    names = ", ".join(dict.fromkeys(("atena_number", *columns)))
    with provision.admin_connection(environment.database_address().name) as admin, admin.cursor() as cursor:
        shape = r"format csv, header, force_quote *, null '\N'"
        statement = f"copy (select {names} from integrated.resident) to stdout ({shape})"
        with cursor.copy(statement.encode()) as copy:
            for part in copy:
                buffer.write(part)
    frame = pl.read_csv(buffer.getvalue(), infer_schema=False, null_values="\\N")
    return list(frame.iter_slices(_CHUNK))


def _drop(link: Any) -> None:
    link.execute(
        f"drop table if exists integrated.{_NAME}, integrated.{_NAME}__change, integrated.{_NAME}_plain cascade"
    )
