"""パスワードの試験"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kokunen.common_platform.portal.models import Staff
from kokunen.common_platform.portal.services import passwords
from kokunen.kernel.errors import InputError

pytestmark = pytest.mark.function("S3-4")
NEW = "朝のコーヒーは二杯まで"
SignIn = Callable[..., Client]


def _change(client: Client, current: str, new: str, again: str | None = None) -> Any:
    return client.post("/password", {"current": current, "new": new, "again": new if again is None else again})


def test_変更すると古いものでは入れず_ほかの端末は終わり_この端末は続く(
    sign_in: SignIn, accounts: str, settings: Any, ledger: Callable[..., list[Any]]
) -> None:
    settings.PORTAL_SESSIONS_PER_STAFF = 2
    other, client = sign_in("nenkin1", "10.1.0.8"), sign_in("nenkin1", "10.1.0.9")
    assert _change(client, accounts, "long-enough-one-1").status_code == 302
    assert client.get("/").status_code == 200
    gone = other.get("/")
    assert gone.status_code == 401
    assert "パスワードが変更されたため" in gone.content.decode()
    assert Client().post("/sign-in", {"number": "nenkin1", "password": accounts}).status_code == 401
    assert Client().post("/sign-in", {"number": "nenkin1", "password": "long-enough-one-1"}).status_code == 302
    assert ledger("correct")[-1][2] == {"staff": "nenkin1"}


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("みじかい", "12文字以上"),
        ("aaaaaaaaaaaaaaaa", "同じ文字の繰り返し"),
        ("my-nenkin1-password", "職員番号や氏名を含む"),
        ("わたしは江口ですよろしくね", "職員番号や氏名を含む"),
        ("password1234", "よく使われる"),
        ("kokunen-demo-2026", "以前に使った"),
    ],
)
def test_方針に合わないものは理由を添えて断られる(sign_in: SignIn, accounts: str, new: str, words: str) -> None:
    answer = _change(sign_in("nenkin1"), accounts, new)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text and new not in text


def test_今のパスワードと二度の入力を確かめる(sign_in: SignIn, accounts: str) -> None:
    client = sign_in("nenkin1")
    assert "今のパスワードが違います" in _change(client, "違うもの", "long-enough-one-1").content.decode()
    assert "2回の入力が同じではありません" in _change(client, accounts, "long-enough-one-1", "x").content.decode()


def test_以前のものは最近六回まで使い回せない(accounts: str, administrator: Any) -> None:
    person = Staff.objects.get(number="nenkin1")
    current = accounts
    for number in range(7):
        new = f"turning-the-wheel-{number}"
        passwords.password_change(person, current=current, new=new, context=administrator, session_id=None)
        current = new
    with pytest.raises(InputError, match="以前に使った"):
        passwords.password_check(person, "turning-the-wheel-1")
    passwords.password_check(person, "turning-the-wheel-0")


def test_最初のサインインでは変更しないとほかの画面が開かない(sign_in: SignIn) -> None:
    administrator = sign_in("kanri1")
    first = "first-time-secret-9"
    form = {
        "number": "n200",
        "name": "新任 花",
        "kana": "しんにん はな",
        "category": "official",
        "password": first,
        "on": "R8.4.1",
        "office": "2010",
        "roles": ["pension_officer"],
    }
    assert administrator.post("/staff/new", form).status_code == 302
    client = Client()
    assert client.post("/sign-in", {"number": "n200", "password": first}).status_code == 302
    for path in ("/", "/my/sessions", "/practice"):
        assert client.get(path)["Location"] == "/password"
    assert "はじめに変更が必要です" in client.get("/password").content.decode()
    assert _change(client, first, "my-own-secret-words").status_code == 302
    assert client.get("/").status_code == 200
    assert Staff.objects.get(number="n200").kana == "シンニン\u3000ハナ"


def test_再設定すると接続は終わり_次に本人が変える(sign_in: SignIn) -> None:
    officer, administrator = sign_in("nenkin1"), sign_in("kanri1")
    assert administrator.post("/staff/nenkin1/password", {"new": "temporary-words-7"}).status_code == 302
    assert officer.get("/").status_code == 401
    client = Client()
    assert client.post("/sign-in", {"number": "nenkin1", "password": "temporary-words-7"}).status_code == 302
    assert client.get("/")["Location"] == "/password"


def test_再設定は連続失敗の停止も解く(sign_in: SignIn, accounts: str) -> None:
    administrator = sign_in("kanri1")
    for _ in range(5):
        Client().post("/sign-in", {"number": "nenkin1", "password": "違うもの"})
    assert "連続失敗で停止中" in administrator.get("/staff/nenkin1").content.decode()
    administrator.post("/staff/nenkin1/password", {"new": "temporary-words-7"})
    assert "連続失敗で停止中" not in administrator.get("/staff/nenkin1").content.decode()
    assert Client().post("/sign-in", {"number": "nenkin1", "password": "temporary-words-7"}).status_code == 302


def test_模擬職員は変更を求められない(sign_in: SignIn) -> None:
    assert sign_in("nenkin1").get("/").status_code == 200
