"""共通データの画面: dictionaries on a day, a new edition with its preview by two officers, generations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kokunen.common_platform.codes import queries
from kokunen.common_platform.portal import demo

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S3-2")]
Desk = Callable[[str], Client]


@pytest.fixture
def desk(city_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    demo.create_accounts()
    queries.forget()

    def sign_in(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    yield sign_in
    queries.forget()


def test_辞書を日を指定して見て書き出す(desk: Desk) -> None:
    client = desk("atena1")
    assert "全国地方公共団体コード" in client.get("/data/").content.decode()
    old = client.get("/data/municipalities", {"q": "浜松市中", "on": "R5.12.31"}).content.decode()
    new = client.get("/data/municipalities", {"q": "浜松市中"}).content.decode()
    assert "221317" in old and "221384" not in old
    assert "221384" in new and "221317" not in new
    assert "浜松市中区" in client.get("/data/municipalities/codes/221317").content.decode()
    answer = client.get("/data/towns/csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.decode("utf-8-sig").startswith("町字ID,名称,読み,郵便番号,住居表示")
    assert client.get("/data/planets").status_code == 422
    assert client.get("/data/towns/csv", {"on": "きのう"}).status_code == 422


def test_新しい版は違いを見てから申請し別の職員が承認する(desk: Desk) -> None:
    first, second = desk("unyo1"), desk("kanri1")
    file = SimpleUploadedFile("n.csv", "code,label,kana\nVNM,ベトナム改,\nXYZ,新国,\n".encode())
    sent = {"source": "試験の版", "effective_on": "R8.11.24"}
    preview = first.post("/data/nationalities/new", {**sent, "file": file, "act": "preview"})
    text = preview.content.decode()
    assert "変更 1件" in text and "追加 1件" in text and "ベトナム改" in text
    seen = text.split('name="seen" value="')[1].split('"')[0]
    answer = first.post("/data/nationalities/new", {**sent, "seen": seen, "act": "ask"})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert "別の職員の承認待ち" in first.get(page).content.decode()
    assert first.post(page, {"act": "approve"}).status_code == 422
    assert "国籍・地域 第2版" in second.get("/approvals").content.decode()
    assert "承認する" in second.get(page).content.decode()
    assert second.post(page, {"act": "approve"}).status_code == 302
    assert queries.translate("nationalities", "VNM") == "ベトナム改"


def test_悪いファイルは項目の横で断る(desk: Desk) -> None:
    client = desk("unyo1")
    file = SimpleUploadedFile("n.csv", b"code,label\nvn,x\n")
    answer = client.post(
        "/data/nationalities/new", {"source": "試験", "effective_on": "R8.11.24", "file": file, "act": "ask"}
    )
    assert answer.status_code == 422
    assert "2行目: 国籍・地域コード「vn」の形が違います" in answer.content.decode()
    assert client.post("/data/nationalities/new", {"source": "x", "effective_on": "R8.11.24"}).status_code == 422


@pytest.mark.control("CTL-050")
def test_取り込みは運用担当と管理者だけ_世代も同じ(desk: Desk) -> None:
    client = desk("atena1")
    assert client.get("/data/nationalities/new").status_code == 403
    assert client.get("/data/generations").status_code == 403
    assert desk("nenkin9").get("/data/").status_code == 403


@pytest.mark.function("S3-3")
def test_世代の一覧(desk: Desk) -> None:
    from kokunen.common_platform.batch_master.readers import open_snapshot
    from kokunen.common_platform.batch_master.services import take_snapshot
    from kokunen.ledger.access import system_context

    client = desk("unyo1")
    assert "世代がありません" in client.get("/data/generations").content.decode()
    take_snapshot()
    with open_snapshot("resident_tax", batch="当初課税", run="2026", context=system_context("試験")):
        text = client.get("/data/generations").content.decode()
    assert "使用可" in text and "当初課税" in text and "使用中・やり直し待ち" in text
