"""免除の画面: what is open, several cycles in one sitting with the 見込み beside it, the forms, and the decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from kokunen.common_platform.portal.services.drafts import draft_discard
from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.law.rules.exemption import Scheme
from kokunen.national_pension import perms
from kokunen.national_pension.models import ExemptionApplication
from kokunen.national_pension.queries import exemptions as found
from kokunen.national_pension.queries import persons
from kokunen.national_pension.services import exemption_forms, exemptions
from kokunen.national_pension.services.exemptions import Desk
from kokunen.national_pension.web.exemption_forms import ResultForm, SittingForm
from kokunen.national_pension.web.views.common import band_of, known_on_of, month_ja, steps_shown, tabs_of

PURPOSE = "pension_exemption"


@page(permission=perms.INQUIRY, purpose=PURPOSE, personal=True)
def overview(request: StaffRequest, atena_number: str) -> HttpResponse:
    """免除: the months that were exempt, the applications, and what can be begun."""
    known_on, wrong = known_on_of(request)
    person = persons.get_person(atena_number, context=request.access_context, known_on=known_on)
    grid = persons.grid_of(person)
    records = found.exemptions_of(atena_number, context=request.access_context, known_on=known_on)
    context = {
        "person": band_of(person),
        "tabs": tabs_of(atena_number),
        "tab": "exemptions",
        "atena_number": atena_number,
        "known_on": known_on,
        "known_on_typed": request.GET.get("known_on", ""),
        "known_on_wrong": wrong,
        "periods": [(one, _months(one.first_month, one.last_month), found.payable_of(one)) for one in records.periods],
        "applications": [
            (one, _months(one.first_month, one.last_month), _decided(one)) for one in records.applications
        ],
        "versions": [(one, _months(one.first_month, one.last_month)) for one in records.versions],
        "additional": records.additional,
        "grid": grid,
        "can_register": request.portal.may(perms.EXEMPTION_REGISTER),
        "can_result": request.portal.may(perms.EXEMPTION_RESULT),
    }
    return render(request, "national_pension/exemptions.html", context)


def _decided(application: ExemptionApplication) -> list[tuple[str, str, str]]:
    """裁定結果の行 in words: result, months, reason."""
    return [
        (
            f"{row.get_result_display()} {row.get_kind_display()}".strip(),
            _months(row.first_month, row.last_month),
            row.note,
        )
        for row in application.decisions.all()
    ]


def _months(first: Any, last: Any) -> str:
    end = month_ja(f"{last:%Y-%m}") if last else "継続中"
    return f"{month_ja(f'{first:%Y-%m}')} 〜 {end}"


@page(permission=perms.EXEMPTION_REGISTER, purpose=PURPOSE, personal=True)
def sitting(request: StaffRequest, atena_number: str) -> HttpResponse:
    """免除の申請を受け付ける: every open cycle at once."""
    student = request.GET.get("scheme") == "student"
    dv = request.method == "POST" and bool(request.POST.get("dv_separated"))
    desk, person = exemptions.sit_down(atena_number=atena_number, context=request.access_context, dv_separated=dv)
    form = _form(request, desk, student)
    if request.method == "POST" and form.is_valid():
        try:
            receipts = exemptions.apply(
                atena_number=atena_number, sitting=form.sitting(), context=request.access_context
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            subject = f"{atena_number}exemption{Scheme.STUDENT if student else Scheme.GENERAL}"
            draft_discard(request.user, screen=request.access_context.screen, subject=subject)
            messages.success(request, f"{len(receipts)}件の申請を受け付けました。申請書を印刷してください")
            query = urlencode([("receipt", one.pk) for one in receipts])
            return redirect(f"{reverse('national_pension:exemption_print', args=[atena_number])}?{query}")
    scheme = Scheme.STUDENT if student else Scheme.GENERAL
    context = {
        "person": band_of(person),
        "atena_number": atena_number,
        "form": form,
        "student": student,
        "cycles": [_cycle_shown(one) for one in desk.cycles if one.scheme is scheme],
        "draft_subject": f"{atena_number}exemption{scheme}",
        "mark": desk.mark,
    }
    return render(request, "national_pension/exemption_new.html", context, status=422 if form.errors else 200)


def _form(request: StaffRequest, desk: Desk, student: bool) -> SittingForm:
    scheme = Scheme.STUDENT if student else Scheme.GENERAL
    cycles = [one for one in desk.cycles if one.scheme is scheme]
    data = request.POST if request.method == "POST" else None
    return SittingForm(data, cycles=cycles, student=student, protected=desk.resident.protected)


def _cycle_shown(cycle: Any) -> dict[str, Any]:
    return {
        "label": cycle.label,
        "span": cycle.span,
        "months": [(month % 12 + 1, letter or "可", words or "申請できます") for month, letter, words in cycle.months],
    }


@page(permission=perms.EXEMPTION_REGISTER, purpose=PURPOSE, personal=True)
def preview(request: StaffRequest, atena_number: str) -> HttpResponse:
    """見込み, live. Nothing is stored."""
    return _judged(request, atena_number, _desk_now(request, atena_number))


@page(permission=perms.EXEMPTION_REGISTER, purpose=PURPOSE, personal=True, polling=True)
def preview_again(request: StaffRequest, atena_number: str) -> HttpResponse:
    """見込み, asked for by the page itself while an income is missing: what 市民税課 has registered meanwhile counts
    within seconds. What is shown already is answered with nothing (204), and leaves no second entry in the ledger.
    """
    desk = _desk_now(request, atena_number)
    if desk.mark == request.POST.get("shown", ""):
        return HttpResponse(status=204)
    return _judged(request, atena_number, desk)


def _desk_now(request: StaffRequest, atena_number: str) -> Desk:
    dv, shown = bool(request.POST.get("dv_separated")), request.POST.get("shown", "")
    return exemptions.desk(atena_number=atena_number, context=request.access_context, dv_separated=dv, shown=shown)


def _judged(request: StaffRequest, atena_number: str, desk: Desk) -> HttpResponse:
    student = request.GET.get("scheme") == "student"
    form = _form(request, desk, student)
    form.fields["identity_document"].required = False
    if student:
        form.fields["school"].required = form.fields["graduation"].required = False
    context: dict[str, Any] = {"mark": desk.mark}
    if not form.is_valid():
        context["waiting"] = " ".join(str(words[0]) for words in form.errors.values())
        if "is_student" in form.errors:
            context["student_url"] = f"{reverse('national_pension:exemption_new', args=[atena_number])}?scheme=student"
    else:
        try:
            judged = exemptions.preview(desk, form.sitting())
        except InputError as error:
            context["waiting"] = str(error)
        else:
            context["judged"] = [
                (one, [(row, month_ja(row.first), month_ja(row.last)) for row in one.segments], steps_shown(one.steps))
                for one in judged
            ]
            if any(segment.result == "undetermined" for one in judged for segment in one.segments):
                again = reverse("national_pension:exemption_again", args=[atena_number])
                context["again_url"] = f"{again}?scheme=student" if student else again
    return render(request, "national_pension/_exemption_judgement.html", context)


@page(permission=perms.EXEMPTION_REGISTER, purpose=PURPOSE, personal=True)
def print_preview(request: StaffRequest, atena_number: str) -> HttpResponse:
    """申請書の印刷見本: all forms of the visit in one file."""
    person = persons.get_person(atena_number, context=request.access_context)
    query = urlencode([("receipt", one) for one in request.GET.getlist("receipt")])
    records = found.exemptions_of(atena_number, context=request.access_context)
    chosen = [one for one in records.applications if str(one.receipt_id) in request.GET.getlist("receipt")]
    context = {
        "title": "免除等の申請書",
        "person": band_of(person),
        "slips": [
            (one.receipt, reverse("national_pension:receipt", args=[one.receipt_id])) for one in reversed(chosen)
        ],
        "next_url": reverse("national_pension:search"),
        "pdf_url": f"{reverse('national_pension:exemption_pdf', args=[atena_number])}?{query}",
        "back_url": reverse("national_pension:exemptions", args=[atena_number]),
    }
    return render(request, "national_pension/print_preview.html", context)


@page(permission=perms.EXEMPTION_REGISTER, purpose=PURPOSE, personal=True)
def forms_pdf(request: StaffRequest, atena_number: str) -> HttpResponse:
    """申請書 (PDF): the incomes of everybody judged stand in it already."""
    ids = [int(one) for one in request.GET.getlist("receipt") if one.isdigit()]
    made = exemption_forms.print_forms(atena_number=atena_number, receipt_ids=ids, context=request.access_context)
    return responses.pdf(made.content, made.filename)


@page(permission=perms.EXEMPTION_RESULT, purpose=PURPOSE, personal=True)
def result(request: StaffRequest, receipt_id: int) -> HttpResponse:
    """裁定結果を記録する."""
    application = found.get_application(receipt_id, context=request.access_context)
    student = application.scheme == Scheme.STUDENT
    form = ResultForm(
        request.POST if request.method == "POST" else None,
        student=student,
        initial={
            "kind": application.expected_kind,
            "first": application.first_month,
            "last": application.last_month,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            exemptions.take_rows(
                receipt_id=receipt_id,
                rows=form.rows(),
                decided_on=form.cleaned_data["decided_on"],
                source="処理結果の通知（紙）",
                context=request.access_context,
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "裁定結果を記録しました")
            return redirect("national_pension:exemptions", application.atena_number)
    person = persons.get_person(application.atena_number, context=request.access_context)
    context = {
        "person": band_of(person),
        "atena_number": application.atena_number,
        "application": application,
        "months": _months(application.first_month, application.last_month),
        "form": form,
    }
    return render(request, "national_pension/exemption_result.html", context, status=422 if form.errors else 200)
