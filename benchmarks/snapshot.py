"""バッチマスタ: the whole integrated database of a big city as columnar files, and a batch that starts over it."""

from __future__ import annotations

import time
from uuid import uuid4

from benchmarks import _city
from kokunen.commands.bench import Figure

SECONDS_OF_THE_GOAL, START_OF_THE_GOAL = 90, 2


def measure() -> list[Figure]:
    """Seconds for a snapshot beside a plain COPY of the same rows, and from opening it to the first figures."""
    _city.use()
    from kokunen.common_platform.batch_master.services import take_snapshot

    plain = _plain_copy()
    taken = take_snapshot()
    share = _city.RESIDENTS / 600_000
    return [
        Figure(
            f"バッチマスタの作成（住民{_city.RESIDENTS:,}人、{taken.generation.rows:,}行）",
            "秒",
            taken.seconds,
            SECONDS_OF_THE_GOAL * min(1.0, share),
            "less",
            "同じ行のCOPY（CSV）",
            plain,
        ),
        Figure("バッチの開始（開いて住民を数えるまで）", "秒", _start(), START_OF_THE_GOAL, "less"),
    ]


def _plain_copy() -> float:
    """The same tables as text to nowhere: what reading alone costs."""
    from psycopg import sql

    from kokunen.common_platform.batch_master.taking import open_source
    from kokunen.common_platform.integration.datasets import datasets

    published = list(datasets().values())
    began = time.perf_counter()
    source = open_source(published)
    with source.connection.cursor() as cursor:
        for dataset in published:
            statement = sql.SQL("copy (select * from {}) to stdout (format csv)")
            with cursor.copy(statement.format(sql.Identifier("integrated", dataset.name))) as copy:
                for _ in copy:
                    continue
    source.connection.close()
    return time.perf_counter() - began


def _start() -> float:
    import polars as pl

    from kokunen.common_platform.batch_master.readers import open_snapshot
    from kokunen.ledger.access import system_context

    began = time.perf_counter()
    context = system_context("測定", "tax_assessment")
    with open_snapshot("resident_tax", batch="benchmark", run=str(uuid4()), context=context) as snapshot:
        residents = snapshot.scan("resident", "atena_number", "status", "birth_date")
        residents.group_by("status").agg(pl.len(), pl.col("birth_date").min()).collect()
    return time.perf_counter() - began
