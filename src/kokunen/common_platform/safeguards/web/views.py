"""台帳の画面: one pattern for every register (list, entry, step, print)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kokunen.common_platform.portal.queries import staff_names
from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page, refuse
from kokunen.common_platform.portal.web.responses import pdf
from kokunen.common_platform.safeguards import documents, perms, queries, seals
from kokunen.common_platform.safeguards.procedures import get_procedure, procedures
from kokunen.common_platform.safeguards.queries import Shown
from kokunen.common_platform.safeguards.services import register as service
from kokunen.common_platform.safeguards.web.forms import RegisterForm, step_form
from kokunen.kernel.errors import InputError, KokunenError


@page(permission=perms.REGISTER_ENTER)
def registers(request: StaffRequest) -> HttpResponse:
    """台帳の一覧: every register, and what is overdue in any of them."""
    shown = {"procedures": list(procedures().values()), "overdue": queries.find_overdue()}
    return render(request, "safeguards/registers.html", shown)


@page(permission=perms.REGISTER_ENTER, purpose=OF_THE_DAY, personal=True)
def register(request: StaffRequest, kind: str) -> HttpResponse:
    """一つの台帳: entries, newest first."""
    after = request.GET.get("after", "")
    found = queries.find_entries(
        kind,
        context=request.access_context,
        before=int(after) if after.isascii() and after.isdigit() else None,
        open_only=request.GET.get("open") == "1",
    )
    names = staff_names(one.entry.created_by for one in found.rows)
    rows = [(one, names[one.entry.created_by]) for one in found.rows]
    shown = {"procedure": get_procedure(kind), "page": found, "rows": rows, "open_only": request.GET.get("open") == "1"}
    return render(request, "safeguards/register.html", shown)


@page(permission=perms.REGISTER_ENTER, purpose=OF_THE_DAY, personal=True)
def entry_new(request: StaffRequest, kind: str) -> HttpResponse:
    """登録する"""
    procedure = get_procedure(kind)
    form = RegisterForm(procedure.fields, request.POST or None, procedure=procedure)
    if form.is_bound and form.is_valid():
        try:
            made = service.open_entry(
                kind,
                title=form.cleaned_data["title"],
                content=form.content(),
                atena_number=form.cleaned_data.get("atena_number", ""),
                opened_on=form.cleaned_data["opened_on"],
                context=request.access_context,
            )
        except InputError as error:
            _tell(form, error)
        else:
            return redirect("safeguards:entry", made.number)
    status = 422 if form.is_bound else 200
    return render(request, "safeguards/entry_new.html", {"procedure": procedure, "form": form}, status=status)


@page(permission=perms.REGISTER_ENTER, purpose=OF_THE_DAY, personal=True)
def entry(request: StaffRequest, number: str) -> HttpResponse:
    """項目: what was entered, every step with its signer, and the forms of the steps that come next."""
    return _entry_page(request, queries.get_shown(number, context=request.access_context))


@page(permission=perms.REGISTER_ENTER, purpose=OF_THE_DAY, personal=True)
@require_POST
def step(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """手続を進める"""
    shown = queries.get_shown(number, context=request.access_context)
    definition = shown.procedure.actions.get(action)
    if definition is None:
        return redirect("safeguards:entry", number)
    if definition.decides and perms.REGISTER_DECIDE not in request.portal.permissions:
        return refuse(request, f"「{definition.label}」は、あなたの役割ではできません。", reason="permission")
    form = step_form(definition, request.POST)
    if form.is_valid():
        try:
            service.act(
                number,
                action,
                content=form.content(),
                acted_on=form.cleaned_data["acted_on"],
                context=request.access_context,
            )
        except InputError as error:
            _tell(form, error)
        else:
            return redirect("safeguards:entry", number)
    return _entry_page(request, shown, {action: form}, status=422)


@page(permission=perms.REGISTER_ENTER, purpose=OF_THE_DAY, personal=True)
def entry_print(request: StaffRequest, number: str) -> HttpResponse:
    """印刷する: slip, request, report, as the register names it."""
    shown = queries.get_shown(number, context=request.access_context)
    return pdf(documents.slip(shown, context=request.access_context), f"{number}.pdf")


def _entry_page(
    request: StaffRequest, shown: Shown, bound: dict[str, RegisterForm] | None = None, status: int = 200
) -> HttpResponse:
    may_decide = perms.REGISTER_DECIDE in request.portal.permissions
    forms = [
        (action, (bound or {}).get(action.code) or step_form(action))
        for action in shown.open_actions
        if may_decide or not action.decides
    ]
    names = staff_names((shown.entry.created_by, *(one.signed_by for one in shown.steps)))
    facts = {
        "shown": shown,
        "created_by": names[shown.entry.created_by],
        "facts": documents.facts(shown.procedure.fields, shown.entry.content),
        "steps": [_step_row(shown, one, names) for one in shown.steps],
        "forms": forms,
        "may_delete": perms.DELETION_RUN in request.portal.permissions,
        "code": _code(request, shown),
    }
    return render(request, "safeguards/entry.html", facts, status=status)


def _code(request: StaffRequest, shown: Shown) -> str:
    """使用の符号: shown to the officer who asked, once the output is approved."""
    asked = shown.entry.kind == "bulk_output" and shown.state == "承認" and shown.is_intact
    mine = shown.entry.created_by == request.access_context.staff_number
    return seals.code_of(shown.entry.number, shown.entry.content["fingerprint"]) if asked and mine else ""


def _step_row(shown: Shown, one: Any, names: dict[str, str]) -> dict[str, Any]:
    action = shown.procedure.actions[one.action]
    words = documents.facts(action.fields, one.content)
    return {"step": one, "label": action.label, "signed_by": names[one.signed_by], "facts": words}


def _tell(form: RegisterForm, error: KokunenError) -> None:
    name = f"f_{error.field}" if f"f_{error.field}" in form.fields else error.field
    form.add_error(name if name in form.fields else None, f"{error.message}。{error.hint or ''}")
