"""照会の画面 (取扱者)"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.pension_records import queries
from kokunen.pension_records.choices import OperatorKind
from kokunen.pension_records.services import inquiry as service
from kokunen.pension_records.web.access import terminal_page
from kokunen.pension_records.web.forms import InquiryForm
from kokunen.pension_records.web.middleware import TerminalState, status_of
from kokunen.pension_records.web.words import add_error


@terminal_page()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """入口: who asks gets the question, who checks gets the check."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.operator is not None
    name = "inquire" if state.operator.kind == OperatorKind.OPERATOR else "reconciliation"
    return redirect(f"pension_records:{name}")


@terminal_page(kind=OperatorKind.OPERATOR)
@require_http_methods(["GET", "POST"])
def inquire(request: HttpRequest) -> HttpResponse:
    """年金記録を照会する: the answer stands on this one page and nowhere else."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.session is not None
    if request.method == "GET":
        return _page(request, InquiryForm(initial=_repeat(state, request.GET.get("repeat", ""))))
    form = InquiryForm(request.POST)
    if not form.is_valid():
        _refused(state, form)
        return _page(request, form, status=400)
    try:
        found = service.inquire(state.session, service.Question(**form.cleaned_data))
    except KokunenError as error:
        add_error(form, error)
        return _page(request, form, status=status_of(error))
    context = {"inquiry": found.inquiry, "record": found.record, "totals": found.record.get("totals", {}).items()}
    return render(request, "pension_records/record.html", context)


def _page(request: HttpRequest, form: InquiryForm, status: int = 200) -> HttpResponse:
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.operator is not None
    if form.is_bound:
        form = _without_number(form)
    inquiries = queries.own_inquiries(state.operator, clock.today())
    return render(request, "pension_records/inquire.html", {"form": form, "inquiries": inquiries}, status=status)


def _without_number(form: InquiryForm) -> InquiryForm:
    """What was typed comes back, the number never does."""
    errors, kept = form.errors, {name: value for name, value in form.data.items() if name != "key"}
    again = InquiryForm({**kept, "key": ""})
    again._errors = errors  # type: ignore[attr-defined]
    return again


def _repeat(state: TerminalState, number: str) -> dict[str, str]:
    """A question that had no answer, without the number asked for."""
    assert state.operator is not None
    found = queries.find_open_inquiry(state.operator, number) if number else None
    if found is None:
        return {}
    names = ("case_number", "reason", "identity_check", "key_kind", "number")
    return {name: str(getattr(found, name)) for name in names}


def _refused(state: TerminalState, form: InquiryForm) -> None:
    """A question that is none stands in the ledger too."""
    from kokunen.pension_records.services.entries import RECORDS, context_of, refuse

    fields = sorted(name for name in form.errors if name != "__all__")
    error = InputError("照会の入力に誤りがあります", code="form")
    refuse(context_of(state.operator, state.terminal, screen="inquire"), RECORDS, error.code, {"fields": fields})
