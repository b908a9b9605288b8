"""サインインの試験: who gets in, who does not, and what the ledger says of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kokunen.common_platform.portal.models import Staff, StaffSession

pytestmark = pytest.mark.function("S3-4")
Ledger = Callable[..., list[tuple[str, str, dict[str, Any]]]]


def _try(client: Client, number: str, password: str, **more: str) -> Any:
    return client.post("/sign-in", {"number": number, "password": password, **more})


@pytest.mark.control("CTL-050")
def test_正しい番号とパスワードで業務メニューが開き台帳に残る(sign_in: Callable[..., Client], ledger: Ledger) -> None:
    home = sign_in("nenkin1").get("/")
    assert home.status_code == 200
    assert "国民年金課" in home.content.decode()
    assert ledger("sign_in") == [("nenkin1", "sign_in", {"ended_elsewhere": 0})]


def test_間違いはどちらが違うかを教えず台帳に残る(accounts: str, ledger: Ledger) -> None:
    client = Client()
    wrong = _try(client, "nenkin1", "違うパスワード")
    unknown = _try(client, "nobody", accounts)
    assert wrong.status_code == unknown.status_code == 401
    for answer in (wrong, unknown):
        assert "職員番号またはパスワードが違います" in answer.content.decode()
        assert "違うパスワード" not in answer.content.decode()
    assert [(who, detail["reason"]) for who, _, detail in ledger("refuse")] == [
        ("nenkin1", "wrong_credentials"),
        ("nobody", "wrong_credentials"),
    ]
    assert StaffSession.objects.count() == 0


def test_空欄は項目の名で断られる(accounts: str) -> None:
    answer = _try(Client(), "", "")
    assert answer.status_code == 422
    assert "職員番号を入力してください。" in answer.content.decode()
    assert "パスワードを入力してください。" in answer.content.decode()


def test_続けて五回間違えると正しいパスワードでも入れない(accounts: str, ledger: Ledger) -> None:
    client = Client()
    for _ in range(5):
        answer = _try(client, "nenkin1", "違うパスワード")
    assert answer.status_code == 429
    assert "しばらくサインインできません" in answer.content.decode()
    locked = _try(Client(REMOTE_ADDR="10.9.9.9"), "nenkin1", accounts)
    assert locked.status_code == 429
    assert "15分ほど待つ" in locked.content.decode()
    assert ledger("refuse")[-1][2]["reason"] == "locked"
    assert _try(Client(), "nenkin2", accounts).status_code == 302


def test_停止は待てば解ける(accounts: str) -> None:
    from datetime import timedelta

    from axes.models import AccessAttempt
    from django.db.models import F

    client = Client()
    for _ in range(5):
        _try(client, "nenkin1", "違うパスワード")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    assert _try(Client(), "nenkin1", accounts).status_code == 302


def test_成功すると失敗の数は初めに戻る(accounts: str) -> None:
    for _ in range(3):
        for _ in range(4):
            assert _try(Client(), "nenkin1", "違うパスワード").status_code == 401
        assert _try(Client(), "nenkin1", accounts).status_code == 302


@pytest.mark.control("CTL-051")
def test_二つめのサインインは前の端末を終わらせ両方に知らせる(sign_in: Callable[..., Client], ledger: Ledger) -> None:
    first = sign_in("nenkin1", "10.1.0.1")
    second = sign_in("nenkin1", "10.1.0.2")
    gone = first.get("/")
    assert gone.status_code == 401
    assert "ほかの端末からサインインがあったため" in gone.content.decode()
    home = second.get("/").content.decode()
    assert "ほかの端末(10.1.0.1)での接続を終了しました" in home
    assert ledger("sign_out")[-1][2] == {"reason": "second_sign_in", "staff": "nenkin1"}
    assert ledger("sign_in")[-1][2] == {"ended_elsewhere": 1}


@pytest.mark.control("CTL-051")
def test_同時に二つの端末から入っても残るのは一つ(accounts: str) -> None:
    from django.db import connections

    answers: list[int] = []

    def go(terminal: str) -> None:
        try:
            answers.append(_try(Client(REMOTE_ADDR=terminal), "nenkin1", accounts).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(f"10.1.0.{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert StaffSession.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.control("CTL-051")
def test_同じ職員番号は二度と登録できない(accounts: str, administrator: Any) -> None:
    from kokunen.common_platform.portal.services.staff import staff_register
    from kokunen.kernel.errors import Conflict

    with pytest.raises(Conflict, match="すでに登録されています"):
        staff_register(number="nenkin1", name="別 人", kana="ベツ ジン", password="x" * 12, context=administrator)


def test_所属のない職員は入れない(accounts: str, administrator: Any) -> None:
    from kokunen.common_platform.portal.services.staff import staff_register

    staff_register(
        number="n100", name="新人 一", kana="シンジン ハジメ", password="あたらしい人の鍵です1", context=administrator
    )
    answer = _try(Client(), "n100", "あたらしい人の鍵です1")
    assert answer.status_code == 401
    assert "今日の所属が登録されていません" in answer.content.decode()


def test_元の画面に戻るがよそへは連れて行かれない(accounts: str) -> None:
    assert _try(Client(), "nenkin1", accounts, next="/my/sessions")["Location"] == "/my/sessions"
    for bad in ("https://example.com/", "//example.com", "javascript:alert(1)", ""):
        assert _try(Client(), "nenkin1", accounts, next=bad)["Location"] == "/"


@pytest.mark.usefixtures("real_password_cost")
def test_パスワードはArgon2で_鍵はハッシュで保存される(request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue("sign_in")("nenkin1")  # the accounts are made at the real cost
    assert Staff.objects.get(number="nenkin1").password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    key = client.cookies["kokunen_session"].value
    row = StaffSession.objects.get(staff__number="nenkin1")
    assert key not in (row.key_hash, row.data)


def test_クッキーは守られている(sign_in: Callable[..., Client]) -> None:
    cookie = sign_in("nenkin1").cookies["kokunen_session"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["expires"]


def test_他人の画面からの送信は断られる(accounts: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in", {"number": "nenkin1", "password": accounts})
    assert answer.status_code == 403
    assert "画面を読み込み直して" in answer.content.decode()
