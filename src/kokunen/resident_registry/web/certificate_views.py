"""証明書の画面: request, the sheets to print, the log of a person and of a day, re-issue and spoiled sheets."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.wareki import parse_date
from kokunen.resident_registry import certificate_log, documents, perms, queries
from kokunen.resident_registry.services import certificates
from kokunen.resident_registry.services.notice import Alert, NeedsConfirmation
from kokunen.resident_registry.web import desk_view
from kokunen.resident_registry.web.band import band_of
from kokunen.resident_registry.web.certificate_forms import CertificateForm, LiftForm, ReasonForm
from kokunen.resident_registry.web.refusals import record_wrong_input

CERTIFICATE: dict[str, Any] = {
    "permission": perms.CERTIFICATE_ISSUE,
    "purpose": "resident_certificate",
    "personal": True,
}


@page(**CERTIFICATE)
def certificate(request: StaffRequest, atena_number: str) -> HttpResponse:
    """証明書の交付: what is asked, by whom, what for; F9 numbers and prints."""
    desk = desk_view.open_person(request, atena_number, claim=False)
    assert desk.person is not None and desk.household is not None
    form = CertificateForm(
        request.POST if request.method == "POST" else None,
        person=desk.person,
        members=list(desk.household.members),
    )
    alerts: tuple[Alert, ...] = ()
    if request.method == "POST" and record_wrong_input(request, form, [atena_number]):
        order = form.order(frozenset(request.POST.getlist("ack")))
        try:
            done = certificates.issue_certificate(context=request.access_context, order=order)
            return HttpResponseRedirect(reverse("resident_registry:certificate_issued", args=[done.batch]))
        except NeedsConfirmation as asked:
            alerts = asked.alerts
        except KokunenError as error:
            form.take_error(error)
    context = {
        "desk": {"alerts": alerts},
        "form": form,
        "row": desk.person.row,
        "view": desk.person,
        "person": band_of(desk.person),
        "lines": certificate_log.find_of_person(context=request.access_context, atena_number=atena_number),
        "fees": certificate_log.fees(),
    }
    wrong = request.method == "POST" and bool(form.errors or alerts)
    return render(request, "resident_registry/certificate.html", context, status=422 if wrong else 200)


@page(**CERTIFICATE)
def certificate_issued(request: StaffRequest, batch: uuid.UUID) -> HttpResponse:
    """交付した証明書: the sheets as they print, numbers and fee."""
    sheets = certificate_log.get_batch(context=request.access_context, batch=batch)
    context = {"sheets": sheets, "first": sheets[0], "fee": sum(sheet.fee for sheet in sheets), "batch": batch}
    return render(request, "resident_registry/certificate_issued.html", context)


@page(**CERTIFICATE)
def certificate_pdf(request: StaffRequest, batch: uuid.UUID) -> HttpResponse:
    """証明書 (PDF)."""
    made = documents.make_certificate(context=request.access_context, batch=batch)
    return responses.pdf(made.content, f"shomei-{made.serial}.pdf")


@page(**CERTIFICATE)
def certificate_log_of_day(request: StaffRequest) -> HttpResponse:
    """交付簿: the sheets of a day with what they brought, the latest first."""
    day, error = clock.today(), None
    text = request.GET.get("day", "").strip()
    if text:
        try:
            day = _day(text)
        except InputError as refused:
            error = refused
    log = certificate_log.get_day(
        context=request.access_context, day=day, after=request.GET.get("after", ""), sight=_sight(request)
    )
    context = {"log": log, "day": day, "error": error, "text": text}
    return render(request, "resident_registry/certificate_log.html", context, status=422 if error else 200)


@page(**CERTIFICATE)
def certificate_change(request: StaffRequest, issue_id: int) -> HttpResponse:
    """再交付・廃棄 of one sheet, each for a reason."""
    sheet = certificate_log.get_sheet(context=request.access_context, issue_id=issue_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    refused: KokunenError | None = None
    if request.method == "POST" and record_wrong_input(request, form, [sheet.atena_number]):
        try:
            return HttpResponseRedirect(_changed(request, issue_id, form.cleaned_data["reason"]))
        except KokunenError as error:
            refused = error
    wrong = refused is not None or (request.method == "POST" and bool(form.errors))
    context = {"sheet": sheet, "form": form, "refused": refused}
    return render(request, "resident_registry/certificate_change.html", context, status=422 if wrong else 200)


def _changed(request: StaffRequest, issue_id: int, reason: str) -> str:
    context = request.access_context
    if request.POST.get("act") == "void":
        certificates.void_certificate(context=context, issue_id=issue_id, reason=reason)
        return reverse("resident_registry:certificate_log")
    done = certificates.reissue_certificate(context=context, issue_id=issue_id, reason=reason)
    return reverse("resident_registry:certificate_issued", args=[done.batch])


@page(permission=perms.SUPPORT_MANAGE, purpose="support_measure", personal=True)
def lift(request: StaffRequest, atena_number: str) -> HttpResponse:
    """支援措置の一時解除: by a responsible person, for one visitor."""
    view = queries.get_resident(context=request.access_context, atena_number=atena_number, sight=_sight(request))
    form = LiftForm(request.POST if request.method == "POST" else None)
    refused: KokunenError | None = None
    if request.method == "POST" and record_wrong_input(request, form, [atena_number]):
        try:
            reason = form.cleaned_data["lift_reason"]
            certificates.lift_support(context=request.access_context, atena_number=atena_number, reason=reason)
            return HttpResponseRedirect(reverse("resident_registry:certificate", args=[atena_number]))
        except KokunenError as error:
            refused = error
    wrong = refused is not None or (request.method == "POST" and bool(form.errors))
    context = {"view": view, "row": view.row, "person": band_of(view), "form": form, "refused": refused}
    return render(request, "resident_registry/lift.html", context, status=422 if wrong else 200)


def _sight(request: StaffRequest) -> perms.Sight:
    return perms.sight_of(request.portal.permissions)


def _day(text: str) -> date:
    return parse_date(text, clock.today(), "day")
