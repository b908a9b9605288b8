"""お知らせ, 承認箱, 出力ファイル, 個人設定, 手引: what an officer finds on the desk, and what is not for others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

SignIn = Callable[..., Client]
pytestmark = [pytest.mark.function("S3-4"), pytest.mark.usefixtures("accounts")]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")


def _text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_お知らせは宛てた人にだけ期間の間だけ出て_確認すれば消える(sign_in: SignIn) -> None:
    chief, officer, registry = sign_in("nenkin9"), sign_in("nenkin1"), sign_in("shimin1")
    facts = {"title": "12月の受付", "body": "時間が変わります", "shown_from": "R8.11.24", "shown_until": "R8.11.30"}
    assert chief.post("/notices/new", {**facts, "shown_until": "R8.11.1"}).status_code == 422
    assert chief.post("/notices/new", {**facts, "offices": ["2010"]}).status_code == 302
    assert "12月の受付" in _text(officer, "/") and "12月の受付" not in _text(registry, "/")
    from kokunen.common_platform.portal.models import Notice

    notice = Notice.objects.get()
    officer.post("/notices", {"notice": notice.pk})
    assert "12月の受付" not in _text(officer, "/")
    assert "確認済み" in _text(officer, "/notices")
    chief.post(f"/notices/{notice.pk}/withdraw")
    assert "12月の受付" not in _text(officer, "/notices")


def test_お知らせは掲載の権限のある人だけが載せる(sign_in: SignIn) -> None:
    assert sign_in("nenkin1").get("/notices/new").status_code == 403


@pytest.mark.control("CTL-050")
def test_出力ファイルは本人だけが期限まで受け取れ台帳に残る(
    sign_in: SignIn, ledger: Any, admin_connection: Any
) -> None:
    from django.utils import timezone

    from kokunen.common_platform.portal.models import OutboxFile, Staff
    from kokunen.common_platform.portal.services.outbox import outbox_expire, outbox_put
    from kokunen.ledger.access import AccessContext

    owner, other = sign_in("nenkin1"), sign_in("nenkin2")
    context = AccessContext("nenkin1", "2010", "pension_report", "試験")
    file = outbox_put(
        Staff.objects.get(number="nenkin1"),
        kind="file",
        title="一覧",
        filename="一覧.csv",
        content_type="text/csv",
        content="川口　太郎".encode(),
        people=1,
        context=context,
    )
    row = admin_connection.execute("select sealed from common_platform.outbox_file").fetchone()
    assert "川口".encode() not in bytes(row[0])
    answer = owner.post(f"/my/outbox/{file.pk}")
    assert (answer.status_code, answer.content.decode()) == (200, "川口　太郎")
    assert other.post(f"/my/outbox/{file.pk}").status_code == 403
    assert [entry[0] for entry in ledger("export")] == ["nenkin1", "nenkin1"]
    assert [entry[0] for entry in ledger("refuse")] == ["nenkin2"]

    OutboxFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert owner.post(f"/my/outbox/{file.pk}").status_code == 409
    assert (outbox_expire(), outbox_expire()) == (1, 0)
    assert OutboxFile.objects.get().sealed is None and "消去済み" in _text(owner, "/my/outbox")


def test_承認箱は権限のある種類だけで_自分が求めたものは別に出る(sign_in: SignIn, monkeypatch: Any) -> None:
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.portal import approvals

    registry = approvals.ApprovalRegistry()
    moment = clock.now()

    def broken() -> list[approvals.Waiting]:
        raise RuntimeError

    rows = [
        approvals.Waiting("更正の起案 2", "zei1", moment, "/tax/changes/"),
        approvals.Waiting("更正の起案 1", "zei9", moment - timedelta(days=2), "/tax/changes/"),
    ]
    registry.register("tax", "更正", permission="resident_tax.change.approve", waiting=lambda: rows)
    registry.register("np", "訂正", permission="national_pension.correction.approve", waiting=broken)
    monkeypatch.setattr(approvals, "REGISTRY", registry)
    chief = sign_in("zei9")
    text = _text(chief, "/approvals")
    assert text.index("更正の起案 2") < text.index("ほかの人の承認を待つもの") < text.index("更正の起案 1")
    assert "承認を待つものが1件" in _text(chief, "/")
    assert "更正の起案" not in _text(sign_in("nenkin9"), "/approvals")


def test_どのサブシステムの承認も一つの箱に集まる() -> None:
    from kokunen.common_platform.portal.approvals import REGISTRY

    kinds = {
        "assessment.draft", "national_pension.correction", "national_pension.media", "nonresident_registry.link",
        "operations.skip", "resident_tax.change",
    }  # fmt: skip
    assert kinds <= set(REGISTRY._kinds)
    for kind in REGISTRY._kinds.values():
        assert list(kind.waiting()) == []


def test_個人設定は次の画面から効く(sign_in: SignIn) -> None:
    operator = sign_in("unyo1")
    assert 'data-text="normal"' in _text(operator, "/") and "異常のジョブ" in _text(operator, "/")
    operator.post("/my/settings", {"text_size": "largest"})
    text = _text(operator, "/")
    assert 'data-text="largest"' in text and "異常のジョブ" not in text
    assert operator.post("/my/settings", {"text_size": "huge"}).status_code == 422
    operator.post("/sign-out")
    again = sign_in("unyo1")
    again.get("/")
    assert 'data-text="largest"' in _text(again, "/approvals")


def test_手引は画面から開け_章がなければ404(sign_in: SignIn) -> None:
    operator = sign_in("unyo1")
    assert '/manual/operations"' in _text(operator, "/operations/")
    assert "控えと復元" in _text(operator, "/manual/operations") and "<table>" in _text(operator, "/manual/operations")
    assert operator.get("/manual/nothing").status_code == 404
