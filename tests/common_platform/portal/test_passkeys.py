"""パスキーの試験: who needs one, what is refused, what a removal ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.common_platform.passkeys.device import Device

from kokunen.common_platform.portal.models import Passkey, PasskeyChallenge, Staff, StaffSession
from kokunen.kernel.errors import InputError

pytestmark = pytest.mark.function("S3-4")
Ledger = Callable[..., list[tuple[str, str, dict[str, Any]]]]


def _registered(number: str, **options: Any) -> Device:
    """A device of her own, as a registration leaves it."""
    from django.utils import timezone

    device = Device(**options)
    Passkey.objects.create(
        staff=Staff.objects.get(number=number),
        credential_id=device.credential_id,
        public_key=device.public_key,
        label="窓口の指紋認証",
        registered_at=timezone.now(),
    )
    return device


def _client() -> Client:
    return Client(SERVER_NAME="localhost", REMOTE_ADDR="10.1.0.1")


def _password(client: Client, password: str, number: str = "nenkin1", **more: str) -> Any:
    return client.post("/sign-in", {"number": number, "password": password, **more})


def _device(client: Client, asked: Any, answer: str) -> Any:
    return client.post("/sign-in/passkey", {"token": asked.token, "answer": answer, "next": "/my/sessions"})


@pytest.mark.control("CTL-050")
def test_自分の機器を登録した職員はパスワードだけでは入れない(accounts: str, ledger: Ledger) -> None:
    device, client = _registered("nenkin1"), _client()
    asked = _password(client, accounts).context["asked"]
    assert client.get("/").status_code == 401 and StaffSession.objects.count() == 0
    answer = _device(client, asked, device.sign(asked.options))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/sessions")
    assert "パスワードとパスキー" in client.get("/my/sessions").content.decode()
    assert ledger("sign_in")[-1][2]["factors"] == ["password", "passkey"]


def test_同じ答えは二度使えない(accounts: str) -> None:
    device, client = _registered("nenkin1"), _client()
    asked = _password(client, accounts).context["asked"]
    answer = device.sign(asked.options)
    assert _device(client, asked, answer).status_code == 302
    assert _device(_client(), asked, answer).status_code == 401
    fresh = _password(_client(), accounts).context["asked"]
    assert _device(_client(), fresh, answer).status_code == 401


@pytest.mark.parametrize("wrong", ["unverified", "counter", "origin", "stranger", "empty"])
def test_正しくない機器は断られ_失敗に数える(accounts: str, ledger: Ledger, wrong: str) -> None:
    device = _registered("nenkin1", count=5)
    other = _registered("nenkin2")
    if wrong == "counter":
        client = _client()
        asked = _password(client, accounts).context["asked"]
        assert _device(client, asked, device.sign(asked.options)).status_code == 302
        device.count = 2
    device.verifies = wrong != "unverified"
    device.origin = "http://evil.example" if wrong == "origin" else device.origin
    for _ in range(5):
        client = _client()
        asked = _password(client, accounts).context["asked"]
        signer = other if wrong == "stranger" else device
        answer = _device(client, asked, "" if wrong == "empty" else signer.sign(asked.options))
        assert answer.status_code in (401, 429) and client.get("/").status_code == 401
        if wrong == "counter":
            device.count = 2
    assert _password(_client(), accounts).status_code == 429  # five failures lock, with the right password too
    assert ledger("refuse")[-2][2]["reason"].startswith("passkey_")


@pytest.mark.parametrize(
    ("policy", "number", "asked"),
    [
        ("offered", "kanri1", False),
        ("administrators", "kanri1", True),
        ("administrators", "unyo1", True),
        ("administrators", "nenkin1", False),
        ("everyone", "nenkin1", True),
    ],
)
def test_誰に求めるかは方針による(
    accounts: str, monkeypatch: pytest.MonkeyPatch, policy: str, number: str, asked: bool
) -> None:
    """管理権限を持つ主体には必ず (非機能要件 E.5.1.1); the others' second factor may live at the terminal."""
    monkeypatch.setenv("KOKUNEN_SECOND_FACTOR", policy)
    assert (_password(_client(), accounts, number).status_code == 200) is asked


