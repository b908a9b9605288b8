"""相談・照会の画面: consultation notes, the record as read from the terminal, inquiry slips of the offices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.benefits.monthly_record import LABELS, Span
from kokunen.national_pension import perms
from kokunen.national_pension.claims.base import month_ja
from kokunen.national_pension.queries import consultations as looks
from kokunen.national_pension.queries import persons
from kokunen.national_pension.queries.lists import office_name_of
from kokunen.national_pension.services import consultations, inquiry_prints
from kokunen.national_pension.services.consultations import Talk
from kokunen.national_pension.web.claim_forms import AnswerForm, QuestionForm, RecordForm, TalkForm
from kokunen.national_pension.web.views.common import band_of, tabs_of

PURPOSE = "pension_inquiry"


def _span_words(span: Span) -> str:
    """期間 in words: 令和6年1月〜令和6年6月 納付（6か月）."""
    known = f" {format_wareki(span.known_on)}" if span.known_on else ""
    extra = "・付加" if span.additional else ""
    return f"{month_ja(span.first)}〜{month_ja(span.last)} {LABELS[span.state]}{extra}（{span.months}か月）{known}"


def _context(request: StaffRequest, atena_number: str, **forms: Any) -> dict[str, Any]:
    person = persons.get_person(atena_number, context=request.access_context)
    found = looks.talks_of(atena_number, context=request.access_context)
    return {
        "person": band_of(person),
        "tabs": tabs_of(atena_number),
        "tab": "talks",
        "atena_number": atena_number,
        "talks": found,
        "records": [(one, [_span_words(span) for span in looks.spans_noted(one)]) for one in found.records],
        "may_write": request.portal.may(perms.CONSULTATION),
        "talk_form": forms.get("talk", TalkForm()),
        "record_form": forms.get("record", RecordForm()),
        "question_form": forms.get("question", QuestionForm()),
    }


@page(permission=perms.INQUIRY, purpose=OF_THE_DAY, personal=True)
def talks(request: StaffRequest, atena_number: str) -> HttpResponse:
    """相談・照会: every note and slip of a person"""
    return render(request, "national_pension/talks.html", _context(request, atena_number))


@page(permission=perms.CONSULTATION, purpose=PURPOSE, personal=True)
def note(request: StaffRequest, atena_number: str) -> HttpResponse:
    """年金相談票を記入する (POST)"""
    form = TalkForm(request.POST)
    if request.method == "POST" and form.is_valid():
        consultations.note_talk(
            atena_number=atena_number, talk=Talk(**form.cleaned_data), context=request.access_context
        )
        messages.success(request, "年金相談票を登録しました")
        return redirect("national_pension:talks", atena_number)
    return render(request, "national_pension/talks.html", _context(request, atena_number, talk=form), status=422)


@page(permission=perms.CONSULTATION, purpose=PURPOSE, personal=True)
def record_note(request: StaffRequest, atena_number: str) -> HttpResponse:
    """社会保険オンラインの確認を記入する (POST)"""
    form = RecordForm(request.POST)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            consultations.note_record(
                atena_number=atena_number,
                seen_on=values["seen_on"],
                spans=values["lines"],
                remarks=values["remarks"],
                context=request.access_context,
            )
        except KokunenError as error:
            form.add_error("lines", str(error))
        else:
            messages.success(request, "確認した記録を登録しました")
            return redirect("national_pension:talks", atena_number)
    return render(request, "national_pension/talks.html", _context(request, atena_number, record=form), status=422)


@page(permission=perms.CONSULTATION, purpose=PURPOSE, personal=True)
def ask(request: StaffRequest, atena_number: str) -> HttpResponse:
    """照会票を起こす (POST)"""
    form = QuestionForm(request.POST)
    if request.method == "POST" and form.is_valid():
        consultations.ask(
            atena_number=atena_number, question=form.cleaned_data["question"], context=request.access_context
        )
        messages.success(request, "照会票を登録しました。主管課の一覧に入りました")
        return redirect("national_pension:talks", atena_number)
    return render(request, "national_pension/talks.html", _context(request, atena_number, question=form), status=422)


@page(permission=perms.CONSULTATION, purpose=PURPOSE, personal=True)
def inquiries(request: StaffRequest) -> HttpResponse:
    """照会票の一覧: what nobody has answered yet; the section sees every office's"""
    return render(request, "national_pension/inquiries.html", _inquiries(request))


def _inquiries(request: StaffRequest, form: AnswerForm | None = None) -> dict[str, Any]:
    may_send = request.portal.may(perms.INQUIRY_SEND)
    office = "" if may_send else request.access_context.office_code
    return {
        "rows": [
            (slip, resident, office_name_of(slip.office_code))
            for slip, resident in looks.open_slips(context=request.access_context, office=office)
        ],
        "may_send": may_send,
        "form": form or AnswerForm(),
    }


@page(permission=perms.INQUIRY_SEND, purpose=PURPOSE, personal=True)
def inquiries_send(request: StaffRequest) -> HttpResponse:
    """照会票をまとめて年金事務所へ送る (POST)"""
    chosen = [int(one) for one in request.POST.getlist("slip") if one.isdigit()]
    if request.method == "POST" and chosen:
        count = consultations.send_slips(slip_ids=chosen, context=request.access_context)
        messages.success(request, f"{count}件を年金事務所へ照会しました")
    return redirect("national_pension:inquiries")


@page(permission=perms.INQUIRY_SEND, purpose=PURPOSE, personal=True)
def inquiries_pdf(request: StaffRequest) -> HttpResponse:
    """照会票の印刷 (PDF): what the Service has still to answer"""
    try:
        made = inquiry_prints.print_slips(office_name=request.portal.office_name, context=request.access_context)
    except KokunenError as error:
        messages.error(request, str(error))
        return redirect("national_pension:inquiries")
    return responses.pdf(made.content, made.filename)


@page(permission=perms.INQUIRY_SEND, purpose=PURPOSE, personal=True)
def inquiry_answer(request: StaffRequest, slip_id: int) -> HttpResponse:
    """照会票の回答を記入する (POST)"""
    form = AnswerForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            consultations.answer(slip_id=slip_id, words=form.cleaned_data["answer"], context=request.access_context)
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "回答を登録しました")
            return redirect("national_pension:inquiries")
    return render(request, "national_pension/inquiries.html", _inquiries(request, form), status=422)
