"""媒体の封印の試験"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.counterparts.framework import seal as seals
from kokunen.counterparts.framework.seal import Identity, PublicIdentity, read_label, seal, unseal
from kokunen.kernel.errors import InputError

LABEL = {"purpose": "report", "serial": 1}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return Identity.load_or_create(tmp_path_factory.mktemp("city") / "own.json", party="11203", holder="課長")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return Identity.load_or_create(tmp_path_factory.mktemp("jps") / "own.json", party="jps", holder="記録課長")


@pytest.mark.control("CTL-081")
@given(payload=st.binary(max_size=500))
def test_封印したものは受取人だけが同じ中身で開ける(city: Identity, service: Identity, payload: bytes) -> None:
    image = seal(payload, LABEL, sender=city, receiver=service.public())
    label, opened = unseal(image, receiver=service, sender=city.public())
    assert opened == payload
    assert (label["serial"], label["key_holder"], label["receiver_key"]) == (1, "記録課長", service.public().key_id)
    with pytest.raises(InputError, match="別の鍵"):
        unseal(image, receiver=city, sender=city.public())


@pytest.mark.control("CTL-081")
def test_中身は封印の外から読めない(city: Identity, service: Identity) -> None:
    payload = "髙橋　花子,1234,567890".encode("cp932") * 20
    image = seal(payload, LABEL, sender=city, receiver=service.public())
    assert payload[:20] not in image
    assert read_label(image)["size"] == len(payload)


@pytest.mark.function("S1-3")
def test_同じ中身と札と鍵からは同じ像ができる(city: Identity, service: Identity) -> None:
    first = seal(b"same", LABEL, sender=city, receiver=service.public())
    assert seal(b"same", LABEL, sender=city, receiver=service.public()) == first


@given(
    first=st.tuples(st.binary(max_size=40), st.integers(0, 3)),
    second=st.tuples(st.binary(max_size=40), st.integers(0, 3)),
)
def test_中身か札が違えば鍵もノンスも違う(
    city: Identity, service: Identity, first: tuple[bytes, int], second: tuple[bytes, int]
) -> None:
    """What makes the fixed nonce safe: one (key, nonce) pair never meets two (payload, header) pairs."""
    found = []
    for payload, serial in (first, second):
        _, header, _ = seals._split(seal(payload, {"serial": serial}, sender=city, receiver=service.public()))
        found.append((header["wrapped_key"], header["nonce"], header["one_time_key"]))
    assert [a == b for a, b in zip(*found, strict=True)] == [first == second] * 3


def test_札が違えば中身が同じでも鍵が違い_別の差出人なら更に違う(
    city: Identity, service: Identity, tmp_path: Path
) -> None:
    other = Identity.load_or_create(tmp_path / "own.json", party="11203", holder="課長")
    images = {
        seal(b"same", LABEL, sender=city, receiver=service.public()),
        seal(b"same", {**LABEL, "serial": 2}, sender=city, receiver=service.public()),
        seal(b"same", LABEL, sender=other, receiver=service.public()),
        seal(b"same", LABEL, sender=city, receiver=other.public()),
    }
    keys = {(header["wrapped_key"], header["nonce"]) for _, header, _ in map(seals._split, images)}
    assert len(keys) == 4


@given(data=st.data())
def test_どの一バイトが壊れても開かない(city: Identity, service: Identity, data: st.DataObject) -> None:
    image = seal(b"payload of some length", LABEL, sender=city, receiver=service.public())
    place = data.draw(st.integers(0, len(image) - 1))
    change = data.draw(st.integers(1, 255))
    damaged = image[:place] + bytes([image[place] ^ change]) + image[place + 1 :]
    with pytest.raises(InputError):
        unseal(damaged, receiver=service, sender=city.public())


@given(length=st.integers(0, 400))
def test_途中で切れた像も余分のある像も開かない(city: Identity, service: Identity, length: int) -> None:
    image = seal(b"payload", LABEL, sender=city, receiver=service.public())
    with pytest.raises(InputError):
        unseal(image[: min(length, len(image) - 1)], receiver=service, sender=city.public())
    with pytest.raises(InputError, match="長さ"):
        unseal(image + b"\0", receiver=service, sender=city.public())


def test_署名者が違う像は開かない(city: Identity, service: Identity, tmp_path: Path) -> None:
    forger = Identity.load_or_create(tmp_path / "own.json", party="11203", holder="課長")
    image = seal(b"payload", LABEL, sender=forger, receiver=service.public())
    with pytest.raises(InputError, match="署名"):
        unseal(image, receiver=service, sender=city.public())


def test_鍵は持ち主だけが読め_次も同じ鍵である(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "own.json"
    first = Identity.load_or_create(path, party="11203", holder="課長")
    assert path.stat().st_mode & 0o777 == 0o600
    assert Identity.load_or_create(path, party="x", holder="y").public() == first.public()
    assert "PrivateKey" not in repr(first)


def test_公開鍵は鍵番号と合わなければ登録されない(city: Identity, tmp_path: Path) -> None:
    path = tmp_path / "public.json"
    city.public().save(path)
    assert PublicIdentity.load(path) == city.public()
    path.write_text(path.read_text().replace(city.public().key_id, "0" * 16))
    with pytest.raises(InputError, match="鍵番号"):
        PublicIdentity.load(path)
    with pytest.raises(InputError, match="登録されていません"):
        PublicIdentity.load(tmp_path / "none.json")
