"""入口の試験: every route of the program is declared; without a session only the doors open."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.control("CTL-050")
DOORS = {"sign_in", "person", "enrol", "enrol_device", "healthz"}


def _addresses() -> dict[str, tuple[str, object]]:
    from kokunen.pension_records.web.urls import _PAGES

    return {str(p.name): ("/" + str(p.pattern).replace("<str:operator_id>", "T0001"), p.callback) for p in _PAGES}


def test_すべての入口が宣言されている() -> None:
    assert all(getattr(view, "declared", False) for _, view in _addresses().values())
    assert {name for name, (_, view) in _addresses().items() if getattr(view, "public", False)} == DOORS


def test_サインイン前に開くのは入口だけ_答えは残らない(program: None) -> None:
    for name, (address, _) in _addresses().items():
        for method in ("get", "post"):
            answer = getattr(Client(SERVER_NAME="localhost"), method)(address)
            assert answer.headers["Cache-Control"] == "no-store"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            if name not in DOORS:
                assert answer.status_code == 401, (name, method)


def test_よその画面からの送信は断る(program: None) -> None:
    answer = Client(SERVER_NAME="localhost", enforce_csrf_checks=True).post("/sign-in", {"operator_id": "T0001"})
    assert answer.status_code == 403 and "受け付けられません" in answer.content.decode()


def test_画面が自分で尋ねる要求は無操作の時間を延ばさない(desk) -> None:
    from datetime import timedelta

    from django.db.models import F

    from kokunen.pension_records.models import TerminalSession

    desk.sign_in()
    TerminalSession.objects.update(last_activity_at=F("last_activity_at") - timedelta(seconds=200))
    before = TerminalSession.objects.get().last_activity_at
    assert desk.client.get("/inquiry", headers={"X-Kokunen-Poll": "yes"}).status_code == 200
    desk.client.get("/healthz")
    assert TerminalSession.objects.get().last_activity_at == before
    assert desk.client.get("/inquiry").status_code == 200
    assert TerminalSession.objects.get().last_activity_at > before
