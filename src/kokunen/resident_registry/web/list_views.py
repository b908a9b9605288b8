"""一覧の画面: people whom somebody has to look at, and notices that wait for a second officer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import KokunenError
from kokunen.resident_registry import list_queries, perms
from kokunen.resident_registry.list_queries import ListKind
from kokunen.resident_registry.services import provisional

_DECIDING: dict[str, Any] = {"permission": perms.NOTICE_REGISTER, "purpose": "resident_notice", "personal": True}


@page(permission=perms.RESIDENT_VIEW, purpose="resident_inquiry", personal=True)
def people_list(request: StaffRequest, kind: str = ListKind.NO_ARRIVAL) -> HttpResponse:
    """確認が必要な人の一覧: one list at a time, paged by key."""
    if kind not in list(ListKind):
        raise Http404
    found = list_queries.find_list(
        context=request.access_context,
        kind=ListKind(kind),
        sight=perms.sight_of(request.portal.permissions),
        after=request.GET.get("after", ""),
    )
    return render(request, "resident_registry/people_list.html", {"found": found, "kinds": list(ListKind)})


@page(**_DECIDING)
def provisional_list(request: StaffRequest) -> HttpResponse:
    """決裁待ちの仮登録: the oldest first."""
    return _show(request, None)


@page(**_DECIDING)
def provisional_drop(request: StaffRequest, entry_id: int) -> HttpResponse:
    """仮登録を取り下げる (POST, with a reason)."""
    if request.method == "POST":
        try:
            provisional.drop(context=request.access_context, entry_id=entry_id, reason=request.POST.get("reason", ""))
        except KokunenError as refused:
            return _show(request, refused)
        messages.success(request, "仮登録を取り下げました")
    return HttpResponseRedirect(reverse("resident_registry:provisional"))


def _show(request: StaffRequest, refused: KokunenError | None) -> HttpResponse:
    waiting = list_queries.find_waiting(
        context=request.access_context, sight=perms.sight_of(request.portal.permissions)
    )
    context = {
        "waiting": [(one, _address(one.entry.screen, one.entry.atena_number, one.entry.pk)) for one in waiting],
        "refused": refused,
    }
    return render(request, "resident_registry/provisional.html", context, status=422 if refused else 200)


def _address(screen: str, atena_number: str, entry_id: int) -> str:
    args = [atena_number] if atena_number else []
    return f"{reverse(f'resident_registry:{screen}', args=args)}?entry={entry_id}"
