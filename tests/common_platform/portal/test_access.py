"""入口の宣言の試験: permission, purpose, and what a view is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client

from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.kernel.errors import Conflict, InputError, NotAllowed

pytestmark = pytest.mark.function("S3-4")
SignIn = Callable[..., Client]


def test_個人情報の画面は目的なしでは宣言できない() -> None:
    with pytest.raises(ImproperlyConfigured, match="利用目的"):
        page(permission="x", personal=True)
    with pytest.raises(ImproperlyConfigured, match="定められていません"):
        page(permission="x", purpose="curiosity")
    with pytest.raises(ImproperlyConfigured, match="公開の画面"):
        page(public=True, permission="x")


def test_宣言は画面から読める() -> None:
    @page(permission="common_platform.staff.view", purpose="pension_inquiry", personal=True)
    def some_screen(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    access = some_screen.kokunen_access  # type: ignore[attr-defined]
    assert (access.permission, access.purpose, access.personal) == (
        "common_platform.staff.view",
        "pension_inquiry",
        True,
    )
    assert access.screen.endswith("some_screen")


_ARGUMENTS = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


@pytest.mark.control("CTL-050")
def test_サインイン前に開くのは決まった画面だけ(accounts: str) -> None:
    from django.urls import URLPattern, URLResolver, get_resolver

    def addresses(patterns: list[Any], before: str = "/") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from addresses(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern):
                yield path, pattern.callback

    answered = {}
    for path, view in addresses(get_resolver().url_patterns):
        concrete = re.sub(r"<(?:(\w+):)?\w+>", lambda m: _ARGUMENTS.get(m[1], "x1"), path)
        answered[path] = (Client().get(concrete).status_code, view.kokunen_access.public)
    open_pages = {path for path, (status, _) in answered.items() if status == 200}
    assert open_pages <= {"/sign-in", "/healthz", "/metrics", "/assessment/", "/assessment/file-register"}
    closed = {path: status for path, (status, public) in answered.items() if not public and status != 401}
    assert closed == {}


def test_サインインの要る画面は戻り先つきの入口を出す(accounts: str) -> None:
    answer = Client().get("/my/sessions?x=1")
    assert answer.status_code == 401
    assert 'name="next" value="/my/sessions?x=1"' in answer.content.decode()
    part = Client().get("/my/sessions", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Refresh"]) == (401, "true")


def test_役割にない画面は断られ台帳に残る(sign_in: SignIn, ledger: Callable[..., list[Any]]) -> None:
    client = sign_in("nenkin1")
    answer = client.get("/staff")
    assert answer.status_code == 403
    assert "「国民年金課」のあなたの役割では、この画面を開けません。" in answer.content.decode()
    who, _, detail = ledger("refuse")[-1]
    assert (who, detail["reason"]) == ("nenkin1", "permission")


@pytest.fixture
def personal_urls(settings: Any, accounts: str) -> Iterator[dict[str, Any]]:
    """A city hall with two screens of personal data."""
    import sys

    from django.urls import clear_url_caches, include, path

    from kokunen.common_platform.portal import permissions
    from kokunen.common_platform.portal.choices import Role

    given: dict[str, Any] = {}
    code = permissions.declare("portal_test.view", "試験の画面を見る", roles=[Role.PENSION_OFFICER, Role.ADMINISTRATOR])

    @page(permission=code, purpose=OF_THE_DAY, personal=True, screen="portal_test.search")
    def search(request: StaffRequest) -> HttpResponse:
        given["context"] = request.access_context
        return HttpResponse("見えました")

    @page(permission=code, purpose="pension_inquiry", personal=True, screen="portal_test.fixed")
    def fixed(request: StaffRequest) -> HttpResponse:
        given["context"] = request.access_context
        if kind := request.GET.get("raise"):
            raise {"no": NotAllowed, "twice": Conflict, "bad": InputError}[kind]("だめな理由", hint="すること。")
        return HttpResponse("見えました")

    @page(permission=code, polling=True, screen="portal_test.poll")
    def poll(request: StaffRequest) -> HttpResponse:
        return HttpResponse("")

    module = ModuleType("kokunen_portal_test_urls")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("t/search", search),
        path("t/fixed", fixed),
        path("t/poll", poll),
        path("", include("kokunen.common_platform.portal.web.urls")),
    ]
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    clear_url_caches()
    yield given
    del sys.modules[module.__name__]
    clear_url_caches()


@pytest.mark.control("CTL-016")
@pytest.mark.control("CTL-030")
def test_目的を選ぶまで個人情報は出ず_選ぶとその後も続く(personal_urls: dict[str, Any], sign_in: SignIn) -> None:
    client = sign_in("nenkin1")
    asked = client.get("/t/search?q=ヤマ")
    assert asked.status_code == 428
    page_text = asked.content.decode()
    assert "利用目的を選んでください" in page_text and 'name="q" value="ヤマ"' in page_text
    assert "住民異動の届出の受理" not in page_text
    assert "context" not in personal_urls
    assert client.get("/t/search?q=ヤマ&purpose=pension_exemption").content.decode() == "見えました"
    assert client.get("/t/search?q=スズ").content.decode() == "見えました"
    context = personal_urls["context"]
    assert (context.staff_number, context.office_code, context.purpose) == ("nenkin1", "2010", "pension_exemption")
    assert (context.screen, context.terminal) == ("portal_test.search", "10.1.0.1")


@pytest.mark.control("CTL-030")
@pytest.mark.parametrize("purpose", ["resident_notice", "audit", "disclosure"])
def test_役割にない目的は断られる(
    personal_urls: dict[str, Any], sign_in: SignIn, ledger: Callable[..., list[Any]], purpose: str
) -> None:
    client = sign_in("nenkin1")
    answer = client.get(f"/t/search?purpose={purpose}")
    assert answer.status_code == 403
    assert "あなたの役割では使えません" in answer.content.decode()
    assert ledger("refuse")[-1][2]["reason"] == "purpose"
    assert "context" not in personal_urls


@pytest.mark.control("CTL-030")
def test_知らない目的では答えない(personal_urls: dict[str, Any], sign_in: SignIn) -> None:
    client = sign_in("nenkin1")
    client.get("/t/search?purpose=pension_exemption")
    personal_urls.clear()
    assert client.get("/t/search?purpose=curiosity").status_code == 428
    assert personal_urls == {}


def test_管理者の役割では年金の目的を名乗れない(personal_urls: dict[str, Any], sign_in: SignIn) -> None:
    assert sign_in("kanri1").get("/t/fixed").status_code == 403


@pytest.mark.parametrize(("kind", "status"), [("no", 403), ("twice", 409), ("bad", 422)])
def test_業務の断りは言葉のある画面になる(
    personal_urls: dict[str, Any], sign_in: SignIn, kind: str, status: int
) -> None:
    answer = sign_in("nenkin1").get(f"/t/fixed?raise={kind}")
    assert answer.status_code == status
    assert "だめな理由" in answer.content.decode() and "すること。" in answer.content.decode()


def test_個人情報の画面は印を付けて隠せる(personal_urls: dict[str, Any], sign_in: SignIn) -> None:
    body = sign_in("nenkin1").get("/t/fixed?raise=no").content.decode()
    assert "data-personal" in body and 'data-blank-seconds="180"' in body


@pytest.fixture
def polling_url(personal_urls: dict[str, Any]) -> str:
    return "/t/poll"


@pytest.mark.control("CTL-053")
def test_自動更新と宣言した画面は無操作の時間を延ばさない(
    polling_url: str, sign_in: SignIn, time_passes: Callable[..., None]
) -> None:
    client = sign_in("nenkin1")
    for _ in range(3):
        time_passes(minutes=4)
        assert client.get(polling_url).status_code == 200
    time_passes(minutes=4)
    assert client.get(polling_url).status_code == 401
