"""照合の試験: log, list and slips, side by side."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from tests.counterparts.support import PartyProcess
from tests.pension_records.conftest import NOBODY, Desk

pytestmark = [pytest.mark.function("S7-1"), pytest.mark.control("CTL-022")]


@pytest.fixture
def day(desk: Desk, supervisor: Desk, office: PartyProcess) -> str:
    """Two inquiries of today; the supervisor is signed in and has taken the list."""
    from kokunen.common_platform.operations import clock

    desk.sign_in()
    supervisor.sign_in()
    desk.inquire()
    desk.inquire(key=NOBODY, case_number="R8-000124")
    today = clock.now().date().isoformat()
    assert supervisor.client.post("/reconciliation/list", {"day": today}).status_code == 302
    return today


def _slips(supervisor: Desk, day: str, **changes: str) -> None:
    from kokunen.pension_records.models import Inquiry

    for row in Inquiry.objects.select_related("operator"):
        values = {"number": row.number, "case_number": row.case_number, "operator_id": row.operator.operator_id}
        supervisor.client.post("/reconciliation/slips", {**values, **changes, "day": day})


def _differences(supervisor: Desk, day: str) -> list[str]:
    page = supervisor.client.get("/reconciliation", {"day": day})
    return [one.words for one in page.context["differences"]]


def test_三つがそろえば照合できる(supervisor: Desk, day: str, admin_connection: Any) -> None:
    assert _differences(supervisor, day) == ["照会票がありません", "照会票がありません"]
    _slips(supervisor, day)
    assert _differences(supervisor, day) == []
    assert supervisor.client.post("/reconciliation/check", {"day": day, "words": ""}).status_code == 302
    row = admin_connection.execute("select inquiries, differences, words from pension_records.day_check").fetchone()
    assert tuple(row) == (2, [], "")


def test_相違は説明なしに終えられない(supervisor: Desk, day: str) -> None:
    _slips(supervisor, day, case_number="R8-999999")
    assert _differences(supervisor, day) == ["照会票と、受付番号または操作者が違います"] * 2
    assert supervisor.client.post("/reconciliation/check", {"day": day, "words": ""}).status_code == 400
    assert supervisor.client.post("/reconciliation/check", {"day": day, "words": "書き違いを訂正"}).status_code == 302


def test_この端末の記録にない照会はリストから分かる(supervisor: Desk, day: str, office: PartyProcess) -> None:
    _slips(supervisor, day)
    with sqlite3.connect(office.data / "terminal_controller.sqlite3") as store:
        store.execute("insert into inquiry values ('Q-elsewhere', ?, 'T0001', 'R8-1', 'answered')", [day])
    supervisor.client.post("/reconciliation/list", {"day": day})
    assert _differences(supervisor, day) == ["年金事務所のリストにだけあります（この端末の記録にありません）"]


def test_照会のない照会票も分かる(supervisor: Desk, day: str) -> None:
    _slips(supervisor, day)
    extra = {"number": "Q-none", "case_number": "R8-1", "operator_id": "T0001", "day": day}
    supervisor.client.post("/reconciliation/slips", extra)
    assert _differences(supervisor, day) == ["照会票だけがあります（照会の記録がありません）"]


def test_記録と照合は書き換えられない(supervisor: Desk, day: str, program: None) -> None:
    from django.db import ProgrammingError, connections

    for table in ("slip", "office_line", "day_check"):
        for statement in (f"delete from {table}", f"update {table} set id = id"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                connections["pension_records"].cursor() as c,
            ):
                c.execute(statement)


def test_取扱者は照合できない(desk: Desk, day: str) -> None:
    assert desk.client.get("/reconciliation").status_code == 403
