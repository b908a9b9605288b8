"""回線の画面: who may see and handle messages, and the way from an arrived notice to the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.resident_registry import factories as make

from kokunen.resident_registry.choices import ArrivedState
from kokunen.resident_registry.models import ArrivedMessage, ArrivedRecord, OutgoingMessage

pytestmark = [pytest.mark.function("S2-7"), pytest.mark.function("S2-8"), pytest.mark.function("S2-9")]


@pytest.fixture
def sign_in(city_database: str) -> Callable[[str], Client]:
    """職員としてサインインした画面."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()

    def enter(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    return enter


def _refused() -> OutgoingMessage:
    make.family(make.newcomer("青木　一", "アオキ　ハジメ", "1980-05-05", "1", "世帯主"), day="2026-11-20")
    message = OutgoingMessage.objects.filter(kind="0101").latest("id")
    message.state, message.receipt = "3", "CS1"
    message.faults = [{"code": "E90", "message": "全国サーバーで受け付けられませんでした"}]
    message.save()
    return message


def test_拒否された電文を一覧で見て作り直して送る(sign_in: Callable[[str], Client]) -> None:
    message = _refused()
    page = sign_in("shimin1").get("/residents/lines").content.decode()
    assert "青木　一" in page and "全国サーバーで受け付けられませんでした" in page
    chief = sign_in("shimin9")
    detail = chief.get(f"/residents/lines/out/{message.pk}").content.decode()
    assert "青木二丁目1番1号" in detail and message.number in detail
    for words in ("<td>男</td>", "<td>いいえ</td>", "<td>記載</td>", "<td>転入（国内）</td>", "昭和55年5月5日"):
        assert words in detail, words
    refused = chief.post(f"/residents/lines/out/{message.pk}", {"act": "again", "reason": ""})
    assert refused.status_code == 422 and "理由が入力されていません" in refused.content.decode()
    assert chief.post(f"/residents/lines/out/{message.pk}", {"act": "again", "reason": "確認済み"}).status_code == 302
    assert OutgoingMessage.objects.filter(resends=message, state="1").count() == 1


def test_係員は電文の中身を開けず処理もできない(sign_in: Callable[[str], Client], admin_connection: Any) -> None:
    message = _refused()
    clerk = sign_in("shimin1")
    assert clerk.get(f"/residents/lines/out/{message.pk}").status_code == 403
    assert sign_in("nenkin1").get("/residents/lines").status_code == 403
    assert clerk.post(f"/residents/lines/out/{message.pk}", {"act": "again", "reason": "x"}).status_code == 403
    message.refresh_from_db()
    assert message.state == "3"


def test_届いた転出証明書情報から転入届が開く(sign_in: Callable[[str], Client]) -> None:
    person = {
        "resident_code": "12345678903", "name": "北　花子", "name_kana": "キタ　ハナコ", "birth_date": "1990-01-01",
        "sex": "2", "relationship": "世帯主", "registered_domicile": "東京都北区王子1番",
    }  # fmt: skip
    items = {"from_city": "東京都北区", "address": "東京都北区王子一丁目", "planned_on": "2026-11-20"} | {
        "people": [person]
    }
    message = ArrivedMessage.objects.create(
        party="juki_cs", number="CS1", kind="0302", items=items, state=ArrivedState.READY,
        received_at="2026-11-23T09:00:00+09:00",
    )  # fmt: skip
    clerk = sign_in("shimin1")
    assert f"certificate={message.pk}" in clerk.get("/residents/lines?way=in").content.decode()
    form = clerk.get(f"/residents/move-in?certificate={message.pk}").content.decode()
    for words in ("北　花子", "キタ　ハナコ", "12345678903", "東京都北区王子一丁目", "東京都北区王子1番"):
        assert words in form, words
    assert "特例転入" in form


def test_法務省通知を取り込み反映する画面(sign_in: Callable[[str], Client]) -> None:
    from tests.acceptance.resident_registry.test_ministry_and_domicile import _foreigner

    number = _foreigner()
    items = {
        "change": "1", "event_on": "2026-11-20", "residence_card_number": "AB12345678CD", "name": "LEE MINA",
        "birth_date": "1995-03-03", "new_residence_period": "3年",
    }  # fmt: skip
    records = [{"items": items, "faults": []}, {"items": {}, "faults": ["項目の数が11ではありません"]}]
    message = ArrivedMessage.objects.create(
        party="moj", number="MJ1", kind="0901", items={"file_name": "MOJ1.csv", "records": records},
        state=ArrivedState.TO_CHECK, received_at="2026-11-23T09:00:00+09:00",
    )  # fmt: skip
    chief = sign_in("shimin9")
    url = f"/residents/lines/in/{message.pk}"
    assert chief.post(url, {"act": "read", "on_broken": "go_on"}).status_code == 302
    page = chief.get(url).content.decode()
    assert "2年 → 3年" in page and "項目の数が11ではありません" in page
    ready = ArrivedRecord.objects.get(line_number=1)
    chief.post(url, {"act": f"record:{ready.pk}"})
    assert make.now(number).residence_period == "3年"
    broken = ArrivedRecord.objects.get(line_number=2)
    assert chief.post(url, {"act": f"close:{broken.pk}", "reason": ""}).status_code == 422
    chief.post(url, {"act": f"close:{broken.pk}", "reason": "法務省に照会した"})
    message.refresh_from_db()
    assert message.state == ArrivedState.APPLIED
