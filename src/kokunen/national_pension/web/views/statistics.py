"""統計・勧奨の画面: counts of a fiscal year that name nobody; letters made and what came of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.safeguards.web.output import made_output
from kokunen.kernel.eras import fiscal_year, format_fiscal_year
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.queries.statistics import GROUPS
from kokunen.national_pension.queries.statistics import statistics as statistics_of
from kokunen.national_pension.resident_view import USING
from kokunen.national_pension.services import outreach as letters


@page(permission=perms.STATISTICS)
def statistics(request: StaffRequest) -> HttpResponse:
    """統計・交付金の件数 (?year=2026)"""
    now = fiscal_year(clock.today())
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isdigit() and 2000 <= int(typed) <= now else now
    context = {
        "found": statistics_of(year),
        "groups": list(GROUPS),
        "label": format_fiscal_year(year),
        "before": year - 1,
        "may_send": request.portal.may(perms.OUTREACH),
    }
    return render(request, "national_pension/statistics.html", context)


@page(permission=perms.OUTREACH, purpose="pension_exemption", personal=True)
def outreach_make(request: StaffRequest) -> HttpResponse:
    """勧奨状を作成する (POST): the printed letters, or the reason why there are none"""
    if request.method != "POST":
        return redirect("national_pension:statistics")
    try:
        return made_output(request, USING, lambda: letters.make_letters(context=request.access_context))
    except KokunenError as error:
        messages.info(request, str(error))
        return redirect("national_pension:statistics")
