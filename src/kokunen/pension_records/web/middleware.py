"""要求ごとの確認: headers of every answer, and the terminal session behind the cookie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.passkeys.ceremony import RelyingParty
from kokunen.config import environment
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.kernel.wareki import format_wareki
from kokunen.pension_records import limits
from kokunen.pension_records.choices import EndReason
from kokunen.pension_records.models import Operator, TerminalSession
from kokunen.pension_records.services import sessions

Handler = Callable[[HttpRequest], HttpResponse]
POLL_HEADER = "X-Kokunen-Poll"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@dataclass(slots=True)
class TerminalState:
    """接続の状態: nobody's before sign-in; `ended` says why the session that the cookie belonged to is over."""

    terminal: str
    session: TerminalSession | None = None
    ended: EndReason | None = None

    @property
    def operator(self) -> Operator | None:
        """Who is signed in."""
        return self.session.operator if self.session else None


class TerminalRequest(HttpRequest):
    """Request as views receive it."""

    state: TerminalState


class HeadersMiddleware:
    """見出し: nothing kept by the browser, no inline script or style, no frame."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)"
        )
        return response


class TerminalMiddleware:
    """接続の確認: with every request, at the database; nothing is remembered in between."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        state = TerminalState(terminal=str(request.META.get("REMOTE_ADDR") or "")[:60])
        if key := request.COOKIES.get(limits.COOKIE, ""):
            state.session, state.ended = sessions.session_of(key)
        request.state = state  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Work extends the idle time; what a page asks for by itself does not."""
        state: TerminalState = request.state  # type: ignore[attr-defined]
        by_itself = getattr(view, "polling", False) or POLL_HEADER in request.headers
        if state.session is not None and not by_itself:
            sessions.session_touch(state.session)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refusals of services become a page in plain words."""
        if not isinstance(exception, KokunenError):
            return None
        return render(
            request,
            "pension_records/problem.html",
            {"title": "この操作はできません", "error": exception},
            status=status_of(exception),
        )


def status_of(error: KokunenError) -> int:
    """403 not allowed, 409 conflict, 400 an input that cannot be asked, 503 no answer from outside."""
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, Conflict):
        return 409
    return 400 if isinstance(error, InputError) else 503


def party_of(request: HttpRequest) -> RelyingParty:
    """サインイン先: the origin of this request, which the allowed hosts have checked."""
    return RelyingParty(environment.passkey_host(), "社会保険オンライン", f"{request.scheme}://{request.get_host()}")


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """どの画面にも渡す値."""
    state: TerminalState | None = getattr(request, "state", None)
    return {
        "operator": state.operator if state else None,
        "today_ja": format_wareki(clock.today(), weekday=True),
        "idle_seconds": limits.IDLE_SECONDS,
        "blank_seconds": limits.BLANK_SECONDS,
        "passkey_host": environment.passkey_host(),
        "is_demo": environment.is_demo(),
    }
