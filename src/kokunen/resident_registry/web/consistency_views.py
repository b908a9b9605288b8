"""整合性確認の画面: ask for one, see what differs, send again or settle with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import KokunenError
from kokunen.resident_registry import consistency_queries, perms
from kokunen.resident_registry.services import consistency
from kokunen.resident_registry.web.line_views import ReasonForm

_MANAGE: dict[str, Any] = {"permission": perms.LINES_MANAGE, "purpose": "resident_correction", "personal": True}


@page(**_MANAGE)
def checks(request: StaffRequest) -> HttpResponse:
    """整合性確認: the latest runs; POST asks for one."""
    refused: KokunenError | None = None
    if request.method == "POST":
        try:
            consistency.ask_check(context=request.access_context)
        except KokunenError as error:
            refused = error
        else:
            messages.success(request, "整合性確認を依頼しました。抽出と照合が済むと、違いがここに出ます")
            return redirect("resident_registry:consistency")
    context = {
        "checks": consistency_queries.find_checks(),
        "under_way": consistency_queries.is_under_way(),
        "refused": refused,
    }
    return render(request, "resident_registry/consistency.html", context, status=422 if refused else 200)


@page(**_MANAGE)
def check(request: StaffRequest, check_id: int) -> HttpResponse:
    """整合性確認1回: each difference with both sides, and what to do with it."""
    refused: KokunenError | None = None
    if request.method == "POST":
        try:
            messages.success(request, _act_on(request))
        except KokunenError as error:
            refused = error
        else:
            return redirect("resident_registry:consistency_check", check_id)
    found = consistency_queries.get_check(
        context=request.access_context, check_id=check_id, after=request.GET.get("after", "")
    )
    context = {"found": found, "form": ReasonForm(), "refused": refused}
    return render(request, "resident_registry/consistency_check.html", context, status=422 if refused else 200)


def _act_on(request: StaffRequest) -> str:
    act, _, number = request.POST.get("act", "").partition(":")
    difference = int(number) if number.isdigit() else 0
    if act == "send":
        consistency.send_difference(context=request.access_context, difference_id=difference)
        return "今の記録で送り直します"
    consistency.close_difference(
        context=request.access_context, difference_id=difference, reason=request.POST.get("reason", "")
    )
    return "処理済みにしました"
