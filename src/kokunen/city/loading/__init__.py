"""市を入れる: the generated city into each subsystem's own tables by COPY, published like any other change.

Each subsystem is loaded in one transaction of the migrator (the register in two), who alone may put indexes aside; they
run side by side and are committed together at the end, so until then nothing is there, and a load that fails leaves
the city empty. The rows obey every check and trigger of the tables; keys, indexes, references and exclusion constraints
are built over them at the end, which tests every row again. Each dataset gets its rows and one change a row under the
feed's lock.
国民年金 and 住登外管理 are loaded in the state that they would have reached by following the feed, so their cursors
are put behind the loaded changes. So is that of 団体内統合宛名: its daily work links a whole city faster than the feed
would, and keeps nobody else on the feed waiting. The ledger says what was loaded. The truth of the city (truth/) is
not read.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import polars as pl
from psycopg import sql

from kokunen.city.block import YEARS_OF_HISTORY
from kokunen.city.city import City
from kokunen.city.loading import outside, pension, records_office, registry, tax
from kokunen.city.loading.copying import Feed, Link, bring_back, take_away
from kokunen.config import environment
from kokunen.kernel.errors import Conflict

OFFICE_ZONE = ZoneInfo("Asia/Tokyo")
_SYSTEMS = (registry.SCHEMA, tax.SCHEMA, pension.SCHEMA, outside.SCHEMA)
_TABLES: tuple[list[tuple[str, str]], ...] = (
    [(registry.SCHEMA, table) for table in registry.TABLES],
    [(tax.SCHEMA, table) for table in tax.TABLES] + [("integrated", "income"), ("integrated", "income__change")],
    [(pension.SCHEMA, table) for table in pension.TABLES],
    [(outside.SCHEMA, table) for table in outside.TABLES]
    + [("integrated", f"{name}{feed}") for name in ("nonresident", "number_binding") for feed in ("", "__change")],
    [(registry.SCHEMA, table) for table in registry.TABLES_BESIDE]
    + [("integrated", "resident"), ("integrated", "resident__change")],
)
_KEPT = frozenset({"resident_household_idx"})  # the household check of the register looks through it at every chunk
_BLOCKS_APART = 3
_FED_HERE = ("national_pension", "nonresident_registry", "unified_atena")
Stage = Callable[[str], None]


class Loader(Protocol):
    """登録: takes the tables of one block after the other; ``rows`` counts what was written."""

    rows: int

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """Take one block."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """結果: rows written by subsystem (published rows and their changes included) and seconds."""

    rows: dict[str, int]
    seconds: float
    copy_seconds: float
    index_seconds: float


def load_city(city: City, stage: Stage = lambda _: None) -> Loaded:
    """市を入れる. Raises Conflict when people are already there: a city is loaded once, into an empty database."""
    started = time.monotonic()
    with ExitStack() as transactions, ExitStack() as threads:
        links = [transactions.enter_context(_transaction()) for _ in _TABLES]
        for link, places in zip(links, _TABLES, strict=True):
            _refuse_if_inhabited(link, places)
        waiting = [take_away(link, places, _KEPT) for link, places in zip(links, _TABLES, strict=True)]
        registers = registry.RegistryLoader(links[0], Feed(links[4], "resident"))
        taxes = tax.TaxLoader(links[1], Feed(links[1], "income"))
        pensions = pension.PensionLoader(links[2], _moment(_cutover(city.today)), _moment(city.today))
        records, bindings = Feed(links[3], "nonresident"), Feed(links[3], "number_binding")
        outsiders = outside.OutsideLoader(links[3], records, bindings)
        office = records_office.RecordsOfficeList()
        loaders: tuple[Loader, ...] = (registers, taxes, pensions, outsiders, office)
        registers.feed.open()
        taxes.feed.open()
        records.open()
        bindings.open()
        lines = [threads.enter_context(ThreadPoolExecutor(1)) for _ in loaders]
        rest = _hand_out(city, loaders, lines)
        stage("索引をつくっています")
        ends = [
            lines[0].submit(registers.finish, city.blocks, city.residents, city.seed),
            lines[4].submit(office.finish),
        ]
        # each begins as soon as its own rows are there, whatever the others still have before them
        built = [lines[n].submit(bring_back, links[n], waiting[n], _TABLES[n]) for n in range(4)]
        _finish(rest + ends)
        copied = time.monotonic()
        built.append(lines[4].submit(bring_back, links[4], waiting[4], _TABLES[4]))
        _finish(built)
        last = {"resident": registers.feed.last(), "income": taxes.feed.last()}
        _move_cursors(links[2], {**last, "nonresident": records.last(), "number_binding": bindings.last()})
        taxes.lay_out(environment.data_dir())
        rows = {system: loader.rows for system, loader in zip(_SYSTEMS, loaders[:-1], strict=True)}
        for link, (system, count) in zip(links[: len(_SYSTEMS)], rows.items(), strict=True):
            _enter_ledger(link, city, system, count)
    done = time.monotonic()
    return Loaded(rows, done - started, copied - started, done - copied)


def _transaction() -> Link:
    """A connection of the migrator whose transaction ends with the `with` block it is entered in."""
    from kokunen.config import provision

    connection = provision.migrator_connection()
    connection.execute(
        "set local synchronous_commit = off; set local maintenance_work_mem = '256MB'; "
        "set local max_parallel_maintenance_workers = 1; set local timezone = 'Asia/Tokyo'; "
        "set local search_path = resident_registry, public"
    )
    # Compressing the page images of new indexes takes longer than building them; the log grows by what they weigh.
    connection.execute(
        "select set_config('wal_compression', 'off', true) where has_parameter_privilege('wal_compression', 'set')"
    )
    return connection


def _hand_out(city: City, loaders: Sequence[Loader], lines: Sequence[ThreadPoolExecutor]) -> list[Future[None]]:
    """Each loader takes block after block at its own pace, on its own thread, a few blocks apart at most.

    Returns what is still under way when the last block has been handed out.
    """
    under_way: deque[list[Future[None]]] = deque()
    for block in city.each_block():
        under_way.append([line.submit(loader.load, block.tables) for line, loader in zip(lines, loaders, strict=True)])
        if len(under_way) > _BLOCKS_APART:
            _finish(under_way.popleft())
    return [future for futures in under_way for future in futures]


def _finish(futures: Sequence[Future[None]]) -> None:
    """Wait for all; the first error is raised when they have ended."""
    wait(futures)
    for future in futures:
        future.result()


def _refuse_if_inhabited(connection: Link, tables: Sequence[tuple[str, str]]) -> None:
    """Every table of the load must be empty: the load gives it a new file."""
    for schema, table in tables:
        row = connection.execute(
            sql.SQL("select exists (select 1 from {})").format(sql.Identifier(schema, table))
        ).fetchone()
        if row is not None and row[0]:
            raise Conflict(
                "この市にはすでに住民がいます。市の登録は、空の市に一度だけできます",
                hint="作り直すときは make reset で市を消してから始めてください。",
            )


def _cutover(today: date) -> date:
    return today.replace(year=today.year - YEARS_OF_HISTORY, day=min(today.day, 28))


def _moment(day: date) -> pl.Expr:
    """22 o'clock of the day before, as a literal column."""
    evening = datetime(day.year, day.month, day.day, 22, tzinfo=OFFICE_ZONE) - timedelta(days=1)
    return pl.lit(evening).dt.convert_time_zone("Asia/Tokyo")


def _move_cursors(connection: Link, last: dict[str, int]) -> None:
    """Consumers whose subsystem is loaded here have taken these changes in by the load itself."""
    from kokunen.common_platform.integration.datasets import linkages

    for linkage in linkages():
        if linkage.subsystem not in _FED_HERE:
            continue
        for consumer in linkage.consumers:
            for dataset in set(consumer.datasets) & set(last):
                connection.execute(
                    f"insert into {linkage.subsystem}.feed_cursor (consumer, dataset, seq) values (%s, %s, %s) "
                    "on conflict (consumer, dataset) do update set seq = excluded.seq, moved_at = now()",
                    [consumer.name, dataset, last[dataset]],
                )


def _enter_ledger(connection: Link, city: City, system: str, rows: int) -> None:
    connection.execute(
        "select ledger.record('system:city', 'system', 'demo_load', 'load', %s, 'kokunen city generate', '', null, "
        "null, '{}', '{}', %s, jsonb_build_object('rows', %s::bigint, 'seed', %s::bigint))",
        [system, city.residents, rows, city.seed],
    )
