"""国民年金は団体内統合宛名に触れない (評価書 I.5 実施しない): no flow, no view, no scope, no import, no right."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from kokunen.config import environment, keys
from kokunen.config.subsystems import BY_ALIAS

ROOT = Path(__file__).resolve().parents[2] / "src" / "kokunen"


def _imports(package: str) -> set[str]:
    found = set()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
    return found


@pytest.mark.function("S4-1")
def test_どちらのコードも相手を知らない() -> None:
    assert not [name for name in _imports("national_pension") if "unified_atena" in name or "intermediate" in name]
    assert not [name for name in _imports("unified_atena") if "national_pension" in name]


def test_評価書は両者の間に情報の流れを定めていない() -> None:
    from kokunen.assessment.flows import load_policy

    ends = [{flow.source, flow.recipient} for flow in load_policy().flows.values()]
    assert {"national_pension", "unified_atena"} not in ends
    assert not load_policy().uses_network


@pytest.mark.usefixtures("city_database")
def test_統合データベースに両者をつなぐビューはない() -> None:
    from kokunen.common_platform.integration.schema import declared_views

    for view in declared_views():
        assert {view.subsystem, view.dataset.publisher} != {"national_pension", "unified_atena"}
        if view.subsystem == "unified_atena":
            assert view.dataset.publisher != "national_pension"


@pytest.mark.function("S4-1")
def test_国民年金の役は統合宛名の表に触れない(city_database: str, admin_connection: Any) -> None:
    role = BY_ALIAS["national_pension"].role
    tables = admin_connection.execute("select tablename from pg_tables where schemaname = 'unified_atena'").fetchall()
    assert len(tables) > 10
    address = environment.database_address()
    with psycopg.connect(
        host=address.host, port=address.port, dbname=city_database, user=role,
        password=keys.role_password(role), autocommit=True,
    ) as connection:  # fmt: skip
        for (table,) in tables:
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"select 1 from unified_atena.{table}")


@pytest.mark.function("S4-1")
@pytest.mark.usefixtures("city_database")
def test_国民年金には統合宛名のスコープを登録できない() -> None:
    """Worked example Q16."""
    from django.conf import settings

    from kokunen.common_platform.open_api.services import TokenRefused, register_client

    with pytest.raises(TokenRefused, match="のスコープを登録できません。評価書が"):
        register_client(
            name="国民年金", work_id=settings.PENSION_WORK_ID, office_code="2010", scopes=["032:unified:Read"]
        )


def test_国民年金は照会できる業務に加えられていない() -> None:
    from django.conf import settings

    from kokunen.unified_atena.kinds import works

    assert settings.PENSION_WORK_ID not in works()
