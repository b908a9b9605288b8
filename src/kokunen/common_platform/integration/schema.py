"""統合データベースの形: tables, feeds and views of schema `integrated`, made from the declarations and the assessment.

Run by the migrator. A table holds what its publisher declares; a consumer sees a view with just the columns that it
declares and the assessment allows. Views of an earlier declaration that are not declared any more are dropped, so
that a flow that leaves the assessment stops working at the next start.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from kokunen.assessment.flows import check_consumption
from kokunen.assessment.queries import policy_in_force
from kokunen.common_platform.integration.datasets import Consumption, Dataset, datasets, linkages
from kokunen.common_platform.integration.publishing import type_of
from kokunen.config.subsystems import BY_ALIAS, INTEGRATED_SCHEMA, SNAPSHOT_ROLE

_CHANGE_COLUMNS = "seq, atena_number, kind, reason_code, event_on, cancels, published_at"
_KEY_ITEMS = {"atena_number": "宛名番号", "version": "公開の版"}


@dataclass(frozen=True, slots=True)
class DeclaredView:
    """宣言された利用: a consumption that passed the assessment."""

    subsystem: str
    dataset: Dataset
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """View name; its feed is `<name>__change`."""
        return f"{self.subsystem}__{self.dataset.name}"


def declared_views() -> list[DeclaredView]:
    """Every consumption, checked against the assessment in force; NotAllowed names the column that is not declared."""
    policy, published = policy_in_force(), datasets()
    views = []
    for linkage in linkages():
        for consumption in linkage.consumes:
            dataset = published.get(consumption.dataset)
            if dataset is None:
                raise ValueError(f"{linkage.subsystem} consumes {consumption.dataset}, which nobody publishes")
            check_consumption(
                policy,
                publisher=dataset.publisher,
                consumer=linkage.subsystem,
                flow_id=consumption.flow,
                dataset=dataset.name,
                items=_claimed_items(dataset, consumption),
            )
            views.append(DeclaredView(linkage.subsystem, dataset, consumption.columns))
    return views


def _claimed_items(dataset: Dataset, consumption: Consumption) -> list[tuple[str, str | None]]:
    by_name = {column.name: column.item for column in dataset.columns}
    unknown = [name for name in consumption.columns if name not in by_name and name not in _KEY_ITEMS]
    if unknown:
        raise ValueError(f"{dataset.name} does not publish {', '.join(unknown)}")
    return [(name, by_name.get(name, _KEY_ITEMS.get(name))) for name in consumption.columns]


def build(connection: Connection[tuple[Any, ...]]) -> None:
    """Make or extend tables and feeds, then remake every view and its grants; safe to repeat."""
    views = declared_views()
    for dataset in datasets().values():
        _table(connection, dataset)
    for (name,) in connection.execute(
        "select viewname from pg_views where schemaname = %s", [INTEGRATED_SCHEMA]
    ).fetchall():
        connection.execute(sql.SQL("drop view {} cascade").format(sql.Identifier(INTEGRATED_SCHEMA, str(name))))
    for view in views:
        _view(connection, view)
    _remember(connection, views)


def shape_of(views: Sequence[DeclaredView]) -> dict[str, list[str]]:
    """形: columns by view name, as they are to be made."""
    return {view.name: list(view.columns) for view in views}


def _remember(connection: Connection[tuple[Any, ...]], views: Sequence[DeclaredView]) -> None:
    """Which edition the views were made from and how they look, for the start of the program to compare."""
    connection.execute(
        "create table if not exists assessment.built_views (one boolean primary key default true check (one), "
        "edition text not null, shape jsonb not null, built_at timestamptz not null default now())"
    )
    connection.execute(
        "insert into assessment.built_views (edition, shape) values (%s, %s) on conflict (one) do update "
        "set edition = excluded.edition, shape = excluded.shape, built_at = now()",
        [policy_in_force().edition, json.dumps(shape_of(views))],
    )


def _table(connection: Connection[tuple[Any, ...]], dataset: Dataset) -> None:
    table = sql.Identifier(INTEGRATED_SCHEMA, dataset.name)
    feed = sql.Identifier(INTEGRATED_SCHEMA, f"{dataset.name}__change")
    publisher = sql.Identifier(BY_ALIAS[dataset.publisher].role)
    keys = [name for name in dataset.key if name != "atena_number"]
    connection.execute(
        sql.SQL(
            "create table if not exists {table} (atena_number text not null, {keys} version bigint not null default 1, "
            "published_at timestamptz not null default now(), primary key ({key}))"
        ).format(
            table=table,
            keys=sql.SQL("").join(
                sql.SQL("{} {} not null, ").format(sql.Identifier(name), sql.SQL(type_of(dataset, name)))
                for name in keys
            ),
            key=sql.SQL(", ").join(map(sql.Identifier, dataset.key)),
        )
    )
    for column in dataset.columns:
        if column.name not in keys:
            connection.execute(
                sql.SQL("alter table {} add column if not exists {} {}{}").format(
                    table,
                    sql.Identifier(column.name),
                    sql.SQL(column.pg_type),
                    sql.SQL("" if column.nullable else " not null"),
                )
            )
        connection.execute(
            sql.SQL("comment on column {}.{} is {}").format(table, sql.Identifier(column.name), column.label_ja)
        )
    connection.execute(
        sql.SQL(
            "create table if not exists {} (seq bigint generated always "
            "as identity primary key, atena_number text not null, "
            "kind text not null check (kind in ('register', 'update', "
            "'remove', 'cancel')), reason_code text, event_on date, "
            "cancels bigint, version bigint not null, published_at timestamptz not null default clock_timestamp())"
        ).format(feed)
    )
    for number, definition in enumerate(dataset.indexes):
        connection.execute(
            sql.SQL("create index if not exists {} on {} {}").format(
                sql.Identifier(f"{dataset.name}_{number}"), table, sql.SQL(definition)
            )
        )
    connection.execute(sql.SQL("grant select, insert, update on {} to {}").format(table, publisher))
    connection.execute(sql.SQL("grant select, insert on {} to {}").format(feed, publisher))
    connection.execute(sql.SQL("grant select on {} to {}").format(table, sql.Identifier(SNAPSHOT_ROLE)))


def _view(connection: Connection[tuple[Any, ...]], view: DeclaredView) -> None:
    role = sql.Identifier(BY_ALIAS[view.subsystem].role)
    columns = list(dict.fromkeys(("atena_number", *view.dataset.key, *view.columns)))
    for name, select, source in (
        (view.name, sql.SQL(", ").join(map(sql.Identifier, columns)), view.dataset.name),
        (f"{view.name}__change", sql.SQL(_CHANGE_COLUMNS), f"{view.dataset.name}__change"),
    ):
        identifier = sql.Identifier(INTEGRATED_SCHEMA, name)
        connection.execute(
            sql.SQL("create view {} as select {} from {}").format(
                identifier, select, sql.Identifier(INTEGRATED_SCHEMA, source)
            )
        )
        connection.execute(sql.SQL("grant select on {} to {}").format(identifier, role))
