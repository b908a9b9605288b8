"""利用する: following a change feed so that each change takes effect exactly once.

The cursor moves in the transaction of what the consumer does with the changes. A change that a consumer cannot digest
is set aside with its error, later changes of the same person wait behind it, and everybody else goes on; an operator
replays it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connections, transaction
from psycopg import sql

log = logging.getLogger("kokunen.integration")

BATCH = 500


@dataclass(frozen=True, slots=True)
class Change:
    """変更: one entry of a feed. `cancels` is the feed number of the change that it undoes."""

    dataset: str
    seq: int
    atena_number: str
    kind: str
    reason_code: str | None
    event_on: date | None
    cancels: int | None
    published_at: datetime


class Consumer(Protocol):
    """利用者: what a subsystem does with changes; declared in its linkage.py.

    `apply` runs inside the transaction that moves the cursor, on the alias `using`. It may be called again with the
    same changes only when that transaction was rolled back. With an empty cursor it is given all rows from the first
    change on.
    """

    name: str
    subsystem: str
    datasets: tuple[str, ...]

    def apply(self, using: str, changes: Sequence[Change]) -> None:
        """Take the changes, in feed order."""
        ...


def run_once(consumer: Consumer, limit: int = BATCH) -> int:
    """Digest what is ready, one dataset after the other; returns how many changes were taken or set aside."""
    return sum(_advance(consumer, dataset, limit) for dataset in consumer.datasets)


def drain(consumer: Consumer) -> int:
    """Digest until nothing is ready."""
    total = 0
    while count := run_once(consumer):
        total += count
    return total


def _advance(consumer: Consumer, dataset: str, limit: int) -> int:
    try:
        return _take(consumer, dataset, limit)
    except Exception:
        if limit > 1:
            # find the one that does not go: one by one
            log.exception("consumer %s: a batch of %s failed, going on one by one", consumer.name, dataset)
            return sum(_advance(consumer, dataset, 1) for _ in range(_ready(consumer, dataset, limit)))
        return _set_aside(consumer, dataset)


def _take(consumer: Consumer, dataset: str, limit: int) -> int:
    using = consumer.subsystem
    with transaction.atomic(using=using), _cursor_row(consumer, dataset) as position:
        if position is None:
            return 0
        changes = _fetch(consumer, dataset, position, limit)
        if not changes:
            return 0
        blocked = _blocked(consumer, dataset, {change.atena_number for change in changes})
        if waiting := [change for change in changes if change.atena_number in blocked]:
            _park(consumer, waiting, "前の変更の処理待ち")
        if ready := [change for change in changes if change.atena_number not in blocked]:
            consumer.apply(using, ready)
        _move(consumer, dataset, changes[-1].seq)
        return len(changes)


def _set_aside(consumer: Consumer, dataset: str) -> int:
    """The next change of the feed failed alone: park it with its error, so that others go on."""
    using = consumer.subsystem
    with transaction.atomic(using=using), _cursor_row(consumer, dataset) as position:
        if position is None:
            return 0
        changes = _fetch(consumer, dataset, position, 1)
        if not changes:
            return 0
        error = "原因不明"
        try:
            with transaction.atomic(using=using):
                consumer.apply(using, changes)
        except Exception as failure:
            log.exception("consumer %s: change %s of %s set aside", consumer.name, changes[0].seq, dataset)
            error = f"{type(failure).__name__}: {failure}"
            _park(consumer, changes, error)
        _move(consumer, dataset, changes[-1].seq)
        return 1


def replay_parked(consumer: Consumer, dataset: str) -> int:
    """保留分の再処理: try the changes that were set aside again, in order; returns how many went through."""
    using, done = consumer.subsystem, 0
    stuck: set[str] = set()
    for change in parked(consumer, dataset):
        if change.atena_number in stuck:
            continue
        try:
            with transaction.atomic(using=using), _cursor_row(consumer, dataset):
                consumer.apply(using, [change])
                with connections[using].cursor() as cursor:
                    cursor.execute(
                        "delete from feed_parked where consumer = %s and dataset = %s and seq = %s",
                        [consumer.name, dataset, change.seq],
                    )
            done += 1
        except Exception:
            log.exception("consumer %s: change %s of %s still fails", consumer.name, change.seq, dataset)
            stuck.add(change.atena_number)
    return done


def parked(consumer: Consumer, dataset: str) -> list[Change]:
    """保留中の変更: what was set aside, oldest first."""
    with connections[consumer.subsystem].cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "select seq, atena_number, kind, reason_code, event_on, cancels, published_at from {} "
                "where seq in (select seq from feed_parked where consumer = %s and dataset = %s) order by seq"
            ).format(_change_view(consumer, dataset)),
            [consumer.name, dataset],
        )
        return [Change(dataset, *row) for row in cursor.fetchall()]


@contextmanager
def _cursor_row(consumer: Consumer, dataset: str) -> Iterator[int | None]:
    """The position, locked; None when another worker is at it."""
    with connections[consumer.subsystem].cursor() as cursor:
        cursor.execute(
            "insert into feed_cursor (consumer, dataset) values (%s, %s) on conflict do nothing",
            [consumer.name, dataset],
        )
        cursor.execute(
            "select seq from feed_cursor where consumer = %s and dataset = %s for update skip locked",
            [consumer.name, dataset],
        )
        row = cursor.fetchone()
    yield None if row is None else int(row[0])


def _fetch(consumer: Consumer, dataset: str, position: int, limit: int) -> list[Change]:
    with connections[consumer.subsystem].cursor() as cursor:
        # two statements on purpose: the horizon first, then a newer snapshot that sees all that ended below it
        cursor.execute("select integrated.feed_horizon(%s)", [dataset])
        row = cursor.fetchone()
        horizon = int(row[0]) if row else 0
        if horizon <= position:
            return []
        cursor.execute(
            sql.SQL(
                "select seq, atena_number, kind, reason_code, event_on, cancels, published_at from {} "
                "where seq > %s and seq <= %s order by seq limit %s"
            ).format(_change_view(consumer, dataset)),
            [position, horizon, limit],
        )
        return [Change(dataset, *row) for row in cursor.fetchall()]


def _ready(consumer: Consumer, dataset: str, limit: int) -> int:
    with transaction.atomic(using=consumer.subsystem), _cursor_row(consumer, dataset) as position:
        return 0 if position is None else len(_fetch(consumer, dataset, position, limit))


def _blocked(consumer: Consumer, dataset: str, numbers: set[str]) -> set[str]:
    with connections[consumer.subsystem].cursor() as cursor:
        cursor.execute(
            "select distinct atena_number from feed_parked where "
            "consumer = %s and dataset = %s and atena_number = any(%s)",
            [consumer.name, dataset, list(numbers)],
        )
        return {row[0] for row in cursor.fetchall()}


def _park(consumer: Consumer, changes: Sequence[Change], error: str) -> None:
    with connections[consumer.subsystem].cursor() as cursor:
        cursor.executemany(
            "insert into feed_parked (consumer, dataset, seq, atena_number, error) values (%s, %s, %s, %s, %s)",
            [(consumer.name, change.dataset, change.seq, change.atena_number, error[:2000]) for change in changes],
        )


def _move(consumer: Consumer, dataset: str, seq: int) -> None:
    with connections[consumer.subsystem].cursor() as cursor:
        cursor.execute(
            "update feed_cursor set seq = %s, moved_at = clock_timestamp() where consumer = %s and dataset = %s",
            [seq, consumer.name, dataset],
        )


def _change_view(consumer: Consumer, dataset: str) -> sql.Identifier:
    return sql.Identifier("integrated", f"{consumer.subsystem}__{dataset}__change")


def consumer_status(consumer: Consumer) -> list[dict[str, Any]]:
    """利用の状況: position, backlog and parked changes per dataset (for operators and health)."""
    result = []
    for dataset in consumer.datasets:
        with connections[consumer.subsystem].cursor() as cursor:
            cursor.execute(
                "select coalesce((select seq from feed_cursor where consumer = %s and dataset = %s), 0), "
                "integrated.feed_horizon(%s), (select count(*) from feed_parked where consumer = %s and dataset = %s)",
                [consumer.name, dataset, dataset, consumer.name, dataset],
            )
            position, horizon, waiting = cursor.fetchone() or (0, 0, 0)
        result.append(
            {
                "consumer": consumer.name,
                "dataset": dataset,
                "position": position,
                "backlog": max(0, horizon - position),
                "parked": waiting,
            }
        )
    return result
