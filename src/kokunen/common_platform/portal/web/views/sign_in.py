"""サインインとサインアウト"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from kokunen.common_platform.passkeys.ceremony import RelyingParty
from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.services import sign_in as service
from kokunen.common_platform.portal.sessions import store_of
from kokunen.common_platform.portal.web.access import page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.forms import SignInForm
from kokunen.config import environment
from kokunen.kernel.errors import NotAllowed

_ENDED: dict[str, str] = {
    EndReason.IDLE: "しばらく操作がなかったため、サインアウトしました。入力の途中だったものは下書きに残っています。",
    EndReason.LIFETIME: "連続して使える時間を過ぎたため、サインアウトしました。続けるにはサインインし直してください。",
    EndReason.SECOND_SIGN_IN: (
        "同じ職員番号でほかの端末からサインインがあったため、この端末はサインアウトしました。"
        "心当たりがないときは、すぐに情報政策課へ知らせてください。"
    ),
    EndReason.REVOKED: "この職員番号の利用が停止されました。所属長に確かめてください。",
    EndReason.NO_POSTING: "今日の所属が登録されていないため、サインアウトしました。所属長に確かめてください。",
    EndReason.PASSWORD_CHANGED: (
        "パスワードが変更されたため、サインアウトしました。新しいパスワードでサインインしてください。"
    ),
    EndReason.PASSKEY_REMOVED: "パスキーが抹消されたため、サインアウトしました。サインインし直してください。",
    EndReason.CLOCK: "時計が戻されたため、サインアウトしました。情報政策課へ知らせてください。",
    EndReason.ENDED_BY_ADMINISTRATOR: "管理者がこの端末の接続を終了しました。続けるにはサインインし直してください。",
}


@page(public=True)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """サインイン"""
    if request.method == "GET":
        if request.portal.staff:  # type: ignore[attr-defined]
            return redirect("portal:home")
        return sign_in_page(request)
    form = SignInForm(request.POST)
    if form.is_valid():
        try:
            result = service.sign_in(
                request,
                terminal=request.portal.terminal,  # type: ignore[attr-defined]
                party=party_of(request),
                with_passkey="with_passkey" in request.POST,
                **form.cleaned_data,
            )
        except NotAllowed as refused:
            add_error(form, refused)
            return sign_in_page(request, form=form, status=429 if refused.code == "locked" else 401)
        if not isinstance(result, service.SignedIn):
            return render(request, "portal/passkey_check.html", {"asked": result, "next": _next_of(request)})
        _tell_about_others(request, result)
        return redirect(_next_of(request))
    return sign_in_page(request, form=form, status=422)


@page(public=True)
@require_POST
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """サインイン (パスキー): the second step."""
    try:
        result = service.passkey_step(
            request,
            token=request.POST.get("token", ""),
            answer=request.POST.get("answer", ""),
            terminal=request.portal.terminal,  # type: ignore[attr-defined]
            party=party_of(request),
        )
    except NotAllowed as refused:
        form = SignInForm({"number": "", "password": ""})
        form.full_clean()
        form.errors.clear()
        form.add_error(None, str(refused))
        return sign_in_page(request, form=form, status=429 if refused.code == "locked" else 401)
    _tell_about_others(request, result)
    return redirect(_next_of(request))


def party_of(request: HttpRequest) -> RelyingParty:
    """サインイン先: the origin of this request, whose host the allowed hosts have checked."""
    return RelyingParty(environment.passkey_host(), "国年システム", f"{request.scheme}://{request.get_host()}")


@page()
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """サインアウト"""
    service.sign_out(request.portal.session)  # type: ignore[attr-defined]
    store_of(request).forget()
    response = redirect("portal:sign_in")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def sign_in_page(request: HttpRequest, *, form: SignInForm | None = None, status: int = 200) -> HttpResponse:
    """The form, with the reason why a session ended and the place to go back to."""
    portal = request.portal  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "form": form or SignInForm(),
        "ended": _ENDED.get(portal.ended or "", "") if form is None else "",
        "next": _next_of(request) if request.path == reverse("portal:sign_in") else _path_back(request),
    }
    return render(request, "portal/sign_in.html", context, status=status)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What django-axes shows when it has locked an account: the same form with the same words."""
    form = SignInForm(request.POST)
    form.is_valid()
    add_error(form, service.locked_error())
    return sign_in_page(request, form=form, status=429)


def _path_back(request: HttpRequest) -> str:
    """Where to continue: the page itself; after a POST the page it came from."""
    if request.method == "GET" and request.headers.get("HX-Request") != "true":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else reverse("portal:home")


def _next_of(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else reverse("portal:home")


def _tell_about_others(request: HttpRequest, result: service.SignedIn) -> None:
    for session in result.ended_elsewhere:
        messages.warning(
            request,
            f"ほかの端末({session.terminal})での接続を終了しました。心当たりがないときは情報政策課へ知らせてください。",
        )
