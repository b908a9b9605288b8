"""一括登録 (COPY): Polars frames into PostgreSQL, and the indexes that wait until the rows are there."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from psycopg import Connection, sql

Link = Connection[tuple[Any, ...]]
NULL = "\\N"


def copy_frame(connection: Link, schema: str, table: str, frame: pl.DataFrame, *, fresh: bool = True) -> int:
    """COPY で入れる: the frame's columns by name into the table; returns the number of rows.

    ``fresh``: the table was emptied by `take_away` in this transaction; its rows are frozen as they come, so that
    nobody who reads them later has to write to them. The text format is read by the server in fewer steps than CSV;
    what it takes for more than a character (tab, line break, backslash) stands in no made-up name or address, and
    would break the number of columns, never come in as another value.
    """
    if frame.is_empty():
        return 0
    statement = sql.SQL("copy {} ({}) from stdin (freeze {}, null {})").format(
        sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, frame.columns)), sql.Literal(fresh), NULL
    )
    buffer = io.BytesIO()
    frame.write_csv(
        buffer,
        include_header=False,
        separator="\t",
        quote_style="never",
        null_value=NULL,
        datetime_format="%Y-%m-%d %H:%M:%S%.f%:z",
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(buffer.getvalue())
    return frame.height


def day_range(begin: str, end: str | None) -> pl.Expr:
    """有効期間 as text of a daterange; an empty end stays open."""
    upper = pl.lit("") if end is None else pl.col(end).cast(pl.String).fill_null("")
    return pl.format("[{},{})", pl.col(begin).cast(pl.String), upper)


def moment_range(begin: str, end: str | None) -> pl.Expr:
    """記録期間 as text of a tstzrange; an empty end stays open."""

    def text(column: str) -> pl.Expr:
        return pl.col(column).dt.strftime("%Y-%m-%d %H:%M:%S%.f%:z")

    upper = pl.lit("") if end is None else text(end).fill_null("")
    return pl.format("[{},{})", text(begin), upper)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An index or constraint taken away, with the statements that bring it back."""

    drop: sql.Composed
    create: tuple[sql.Composed, ...]


def take_away(connection: Link, tables: Sequence[tuple[str, str]], keep: frozenset[str] = frozenset()) -> list[Waiting]:
    """索引を外す: keys, indexes and the constraints that need one (not checks, not those named in ``keep``).

    In the transaction of the load: if it fails, everything stands as before. The tables, empty before, get new files
    that only this transaction sees. The references come first in the list,
    since no key can go while another table points at it.
    """
    places = [sql.Identifier(schema, table) for schema, table in tables]
    waiting = _references(connection, tables)
    for place, (schema, table) in zip(places, tables, strict=True):
        waiting += _constraints(connection, place, schema, table) + _indexes(connection, schema, table, keep)
    for each in waiting:
        connection.execute(each.drop)
    connection.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(places)))
    return waiting


def bring_back(connection: Link, waiting: Sequence[Waiting], tables: Sequence[tuple[str, str]]) -> None:
    """索引をつくる: building them checks every row, so nothing comes in that the constraints would have refused."""
    for each in reversed(waiting):
        for statement in each.create:
            connection.execute(statement)
    for schema, table in tables:
        connection.execute(sql.SQL("analyze {}").format(sql.Identifier(schema, table)))


def _references(connection: Link, tables: Sequence[tuple[str, str]]) -> list[Waiting]:
    """Foreign keys from these tables and to them."""
    rows = connection.execute(
        "select r.relnamespace::regnamespace::text, r.relname, c.conname, pg_get_constraintdef(c.oid) "
        "from pg_constraint c join pg_class r on r.oid = c.conrelid "
        "join unnest(%s::text[], %s::text[]) as t (schema, name) "
        "on format('%%I.%%I', t.schema, t.name)::regclass in (c.conrelid, c.confrelid) "
        "where c.contype = 'f' group by c.oid, r.relnamespace, r.relname order by r.relname, c.conname",
        [[schema for schema, _ in tables], [table for _, table in tables]],
    ).fetchall()
    return [_constraint(sql.Identifier(schema, table), name, definition) for schema, table, name, definition in rows]


def _constraints(connection: Link, place: sql.Identifier, schema: str, table: str) -> list[Waiting]:
    """Keys, uniqueness and exclusion; the primary key last, so that it comes back first."""
    rows = connection.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint "
        "where conrelid = format('%%I.%%I', %s::text, %s::text)::regclass and contype in ('p', 'u', 'x') "
        "order by contype = 'p', contype desc, conname",
        [schema, table],
    ).fetchall()
    return [_constraint(place, name, definition) for name, definition in rows]


def _constraint(place: sql.Identifier, name: Any, definition: Any) -> Waiting:
    label = sql.Identifier(str(name))
    return Waiting(
        sql.SQL("alter table {} drop constraint {}").format(place, label),
        (sql.SQL("alter table {} add constraint {} {}").format(place, label, _raw(definition)),),
    )


def _indexes(connection: Link, schema: str, table: str, keep: frozenset[str]) -> list[Waiting]:
    """Indexes that serve no constraint, with the statistics asked for of their expression."""
    found = []
    for index, definition, target in connection.execute(
        "select c.relname, pg_get_indexdef(i.indexrelid), (select attstattarget from pg_attribute "
        "where attrelid = i.indexrelid and attnum = 1) from pg_index i join pg_class c on c.oid = i.indexrelid "
        "where i.indrelid = format('%%I.%%I', %s::text, %s::text)::regclass and not exists "
        "(select 1 from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x')) order by c.relname",
        [schema, table],
    ).fetchall():
        if index in keep:
            continue
        place = sql.Identifier(schema, str(index))
        create = [_raw(definition)]
        if target is not None and int(target) >= 0:
            create.append(
                sql.SQL("alter index {} alter column 1 set statistics {}").format(place, sql.Literal(int(target)))
            )
        found.append(Waiting(sql.SQL("drop index {}").format(place), tuple(create)))
    return found


def _raw(definition: Any) -> sql.Composed:
    """A definition that PostgreSQL itself wrote."""
    return sql.Composed([sql.SQL(str(definition))])


def set_identity(connection: Link, schema: str, table: str, column: str, last: int) -> None:
    """自動採番を進める: the next number comes after those that were given."""
    connection.execute(
        "select setval(pg_get_serial_sequence(format('%%I.%%I', %s::text, %s::text), %s), %s)",
        [schema, table, column, max(last, 1)],
    )


@dataclass(slots=True)
class Feed:
    """公開: rows of a dataset and one change each, in the transaction of the load."""

    connection: Link
    dataset: str
    fresh: bool = True

    def open(self) -> None:
        """Take the feed's lock, as every publisher does."""
        self.connection.execute("select integrated.enter_feed(%s)", [self.dataset])

    def publish(self, rows: pl.DataFrame, changes: pl.DataFrame) -> int:
        """``changes``: atena_number, kind, reason_code, event_on of each row, in the same order. How many went in."""
        count = copy_frame(self.connection, "integrated", self.dataset, rows, fresh=self.fresh)
        numbered = changes.with_columns(version=pl.lit(1, pl.Int64))
        return count + copy_frame(self.connection, "integrated", f"{self.dataset}__change", numbered, fresh=self.fresh)

    def last(self) -> int:
        """The number of the newest change."""
        row = self.connection.execute(
            sql.SQL("select coalesce(max(seq), 0) from {}").format(
                sql.Identifier("integrated", f"{self.dataset}__change")
            )
        ).fetchone()
        return int(row[0]) if row else 0
