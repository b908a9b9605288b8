"""サインイン、初めての登録、サインアウト"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kokunen.kernel.errors import KokunenError
from kokunen.pension_records import limits
from kokunen.pension_records.choices import EndReason
from kokunen.pension_records.services import enrolment, sessions
from kokunen.pension_records.services import sign_in as service
from kokunen.pension_records.web.access import terminal_page
from kokunen.pension_records.web.forms import EnrolForm, SignInForm
from kokunen.pension_records.web.middleware import TerminalState, party_of, status_of
from kokunen.pension_records.web.words import add_error

_ENDED = {
    EndReason.IDLE: "しばらく操作がなかったため、サインアウトしました。",
    EndReason.LIFETIME: "連続して使える時間を過ぎたため、サインアウトしました。",
    EndReason.SECOND_SIGN_IN: (
        "同じ操作者IDでほかの端末からサインインがあったため、サインアウトしました。"
        "心当たりがないときは管理者に知らせてください。"
    ),
    EndReason.ENDED: "この操作者の登録は終了しました。",
    EndReason.CREDENTIAL_REMOVED: "生体認証の登録が抹消されたため、サインアウトしました。",
    EndReason.CLOCK: "端末の時計が戻されたため、サインアウトしました。管理者に知らせてください。",
}


def sign_in_page(request: HttpRequest, *, form: SignInForm | None = None, status: int = 200) -> HttpResponse:
    """第1段の画面, with the reason why a session ended."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    ended = _ENDED.get(state.ended, "") if state.ended and form is None else ""
    context = {"form": form or SignInForm(), "ended": ended}
    return render(request, "pension_records/sign_in.html", context, status=status)


@terminal_page(public=True)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """第1段: ID and password; what follows is the question to the device."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    form = SignInForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return sign_in_page(request, form=form if form.is_bound else None, status=422 if form.is_bound else 200)
    try:
        asked = service.password_step(terminal=state.terminal, party=party_of(request), **form.cleaned_data)
    except KokunenError as error:
        add_error(form, error)
        return sign_in_page(request, form=form, status=401)
    return render(request, "pension_records/person_check.html", {"asked": asked})


@terminal_page(public=True)
@require_POST
def person(request: HttpRequest) -> HttpResponse:
    """第2段: the device's answer; both together begin the session."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    try:
        signed_in = service.person_step(
            token=request.POST.get("token", ""),
            answer=request.POST.get("answer", ""),
            terminal=state.terminal,
            party=party_of(request),
        )
    except KokunenError as error:
        form = SignInForm({})
        form.full_clean()
        form.errors.clear()
        add_error(form, error)
        return sign_in_page(request, form=form, status=401)
    response = redirect("pension_records:home")
    response.set_cookie(
        limits.COOKIE,
        signed_in.key,
        httponly=True,
        samesite="Strict",
        secure=settings.CSRF_COOKIE_SECURE,
    )
    return response


@terminal_page()
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """サインアウト"""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.session is not None
    sessions.session_end(state.session, reason=EndReason.SIGNED_OUT)
    response = redirect("pension_records:sign_in")
    response.delete_cookie(limits.COOKIE, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@terminal_page()
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """作業を続ける"""
    return HttpResponse(status=204)


@terminal_page(public=True)
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """初めて使う: ID, password and code; then the device."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    form = EnrolForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            asked = enrolment.begin(terminal=state.terminal, party=party_of(request), **form.cleaned_data)
            return render(request, "pension_records/enrol_device.html", {"asked": asked})
        except KokunenError as error:
            add_error(form, error)
            status = status_of(error)
    return render(request, "pension_records/enrol.html", {"form": form}, status=status)


@terminal_page(public=True)
@require_POST
def enrol_device(request: HttpRequest) -> HttpResponse:
    """初めて使う: the device has verified the person."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    enrolment.finish(
        token=request.POST.get("token", ""),
        answer=request.POST.get("answer", ""),
        terminal=state.terminal,
        party=party_of(request),
    )
    return render(request, "pension_records/enrolled.html")
