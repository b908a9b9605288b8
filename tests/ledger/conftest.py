"""台帳の試験の土台: looks by an officer, a custodian of the test's own, and what a database owner could do."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def custodian_folder(tmp_path, monkeypatch):
    """The second custodian of this test's city."""
    folder = tmp_path / "custodian"
    monkeypatch.setenv("KOKUNEN_CUSTODIAN", str(folder))
    return folder


@pytest.fixture
def look(city_database, custodian_folder, context) -> Callable[..., None]:
    """`look("atena", "atena")`: one committed look at these people."""
    from django.db import transaction

    from kokunen.ledger.access import Act
    from kokunen.ledger.recording import record

    def once(*atena: str, **detail: object) -> None:
        with transaction.atomic(using="national_pension"):
            record(
                "national_pension",
                context,
                act=Act.VIEW,
                dataset="個人照会",
                atena_numbers=atena,
                items=["R1/氏名情報", 'R1/"'],
                detail=detail,
            )

    return once


@pytest.fixture
def as_owner(admin_connection) -> Callable[..., None]:
    """As the owner of the database would: triggers off, change, triggers on."""

    def tamper(*statements: str) -> None:
        with admin_connection.transaction():
            admin_connection.execute("set local session_replication_role = replica")
            for statement in statements:
                admin_connection.execute(statement)

    return tamper
