"""回線の試験: a real process behind mutual TLS, right callers and wrong ones, and every trouble."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kokunen.counterparts.framework.client import LineClient, LineTrouble
from kokunen.counterparts.framework.line import CONTENT_DIGEST, MESSAGE_NUMBER, content_digest
from kokunen.counterparts.framework.pki import Authority, Credentials

PARTY = [str(Path(__file__).with_name("echo_party.py")), "--interval", "600"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def party(start_party: Callable[..., Any], authority: Authority, tmp_path: Path) -> Any:
    authority.issue_server(tmp_path / "echo" / "certificates", "echo")
    return start_party(PARTY, tmp_path / "echo")


@pytest.fixture
def city(authority: Authority, tmp_path: Path) -> Credentials:
    return authority.issue_client(tmp_path / "city", "city")


@pytest.fixture
def line(party: Any, city: Credentials) -> Iterator[LineClient]:
    with LineClient(f"https://127.0.0.1:{party.port + 1}", city, seconds=20) as client:
        yield client


def test_正しい証明書の市は答えを得る(line: LineClient) -> None:
    status, body = line.send("POST", "/", number="1", body="こんにちは".encode())
    assert status == 200
    assert json.loads(body) == {"client": "city", "place": 1, "body": "こんにちは"}


def test_同じ番号は二度送っても一度しか数えない(line: LineClient, party: Any) -> None:
    first = line.send("POST", "/", number="7", body=b"a")
    assert line.send("POST", "/", number="7", body=b"a") == first
    assert party.control.state()["messages"] == 1


def _call(port: int, context: ssl.SSLContext) -> httpx.Response:
    with httpx.Client(verify=context, trust_env=False) as client:
        return client.get(
            f"https://127.0.0.1:{port}/", headers={MESSAGE_NUMBER: "1", CONTENT_DIGEST: content_digest(b"")}
        )


def _context(authority: Path, certificate: tuple[Path, Path] | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority))
    if certificate is not None:
        context.load_cert_chain(*certificate)
    return context


@pytest.mark.parametrize("wrong", ["証明書なし", "別の認証局", "サーバ用の証明書", "期限切れ", "名簿にない名前"])
def test_証明書が正しくない相手は断る(
    party: Any, authority: Authority, city: Credentials, tmp_path: Path, wrong: str
) -> None:
    stranger = Authority(tmp_path / "stranger")
    given = {
        "証明書なし": None,
        "別の認証局": stranger.issue_client(tmp_path / "a", "city"),
        "サーバ用の証明書": authority.issue_server(tmp_path / "b", "city"),
        "期限切れ": authority.issue_client(tmp_path / "c", "city", days=-1),
        "名簿にない名前": authority.issue_client(tmp_path / "d", "other"),
    }[wrong]
    context = _context(authority.certificate_path, (given.certificate, given.key) if given else None)
    if wrong == "名簿にない名前":
        assert _call(party.port + 1, context).status_code == 403
    else:
        with pytest.raises(httpx.TransportError):
            _call(party.port + 1, context)
    assert party.control.state()["messages"] == 0
    assert _call(party.port + 1, _context(authority.certificate_path, (city.certificate, city.key))).status_code == 200


def test_古い版のTLSは断る(party: Any, authority: Authority, city: Credentials) -> None:
    context = _context(authority.certificate_path, (city.certificate, city.key))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(httpx.TransportError):
        _call(party.port + 1, context)


def test_相手方の証明書が正しくなければ市から断る(party: Any, city: Credentials, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger")
    wrong = Credentials(city.certificate, city.key, stranger.certificate_path)
    with LineClient(f"https://127.0.0.1:{party.port + 1}", wrong) as client, pytest.raises(LineTrouble):
        client.send("GET", "/", number="1")
    assert party.control.state()["messages"] == 0


def test_黙っている相手がいても他の人は待たされない(party: Any, line: LineClient) -> None:
    with socket.create_connection(("127.0.0.1", party.port + 1)):
        assert line.send("GET", "/", number="1")[0] == 200


def test_中身と要約が合わない電文は断る(party: Any, authority: Authority, city: Credentials) -> None:
    context = _context(authority.certificate_path, (city.certificate, city.key))
    with httpx.Client(verify=context, trust_env=False) as client:
        headers = {MESSAGE_NUMBER: "1", CONTENT_DIGEST: content_digest(b"right")}
        response = client.post(f"https://127.0.0.1:{party.port + 1}/", content=b"wrong", headers=headers)
    assert response.status_code == 400
    assert party.control.state()["messages"] == 0


@pytest.mark.parametrize("mode", ["fail", "garble", "repeat"])
def test_障害の間は確かな答えが得られず_直れば同じ番号で一度だけ届く(line: LineClient, party: Any, mode: str) -> None:
    line.send("POST", "/", number="1", body=b"first")
    party.control.order(mode)
    with pytest.raises(LineTrouble):
        line.send("POST", "/", number="2", body=b"second")
    party.control.heal()
    status, body = line.send("POST", "/", number="2", body=b"second")
    assert (status, json.loads(body)["place"]) == (200, 2)
    assert party.control.state()["messages"] == 2


def test_遅延の間は時間切れになり_直れば届く(party: Any, city: Credentials, line: LineClient) -> None:
    party.control.order("delay")
    with (
        LineClient(f"https://127.0.0.1:{party.port + 1}", city, seconds=0.2) as hasty,
        pytest.raises(LineTrouble, match="応答がありません"),
    ):
        hasty.send("POST", "/", number="1", body=b"x")
    party.control.heal()
    assert json.loads(line.send("POST", "/", number="1", body=b"x")[1])["place"] == 1
    assert party.control.state()["messages"] == 1


def test_受け取った直後に死んでも_送り直せば一度だけ数える(party: Any, line: LineClient) -> None:
    party.control.order("die", at="noted")
    with pytest.raises(LineTrouble):
        line.send("POST", "/", number="1", body=b"x")
    assert party.end() == -9
    party.start()
    assert json.loads(line.send("POST", "/", number="1", body=b"x")[1])["place"] == 1
    assert party.control.state()["messages"] == 1
