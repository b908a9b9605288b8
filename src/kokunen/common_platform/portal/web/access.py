"""画面の入口: every route states who may open it and, for personal data, what for.

::

    @page(permission=perms.NOTICE_REGISTER, purpose="pension_qualification", personal=True)
    def register_loss(request: StaffRequest, atena_number: str) -> HttpResponse:
        notice = services.loss_register(..., context=request.access_context)

What the decorator does, before the view runs: no session → 401 with the sign-in form; permission not held → 403 in
plain words and a refusal in the ledger; personal data without a purpose → the officer is asked for it; purpose that
the officer's roles may not state → 403 and a refusal. Then it builds `request.access_context`. The declaration stays
readable as `view.kokunen_access`, which the tests about the code check for every URL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.models import Staff
from kokunen.common_platform.portal.web.leaving import let_out
from kokunen.common_platform.portal.web.state import PortalState, purpose_choices
from kokunen.ledger.access import AccessContext
from kokunen.ledger.purposes import PURPOSES
from kokunen.ledger.recording import record_refusal, watch_outputs

View = TypeVar("View", bound=Callable[..., HttpResponse])

OF_THE_DAY = "*"
"""purpose=OF_THE_DAY: the purpose that the officer has chosen beside the search box; asked for when missing."""

NO_SUBJECT_PURPOSE = "administration"
"""Purpose of entries about the system itself (a page without personal data, a sign-in)."""


class StaffRequest(HttpRequest):
    """Request of a signed-in member of staff, as views receive it."""

    user: Staff
    portal: PortalState
    access_context: AccessContext


@dataclass(frozen=True, slots=True)
class PageAccess:
    """画面の宣言: `permission` None = every signed-in member of staff; `purpose` None = no personal data;
    `polling` = asked for by the page itself, does not count as work; `public` = no sign-in."""

    screen: str
    permission: str | None
    purpose: str | None
    personal: bool
    polling: bool
    public: bool


def page(
    *,
    permission: str | None = None,
    purpose: str | None = None,
    personal: bool = False,
    polling: bool = False,
    public: bool = False,
    screen: str = "",
) -> Callable[[View], View]:
    """Declare a view (function, or the result of `as_view()`); see the module text."""
    if personal and not purpose:
        raise ImproperlyConfigured("個人情報の画面には利用目的 (purpose) が必要です")
    if public and (permission or personal):
        raise ImproperlyConfigured("公開の画面に権限・個人情報は付けられません")
    if purpose not in (None, OF_THE_DAY) and purpose not in PURPOSES:
        raise ImproperlyConfigured(f"利用目的 {purpose} は定められていません")

    def decorate(view: View) -> View:
        access = PageAccess(screen or _screen_of(view), permission, purpose, personal, polling, public)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.kokunen_page = access  # type: ignore[attr-defined]
            stop = None if access.public else _stop(request, access)
            if stop is not None:
                return stop
            with watch_outputs() as taken:
                response = view(request, *args, **kwargs)
            return let_out(request, response, taken, personal=access.personal)

        guarded.kokunen_access = access  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


_WITHOUT_PASSKEY = ("portal.passkey", "portal.sign_out", "portal.password_change", "portal.stay")
"""What opens for somebody who has to register a passkey first."""


def _screen_of(view: Callable[..., Any]) -> str:
    """`kokunen.resident_registry.web.views.move_out` → `resident_registry.move_out`."""
    parts = view.__module__.split(".")
    inside = parts[1:] if parts[0] == "kokunen" else parts
    subsystem = inside[1] if inside[0] == "common_platform" and len(inside) > 1 else inside[0]
    return f"{subsystem}.{view.__name__}"


def _stop(request: HttpRequest, access: PageAccess) -> HttpResponse | None:
    """The answer that stands in for the view, or None when it may run."""
    portal: PortalState = request.portal  # type: ignore[attr-defined]
    if portal.staff is None or portal.posting is None:
        return sign_in_required(request)
    if portal.staff.must_change_password and access.screen not in ("portal.password_change", "portal.sign_out"):
        from kokunen.common_platform.portal.web.views.password import redirect_to_change

        return redirect_to_change(request)
    if portal.must_register_passkey and not access.screen.startswith(_WITHOUT_PASSKEY):
        return redirect("portal:passkeys")
    purpose = _purpose(request, access, portal)
    context = _context(request, access, portal, purpose or NO_SUBJECT_PURPOSE)
    request.access_context = context  # type: ignore[attr-defined]
    if access.permission is not None and access.permission not in portal.permissions:
        return refuse(
            request, f"「{portal.office_name}」のあなたの役割では、この画面を開けません。", reason="permission"
        )
    if access.purpose is None:
        return None
    if purpose is None:
        return _ask_for_purpose(request)
    if purpose not in portal.purposes:
        return refuse(
            request, f"利用目的「{PURPOSES.get(purpose, purpose)}」は、あなたの役割では使えません。", reason="purpose"
        )
    return None


def _purpose(request: HttpRequest, access: PageAccess, portal: PortalState) -> str | None:
    """The purpose of this look: the page's own, else the one chosen beside the search box (kept for the session)."""
    if access.purpose != OF_THE_DAY:
        return access.purpose
    chosen = request.POST.get("purpose") or request.GET.get("purpose")
    if chosen and chosen in portal.purposes and request.session.get("purpose") != chosen:
        request.session["purpose"] = chosen
    elif chosen and chosen not in PURPOSES:
        return None
    return chosen or request.session.get("purpose")


def _context(request: HttpRequest, access: PageAccess, portal: PortalState, purpose: str) -> AccessContext:
    assert portal.staff is not None and portal.posting is not None
    return AccessContext(
        staff_number=portal.staff.number,
        office_code=portal.posting.office_id,
        purpose=purpose,
        screen=access.screen,
        terminal=portal.terminal,
    )


def sign_in_required(request: HttpRequest) -> HttpResponse:
    """401 with the sign-in form, which leads back here; a part of a page makes the whole page go there."""
    from kokunen.common_platform.portal.web.views.sign_in import sign_in_page

    response = sign_in_page(request, status=401)
    response.headers["WWW-Authenticate"] = "FormBased"
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


def refuse(request: HttpRequest, message: str, *, reason: str, what_to_do: str = "", status: int = 403) -> HttpResponse:
    """Refusal in plain words; it stands in the ledger before it is shown."""
    context: AccessContext = request.access_context  # type: ignore[attr-defined]
    record_refusal(context, dataset=f"画面 {context.screen}", reason=reason, detail={"method": request.method or ""})
    advice = what_to_do or "必要なときは、所属長を通じてシステム管理者に役割の登録を依頼してください。"
    return render(request, "errors/refused.html", {"message": message, "what_to_do": advice}, status=status)


def _ask_for_purpose(request: HttpRequest) -> HttpResponse:
    """The question for the purpose; the answer goes to the same address (a search repeats itself with it)."""
    choices = purpose_choices(request.portal)  # type: ignore[attr-defined]
    sent, method = (request.POST, "post") if request.method == "POST" else (request.GET, "get")
    kept = [(k, v) for k, values in sent.lists() if k not in ("purpose", "csrfmiddlewaretoken") for v in values]
    return render(request, "portal/ask_purpose.html", {"purposes": choices, "kept": kept, "method": method}, status=428)
