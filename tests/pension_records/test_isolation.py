"""隔離の試験: no path between this program and the rest of the city hall, but the terminal controller (CTL-022)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from tests.counterparts.support import PartyProcess
from tests.pension_records.conftest import Desk

from kokunen.config import environment, keys
from kokunen.config.subsystems import SUBSYSTEMS

pytestmark = [pytest.mark.control("CTL-022"), pytest.mark.function("S7-1")]
_SOURCES = Path(__file__).resolve().parents[2] / "src"
_MODULES = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "kokunen.pension_records.settings"
import kokunen.pension_records.wsgi, kokunen.pension_records.web.urls, kokunen.counterparts.terminal_controller.gateway
from django.conf import settings
users = [one["USER"] for one in settings.DATABASES.values() if one.get("USER")]
print(json.dumps([sorted(name for name in sys.modules if name.startswith("kokunen.")), users]))
"""


def _login(database: str, role: str) -> psycopg.Connection[tuple[Any, ...]]:
    address = environment.database_address()
    return psycopg.connect(
        host=address.host, port=address.port, dbname=database, user=role, password=keys.role_password(role),
        autocommit=True,
    )  # fmt: skip


def test_プログラムは町の部品を一つも読み込まず_自分の役割しか知らない(tmp_path: Path) -> None:
    """Run with its own password alone: no other secret of the house is in reach, and none is asked for."""
    own = "kokunen_pension_records"
    secret = {f"KOKUNEN_SECRET_{own.upper()}_PASSWORD": "x", "KOKUNEN_SECRET_PENSION_RECORDS_SECRET": "y"}
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(_SOURCES), "KOKUNEN_DATA": str(tmp_path), **secret}
    done = subprocess.run([sys.executable, "-c", _MODULES], env=given, capture_output=True, text=True, check=True)
    loaded, users = json.loads(done.stdout)
    assert users == [own]
    allowed = ("kokunen.pension_records", "kokunen.kernel", "kokunen.config", "kokunen.ledger",
               "kokunen.common_platform.passkeys", "kokunen.common_platform.operations",
               "kokunen.common_platform.records", "kokunen.counterparts.framework",
               "kokunen.counterparts.terminal_controller")  # fmt: skip
    strangers = [name for name in loaded if not name.startswith(allowed)]
    assert set(strangers) <= {"kokunen.common_platform", "kokunen.counterparts"}
    assert not list((tmp_path / "keys").glob("*.password"))


def test_市役所のプログラムはこの役割を使えない(city_database: str) -> None:
    from django.conf import settings

    from kokunen.kernel.errors import InputError

    assert "pension_records" not in settings.DATABASES
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOKUNEN_SUBSYSTEMS", "national_pension,pension_records")
        with pytest.raises(InputError, match="pension_records"):
            environment.served_subsystems()


def test_この役割には統合データベースも他のスキーマも見えない(city_database: str, admin_connection: Any) -> None:
    with _login(city_database, "kokunen_pension_records") as connection:
        for schema in ("integrated", *(s.schema for s in SUBSYSTEMS if s.schema not in ("pension_records", "ledger"))):
            row = connection.execute("select has_schema_privilege(%s, 'usage')", [schema]).fetchone()
            assert row == (False,), schema
        with pytest.raises(InsufficientPrivilege):
            connection.execute("select * from integrated.resident")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("select * from ledger.entry")


@pytest.mark.parametrize("subsystem", [s for s in SUBSYSTEMS if not s.stands_alone], ids=lambda s: s.schema)
def test_ほかの役割からこのスキーマは見えない(city_database: str, subsystem: Any) -> None:
    with _login(city_database, subsystem.role) as connection:
        row = connection.execute("select has_schema_privilege('pension_records', 'usage')").fetchone()
        assert row == (False,)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("select * from pension_records.inquiry")


def test_この役割は誰にも属さず誰も属さない(admin_connection: Any) -> None:
    rows = admin_connection.execute(
        "select 1 from pg_auth_members m join pg_roles r on r.oid in (m.roleid, m.member) "
        "where r.rolname = 'kokunen_pension_records'"
    ).fetchall()
    assert rows == []


def test_照会の間につなぐ先は端末制御装置だけである(desk: Desk, office: PartyProcess) -> None:
    """Every connection that Python opens from sign-in to answer, by the audit of the interpreter itself."""
    reached: set[Any] = set()
    watching = True

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "socket.connect":
            reached.add(arguments[1])

    sys.addaudithook(audit)
    desk.sign_in()
    assert desk.inquire().status_code == 200
    watching = False
    assert reached == {("127.0.0.1", office.port + 1)}


def test_外から入る口も照会の答えのほかにない(city_database: str) -> None:
    """No subsystem publishes to it or takes from it, and it stands in no flow of the integrated database."""
    from kokunen.common_platform.integration.datasets import datasets, linkages
    from kokunen.common_platform.integration.schema import declared_views

    assert all(linkage.subsystem != "pension_records" for linkage in linkages())
    assert all(dataset.publisher != "pension_records" for dataset in datasets().values())
    assert all(view.subsystem != "pension_records" for view in declared_views())


def test_回線は効力のある版に尋ね_ほかの項目は見えない(
    city_database: str, program: None, admin_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published in the city without the line: closed from the effective date on, and only then."""
    from kokunen.kernel.errors import NotAllowed
    from kokunen.pension_records import line

    line.admit()
    leaves = [
        {"id": "I.2.system7.connections", "content": {"value": ["その他"], "other_text": "別の装置"}},
        {"id": "II.3.use", "content": {"value": "secret"}},
    ]
    admin_connection.execute(
        "insert into assessment.assessment_assessmentversion (edition, base, state, leaves, decisions, drafted_by, "
        "drafted_at, approved_by, published_on, effective_on) values ('2027', '2025-12-26', 'published', %s, '{}', "
        "'a', now(), 'b', '2026-11-24', '2026-12-01')",
        [json.dumps(leaves)],
    )
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-30")
    line.admit()
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-01")
    with pytest.raises(NotAllowed, match="接続を定めていません"):
        line.admit()
    with _login(city_database, "kokunen_pension_records") as connection:
        row = connection.execute("select pension_records.line_in_force('2026-12-01')").fetchone()
        assert row == (leaves[0]["content"],)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("select leaves from assessment.assessment_assessmentversion")
