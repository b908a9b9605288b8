"""見張りの列: a column that a publisher adds without declaring it never reaches a reader, whatever it holds."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import sql

from kokunen.config import environment, keys
from kokunen.config.subsystems import BY_ALIAS


@pytest.mark.control("CTL-014")
@pytest.mark.control("CTL-015")
@pytest.mark.parametrize(
    ("reader", "dataset"),
    [("national_pension", "resident"), ("national_pension", "income")],
)
def test_宣言のない列は利用する側に現れない(
    city_database: str, admin_connection: Any, reader: str, dataset: str
) -> None:
    from kokunen.common_platform.integration.schema import declared_views

    views = [v for v in declared_views() if v.subsystem == reader and v.dataset.name == dataset]
    assert len(views) == 1
    table = sql.Identifier("integrated", dataset)
    admin_connection.execute(sql.SQL("alter table {} add column canary text default '戸籍の見張り'").format(table))
    subsystem, address = BY_ALIAS[reader], environment.database_address()
    with psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=city_database,
        user=subsystem.role,
        password=keys.role_password(subsystem.role),
        autocommit=True,
    ) as connection:
        view = sql.Identifier("integrated", views[0].name)
        shown = connection.execute(sql.SQL("select * from {} limit 0").format(view)).description or []
        assert {column.name for column in shown} == {"atena_number", *views[0].dataset.key, *views[0].columns}
        for statement in ("select canary from {}", "select * from {}"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn)):
                connection.execute(sql.SQL(statement).format(table))
