"""台帳の画面: one pattern for every register; who may not; what the ledger shows."""

from __future__ import annotations

import re

import pytest
from tests.common_platform.access_history.support import client_of
from tests.common_platform.safeguards.conftest import officer

PURPOSE = {"nenkin1": "pension_inquiry", "nenkin9": "pension_inquiry", "kaiji1": "disclosure", "kansa1": "audit"}


@pytest.fixture
def desk(city_database):
    """`desk("nenkin1")`: a signed-in client whose purpose of the day is chosen."""

    def of(number: str):
        client = client_of(number)
        client.get("/safeguards/kinds/complaint", {"purpose": PURPOSE[number]})
        return client

    return of


def test_どの台帳も一覧と登録の画面が開く(desk) -> None:
    from kokunen.common_platform.safeguards.procedures import procedures

    client = desk("nenkin9")
    text = client.get("/safeguards/").content.decode()
    for kind, procedure in procedures().items():
        assert procedure.label in text
        assert client.get(f"/safeguards/kinds/{kind}").status_code == 200, kind
        assert client.get(f"/safeguards/kinds/{kind}/new").status_code == 200, kind


@pytest.mark.control("CTL-060")
def test_依頼から承認まで画面で進み符号は依頼した職員にだけ見える(desk, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import bulk

    asking, deciding, other = desk("nenkin1"), desk("nenkin9"), desk("kansa1")
    assert "/kinds/bulk_output/new" not in asking.get("/safeguards/kinds/bulk_output").content.decode()
    entry = bulk.request(
        "未完了の受付", {"kind": "10"}, 500, reason="引継ぎ", context=officer("nenkin1"), back="/pension/board/"
    )
    address = f"/safeguards/entries/{entry.number}"
    assert asking.post(f"{address}/steps/approve", {"f_until": "20261127"}).status_code == 403
    assert deciding.post(f"{address}/steps/approve", {"f_until": ""}).status_code == 422
    assert deciding.post(f"{address}/steps/approve", {"f_until": "20261127"}).status_code == 302
    shown = asking.get(address).content.decode()
    assert 'href="/pension/board/"' in shown and "2人目の署名" in shown and entry.content["fingerprint"] not in shown
    for someone in (deciding, other):
        assert "この承認で出力する" not in someone.get(address).content.decode()
    refused = admin_connection.execute(
        "select detail->>'reason' from ledger.entry where act = 'refuse' and staff_number = 'nenkin1'"
    ).fetchall()
    assert ("permission",) in refused


def test_票は印刷され番号から職員に至る(desk, admin_connection) -> None:
    client = desk("nenkin1")
    page = client.post(
        "/safeguards/kinds/complaint/new",
        {"title": "待ち時間", "f_how": "窓口", "f_from": "匿名", "f_what": "長く待った"},
    )
    answer = client.get(page.headers["Location"] + "/print")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    printed = admin_connection.execute("select staff_number, serial from ledger.entry where act = 'print'").fetchone()
    assert printed[0] == "nenkin1" and printed[1]


@pytest.mark.control("CTL-055")
@pytest.mark.control("CTL-145")
@pytest.mark.parametrize(
    ("number", "path", "status"),
    [
        ("kansa1", "/safeguards/reviews", 200),
        ("nenkin1", "/safeguards/reviews", 403),
        ("kaiji1", "/safeguards/facts", 200),
        ("nenkin1", "/safeguards/facts", 403),
        ("kaiji1", "/safeguards/deletions/new", 200),
        ("kansa1", "/safeguards/deletions/new", 403),
        ("nenkin1", "/safeguards/files/open", 200),
    ],
)
def test_点検と特定と削除は役割のある職員だけ(desk, number, path, status) -> None:
    assert desk(number).get(path).status_code == status


def test_役割のない職員は台帳を開けない(city_database) -> None:
    client = client_of("shimin1")
    assert client.get("/safeguards/").status_code == 403
    assert client.get("/safeguards/kinds/complaint?purpose=resident_notice").status_code == 403


@pytest.mark.control("CTL-055")
def test_点検の画面は拾い出した閲覧を示し署名の手続に続く(desk, admin_connection, monkeypatch) -> None:
    from tests.common_platform.access_history.support import look_at

    from kokunen.common_platform.safeguards.services import log_review

    look_at("100000000000004")
    with admin_connection.transaction():
        admin_connection.execute("set local session_replication_role = replica")
        admin_connection.execute("update ledger.entry set recorded_at = '2026-11-18 23:00+09'")
    log_review.open_due_weeks()
    client = desk("kansa1")
    number = re.search(r"/safeguards/reviews/([^\"]+)\"", client.get("/safeguards/reviews").content.decode()).group(1)
    text = client.get(f"/safeguards/reviews/{number}").content.decode()
    assert "時間外" in text and "nenkin1" in text
    signed = client.post(f"/safeguards/entries/{number}/steps/sign_off", {"f_note": "残業と確かめた"})
    assert signed.status_code == 302
    assert "署名済" in client.get("/safeguards/reviews").content.decode()
