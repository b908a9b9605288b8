"""統合宛名の画面: who may open them, what they show, what the ledger keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.unified_atena.people import FIRST, SECOND, follow, income, resident, unified

from kokunen.common_platform.portal import demo

pytestmark = pytest.mark.usefixtures("city_database")


@pytest.fixture
def desk(city_database: str) -> Callable[[str], Client]:
    demo.create_accounts()

    def sign_in(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    return sign_in


PAGES = ("/unified/", "/unified/holds", "/unified/sending", "/unified/sending/troubles",
         "/unified/sending/characters", "/unified/sending/inquiries", "/unified/sending/comparisons")  # fmt: skip


@pytest.mark.control("CTL-050")
@pytest.mark.parametrize("number", ["nenkin9", "shimin9", "zei9", "kansa1"])
def test_宛名管理の役割のない職員は開けない(desk: Callable[[str], Client], number: str) -> None:
    client = desk(number)
    assert {client.get(path).status_code for path in PAGES} == {403}


def test_運用担当は状態だけを見て操作も個人の情報も見ない(desk: Callable[[str], Client]) -> None:
    client = desk("unyo1")
    shown = {path: client.get(path).status_code for path in PAGES}
    assert [path for path, status in shown.items() if status == 200] == [
        "/unified/sending", "/unified/sending/characters", "/unified/sending/inquiries", "/unified/sending/comparisons",
    ]  # fmt: skip
    assert client.post("/unified/sending", {"act": "compare"}).status_code == 403
    assert client.post("/unified/sending/comparisons").status_code == 403


def test_宛名番号から統合宛名を開き閲覧が記録される(desk: Callable[[str], Client], admin_connection: Any) -> None:
    resident(FIRST, "n1", name="見本　花子", protected=True, address="秘密町１番")
    income(FIRST)
    follow()
    client = desk("atena1")
    answer = client.get("/unified/", {"q": FIRST})
    assert answer.status_code == 302 and answer.headers["Location"] == f"/unified/{unified(FIRST)}"
    text = client.get(answer.headers["Location"]).content.decode()
    assert "見本　花子" in text and "地方税関係情報" in text and "合計所得金額" in text
    assert "秘密町" not in text and "要確認" in text
    row = admin_connection.execute(
        "select staff_number, purpose from ledger.entry where dataset = '団体内統合宛名の照会' limit 1"
    ).fetchone()
    assert row == ("atena1", "number_management")


def test_番号のない人には何を確かめるかを言う(desk: Callable[[str], Client]) -> None:
    resident(SECOND)
    follow()
    answer = desk("atena1").get("/unified/", {"q": SECOND})
    assert answer.status_code == 422
    assert "団体内統合宛名番号がありません" in answer.content.decode()
    assert desk("atena1").get("/unified/", {"q": "12"}).status_code == 422


def test_保留を開いて判定し直す(desk: Callable[[str], Client]) -> None:
    from datetime import date

    from kokunen.unified_atena.models import LinkHold

    resident(FIRST, "n1", birth_date=date(1970, 1, 1))
    resident(SECOND, "n1", birth_date=date(1971, 1, 1))
    follow()
    client = desk("atena1")
    assert "生年月日が違う" in client.get("/unified/holds").content.decode()
    hold = LinkHold.objects.filter(state="1").first()
    assert hold is not None
    page = client.get(f"/unified/holds/{hold.pk}").content.decode()
    assert "昭和45年1月1日" in page and "昭和46年1月1日" in page and "一つにまとめる" not in page
    client.post(f"/unified/holds/{hold.pk}", {"act": "check"})
    assert "まだ合いません" in client.get("/unified/holds").content.decode()
    assert client.post(f"/unified/holds/{hold.pk}", {"act": "unite", "reason": "同じ人"}).status_code == 422


def test_送信データと送信できなかった件を見る(
    desk: Callable[[str], Client], work: Callable[[], None], server: Any
) -> None:
    resident(FIRST, "n1", name="髙橋　花子")
    follow()
    server.control.command("reject", kind="IF_DBM_20113", row=1, code="E40")
    work()
    client = desk("atena1")
    assert "特定個人情報ファイルの登録" in client.get("/unified/sending").content.decode()
    assert "内容に誤りがあります" in client.get("/unified/sending/troubles").content.decode()
    assert "文字変換辞書" in client.get("/unified/sending/characters").content.decode()
    from kokunen.unified_atena.models import SendBatch, SendItem

    batch = SendBatch.objects.get(interface="IF_FGU_20215")
    assert "髙橋　花子" in client.get(f"/unified/sending/files/{batch.pk}").content.decode()
    item = SendItem.objects.get(state="4")
    answer = client.post(f"/unified/sending/troubles/{item.pk}", {"act": "give_up", "reason": "確認済み"})
    assert answer.status_code == 302
    assert SendItem.objects.get(pk=item.pk).state == "6"


@pytest.mark.function("S4-1")
def test_情報照会の状態が送信データとともに見え_誰のことかは出ない(
    desk: Callable[[str], Client], work: Callable[[], None], server: Any
) -> None:
    from kokunen.ledger.access import AccessContext
    from kokunen.unified_atena.services.inquiries import ask

    resident(FIRST, "n1", name="髙橋　花子")
    follow()
    work()
    clerk = AccessContext("atena1", "1020", "number_management", "試験")
    asked = ask(context=clerk, work_id="010", atena_number=FIRST, body_code="131016", kind="local_tax")
    client = desk("unyo1")
    waiting = client.get("/unified/sending/inquiries").content.decode()
    assert "作成待ち" in waiting and "照会待ち" in waiting and "131016" in waiting
    work()
    server.control.work()
    work()
    answered = client.get("/unified/sending/inquiries", {"state": "3"}).content.decode()
    assert "回答あり" in answered and "通番" in answered and f">{asked.pk}<" in answered
    assert FIRST not in answered and "髙橋" not in answered
    assert "情報照会はありません" in client.get("/unified/sending/inquiries", {"state": "4"}).content.decode()
