"""連携の状況: for every dataset what is published, for every consumer how far it is, and what stopped it.

"Gap" is what lies between the last number of a feed and the horizon behind which nothing can appear any more: changes
of a publisher that has not committed yet. It closes by itself when the publisher's transaction ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction
from psycopg import sql

from kokunen.common_platform.integration.consuming import Consumer, replay_parked
from kokunen.common_platform.integration.datasets import datasets, linkages
from kokunen.config.subsystems import BY_ALIAS
from kokunen.kernel.errors import InputError


@dataclass(frozen=True, slots=True)
class FeedRow:
    """利用の一行: one consumer at one dataset. `lag_seconds` is the age of the oldest change that waits for it."""

    consumer: str
    subsystem_ja: str
    dataset: str
    dataset_ja: str
    position: int
    horizon: int
    backlog: int
    lag_seconds: float
    parked: int
    last_error: str
    last_error_at: datetime | None
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """公開の一行: `rows` is the planner's estimate, `gap` the changes of publishers that are still at work."""

    dataset: str
    dataset_ja: str
    publisher_ja: str
    rows: int
    last_seq: int
    horizon: int
    published_at: datetime | None

    @property
    def gap(self) -> int:
        """Numbers given out behind the horizon."""
        return max(0, self.last_seq - self.horizon)


def consumers() -> list[Consumer]:
    """利用者の一覧: of the subsystems that this process serves."""
    from kokunen.config import environment

    served = set(environment.served_subsystems())
    return [c for linkage in linkages() for c in linkage.consumers if c.subsystem in served]


def feed_rows() -> list[FeedRow]:
    """利用の状況: one statement for each consumer and dataset."""
    published = datasets()
    return [
        _feed_row(consumer, name, published[name].label_ja) for consumer in consumers() for name in consumer.datasets
    ]


def _feed_row(consumer: Consumer, dataset: str, label_ja: str) -> FeedRow:
    view = sql.Identifier("integrated", f"{consumer.subsystem}__{dataset}__change")
    statement = sql.SQL(
        "with c as (select coalesce(max(seq), 0) as position, max(moved_at) as moved_at from feed_cursor "
        "where consumer = %(consumer)s and dataset = %(dataset)s), h as (select integrated.feed_horizon(%(dataset)s) n)"
        "select c.position, h.n, (select count(*) from {view} where seq > c.position and seq <= h.n), "
        "coalesce((select extract(epoch from clock_timestamp() - published_at) from {view} "
        "where seq > c.position order by seq limit 1), 0), p.parked, coalesce(p.error, ''), p.parked_at, c.moved_at "
        "from c, h, lateral (select count(*) as parked, max(parked_at) as parked_at, "
        "(array_agg(error order by parked_at desc))[1] as error from feed_parked "
        "where consumer = %(consumer)s and dataset = %(dataset)s) p"
    ).format(view=view)
    with connections[consumer.subsystem].cursor() as cursor:
        cursor.execute(statement, {"consumer": consumer.name, "dataset": dataset})
        row = cursor.fetchone()
    assert row is not None
    position, horizon, backlog, lag, parked, error, error_at, moved_at = row
    return FeedRow(
        consumer.name,
        BY_ALIAS[consumer.subsystem].ja,
        dataset,
        label_ja,
        position,
        horizon,
        backlog,
        float(lag),
        parked,
        error.partition(":")[0] if error else "",
        error_at,
        moved_at,
    )


def dataset_rows() -> list[DatasetRow]:
    """公開の状況: one statement for each dataset."""
    from kokunen.config import environment

    served = set(environment.served_subsystems())
    rows = []
    for name, dataset in datasets().items():
        if dataset.publisher not in served:
            continue
        with connections[dataset.publisher].cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "select (select greatest(reltuples, 0)::bigint from pg_class where oid = %s::regclass), "
                    "coalesce(f.seq, 0), integrated.feed_horizon(%s), f.published_at from (select 1) x "
                    "left join lateral (select seq, published_at from {} order by seq desc limit 1) f on true"
                ).format(sql.Identifier("integrated", f"{name}__change")),
                [f"integrated.{name}", name],
            )
            count, last_seq, horizon, published_at = cursor.fetchone() or (0, 0, 0, None)
        publisher = BY_ALIAS[dataset.publisher].ja
        rows.append(DatasetRow(name, dataset.label_ja, publisher, count, last_seq, horizon, published_at))
    return rows


def replay(consumer_name: str, dataset: str) -> int:
    """保留分の再処理 by names. Raises InputError for a pair that nobody declares."""
    for consumer in consumers():
        if consumer.name == consumer_name and dataset in consumer.datasets:
            return replay_parked(consumer, dataset)
    raise InputError("その利用者と連携データの組はありません", "consumer", hint="一覧から選び直してください。")


def rewind(consumer: Consumer, dataset: str, to_seq: int) -> None:
    """巻き戻し: the consumer takes everything after ``to_seq`` again. For a consumer whose `apply` may meet a change
    twice (a copy, a search index); it also forgets what was set aside after that number.
    """
    using = consumer.subsystem
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "update feed_cursor set seq = least(seq, %s) where consumer = %s and dataset = %s",
            [to_seq, consumer.name, dataset],
        )
        cursor.execute(
            "delete from feed_parked where consumer = %s and dataset = %s and seq > %s",
            [consumer.name, dataset, to_seq],
        )
