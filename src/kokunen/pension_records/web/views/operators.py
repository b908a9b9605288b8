"""操作者の登録の画面 (管理者)"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kokunen.kernel.errors import KokunenError
from kokunen.pension_records import queries
from kokunen.pension_records.choices import OperatorKind
from kokunen.pension_records.models import Operator
from kokunen.pension_records.services import enrolment
from kokunen.pension_records.services import registration as service
from kokunen.pension_records.web.access import context_for, terminal_page
from kokunen.pension_records.web.forms import EndForm, RegistrationFormForm
from kokunen.pension_records.web.middleware import TerminalState, status_of
from kokunen.pension_records.web.words import add_error


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_GET
def operators(request: HttpRequest) -> HttpResponse:
    """操作者と登録書の一覧"""
    return _page(request)


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def form_submit(request: HttpRequest) -> HttpResponse:
    """登録書を提出する"""
    form = RegistrationFormForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        service.form_submit(service.Applicant(**form.cleaned_data), context=context_for(request, "form_submit"))
    except KokunenError as error:
        add_error(form, error)
        return _page(request, form=form, status=status_of(error))
    return redirect("pension_records:operators")


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def results_take(request: HttpRequest) -> HttpResponse:
    """登録結果を受け取る: first passwords are shown on this one page."""
    taken = service.results_take(context=context_for(request, "results_take"))
    return _page(request, taken=taken)


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def code_issue(request: HttpRequest, operator_id: str) -> HttpResponse:
    """登録の符号を発行する"""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    assert state.operator is not None
    operator = _get(operator_id)
    code = enrolment.code_issue(operator, by=state.operator, context=context_for(request, "code_issue"))
    return _page(request, code=(operator, code))


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def credential_remove(request: HttpRequest, operator_id: str) -> HttpResponse:
    """生体認証を抹消する"""
    enrolment.credential_remove(_get(operator_id), context=context_for(request, "credential_remove"))
    return redirect("pension_records:operators")


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def operator_end(request: HttpRequest, operator_id: str) -> HttpResponse:
    """登録を終える: at once, with every live session"""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, words="終了の理由を入力してください。", status=422)
    service.operator_end(
        _get(operator_id), reason=form.cleaned_data["reason"], context=context_for(request, "operator_end")
    )
    return redirect("pension_records:operators")


@terminal_page(kind=OperatorKind.SUPERVISOR)
@require_POST
def operator_unlock(request: HttpRequest, operator_id: str) -> HttpResponse:
    """停止を解く"""
    service.operator_unlock(_get(operator_id), context=context_for(request, "operator_unlock"))
    return redirect("pension_records:operators")


def _get(operator_id: str) -> Operator:
    operator = queries.find_operator(operator_id)
    if operator is None:
        raise Http404
    return operator


def _page(
    request: HttpRequest,
    *,
    form: RegistrationFormForm | None = None,
    taken: list[service.Taken] | None = None,
    code: tuple[Operator, str] | None = None,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "operators": queries.find_operators(),
        "forms": queries.find_forms(),
        "form": form or RegistrationFormForm(),
        "taken": taken,
        "code": code,
        "words": words,
    }
    return render(request, "pension_records/operators.html", context, status=status)
