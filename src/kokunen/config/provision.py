"""用意する: roles, schemas, tables, generated views and grants, from nothing or from any earlier state. Safe to repeat.

    python -m kokunen.config.provision

Two logins do this and no other process holds them: the administrator makes the database, the roles and the schemas; the
migrator, who owns the schemas, makes everything inside. The running program connects with one role per subsystem,
which owns nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, sql

from kokunen.config import environment, keys
from kokunen.config.subsystems import INTEGRATED_SCHEMA, LEDGER_SCHEMA, MIGRATOR_ROLE, SNAPSHOT_ROLE, SUBSYSTEMS

EXTENSIONS = ("pg_trgm", "btree_gist")
_PACKAGE = Path(__file__).resolve().parent.parent
_LOCK = 0x6B6F6B75  # one provisioning at a time


def migrate() -> None:
    """Everything, in order (contracts: `kokunen migrate`)."""
    make_database()
    with admin_connection(environment.database_address().name) as admin:
        admin.execute("select pg_advisory_lock(%s)", [_LOCK])
        make_roles_and_schemas(admin)
        with migrator_connection() as migrator:
            run_sql(migrator, _PACKAGE / "common_platform" / "records" / "sql")
            run_sql(migrator, _PACKAGE / "ledger" / "sql")
            run_sql(migrator, _PACKAGE / "common_platform" / "integration" / "sql")
        migrate_models()
        with migrator_connection() as migrator:
            run_sql(migrator, _PACKAGE / "assessment" / "sql")
            build_integrated(migrator)
            grant_all(migrator)


def admin_connection(dbname: str) -> Connection[tuple[Any, ...]]:
    """Connection of the administrator (autocommit)."""
    address = environment.database_address()
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.admin_user,
        password=keys.admin_password(),
        dbname=dbname,
        autocommit=True,
    )


def migrator_connection() -> Connection[tuple[Any, ...]]:
    """Connection of the migrator (one transaction, committed at the end of the `with` block)."""
    address = environment.database_address()
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=MIGRATOR_ROLE,
        password=keys.role_password(MIGRATOR_ROLE),
        dbname=address.name,
    )


def make_database() -> None:
    """Create the database when it is missing."""
    name = environment.database_address().name
    with admin_connection("postgres") as admin:
        if not admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def make_roles_and_schemas(admin: Connection[tuple[Any, ...]]) -> None:
    """Login roles (noinherit), extensions in `public`, one schema per subsystem owned by the migrator."""
    for role in (MIGRATOR_ROLE, SNAPSHOT_ROLE, *(subsystem.role for subsystem in SUBSYSTEMS)):
        _make_role(admin, role)
    for extension in EXTENSIONS:
        admin.execute(sql.SQL("create extension if not exists {} schema public").format(sql.Identifier(extension)))
    database = sql.Identifier(environment.database_address().name)
    migrator = sql.Identifier(MIGRATOR_ROLE)
    admin.execute(sql.SQL("revoke all on database {} from public").format(database))
    admin.execute("revoke all on schema public from public")
    admin.execute(sql.SQL("grant usage, create on schema public to {}").format(migrator))
    admin.execute(sql.SQL("grant set on parameter wal_compression to {}").format(migrator))  # for a bulk load
    admin.execute(sql.SQL("grant connect, create, temporary on database {} to {}").format(database, migrator))
    for schema in (INTEGRATED_SCHEMA, *(subsystem.schema for subsystem in SUBSYSTEMS)):
        admin.execute(
            sql.SQL("create schema if not exists {} authorization {}").format(sql.Identifier(schema), migrator)
        )
    admin.execute(sql.SQL("grant connect on database {} to {}").format(database, sql.Identifier(SNAPSHOT_ROLE)))
    for subsystem in SUBSYSTEMS:
        login = sql.Identifier(subsystem.role)
        admin.execute(sql.SQL("grant connect, temporary on database {} to {}").format(database, login))
        admin.execute(sql.SQL("grant usage on schema public to {}").format(login))


def role_statements() -> dict[str, str]:
    """役割を作る文 by role name: what a database from a copy needs before it can be filled."""
    return {
        role: sql.SQL("create role {} login noinherit password {}")
        .format(sql.Identifier(role), sql.Literal(keys.role_password(role)))
        .as_string(None)
        for role in (MIGRATOR_ROLE, *(subsystem.role for subsystem in SUBSYSTEMS))
    }


def _make_role(admin: Connection[tuple[Any, ...]], role: str) -> None:
    # Roles belong to the cluster: two databases of one cluster (tests) share them, and so share the key folder.
    exists = admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    statement = "alter role {} login noinherit password {}" if exists else "create role {} login noinherit password {}"
    admin.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(keys.role_password(role))))


def run_sql(migrator: Connection[tuple[Any, ...]], folder: Path) -> None:
    """Run the SQL files of a folder in the order of their names."""
    for path in sorted(folder.glob("*.sql")):
        migrator.execute(path.read_text(encoding="utf-8").encode())


def migrate_models() -> None:
    """Django's migrations, each alias in its own schema, as the migrator.

    An alias gets the migrations of its own apps only: Django's command would walk all of them for every alias and
    build the models of the whole house again after each step, which takes ten times as long and makes no table.
    """
    import django
    from django.conf import settings
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from kokunen.config.subsystems import ALIAS_OF_APP

    django.setup()
    if not settings.AS_MIGRATOR:
        raise RuntimeError("provisioning runs in a process of its own with KOKUNEN_DB_AS=migrator")
    for alias in settings.DATABASES:
        executor = MigrationExecutor(connections[alias])
        executor.loader.check_consistent_history(connections[alias])
        leaves = executor.loader.graph.leaf_nodes()
        executor.migrate([leaf for leaf in leaves if ALIAS_OF_APP.get(leaf[0]) == alias])


def build_integrated(migrator: Connection[tuple[Any, ...]]) -> None:
    """The integrated database, from the declarations and the assessment."""
    from kokunen.common_platform.integration import schema

    schema.build(migrator)


def grant_all(migrator: Connection[tuple[Any, ...]]) -> None:
    """Rights of the running program: its own schema by the policy of each table, and the ledger's one function."""
    for subsystem in SUBSYSTEMS:
        _own_schema(migrator, subsystem.schema, subsystem.role)
    roles = sql.SQL(", ").join(sql.Identifier(subsystem.role) for subsystem in SUBSYSTEMS)
    linked = sql.SQL(", ").join(sql.Identifier(s.role) for s in SUBSYSTEMS if not s.stands_alone)
    migrator.execute(sql.SQL("revoke all on schema {} from {}").format(sql.Identifier(INTEGRATED_SCHEMA), roles))
    migrator.execute(sql.SQL("grant usage on schema {} to {}").format(sql.Identifier(INTEGRATED_SCHEMA), linked))
    migrator.execute(sql.SQL("grant usage on schema {} to {}").format(sql.Identifier(LEDGER_SCHEMA), roles))
    for schema in (LEDGER_SCHEMA, INTEGRATED_SCHEMA, "public"):
        migrator.execute(
            sql.SQL(
                "do $$ declare f record; begin for f in select oid::regprocedure as name from pg_proc "
                "where pronamespace = {}::regnamespace and proowner = {}::regrole loop "
                "execute format('revoke all on function %s from public', f.name); end loop; end $$"
            ).format(sql.Literal(schema), sql.Literal(MIGRATOR_ROLE))
        )
    for function in (
        "ledger.record(text,text,text,text,text,text,text,text,text,text[],text[],integer,jsonb)",
        "integrated.enter_feed(text)",
        "integrated.feed_horizon(text)",
        "public.unibi(text)",
        "public.m11_check_digit(text)",
        "public.is_atena_number(text)",
    ):
        migrator.execute(sql.SQL("grant execute on function {} to {}").format(sql.SQL(function), roles))
    snapshot = sql.Identifier(SNAPSHOT_ROLE)
    integrated = sql.Identifier(INTEGRATED_SCHEMA)
    migrator.execute(sql.SQL("grant usage on schema {} to {}").format(integrated, snapshot))
    migrator.execute(sql.SQL("grant execute on function integrated.feed_horizon(text) to {}").format(snapshot))
    ledger = sql.Identifier("kokunen_ledger")
    for function in (
        "seal_committed(integer)",
        "keep_checkpoint(bigint,bigint,bigint,bytea,text,bytea,integer[],bytea[])",
        "keep_receipt(bigint,text,bytea)",
        "forget_people(text[])",
        "part(text)",
        "entry_bytes(ledger.entry,bytea,bytea)",
        "token_of(bytea,text)",
        "commitment_of(bytea,text,bigint)",
        "detail_hash_of(bytea,jsonb)",
    ):
        migrator.execute(sql.SQL("grant execute on function ledger.{} to {}").format(sql.SQL(function), ledger))


