"""20歳到達者の一覧の画面: a year ahead, month by month."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import InputError
from kokunen.national_pension import perms
from kokunen.national_pension.queries import reaching
from kokunen.national_pension.web.views.common import PURPOSE


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def reaching_20(request: StaffRequest) -> HttpResponse:
    """20歳到達者の一覧 (?month=2026-12)"""
    error: InputError | None = None
    try:
        found = reaching.reaching_20(
            context=request.access_context,
            month=_month(request.GET.get("month", "")),
            after=request.GET.get("after", ""),
        )
    except InputError as refused:
        error, found = refused, reaching.reaching_20(context=request.access_context)
    shown = {"found": found, "error": error}
    return render(request, "national_pension/reaching_20.html", shown, status=422 if error else 200)


def _month(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as wrong:
        raise InputError("月の指定が正しくありません", "month", "invalid_value", "月を選び直してください。") from wrong
