"""サインインの試験: both factors for each terminal session, and what is no sign-in (S7-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.common_platform.passkeys.device import Device
from tests.pension_records.conftest import PASSWORD, Desk

pytestmark = [pytest.mark.function("S7-3"), pytest.mark.control("CTL-021")]


def _cookie(desk: Desk) -> str:
    return desk.client.cookies["kokunen_terminal"].value


def test_両方そろうと使え_台帳に残る(desk: Desk, ledger: Callable[[], list[Any]]) -> None:
    assert desk.client.get("/inquiry").status_code == 401
    desk.sign_in()
    assert desk.client.get("/inquiry").status_code == 200
    assert ledger()[-1][:2] == ("s1", "sign_in")
    assert ledger()[-1][3]["factors"] == ["password", "user_verified"]


def test_パスワードだけでは使えない(desk: Desk) -> None:
    desk.asked()
    assert "kokunen_terminal" not in desk.client.cookies
    assert desk.client.get("/inquiry").status_code == 401


def test_生体認証だけでは使えない(desk: Desk) -> None:
    """A device's answer without the token of a right password; with the wrong password there is none."""
    wrong = desk.password("違うパスワード")
    assert wrong.status_code == 401 and "操作者IDまたはパスワードが違います" in wrong.content.decode()
    answer = desk.device.sign('{"challenge": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg"}')
    refused = desk.client.post("/sign-in/person", {"token": "", "answer": answer})
    assert refused.status_code == 401 and "kokunen_terminal" not in desk.client.cookies


def test_本人の確認をしない機器は断られる(desk: Desk, ledger: Callable[[], list[Any]]) -> None:
    desk.device.verifies = False
    refused = desk.person(desk.asked())
    assert (
        refused.status_code == 401 and "本人の確認（指紋・顔・暗証番号）が行われていません" in refused.content.decode()
    )
    assert ledger()[-1][1] == "refuse" and ledger()[-1][3]["reason"] == "unverified"


def test_ほかの人の機器は断られる(desk: Desk, make_desk: Callable[..., Desk]) -> None:
    other = make_desk("T0002", "s2")
    asked = desk.asked()
    assert desk.person(asked, other.device.sign(asked.options)).status_code == 401
    assert "kokunen_terminal" not in desk.client.cookies


def test_同じ答えは二度使えない(desk: Desk) -> None:
    asked = desk.asked()
    answer = desk.device.sign(asked.options)
    assert desk.person(asked, answer).status_code == 302
    again = Client(SERVER_NAME="localhost", REMOTE_ADDR="10.1.0.7")
    replayed = again.post("/sign-in/person", {"token": asked.token, "answer": answer})
    assert replayed.status_code == 401 and "受付が終わっています" in replayed.content.decode()
    fresh = desk.asked()
    assert desk.person(fresh, answer).status_code == 401  # the old answer to a new question


def test_ほかの端末に持ち出した求めは使えない(desk: Desk) -> None:
    asked = desk.asked()
    elsewhere = Client(SERVER_NAME="localhost", REMOTE_ADDR="10.9.9.9")
    given = {"token": asked.token, "answer": desk.device.sign(asked.options)}
    assert elsewhere.post("/sign-in/person", given).status_code == 401


def test_回数の戻った機器は複製とみなす(desk: Desk) -> None:
    desk.device.count = 7
    desk.sign_in()
    copy = Desk(
        desk.operator, Device(key=desk.device.key, credential_id=desk.device.credential_id, count=3), desk.client
    )
    refused = copy.person(copy.asked())
    assert refused.status_code == 401 and "複製されたおそれ" in refused.content.decode()


