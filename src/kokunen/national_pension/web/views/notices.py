"""届書の画面: left what the visitor fills on paper, right what follows from it; then the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.services.drafts import draft_discard
from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import NoticeKind, NoticeState
from kokunen.national_pension.forms_of_law import OFFERED_FORMS, PERSONAL_FORMS
from kokunen.national_pension.models import Receipt
from kokunen.national_pension.queries import persons
from kokunen.national_pension.services import corrections, notices, receipt_acts, slips
from kokunen.national_pension.services.reception import entry_of
from kokunen.national_pension.web.entry_forms import DecisionForm, PaperForm
from kokunen.national_pension.web.forms import NoteForm, NoticeForm, ReasonForm
from kokunen.national_pension.web.views.common import (
    PURPOSE,
    advice_links,
    band_of,
    notice_entries,
    plan_shown,
    steps_shown,
    tabs_of,
)


def _kind(code: str) -> NoticeKind:
    if code not in {str(kind) for kind in OFFERED_FORMS}:
        raise Http404
    return NoticeKind(code)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def notice_new(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """届書の登録 (F01〜F08)"""
    kind = _kind(code)
    person = persons.get_person(atena_number, context=request.access_context)
    protected = person.resident.protected
    form = NoticeForm(request.POST or None, kind=kind, protected=protected, joins_on=_planned_loss(person))
    if request.method == "POST" and form.is_valid():
        try:
            done = notices.register(atena_number=atena_number, paper=form.paper(), context=request.access_context)
        except KokunenError as error:
            add_error(form, error)
        else:
            draft_discard(request.user, screen=request.access_context.screen, subject=f"{atena_number}{code}")
            messages.success(request, f"登録しました。受付番号 {done.notice.receipt_number}")
            return redirect("national_pension:notice", done.notice.pk)
    context = {
        "kind": kind,
        "form": form,
        "person": band_of(person),
        "atena_number": atena_number,
        "draft_subject": f"{atena_number}{code}",
        "previews": kind not in PERSONAL_FORMS,
        "open_items": person.open_items,
        "protected": protected,
    }
    return render(request, "national_pension/notice_new.html", context, status=422 if form.errors else 200)


def _planned_loss(person: persons.Person) -> date | None:
    """喪失予定日: the recorded day on which the present qualification ends, when it lies ahead."""
    today = clock.today()
    return max((one.lost_on for one in person.periods if one.lost_on and one.lost_on > today), default=None)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def notice_preview(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """届書の見込み: the right half, live. Nothing is stored."""
    kind = _kind(code)
    shown = request.POST.get("shown", "").split()
    person, mark = persons.get_person_again(atena_number, context=request.access_context, shown=shown)
    form = NoticeForm(request.POST, kind=kind, protected=person.resident.protected)
    context: dict[str, Any] = {"label": form.fields["fact_on"].label, "marks": " ".join({*shown, mark})}
    if not form.is_valid():
        context["waiting"] = "左の項目を入力すると、ここに資格の見込みが出ます。"
    else:
        try:
            seen = notices.preview(
                atena_number=atena_number, paper=form.paper(), context=request.access_context, shown=shown
            )
        except InputError as error:
            waiting = error.code == "missing_field"
            context["waiting" if waiting else "wrong"] = error.message if waiting else str(error)
        except KokunenError as error:
            context["wrong"] = str(error)
        else:
            context |= {
                "plan": plan_shown(seen.plan),
                "marks": f"{mark} {seen.mark}",
                "steps": steps_shown(seen.plan["steps"]),
                "deadline": seen.deadline,
                "late_days": seen.late_days,
                "warnings": seen.warnings,
                "advice": advice_links(seen.advice, atena_number),
                "estimates": seen.estimates,
                "missing": form.paper().missing_papers,
            }
    return render(request, "national_pension/_notice_effects.html", context)


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    """受付1件: its way so far, what it told, what can be done with it now."""
    one = persons.get_notice(notice_id, context=request.access_context)
    return render(request, "national_pension/notice.html", _notice_context(request, one))


def _notice_context(
    request: StaffRequest, one: Receipt, note: NoteForm | None = None, reason: ReasonForm | None = None
) -> dict[str, Any]:
    person = persons.get_person(one.atena_number, context=request.access_context)
    return {
        "notice": one,
        "steps": list(one.steps.all()),
        "lines": list(one.report_lines.select_related("batch")),
        "person": band_of(person),
        "tabs": tabs_of(one.atena_number),
        "atena_number": one.atena_number,
        "sentences": one.content.get("sentences", []),
        "why": steps_shown(one.act.explanation) if one.act else [],
        "advice": _advice(one),
        "entries": notice_entries(one.atena_number),
        "can_resend": one.state == NoticeState.RETURNED,
        "can_complete": bool(one.missing_papers) and one.is_open,
        "can_go_on": one.state == NoticeState.SUPPLEMENT and not one.missing_papers,
        "can_cancel": request.portal.may(perms.NOTICE_CANCEL)
        and one.state != NoticeState.WITHDRAWN
        and not _not_yet_sent(one),
        "entry": form_of(one.kind).shown(entry_of(one)),
        "record_groups": form_of(one.kind).record_items,
        "goes_to": form_of(one.kind).goes_to,
        "can_check": request.portal.may(perms.RECEIPT_CHECK) and one.state == NoticeState.EXAMINED,
        "can_withdraw": _not_yet_sent(one),
        "can_decide": request.portal.may(perms.RESULT_TAKE)
        and one.state == NoticeState.SENT
        and form_of(one.kind).ends_with_decision(one.situation),
        "paper_form": PaperForm(),
        "decision_form": DecisionForm(),
        "note_form": note or NoteForm(),
        "reason_form": reason or ReasonForm(),
    }


def _advice(one: Receipt) -> list[dict[str, str]]:
    """あわせて確認: the spouse's change leads to the spouse's own item, which the registration has prepared."""
    lines = advice_links(slips.advice_for(one), one.atena_number)
    item = persons.item_of_spouse(one)
    spouse = reverse("national_pension:work_item", args=[item.pk]) if item else ""
    return [{**line, "url": spouse} if line["code"] == "spouse_change" else line for line in lines]


_UNSENT = (
    NoticeState.RECEIVED,
    NoticeState.SUPPLEMENT,
    NoticeState.EXAMINED,
    NoticeState.TO_SEND,
    NoticeState.RETURNED,
)


def _not_yet_sent(one: Receipt) -> bool:
    """取下げ: for what changed no qualification and is not with the Service; everything else is 取消."""
    return one.act_id is None and one.state in _UNSENT


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def notice_papers(request: StaffRequest, notice_id: int) -> HttpResponse:
    """不足書類を受け取る (POST)"""
    if request.method == "POST":
        receipt_acts.complete_papers(
            notice_id=notice_id, papers=request.POST.getlist("paper"), context=request.access_context
        )
        with_papers = request.POST.getlist("paper")
        messages.success(request, "書類を受け取りました" if with_papers else "補正を終えました")
    return redirect("national_pension:notice", notice_id)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def notice_resend(request: StaffRequest, notice_id: int) -> HttpResponse:
    """返戻を再送する (POST)"""
    form = NoteForm(request.POST)
    if request.method == "POST" and form.is_valid():
        receipt_acts.send_again(notice_id=notice_id, note=form.cleaned_data["note"], context=request.access_context)
        messages.success(request, "送付待にしました。次の報告で再送します")
        return redirect("national_pension:notice", notice_id)
    one = persons.get_notice(notice_id, context=request.access_context)
    return render(request, "national_pension/notice.html", _notice_context(request, one, note=form), status=422)


@page(permission=perms.NOTICE_CANCEL, purpose=PURPOSE, personal=True)
def notice_cancel(request: StaffRequest, notice_id: int) -> HttpResponse:
    """届出を取り消す (POST): an act of its own with a reason"""
    form = ReasonForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            corrections.cancel_notice(
                notice_id=notice_id, reason=form.cleaned_data["reason"], context=request.access_context
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "取り消しました。元の記録も履歴に残っています")
            return redirect("national_pension:notice", notice_id)
    one = persons.get_notice(notice_id, context=request.access_context)
    return render(request, "national_pension/notice.html", _notice_context(request, one, reason=form), status=422)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def receipt(request: StaffRequest, notice_id: int) -> HttpResponse:
    """受付票の印刷見本"""
    one = persons.get_notice(notice_id, context=request.access_context)
    person = persons.get_person(one.atena_number, context=request.access_context)
    context = {
        "title": f"受付票 {one.receipt_number}",
        "person": band_of(person),
        "pdf_url": reverse("national_pension:receipt_pdf", args=[notice_id]),
        "back_url": reverse("national_pension:notice", args=[notice_id]),
    }
    return render(request, "national_pension/print_preview.html", context)


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def receipt_pdf(request: StaffRequest, notice_id: int) -> HttpResponse:
    """受付票 (PDF)"""
    slip = slips.issue_receipt(
        notice_id=notice_id, office_name=request.portal.office_name, context=request.access_context
    )
    return responses.pdf(slip.content, slip.filename)