def _own_schema(migrator: Connection[tuple[Any, ...]], schema: str, role: str) -> None:
    """Usage of the schema, the feed cursors, and rights table by table."""
    place, to = sql.Identifier(schema), sql.Identifier(role)
    migrator.execute(sql.SQL("grant usage on schema {} to {}").format(place, to))
    migrator.execute(
        sql.SQL(
            "create table if not exists {0}.feed_cursor (consumer text, dataset text, seq bigint not null default 0, "
            "moved_at timestamptz not null default now(), primary key (consumer, dataset)); "
            "create table if not exists {0}.feed_parked (consumer text, "
            "dataset text, seq bigint, atena_number text not null, "
            "error text not null, parked_at timestamptz not null default now(), primary key (consumer, dataset, seq))"
        ).format(place)
    )
    policies = _table_policies(schema)
    for (table,) in migrator.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall():
        _grant_table(migrator, schema, str(table), role, policies.get(str(table), _default_policy(schema)))
    migrator.execute(sql.SQL("grant usage, select on all sequences in schema {} to {}").format(place, to))


def _default_policy(schema: str) -> str:
    """The ledger's own tables are read by its role and written by its functions only."""
    return "read" if schema == LEDGER_SCHEMA else "operational"


def _grant_table(migrator: Connection[tuple[Any, ...]], schema: str, table: str, role: str, policy: str) -> None:
    rights = {
        "operational": "select, insert, update, delete",
        "two_times": "select, insert, update (recorded_period)",
        "append_only": "select, insert",
        "read": "select",
    }[policy]
    name, to = sql.Identifier(schema, table), sql.Identifier(role)
    migrator.execute(sql.SQL("revoke all on {} from {}").format(name, to))
    migrator.execute(sql.SQL("grant {} on {} to {}").format(sql.SQL(rights), name, to))
    if policy == "two_times":
        migrator.execute(
            sql.SQL(
                "create or replace trigger guard_two_times before update or delete on {} "
                "for each row execute function public.guard_two_times()"
            ).format(name)
        )


def _table_policies(schema: str) -> dict[str, str]:
    """`table_policy` of every model of the schema."""
    from django.apps import apps

    from kokunen.config.subsystems import ALIAS_OF_APP, BY_SCHEMA

    alias = BY_SCHEMA[schema].alias
    return {
        model._meta.db_table: str(getattr(model, "table_policy", "operational"))
        for model in apps.get_models(include_auto_created=True)
        if ALIAS_OF_APP.get(model._meta.app_label) == alias
    }


def main(argv: Iterable[str] = ()) -> int:
    """入口: `python -m kokunen.config.provision`."""
    os.environ["KOKUNEN_DB_AS"] = "migrator"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    migrate()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