def test_明日からの操作者は今日は使えない(make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(starts_on=date(2026, 11, 25))
    refused = desk.password()
    assert refused.status_code == 401 and "まだ利用開始日になっていません" in refused.content.decode()
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-25")
    desk.sign_in()


def test_五回続けて間違えると停止し_管理者だけが解ける(desk: Desk, supervisor: Desk) -> None:
    for _ in range(5):
        desk.password("違うパスワード")
    assert "停止しています" in desk.password().content.decode()
    supervisor.sign_in().client.post("/operators/T0001/unlock")
    desk.sign_in()


def test_求めは二分で切れ_時計を戻しても生き返らない(desk: Desk) -> None:
    from django.db.models import F

    from kokunen.pension_records.models import Challenge

    asked = desk.asked()
    Challenge.objects.update(
        issued_at=F("issued_at") - timedelta(minutes=3), expires_at=F("expires_at") - timedelta(minutes=3)
    )
    assert desk.person(asked).status_code == 401
    asked = desk.asked()  # a clock that was put back: the question comes from the future
    Challenge.objects.update(
        issued_at=F("issued_at") + timedelta(hours=1), expires_at=F("expires_at") + timedelta(hours=1)
    )
    assert desk.person(asked).status_code == 401


@pytest.mark.control("CTL-053")
@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("しばらく操作がなかったため", {"started_at": 360, "last_activity_at": 360}),
        ("連続して使える時間を過ぎたため", {"started_at": 5 * 3600, "last_activity_at": 10}),
        ("時計が戻されたため", {"last_activity_at": -3600}),
    ],
    ids=["無操作", "連続使用", "時計を戻す"],
)
def test_接続は時間で終わる(desk: Desk, words: str, back: dict[str, int]) -> None:
    from django.db.models import F

    from kokunen.pension_records.models import TerminalSession

    desk.sign_in()
    TerminalSession.objects.update(**{name: F(name) - timedelta(seconds=by) for name, by in back.items()})
    over = desk.client.get("/inquiry")
    assert over.status_code == 401 and words in over.content.decode()
    assert desk.client.get("/inquiry").status_code == 401


@pytest.mark.control("CTL-051")
def test_二つめの端末は前の端末を終わらせる(desk: Desk) -> None:
    desk.sign_in()
    second = Desk(desk.operator, desk.device, Client(SERVER_NAME="localhost", REMOTE_ADDR="10.1.0.8")).sign_in()
    gone = desk.client.get("/inquiry")
    assert gone.status_code == 401 and "ほかの端末からサインインがあったため" in gone.content.decode()
    assert second.client.get("/inquiry").status_code == 200


def test_作り物の接続は通らない(desk: Desk) -> None:
    """A guessed key, a changed one, and what somebody read in the database."""
    from kokunen.pension_records.models import TerminalSession

    key = _cookie(desk.sign_in())
    stored = TerminalSession.objects.get().key_hash
    for forged in ("x" * 43, key[:-1] + ("A" if key[-1] != "A" else "B"), stored, key.upper(), ""):
        client = Client(SERVER_NAME="localhost")
        client.cookies["kokunen_terminal"] = forged
        assert client.get("/inquiry").status_code == 401


def test_接続の行は問いかけと生体認証なしには書けない(desk: Desk, admin_connection: Any) -> None:
    from psycopg.errors import NotNullViolation, UniqueViolation

    desk.sign_in()
    copy = (
        "insert into pension_records.terminal_session (key_hash, operator_id, {0} terminal, started_at, "
        "last_activity_at, ended_at, ended_reason) select 'k', operator_id, {0} '', now(), now(), now(), '' "
        "from pension_records.terminal_session"
    )
    with pytest.raises(NotNullViolation):
        admin_connection.execute(copy.format("credential_id,"))
    with pytest.raises(NotNullViolation):
        admin_connection.execute(copy.format("challenge_id,"))
    with pytest.raises(UniqueViolation):
        admin_connection.execute(copy.format("credential_id, challenge_id,"))


def test_書き出された鍵は本番では使えない(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.pension_records.models import Credential

    Credential.objects.update(is_exported=True)
    desk.sign_in()
    asked = desk.asked()
    monkeypatch.setenv("KOKUNEN_MODE", "production")
    assert desk.person(asked).status_code == 401


def test_使われない答えでもパスワードの欄は戻らない(desk: Desk) -> None:
    assert PASSWORD not in desk.password("違うパスワード").content.decode()
