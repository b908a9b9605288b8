"""照合の画面 (管理者)"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import parse_date
from kokunen.pension_records import queries
from kokunen.pension_records.choices import OperatorKind
from kokunen.pension_records.services import reconciliation as service
from kokunen.pension_records.web.access import context_for, terminal_page
from kokunen.pension_records.web.forms import CheckForm, DayForm, SlipForm
from kokunen.pension_records.web.middleware import TerminalState, status_of
from kokunen.pension_records.web.words import add_error


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_GET
def reconciliation(request: HttpRequest) -> HttpResponse:
    """照会記録の照合"""
    return _page(request, _day(request.GET.get("day", "")))


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def list_fetch(request: HttpRequest) -> HttpResponse:
    """処理結果リストを受け取る"""
    day = _day(request.POST.get("day", ""))
    service.list_fetch(day, context=context_for(request, "list_fetch"))
    return _back(day)


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def slip_enter(request: HttpRequest) -> HttpResponse:
    """照会票を記入する"""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.operator is not None
    day, form = _day(request.POST.get("day", "")), SlipForm(request.POST)
    if not form.is_valid():
        return _page(request, day, slip=form, status=422)
    try:
        service.slip_enter(**form.cleaned_data, by=state.operator, context=context_for(request, "slip_enter"))
    except KokunenError as error:
        add_error(form, error)
        return _page(request, day, slip=form, status=status_of(error))
    return _back(day)


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def day_check(request: HttpRequest) -> HttpResponse:
    """照合を記録する"""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.operator is not None
    day, form = _day(request.POST.get("day", "")), CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, day, check=form, status=422)
    try:
        context = context_for(request, "day_check")
        service.day_check(day, words=form.cleaned_data["words"], by=state.operator, context=context)
    except KokunenError as error:
        add_error(form, error)
        return _page(request, day, check=form, status=status_of(error))
    return _back(day)


def _day(text: str) -> date:
    if not text:
        return clock.now().date()
    return parse_date(text, clock.today())


def _back(day: date) -> HttpResponse:
    return redirect(f"{reverse('pension_records:reconciliation')}?day={day.isoformat()}")


def _page(
    request: HttpRequest, day: date, *, slip: SlipForm | None = None, check: CheckForm | None = None, status: int = 200
) -> HttpResponse:
    inquiries = queries.inquiries_of(day)
    lines = queries.office_lines(day)
    slips = queries.slips_of([row.number for row in inquiries])
    context = {
        "day": day,
        "day_form": DayForm(initial={"day": day}),
        "rows": [(row, lines.get(row.number), slips.get(row.number)) for row in inquiries],
        "differences": service.differences_of(day),
        "checks": queries.find_checks(day),
        "slip": slip or SlipForm(),
        "check": check or CheckForm(),
    }
    return render(request, "pension_records/reconciliation.html", context, status=status)
