"""窓口の画面: what each office has to do, what the main office has to look at, and why things come back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.queries import candidates as found
from kokunen.national_pension.queries.lists import office_name_of
from kokunen.national_pension.services import receipt_acts
from kokunen.national_pension.web.views.common import PURPOSE


@page(permission=perms.WORK_VIEW)
def offices(request: StaffRequest) -> HttpResponse:
    """窓口の仕事: counts by office with links to the lists; reasons of 返戻 side by side (names nobody)."""
    context = {
        "rows": found.offices(),
        "own": request.access_context.office_code,
        "returns": found.return_reasons(),
        "may_check": request.portal.may(perms.RECEIPT_CHECK),
    }
    return render(request, "national_pension/offices.html", context)


@page(permission=perms.RECEIPT_CHECK, purpose=PURPOSE, personal=True)
def check_queue(request: StaffRequest) -> HttpResponse:
    """主管課の確認待ち; POST confirms the receipts ticked, each by itself."""
    if request.method == "POST":
        confirmed, refused = 0, []
        for one in request.POST.getlist("receipt"):
            if not one.isdigit():
                continue
            try:
                receipt_acts.confirm_at_main(notice_id=int(one), context=request.access_context)
            except KokunenError as error:
                refused.append(f"{one}: {error.message}")
            else:
                confirmed += 1
        messages.success(request, f"{confirmed}件を確認しました")
        for words in refused:
            messages.error(request, words)
        return redirect("national_pension:check_queue")
    rows = found.check_queue(context=request.access_context)
    own = request.access_context.staff_number
    context = {"rows": [(one, who, office_name_of(one.office_code), one.received_by == own) for one, who in rows]}
    return render(request, "national_pension/check_queue.html", context)
