"""要求ごとの確認: headers of every answer, and the state of the sign-in.

Order in settings: SecurityHeaders first, then Django's session, then Portal (in place of AuthenticationMiddleware).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kokunen.common_platform.portal import queries
from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.services import passkeys, sessions
from kokunen.common_platform.portal.sessions import store_of
from kokunen.common_platform.portal.web.state import PortalState
from kokunen.config import environment
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
POLL_HEADER = "X-Kokunen-Poll"
SESSION_POSTING_KEY = "posting_office"


class SecurityHeadersMiddleware:
    """見出し: no inline script or style, nothing kept by the browser (CTL-057), no foreign frame."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        headers = response.headers
        # how long the page took here, apart from waiting for a thread and from the way: for those who look after speed
        headers["Server-Timing"] = f"page;dur={(time.perf_counter() - began) * 1000:.1f}"
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class PortalMiddleware:
    """サインインの状態: reads the session row, ends it when time is up or the right is gone, counts work as work."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        portal = self._state(request)
        request.portal = portal  # type: ignore[attr-defined]
        request.user = portal.staff or AnonymousUser()
        return self.get_response(request)

    def _state(self, request: HttpRequest) -> PortalState:
        state = PortalState(terminal=terminal_of(request))
        store = store_of(request)
        store.get(SESSION_POSTING_KEY)  # loads the row, if there is one
        row = store.row
        if row is None or row.staff is None:
            return state
        if not row.is_live:
            state.ended = EndReason(row.ended_reason) if row.ended_reason else None
            return state
        postings = queries.find_postings(row.staff.pk)
        reason = row.time_is_up(timezone.now())
        if not row.staff.is_active:
            reason = EndReason.REVOKED
        elif not postings:
            reason = EndReason.NO_POSTING
        if reason is not None:
            sessions.session_end(row, reason=reason)
            store.forget()
            state.ended = reason
            return state
        state.staff, state.session, state.postings = row.staff, row, postings
        wanted = store.get(SESSION_POSTING_KEY)
        # asked of the database only where the policy could want it: a session with both factors is done with
        state.must_register_passkey = (
            not row.second_factor
            and environment.second_factor() != "offered"
            and passkeys.is_required(row.staff, postings)
        )
        state.posting = next((p for p in postings if p.office_id == wanted), postings[0])
        return state

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Work extends the idle time; what a page asks for by itself does not (CTL-053)."""
        access = getattr(view, "kokunen_access", None)
        state: PortalState = request.portal  # type: ignore[attr-defined]
        by_itself = (access is not None and access.polling) or POLL_HEADER in request.headers
        if state.session is not None and not by_itself:
            sessions.session_touch(state.session)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refusals that a service raises become a page that says what to do; everything else is a fault (500)."""
        if not isinstance(exception, KokunenError):
            return None
        status, title = _page_of(exception)
        return render(request, "errors/problem.html", {"title": title, "error": exception}, status=status)


def _page_of(error: KokunenError) -> tuple[int, str]:
    if isinstance(error, NotAllowed):
        return 403, "この操作はできません"
    if isinstance(error, Conflict):
        return 409, "ほかの職員の登録と重なりました"
    if isinstance(error, InputError):
        return 422, "入力を確かめてください"
    return 422, "処理できませんでした"


def terminal_of(request: HttpRequest) -> str:
    """端末: the address the request came from."""
    return str(request.META.get("REMOTE_ADDR") or "")[:60]
