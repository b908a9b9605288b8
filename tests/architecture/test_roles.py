"""役割の壁: no subsystem's login can read, write or alter what is another's; every pair is tried."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.errors import InsufficientPrivilege

from kokunen.config import environment, keys
from kokunen.config.subsystems import LEDGER_SCHEMA, MIGRATOR_ROLE, SUBSYSTEMS, Subsystem


@pytest.fixture
def login(city_database: str) -> Iterator[object]:
    """Opens a connection as the role of a subsystem."""
    opened: list[Connection[tuple[object, ...]]] = []

    def connect(subsystem: Subsystem) -> Connection[tuple[object, ...]]:
        address = environment.database_address()
        connection = psycopg.connect(
            host=address.host,
            port=address.port,
            dbname=city_database,
            user=subsystem.role,
            password=keys.role_password(subsystem.role),
            autocommit=True,
        )
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


def _tables(admin: Connection[tuple[str, ...]], schema: str) -> list[str]:
    rows = admin.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall()
    return [row[0] for row in rows]


@pytest.mark.control("CTL-022")
@pytest.mark.control("CTL-091")
@pytest.mark.parametrize("subsystem", SUBSYSTEMS, ids=lambda s: s.schema)
def test_他のサブシステムの表は読めず書けない(subsystem, login, admin_connection) -> None:
    connection = login(subsystem)
    tried = 0
    for other in SUBSYSTEMS:
        if other is subsystem:
            continue
        for table in _tables(admin_connection, other.schema):
            name = sql.Identifier(other.schema, table)
            for statement in ("select 1 from {} limit 1", "delete from {}", "insert into {} default values"):
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(sql.SQL(statement).format(name))
                tried += 1
    assert tried > 20


@pytest.mark.parametrize("subsystem", SUBSYSTEMS, ids=lambda s: s.schema)
def test_自分のスキーマでも表を作れず役割も替えられない(subsystem, login) -> None:
    connection = login(subsystem)
    for place in (*(s.schema for s in SUBSYSTEMS), "integrated", "public"):
        with pytest.raises(InsufficientPrivilege):
            connection.execute(sql.SQL("create table {} (x int)").format(sql.Identifier(place, "smuggled")))
    for role in (MIGRATOR_ROLE, "postgres", *(s.role for s in SUBSYSTEMS if s is not subsystem)):
        with pytest.raises(InsufficientPrivilege):
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))


@pytest.mark.parametrize("subsystem", SUBSYSTEMS, ids=lambda s: s.schema)
def test_統合データベースは宣言された表とビューだけが見える(subsystem, login, admin_connection) -> None:
    """What a role may touch in `integrated` is what its linkage.py declares, no more."""
    from kokunen.common_platform.integration.datasets import linkages
    from kokunen.common_platform.integration.schema import declared_views

    connection = login(subsystem)
    expected = {
        f"{view.name}{feed}"
        for view in declared_views()
        if view.subsystem == subsystem.alias
        for feed in ("", "__change")
    }
    for linkage in linkages():
        if linkage.subsystem == subsystem.alias:
            expected |= {f"{dataset.name}{feed}" for dataset in linkage.publishes for feed in ("", "__change")}
    relations = admin_connection.execute(
        "select relname from pg_class where relnamespace = 'integrated'::regnamespace and relkind in ('r', 'v')"
    ).fetchall()
    readable = set()
    for (relation,) in relations:
        try:
            connection.execute(sql.SQL("select 1 from {} limit 1").format(sql.Identifier("integrated", relation)))
            readable.add(relation)
        except InsufficientPrivilege:
            continue
    assert readable == expected


@pytest.mark.control("CTL-054")
@pytest.mark.parametrize("subsystem", SUBSYSTEMS, ids=lambda s: s.schema)
def test_閲覧記録は誰も変えられず消せない(subsystem, login) -> None:
    connection = login(subsystem)
    for statement in (
        "update {}.entry set staff_number = 'x'",
        "delete from {}.entry",
        "delete from {}.seal",
        "truncate {}.entry",
        "alter table {}.entry disable trigger all",
        "drop table {}.seal",
        "update {}.writer set last_number = 0",
    ):
        with pytest.raises(InsufficientPrivilege):
            connection.execute(sql.SQL(statement).format(sql.Identifier(LEDGER_SCHEMA)))


def test_移行役の持ち物の外に表はない(admin_connection) -> None:
    """Nothing in the subsystems' schemas belongs to a role that the running program uses."""
    rows = admin_connection.execute(
        "select schemaname, tablename, tableowner from pg_tables where schemaname = any(%s) and tableowner <> %s",
        [[s.schema for s in SUBSYSTEMS] + ["integrated"], MIGRATOR_ROLE],
    ).fetchall()
    assert rows == []
