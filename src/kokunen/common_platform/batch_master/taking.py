"""書き出し: published tables into Parquet files, all as of one moment.

One connection of the snapshot's own login reads in a repeatable-read transaction. The feed numbers are read before its
first look at a table: what they cover is in the files, and a consumer that goes on from there misses nothing.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from psycopg import Connection, sql

from kokunen.common_platform.batch_master.manifest import ColumnFacts, DatasetFacts, sha256_of
from kokunen.common_platform.integration.datasets import Dataset
from kokunen.common_platform.integration.publishing import type_of
from kokunen.config import environment, keys
from kokunen.config.subsystems import INTEGRATED_SCHEMA, SNAPSHOT_ROLE
from kokunen.kernel.errors import KokunenError

_CHUNK_BYTES = 24 << 20  # of text at a time: bounds the memory whatever the size of the city
_TIME = pa.timestamp("us", tz="Asia/Tokyo")
_PARQUET: dict[str, pa.DataType] = {
    "text": pa.string(),
    "date": pa.date32(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "text[]": pa.string(),
    "jsonb": pa.string(),
    "timestamptz": _TIME,
}


class SnapshotTrouble(KokunenError):
    """写しが元と合わない: the files do not hold what the tables held; the generation must not be used."""

    default_code = "snapshot_mismatch"


@dataclass(frozen=True, slots=True)
class Source:
    """写しの元: the open transaction, its moment, and the feed number of each dataset."""

    connection: Connection[tuple[Any, ...]]
    cutoff_at: datetime
    cutoff_seqs: dict[str, int]


def open_source(datasets: list[Dataset]) -> Source:
    """Begin to read: feed numbers first, then the moment from which on nothing moves."""
    address = environment.database_address()
    connection = psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=address.name,
        user=SNAPSHOT_ROLE,
        password=keys.role_password(SNAPSHOT_ROLE),
        application_name="kokunen batch master",
        options="-c timezone=Asia/Tokyo",
    )
    connection.autocommit = True
    seqs = {dataset.name: _horizon(connection, dataset.name) for dataset in datasets}
    connection.autocommit = False
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    row = connection.execute("select transaction_timestamp()").fetchone()
    assert row is not None
    return Source(connection, row[0], seqs)


def _horizon(connection: Connection[tuple[Any, ...]], dataset: str) -> int:
    row = connection.execute("select integrated.feed_horizon(%s)", [dataset]).fetchone()
    return int(row[0]) if row else 0


def write_dataset(source: Source, dataset: Dataset, folder: Path) -> DatasetFacts:
    """One table into one file, in the order of its key. Raises SnapshotTrouble when file and table differ."""
    shape = _shape(dataset)
    path = folder / f"{dataset.name}.parquet"
    rows, total = 0, 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with pq.ParquetWriter(file, _schema(shape), compression="zstd", compression_level=1) as writer:
            for chunk in _chunks(source.connection, dataset, shape):
                writer.write_table(chunk)
                rows += chunk.num_rows
                total += pc.sum(chunk.column("version")).as_py()
        file.flush()
        os.fsync(file.fileno())
    counted = source.connection.execute(
        sql.SQL("select count(*), coalesce(sum(version), 0)::bigint from {}").format(_table(dataset))
    ).fetchone()
    if counted != (rows, total) or pq.ParquetFile(path).metadata.num_rows != rows:
        raise SnapshotTrouble(f"{dataset.label_ja}の写しが、元の表と一致しません", dataset.name)
    columns = tuple(
        ColumnFacts(name, pg_type, str(_PARQUET[pg_type]), label) for name, (pg_type, label) in shape.items()
    )
    return DatasetFacts(
        dataset.label_ja, path.name, rows, total, source.cutoff_seqs[dataset.name], path.stat().st_size,
        sha256_of(path), columns,
    )  # fmt: skip


def _shape(dataset: Dataset) -> dict[str, tuple[str, str]]:
    """Columns of the file in order: name → (type in the database, label)."""
    labels = {column.name: column.label_ja for column in dataset.columns}
    names = dict.fromkeys(("atena_number", *dataset.key, *dataset.column_names))
    shape = {name: (type_of(dataset, name), labels.get(name, "宛名番号")) for name in names}
    return {**shape, "version": ("bigint", "公開の版"), "published_at": ("timestamptz", "公開日時")}


def _schema(shape: dict[str, tuple[str, str]]) -> pa.Schema:
    return pa.schema([(name, _PARQUET[pg_type]) for name, (pg_type, _) in shape.items()])


def _chunks(
    connection: Connection[tuple[Any, ...]], dataset: Dataset, shape: dict[str, tuple[str, str]]
) -> Iterator[pa.Table]:
    """The table in pieces of whole rows."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(_statement(dataset, shape)) as copy:
        for row in copy:
            buffer.write(row)
            if buffer.tell() >= _CHUNK_BYTES:
                yield _parse(buffer, shape)
                buffer = io.BytesIO()
    if buffer.tell():
        yield _parse(buffer, shape)


def _statement(dataset: Dataset, shape: dict[str, tuple[str, str]]) -> sql.Composed:
    return sql.SQL("copy (select {} from {} order by {}) to stdout (format csv)").format(
        sql.SQL(", ").join(_plain(name, pg_type) for name, (pg_type, _) in shape.items()),
        _table(dataset),
        sql.SQL(", ").join(map(sql.Identifier, dataset.key)),
    )


def _plain(name: str, pg_type: str) -> sql.Composed:
    """The column as text that both sides read alike: times as microseconds, lists as JSON."""
    column = sql.Identifier(name)
    if pg_type == "timestamptz":
        return sql.SQL("(extract(epoch from {}) * 1000000)::bigint").format(column)
    if pg_type == "text[]":
        return sql.SQL("to_jsonb({})").format(column)
    return sql.SQL("{}").format(column)


def _table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(INTEGRATED_SCHEMA, dataset.name)


def _parse(buffer: io.BytesIO, shape: dict[str, tuple[str, str]]) -> pa.Table:
    schema = _schema(shape)
    read = {field.name: pa.int64() if field.type == _TIME else field.type for field in schema}
    table = pa_csv.read_csv(
        pa.py_buffer(buffer.getbuffer()),
        read_options=pa_csv.ReadOptions(column_names=list(shape), block_size=4 << 20),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=read,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,  # "" is an empty text, nothing at all is no value
            true_values=["t"],
            false_values=["f"],
        ),
    )
    return table.cast(schema)
