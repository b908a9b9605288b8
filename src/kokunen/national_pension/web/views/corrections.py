"""資格記録の訂正の画面: drawn up by one officer, approved by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.choices import SHORT_TYPE_LABELS
from kokunen.national_pension.queries import lists, persons
from kokunen.national_pension.services import corrections
from kokunen.national_pension.web.forms import CorrectionForm, ReasonForm
from kokunen.national_pension.web.views.common import PURPOSE, band_of, tabs_of


@page(permission=perms.CORRECTION_PROPOSE, purpose=PURPOSE, personal=True)
def correction_list(request: StaffRequest) -> HttpResponse:
    """承認待ちの訂正"""
    return render(request, "national_pension/corrections.html", _list_context(request))


def _list_context(request: StaffRequest, form: ReasonForm | None = None) -> dict[str, Any]:
    rows = lists.waiting_corrections(context=request.access_context)
    return {
        "rows": [
            {
                "proposal": row,
                "before": SHORT_TYPE_LABELS[row.period.insured_type],
                "after": SHORT_TYPE_LABELS.get(row.insured_type, row.insured_type),
                "mine": row.proposed_by == request.user.number,
            }
            for row in rows
        ],
        "may_approve": request.portal.may(perms.CORRECTION_APPROVE),
        "reason_form": form or ReasonForm(),
    }


@page(permission=perms.CORRECTION_PROPOSE, purpose=PURPOSE, personal=True)
def correction_new(request: StaffRequest, atena_number: str, period_id: int) -> HttpResponse:
    """訂正を起案する"""
    person = persons.get_person(atena_number, context=request.access_context)
    period = next((one for one in person.periods if one.pk == period_id), None)
    if period is None:
        messages.error(request, "この資格期間は、すでに訂正または取消されています")
        return redirect("national_pension:qualification", atena_number)
    initial = {
        "insured_type": period.insured_type,
        "acquired_on": period.acquired_on,
        "acquisition_reason": period.acquisition_reason,
        "lost_on": period.lost_on,
        "loss_reason": period.loss_reason,
    }
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        corrected = corrections.Corrected(
            insured_type=values["insured_type"],
            acquired_on=values["acquired_on"],
            acquisition_reason=values["acquisition_reason"],
            lost_on=values["lost_on"],
            loss_reason=values["loss_reason"],
        )
        try:
            corrections.propose(
                period_id=period_id,
                corrected=corrected,
                reason=values["reason"],
                evidence=values["evidence"],
                context=request.access_context,
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "訂正を起案しました。別の職員が承認すると記録が変わります")
            return redirect("national_pension:history", atena_number)
    context = {
        "form": form,
        "period": period,
        "type": SHORT_TYPE_LABELS[period.insured_type],
        "person": band_of(person),
        "tabs": tabs_of(atena_number),
        "atena_number": atena_number,
    }
    return render(request, "national_pension/correction_new.html", context, status=422 if form.errors else 200)


@page(permission=perms.CORRECTION_APPROVE, purpose=PURPOSE, personal=True)
def correction_approve(request: StaffRequest, proposal_id: int) -> HttpResponse:
    """訂正を承認する (POST)"""
    if request.method == "POST":
        corrections.approve(proposal_id=proposal_id, context=request.access_context)
        messages.success(request, "承認し、記録を訂正しました。前の記録は履歴に残っています")
    return redirect("national_pension:corrections")


@page(permission=perms.CORRECTION_APPROVE, purpose=PURPOSE, personal=True)
def correction_refuse(request: StaffRequest, proposal_id: int) -> HttpResponse:
    """訂正を差し戻す (POST)"""
    form = ReasonForm(request.POST)
    if request.method == "POST" and form.is_valid():
        corrections.refuse(proposal_id=proposal_id, reason=form.cleaned_data["reason"], context=request.access_context)
        messages.success(request, "差し戻しました")
        return redirect("national_pension:corrections")
    return render(request, "national_pension/corrections.html", _list_context(request, form), status=422)
