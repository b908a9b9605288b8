"""画面に共通のこと: headers, home, drafts, echo, health."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from kokunen.common_platform.portal import home
from kokunen.common_platform.portal.home import Figure, HomeRegistry
from kokunen.common_platform.portal.models import Draft

pytestmark = pytest.mark.function("S3-4")
SignIn = Callable[..., Client]


@pytest.mark.control("CTL-057")
@pytest.mark.parametrize("path", ["/", "/sign-in", "/my/sessions", "/practice", "/staff", "/no-such", "/healthz"])
def test_どの答えも残らず_よその部品を許さない(sign_in: SignIn, path: str) -> None:
    for client in (sign_in("nenkin1"), Client()):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_画面に直書きのスクリプトや様式がない(sign_in: SignIn) -> None:
    import re

    client = sign_in("kanri1")
    for path in (
        "/",
        "/practice",
        "/practice/parts",
        "/staff",
        "/staff/new",
        "/staff/nenkin1",
        "/sessions",
        "/password",
    ):
        text = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style\b|\bstyle=|\bon[a-z]+=\"", text), path


def test_ないページは何をするかを言う(sign_in: SignIn) -> None:
    answer = sign_in("nenkin1").get("/no-such")
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.content.decode() and "業務メニューに戻る" in answer.content.decode()


def test_システムの問題でも日本語で次にすることを言う(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> list[Any]:
        raise RuntimeError("内部の話")

    monkeypatch.setattr(home.REGISTRY, "menu", broken)
    client = sign_in("nenkin1")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "処理できませんでした" in text and "情報政策課" in text and "内部の話" not in text


def test_業務メニューは役割のものだけを並べ_一つの失敗で倒れない() -> None:
    registry, asked = HomeRegistry(), []

    def figures(context: Any) -> Iterator[Figure]:
        asked.append(context)
        yield Figure("未完了", 3, "/x", "warn")

    def failing(_context: Any) -> list[Figure]:
        raise RuntimeError

    registry.register_card("b", "報告", permission="p.report", figures=failing, order=2)
    registry.register_card("a", "今日の仕事", permission="p.work", figures=figures, order=1)
    registry.register_card("c", "税", permission="p.tax", figures=figures, order=3)
    registry.register_menu("s", "資格", "portal:home", permission="p.work")
    registry.register_menu("s", "税", "portal:practice", permission="p.tax")
    shown = registry.cards(frozenset({"p.work", "p.report"}), "誰か")  # type: ignore[arg-type]
    assert [(card.code, card.failed, [f.value for f in card.figures]) for card in shown] == [
        ("a", False, [3]),
        ("b", True, []),
    ]
    assert asked == ["誰か"]
    assert [entry.words for entry in registry.menu(frozenset({"p.work"}))] == ["資格"]


def _draft(client: Client, method: str, **body: Any) -> Any:
    return client.generic(method, "/my/draft", json.dumps(body), content_type="application/json")


def test_下書きは本人の画面ごと人ごとに残る(sign_in: SignIn) -> None:
    mine, others = sign_in("nenkin1"), sign_in("nenkin2")
    key = {"screen": "national_pension.notice", "subject": "1"}
    assert _draft(mine, "POST", **key, values={"day": "R8.11"}).json()["fields"] == 1
    assert _draft(mine, "POST", **key, values={"day": "R8.11.24"}).status_code == 200
    assert mine.get("/my/draft", key).json()["values"] == {"day": "R8.11.24"}
    assert mine.get("/my/draft", {**key, "subject": "2"}).json() == {"values": {}, "saved_at": ""}
    assert others.get("/my/draft", key).json()["values"] == {}
    assert Draft.objects.count() == 1
    assert _draft(others, "DELETE", **key).status_code == 204
    assert Draft.objects.count() == 1
    assert _draft(mine, "DELETE", **key).status_code == 204
    assert Draft.objects.count() == 0


def test_大きすぎる下書きや壊れた下書きは断られる(sign_in: SignIn) -> None:
    client = sign_in("nenkin1")
    assert _draft(client, "POST", screen="s", values={"a": "あ" * 4001}).status_code == 422
    assert _draft(client, "POST", screen="s", values={str(n): "" for n in range(201)}).status_code == 422
    assert _draft(client, "POST", screen="", values={}).status_code == 422
    assert client.post("/my/draft", "{", content_type="application/json").status_code == 422
    assert Draft.objects.count() == 0


def test_古い下書きは消える(sign_in: SignIn) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from kokunen.common_platform.portal.services.drafts import drafts_expire

    client = sign_in("nenkin1")
    for screen in ("old", "new"):
        _draft(client, "POST", screen=screen, values={"a": "b"})
    Draft.objects.filter(screen="old").update(saved_at=timezone.now() - timedelta(days=15))
    assert drafts_expire() == 1
    assert Draft.objects.get().screen == "new"


def test_番号の検査は番号を送り返さない(sign_in: SignIn) -> None:
    client = sign_in("nenkin1")
    good = client.post("/echo/number", {"kind": "individual", "value": "1234 5678 9018"})
    bad = client.post("/echo/number", {"kind": "individual", "value": "123456789019"})
    assert good.json() == {"ok": True, "words": "検査数字が合っています"}
    assert bad.json()["ok"] is False and "123456789019" not in bad.content.decode()
    assert client.post("/echo/number", {"kind": "what", "value": "1"}).status_code == 422
    assert client.get("/echo/number?value=1").status_code == 405


def test_年齢の読み返し(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    words = sign_in("nenkin1").post("/echo/age", {"value": "S60.11.24"}).json()["words"]
    assert words == "昭和60年11月24日生まれ 41歳"


def test_稼働の確認はサインインなしで答える(accounts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.portal.web.views import health

    for ready, status in ((True, 200), (False, 503)):
        monkeypatch.setattr(health, "is_ready", lambda ready=ready: ready)
        answer = Client().get("/healthz")
        assert (answer.status_code, answer.json()) == (status, {"ready": ready})
