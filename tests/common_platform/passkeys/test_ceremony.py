"""パスキーの手続の試験: what is taken and what is refused, without a database."""

from __future__ import annotations

import json

import pytest
from tests.common_platform.passkeys.device import Device

from kokunen.common_platform.passkeys import ceremony
from kokunen.common_platform.passkeys.ceremony import CeremonyRefused, RelyingParty
from kokunen.common_platform.passkeys.demo import DemoPasskey

PARTY = RelyingParty("localhost", "試験", "http://localhost")
CHALLENGE = b"c" * 32


def _asked(challenge: bytes = CHALLENGE) -> str:
    return ceremony.assertion_options(PARTY, challenge=challenge, allowed=[])


def _verified(device: Device, answer: str, *, count: int = 0, counted: bool = True) -> int:
    return ceremony.verify_assertion(
        PARTY,
        answer=answer,
        challenge=CHALLENGE,
        public_key=device.public_key,
        sign_count=count,
        counted=counted,
    )


def test_求めには必ず本人の確認を書く() -> None:
    registration = ceremony.registration_options(
        PARTY, user_id=b"u", user_name="n", display_name="d", challenge=CHALLENGE, known=[b"k"]
    )
    assert json.loads(registration)["authenticatorSelection"]["userVerification"] == "required"
    assert json.loads(_asked())["userVerification"] == "required"


def test_登録した機器の答えは受け付け_回数が進む() -> None:
    device = Device()
    options = ceremony.registration_options(
        PARTY, user_id=b"u", user_name="n", display_name="d", challenge=CHALLENGE, known=[]
    )
    kept = ceremony.verify_registration(PARTY, answer=device.register(options), challenge=CHALLENGE)
    assert (kept.credential_id, kept.public_key) == (device.credential_id, device.public_key)
    answer = device.sign(_asked())
    assert ceremony.credential_id_of(answer) == device.credential_id
    assert _verified(device, answer) == 1


@pytest.mark.control("CTL-021")
@pytest.mark.parametrize(
    ("wrong", "device", "challenge", "count"),
    [
        ("unverified", Device(verifies=False), CHALLENGE, 0),
        ("challenge", Device(), b"x" * 32, 0),
        ("origin", Device(origin="http://evil.example"), CHALLENGE, 0),
        ("origin", Device(host="evil.example"), CHALLENGE, 0),
        ("counter", Device(), CHALLENGE, 5),
    ],
    ids=["本人確認なし", "別の問いかけ", "よその画面", "よその名前", "回数が戻っている"],
)
def test_正しくない答えは理由を分けて断る(wrong: str, device: Device, challenge: bytes, count: int) -> None:
    with pytest.raises(CeremonyRefused) as caught:
        _verified(device, device.sign(_asked(challenge)), count=count)
    assert caught.value.code == wrong


def test_別の鍵の署名は断る() -> None:
    device, other = Device(), Device()
    with pytest.raises(CeremonyRefused) as caught:
        _verified(other, device.sign(_asked()))
    assert caught.value.code == "signature"


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": 1}', "x" * 100_000])
def test_答えの形でないものは断る(answer: str) -> None:
    with pytest.raises(CeremonyRefused):
        ceremony.credential_id_of(answer)
    with pytest.raises(CeremonyRefused):
        ceremony.verify_registration(PARTY, answer=answer, challenge=CHALLENGE)


def test_本人確認のない登録は断る() -> None:
    options = ceremony.registration_options(
        PARTY, user_id=b"u", user_name="n", display_name="d", challenge=CHALLENGE, known=[]
    )
    with pytest.raises(CeremonyRefused):
        ceremony.verify_registration(PARTY, answer=Device(verifies=False).register(options), challenge=CHALLENGE)


def test_模擬都市の鍵は同じ秘密から同じものができる() -> None:
    one, same, other = DemoPasskey("s", "a"), DemoPasskey("s", "a"), DemoPasskey("t", "a")
    assert one.export("localhost") == same.export("localhost")
    assert one.credential_id != other.credential_id
    device = Device(key=one.private_key, credential_id=one.credential_id)
    assert device.public_key == one.public_key
    assert _verified(device, device.sign(_asked()), count=99, counted=False) == 1