def test_本番では求めないことにできない(monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.config import environment

    monkeypatch.setenv("KOKUNEN_MODE", "production")
    monkeypatch.delenv("KOKUNEN_SECOND_FACTOR", raising=False)
    assert environment.second_factor() == "administrators"
    monkeypatch.setenv("KOKUNEN_SECOND_FACTOR", "offered")
    with pytest.raises(InputError, match="KOKUNEN_SECOND_FACTOR"):
        environment.second_factor()


def test_まだ持たない管理者は登録の画面しか開かず_登録すると両方で入る(
    accounts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUNEN_SECOND_FACTOR", "administrators")
    Passkey.objects.all().delete()
    client, device = _client(), Device()
    assert _password(client, accounts, "kanri1").status_code == 302
    for address in ("/", "/staff", "/sessions"):
        assert client.get(address).headers["Location"] == "/my/passkeys"
    assert "はじめに登録が必要です" in client.get("/my/passkeys").content.decode()
    wrong = client.post("/my/passkeys", {"label": "指紋", "password": "違うパスワード"})
    assert wrong.status_code == 422
    asked = client.post("/my/passkeys", {"label": "指紋", "password": accounts}).context["asked"]
    done = client.post("/my/passkeys/device", {"token": asked.token, "answer": device.register(asked.options)})
    assert done.headers["Location"] == "/sign-in" and client.get("/staff").status_code == 401
    again = _password(client, accounts, "kanri1").context["asked"]
    assert _device(client, again, device.sign(again.options)).status_code == 302
    assert client.get("/staff").status_code == 200


def test_求めは二分で切れ_時計を戻しても生き返らない(accounts: str) -> None:
    from django.db.models import F

    device, client = _registered("nenkin1"), _client()
    for shift in (timedelta(minutes=-3), timedelta(hours=1)):
        asked = _password(client, accounts).context["asked"]
        PasskeyChallenge.objects.update(issued_at=F("issued_at") + shift, expires_at=F("expires_at") + shift)
        assert _device(client, asked, device.sign(asked.options)).status_code == 401


@pytest.mark.control("CTL-053")
def test_時計が戻されると接続は終わる(sign_in: Callable[..., Client], time_passes: Callable[..., None]) -> None:
    client = sign_in("nenkin1")
    time_passes(hours=-1)
    gone = client.get("/")
    assert gone.status_code == 401 and "時計が戻されたため" in gone.content.decode()
    assert StaffSession.objects.get().ended_reason == "clock"


@pytest.mark.control("CTL-051")
def test_作り物の接続は通らない(sign_in: Callable[..., Client]) -> None:
    """A guessed key, a changed one, and what somebody read in the database."""
    key = sign_in("nenkin1").cookies["kokunen_session"].value
    stored = StaffSession.objects.get().key_hash
    for forged in ("x" * 32, key[:-1] + ("a" if key[-1] != "a" else "b"), stored, key.upper(), "' or 1=1 --"):
        client = Client()
        client.cookies["kokunen_session"] = forged
        assert client.get("/").status_code == 401


@pytest.mark.control("CTL-052")
def test_なくした機器の抹消は接続を終わらせる(accounts: str, sign_in: Callable[..., Client], ledger: Ledger) -> None:
    device, client = _registered("nenkin1"), _client()
    asked = _password(client, accounts).context["asked"]
    _device(client, asked, device.sign(asked.options))
    mine = Passkey.objects.get(staff__number="nenkin1", is_exported=False)
    clerk = sign_in("nenkin2")
    assert clerk.post(f"/staff/nenkin1/passkeys/{mine.pk}").status_code == 403
    assert sign_in("kanri1").post(f"/staff/nenkin1/passkeys/{mine.pk}").status_code == 302
    gone = client.get("/")
    assert gone.status_code == 401 and "パスキーが抹消されたため" in gone.content.decode()
    assert ledger("cancel")[-1][2] == {"staff": "nenkin1", "removed": "窓口の指紋認証"}


def test_自分のパスキーの抹消はパスワードを求め_人のものは消せない(
    sign_in: Callable[..., Client], accounts: str
) -> None:
    client = sign_in("nenkin1")
    mine = Passkey.objects.get(staff__number="nenkin1")
    others = Passkey.objects.get(staff__number="nenkin2")
    client.post(f"/my/passkeys/{mine.pk}/remove", {"password": "違うパスワード"})
    client.post(f"/my/passkeys/{others.pk}/remove", {"password": accounts})
    assert Passkey.objects.filter(pk__in=[mine.pk, others.pk]).count() == 2
    client.post(f"/my/passkeys/{mine.pk}/remove", {"password": accounts})
    assert not Passkey.objects.filter(pk=mine.pk).exists()
    assert client.get("/").status_code == 200  # this session goes on


def test_書き出された鍵は本番では数に入らない(accounts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.portal.services.passkeys import passkeys_of

    staff = Staff.objects.get(number="nenkin1")
    assert len(passkeys_of(staff)) == 1
    monkeypatch.setenv("KOKUNEN_MODE", "production")
    assert passkeys_of(staff) == []


def test_一覧のパスキーで誰でも二段目を通れる(accounts: str) -> None:
    """What `kokunen accounts --json` says of a passkey is enough for an outside check."""
    import base64

    from cryptography.hazmat.primitives.serialization import load_der_private_key

    from kokunen.common_platform.portal import demo

    row = next(one for one in demo.list_accounts() if one["username"] == "kansa1")["passkey"]
    device = Device(
        key=load_der_private_key(base64.b64decode(row["privateKey"]), None),  # type: ignore[arg-type]
        credential_id=base64.b64decode(row["credentialId"]),
        host=row["rpId"],
    )
    for _ in range(2):  # a copy that begins at zero each time
        client = _client()
        asked = _password(client, accounts, "kansa1", with_passkey="yes").context["asked"]
        assert _device(client, asked, device.sign(asked.options)).status_code == 302
        device.count = 0
