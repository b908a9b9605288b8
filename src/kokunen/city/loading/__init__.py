"""市を入れる: the generated city into each subsystem's own tables by COPY, published like any other change.

One transaction of the migrator, who alone may put indexes aside: either the whole city is there or nothing. The rows
obey every check, key and trigger of the tables; indexes and exclusion constraints are built over them at the end, which
tests every row again. Each dataset gets its rows and one change a row under the feed's lock. 国民年金 is loaded in the
state that it would have reached by following the feed, so its cursor is put behind the loaded changes. The ledger says
what was loaded. The truth of the city (truth/) is not read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from kokunen.city.block import YEARS_OF_HISTORY
from kokunen.city.city import City
from kokunen.city.loading import pension, registry, tax
from kokunen.city.loading.copying import Feed, Link, indexes_afterwards
from kokunen.kernel.errors import Conflict

OFFICE_ZONE = ZoneInfo("Asia/Tokyo")
_KEPT = frozenset({"resident_household_idx"})  # the household check of the register looks through it at every chunk
_FED_HERE = ("national_pension",)
Stage = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """結果: rows written by subsystem (published rows included) and seconds."""

    rows: dict[str, int]
    seconds: float
    copy_seconds: float
    index_seconds: float


def load_city(city: City, stage: Stage = lambda _: None) -> Loaded:
    """市を入れる. Raises Conflict when people are already there: a city is loaded once, into an empty database."""
    from kokunen.config import provision

    with provision.migrator_connection() as connection:
        _refuse_if_inhabited(connection)
        connection.execute(
            "set local synchronous_commit = off; set local maintenance_work_mem = '384MB'; "
            "set local max_parallel_maintenance_workers = 2; set local timezone = 'Asia/Tokyo'; "
            "set local search_path = resident_registry, public"
        )
        return _load(connection, city, stage)


def _refuse_if_inhabited(connection: Link) -> None:
    row = connection.execute("select exists (select 1 from resident_registry.resident_version)").fetchone()
    if row is not None and row[0]:
        raise Conflict(
            "この市にはすでに住民がいます。市の登録は、空の市に一度だけできます",
            hint="作り直すときは make reset で市を消してから始めてください。",
        )


def _load(connection: Link, city: City, stage: Stage) -> Loaded:
    started = time.monotonic()
    registers = registry.RegistryLoader(connection, Feed(connection, "resident"))
    taxes = tax.TaxLoader(connection, Feed(connection, "income"))
    pensions = pension.PensionLoader(connection, _moment(_cutover(city.today)), _moment(city.today))
    with indexes_afterwards(connection, _tables(), _KEPT):
        registers.feed.open()
        taxes.feed.open()
        for block in city.each_block():
            for loader in (registers, taxes, pensions):
                loader.load(block.tables)
        registers.finish(city.blocks, city.residents, city.seed)
        copied = time.monotonic()
        stage("索引をつくっています")
    _move_cursors(connection, {"resident": registers.feed.last(), "income": taxes.feed.last()})
    rows = {"resident_registry": registers.rows, "resident_tax": taxes.rows, "national_pension": pensions.rows}
    _enter_ledger(connection, city, rows)
    done = time.monotonic()
    return Loaded(rows, done - started, copied - started, done - copied)


def _tables() -> list[tuple[str, str]]:
    """Tables that are filled."""
    own = [(module.SCHEMA, table) for module in (registry, tax, pension) for table in module.TABLES]
    feeds = [("integrated", name) for name in ("resident", "resident__change", "income", "income__change")]
    return own + feeds


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


def _enter_ledger(connection: Link, city: City, rows: dict[str, int]) -> None:
    for subsystem, count in rows.items():
        connection.execute(
            "select ledger.record('system:city', 'system', 'demo_load', 'load', %s, 'kokunen city generate', '', null, "
            "null, '{}', '{}', %s, jsonb_build_object('rows', %s::bigint, 'seed', %s::bigint))",
            [subsystem, city.residents, count, city.seed],
        )
