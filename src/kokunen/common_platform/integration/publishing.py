"""公開する: a change and its publication are one transaction. Nothing to relay, nothing to lose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connections
from psycopg import sql

from kokunen.common_platform.integration.datasets import Dataset

CHANNEL = "kokunen_feed"


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """変更の種類: what happened (register, update, remove, cancel), by which 異動事由, on which day.

    `cancels` is the feed number of the change that this one undoes.
    """

    kind: str
    reason_code: str | None = None
    event_on: date | None = None
    cancels: int | None = None


@lru_cache(maxsize=64)
def _statements(dataset: Dataset) -> tuple[sql.Composed, sql.Composed]:
    names = list(dict.fromkeys(("atena_number", *dataset.key, *dataset.column_names)))
    table = sql.Identifier("integrated", dataset.name)
    updates = [name for name in names if name not in dataset.key]
    upsert = sql.SQL(
        "insert into {table} as t ({columns}) select {columns} from jsonb_to_recordset(%s) as r ({shape}) "
        "on conflict ({key}) do update set {updates}{comma}version = t.version + 1, published_at = now() "
        "returning atena_number, version"
    ).format(
        table=table,
        columns=sql.SQL(", ").join(map(sql.Identifier, names)),
        shape=sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_of(dataset, name))) for name in names
        ),
        key=sql.SQL(", ").join(map(sql.Identifier, dataset.key)),
        updates=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in updates),
        comma=sql.SQL(", " if updates else ""),
    )
    change = sql.SQL(
        "insert into {} (atena_number, kind, reason_code, event_on, cancels, version) "
        "select a, %s, %s, %s, %s, v from unnest(%s::text[], %s::bigint[]) "
        "with ordinality as c(a, v, o) order by o returning seq"
    ).format(sql.Identifier("integrated", f"{dataset.name}__change"))
    return upsert, change


def type_of(dataset: Dataset, name: str) -> str:
    """PostgreSQL type of a column; keys that are not declared are text."""
    return next((column.pg_type for column in dataset.columns if column.name == name), "text")


def publish(using: str, dataset: Dataset, rows: Sequence[Mapping[str, Any]], note: ChangeNote) -> list[int]:
    """Write the rows as they now stand and one change each; returns the feed numbers in the order of `rows`.

    Every row has atena_number, the key and every declared column (a missing one becomes empty). Runs in the caller's
    transaction; readers wake when it commits.
    """
    if not rows:
        return []
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("publish() must run in the transaction of the change")
    upsert, change = _statements(dataset)
    allowed = {"atena_number", *dataset.key, *dataset.column_names}
    for row in rows:
        if undeclared := set(row) - allowed:
            raise ValueError(f"dataset {dataset.name} does not declare {', '.join(sorted(undeclared))}")
    with connection.cursor() as cursor:
        cursor.execute("select integrated.enter_feed(%s)", [dataset.name])
        cursor.execute(upsert, [_json(rows)])
        versions = dict(cursor.fetchall())
        numbers = [row["atena_number"] for row in rows]
        cursor.execute(
            change,
            [
                note.kind,
                note.reason_code,
                note.event_on,
                note.cancels,
                numbers,
                [versions[number] for number in numbers],
            ],
        )
        seqs = [int(row[0]) for row in cursor.fetchall()]
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, dataset.name])
    return seqs


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    import orjson

    return orjson.dumps([dict(row) for row in rows]).decode()


def publish_by_copy(
    using: str, dataset: Dataset, columns: Sequence[str], rows: Iterable[Sequence[Any]], note: ChangeNote
) -> int:
    """一括公開: COPY rows that are not published yet, with one change each; returns how many.

    `columns` names the values of each row and contains atena_number and the key. One transaction of the caller: a
    long batch calls this in short chunks, so that the feed is never held up.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("publish_by_copy() must run in a transaction")
    if undeclared := set(columns) - {"atena_number", *dataset.key, *dataset.column_names}:
        raise ValueError(f"dataset {dataset.name} does not declare {', '.join(sorted(undeclared))}")
    where = columns.index("atena_number")
    numbers: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("select integrated.enter_feed(%s)", [dataset.name])
        statement = sql.SQL("copy {} ({}) from stdin").format(
            sql.Identifier("integrated", dataset.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with cursor.copy(statement) as copy:
            for row in rows:
                numbers.append(row[where])
                copy.write_row(row)
        copy_changes(cursor, dataset, numbers, note)
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, dataset.name])
    return len(numbers)


def republish_by_copy(using: str, dataset: Dataset, columns: Sequence[str], rows: bytes, note: ChangeNote) -> int:
    """一括の公開替え: rows that may be published already, as CSV (\\N for empty); one change each; returns how many.

    `columns` names the values of each row and contains atena_number and the key; a row occurs once. One transaction
    of the caller, as in `publish_by_copy`.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("republish_by_copy() must run in a transaction")
    if undeclared := set(columns) - {"atena_number", *dataset.key, *dataset.column_names}:
        raise ValueError(f"dataset {dataset.name} does not declare {', '.join(sorted(undeclared))}")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    table = sql.Identifier("integrated", dataset.name)
    updates = [name for name in columns if name not in dataset.key]
    with connection.cursor() as cursor:
        cursor.execute("select integrated.enter_feed(%s)", [dataset.name])
        cursor.execute(
            sql.SQL("create temp table republished on commit drop as select {} from {} with no data").format(
                names, table
            )
        )
        with cursor.copy(sql.SQL("copy republished ({}) from stdin (format csv, null '\\N')").format(names)) as copy:
            copy.write(rows)
        cursor.execute(
            sql.SQL(
                "insert into {table} as t ({names}) select {names} from republished order by atena_number "
                "on conflict ({key}) do update set {updates}, version = t.version + 1, published_at = now()"
            ).format(
                table=table,
                names=names,
                key=sql.SQL(", ").join(map(sql.Identifier, dataset.key)),
                updates=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(n)) for n in updates),
            )
        )
        count = int(cursor.rowcount)
        cursor.execute(
            sql.SQL(
                "insert into {feed} (atena_number, kind, reason_code, event_on, cancels, version) "
                "select t.atena_number, %s, %s, %s, %s, t.version from {table} t join republished using ({key}) "
                "order by t.atena_number"
            ).format(
                feed=sql.Identifier("integrated", f"{dataset.name}__change"),
                table=table,
                key=sql.SQL(", ").join(map(sql.Identifier, dataset.key)),
            ),
            [note.kind, note.reason_code, note.event_on, note.cancels],
        )
        cursor.execute("drop table republished")
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, dataset.name])
    return count


def copy_changes(cursor: Any, dataset: Dataset, atena_numbers: Sequence[str], note: ChangeNote) -> None:
    """変更記録の一括追加: one change a row, in order (inside `enter_feed`'s transaction)."""
    statement = sql.SQL(
        "insert into {} (atena_number, kind, reason_code, event_on, cancels, version) "
        "select a, %s, %s, %s, %s, 1 from unnest(%s::text[]) with ordinality as c(a, o) order by o"
    ).format(sql.Identifier("integrated", f"{dataset.name}__change"))
    cursor.execute(statement, [note.kind, note.reason_code, note.event_on, note.cancels, list(atena_numbers)])
