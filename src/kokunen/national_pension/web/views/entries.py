"""届書の受付画面: any form of the catalogue, and what happens to a receipt afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kokunen.common_platform.portal.services.drafts import draft_discard
from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import AccessContext
from kokunen.national_pension import perms
from kokunen.national_pension.catalogue import Form, form_of
from kokunen.national_pension.choices import NoticeKind
from kokunen.national_pension.forms_of_law import OFFERED_FORMS
from kokunen.national_pension.handlers.base import Finding, Known
from kokunen.national_pension.queries import persons
from kokunen.national_pension.services import form_prints, receipt_acts, reception
from kokunen.national_pension.web.entry_forms import DecisionForm, EntryForm, PaperForm
from kokunen.national_pension.web.forms import ReasonForm
from kokunen.national_pension.web.views.common import PURPOSE, band_of, form_address


def _form(code: str) -> Form:
    if code not in NoticeKind.values or code == NoticeKind.WITHDRAWAL or code in OFFERED_FORMS:
        raise Http404
    return form_of(code)


def _context(request: StaffRequest, form: Form) -> AccessContext:
    """The purpose of the ledger is that of the form (資格, 減免, 給付)."""
    return replace(request.access_context, purpose=form.purpose)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def form_new(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """届書の受付 (F07〜F29)"""
    form, context = _form(code), _context(request, _form(code))
    person = persons.get_person(atena_number, context=context)
    known = reception.begin(
        atena_number=atena_number, kind=form.kind, context=context, about_atena_number=request.GET.get("about", "")
    ) | _said_before(request, form)
    entry = EntryForm(request.POST or None, form=form, known=known, protected=person.resident.protected)
    if request.method == "POST" and entry.is_valid():
        try:
            receipt = reception.receive(atena_number=atena_number, entry=entry.entry(), context=context)
        except KokunenError as error:
            add_error(entry, error)
        else:
            draft_discard(request.user, screen=request.access_context.screen, subject=f"{atena_number}{code}")
            messages.success(request, f"受け付けました。受付番号 {receipt.receipt_number}")
            return redirect("national_pension:notice", receipt.pk)
    shown = {
        "form": entry,
        "paper": form,
        "person": band_of(person),
        "atena_number": atena_number,
        "draft_subject": f"{atena_number}{code}",
        "open_items": person.open_items,
    }
    return render(request, "national_pension/form_new.html", shown, status=422 if entry.errors else 200)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def form_examine(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """届書の審査: the right half, live. Nothing is stored."""
    form, context = _form(code), _context(request, _form(code))
    marks = request.POST.get("shown", "").split()
    person, mark = persons.get_person_again(atena_number, context=context, shown=marks)
    entry = EntryForm(request.POST, form=form, known={}, protected=person.resident.protected)
    shown: dict[str, Any] = {"paper": form, "marks": " ".join({*marks, mark})}
    if not entry.is_valid():
        shown["waiting"] = "左の欄を入力すると、審査の結果がここに出ます。"
    else:
        try:
            examined, seen = reception.examine_again(
                atena_number=atena_number, entry=entry.entry(), context=context, shown=marks
            )
            shown |= {
                "examined": examined,
                "marks": f"{mark} {seen}",
                "refusals": _refusals(examined.refusals, atena_number),
            }
        except KokunenError as error:
            shown["wrong"] = str(error)
    return render(request, "national_pension/_form_effects.html", shown)


def _refusals(found: Sequence[Finding], atena_number: str) -> list[tuple[Finding, str, str]]:
    """Each reason with the form that is right instead: (finding, its name, its address)."""
    rows = []
    for one in found:
        kind = NoticeKind(one.way_out) if one.way_out else None
        rows.append((one, kind.label if kind else "", form_address(kind, atena_number) if kind else ""))
    return rows


def _said_before(request: StaffRequest, form: Form) -> dict[str, Known]:
    """見込みの画面で聞いたこと: what the visitor has said once is not asked again (ISO dates in the address)."""
    names = {one.name for one in form.fields if one.type in ("date", "month")} & set(request.GET)
    return {name: Known(request.GET[name], "見込みの画面") for name in names if _readable(request.GET[name])}


def _readable(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _back(request: StaffRequest, notice_id: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("national_pension:notice", notice_id)


def _refused(request: StaffRequest, notice_id: int, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("national_pension:notice", notice_id)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def paper_waive(request: StaffRequest, notice_id: int) -> HttpResponse:
    """書類なしで進める (POST)"""
    form = PaperForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return _refused(request, notice_id, "書類なしで進める理由を入力してください")
    receipt_acts.waive_papers(
        notice_id=notice_id,
        papers=request.POST.getlist("paper"),
        reason=form.cleaned_data["reason"],
        context=request.access_context,
    )
    return _back(request, notice_id, "書類を省略しました。理由は受付に残ります")


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def receipt_withdraw(request: StaffRequest, notice_id: int) -> HttpResponse:
    """取り下げる (POST)"""
    form = ReasonForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return _refused(request, notice_id, "取下げの理由を入力してください")
    receipt_acts.withdraw(notice_id=notice_id, reason=form.cleaned_data["reason"], context=request.access_context)
    return _back(request, notice_id, "取り下げました")


@page(permission=perms.RECEIPT_CHECK, purpose=PURPOSE, personal=True)
def receipt_check(request: StaffRequest, notice_id: int) -> HttpResponse:
    """主管課で確認する、支所へ戻す (POST)"""
    if request.method != "POST":
        return redirect("national_pension:notice", notice_id)
    reason = request.POST.get("reason", "")
    if request.POST.get("back"):
        receipt_acts.send_back_to_branch(notice_id=notice_id, reason=reason, context=request.access_context)
        return _back(request, notice_id, "支所へ戻しました")
    receipt_acts.confirm_at_main(notice_id=notice_id, context=request.access_context)
    return _back(request, notice_id, "確認しました")


@page(permission=perms.RESULT_TAKE, purpose=PURPOSE, personal=True)
def receipt_decide(request: StaffRequest, notice_id: int) -> HttpResponse:
    """決定の結果を記録する (POST)"""
    form = DecisionForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return _refused(request, notice_id, "決定日を入力してください")
    receipt_acts.take_decision(
        notice_id=notice_id,
        granted=form.cleaned_data["granted"] == "yes",
        on=form.cleaned_data["on"],
        note=form.cleaned_data["note"],
        context=request.access_context,
    )
    return _back(request, notice_id, "決定の結果を記録しました")


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def form_print(request: StaffRequest, notice_id: int) -> HttpResponse:
    """届書の印刷見本"""
    one = persons.get_notice(notice_id, context=request.access_context)
    shown = {
        "title": f"{one.get_kind_display()} {one.receipt_number}",
        "pdf_url": reverse("national_pension:form_pdf", args=[notice_id]),
        "back_url": reverse("national_pension:notice", args=[notice_id]),
    }
    return render(request, "national_pension/print_preview.html", shown)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def form_pdf(request: StaffRequest, notice_id: int) -> HttpResponse:
    """届書 (PDF)"""
    slip = form_prints.print_form(
        notice_id=notice_id, office_name=request.portal.office_name, context=request.access_context
    )
    return responses.pdf(slip.content, slip.filename)
