"""業務メニューと, 自分のサインインの状況"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kokunen.common_platform.portal import approvals as inbox
from kokunen.common_platform.portal import home as registry
from kokunen.common_platform.portal import queries
from kokunen.common_platform.portal.choices import EndReason, role_ja
from kokunen.common_platform.portal.services import sessions
from kokunen.common_platform.portal.services.settings import settings_of
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.middleware import SESSION_POSTING_KEY


@page()
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """業務メニュー: cards with live figures and the menu, by role."""
    permissions = request.portal.permissions
    entries = [(entry, _address(entry.url_name)) for entry in registry.REGISTRY.menu(permissions)]
    setting = settings_of(request.user)
    if request.session.get("text_size", "normal") != setting.text_size:
        request.session["text_size"] = setting.text_size
    context = {
        "cards": registry.REGISTRY.cards(permissions, request.access_context, setting.hidden_cards),
        "notices": [row for row in _notices(request) if not row.is_read],
        "approvals": _approvals(request),
        "menu": [(entry.words, url) for entry, url in entries if url],
        "search_url": next((url for entry, url in entries if url and entry.url_name.endswith(":search")), ""),
        "roles": [role_ja(role) for role in request.portal.posting.roles] if request.portal.posting else [],
        "drafts": queries.find_drafts(request.user.pk),
    }
    return render(request, "portal/home.html", context)


def _notices(request: StaffRequest) -> list[queries.NoticeRow]:
    office = request.portal.posting.office_id if request.portal.posting else ""
    return queries.find_my_notices(request.user.pk, office, sorted(request.portal.roles))


def _approvals(request: StaffRequest) -> int:
    """How many approvals wait for this officer."""
    rows = inbox.REGISTRY.rows(request.portal.permissions, request.user.number)
    return sum(not row.is_mine for row in rows)


@page()
@require_http_methods(["GET", "POST"])
def my_sessions(request: StaffRequest) -> HttpResponse:
    """サインインの状況: where this account is signed in, how long it lasts; other sessions can be ended here."""
    current = request.portal.session
    if request.method == "POST" and current:
        sessions.sessions_end_of_staff(
            request.user.pk, reason=EndReason.SIGNED_OUT, by=request.user.number, keep=current.pk
        )
        return redirect("portal:my_sessions")
    rows = queries.find_live_sessions([request.user.pk])
    return render(request, "portal/my_sessions.html", {"sessions": rows, "current": current})


@page()
@require_http_methods(["GET", "POST"])
def switch_posting(request: StaffRequest) -> HttpResponse:
    """所属を切り替える: someone with two postings works for one of them at a time."""
    if request.method == "POST":
        wanted = request.POST.get("office", "")
        if wanted in {posting.office_id for posting in request.portal.postings}:
            request.session[SESSION_POSTING_KEY] = wanted
            request.session.pop("purpose", None)
        return redirect("portal:home")
    rows = [(posting, [role_ja(role) for role in posting.roles]) for posting in request.portal.postings]
    return render(request, "portal/switch_posting.html", {"rows": rows})


@page()
@require_POST
def stay(request: StaffRequest) -> HttpResponse:
    """作業を続ける: the officer answered the warning before the idle time was over."""
    return HttpResponse(status=204)


@page()
@require_POST
def purpose_of_the_day(request: StaffRequest) -> HttpResponse:
    """利用目的を選ぶ: kept for this sign-in; every look states it."""
    wanted = request.POST.get("purpose", "")
    if wanted in request.portal.purposes:
        request.session["purpose"] = wanted
    return redirect("portal:home")


def _address(url_name: str) -> str:
    """Address of an entry; "" when its subsystem is not served by this process."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
