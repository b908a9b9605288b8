"""継続審査の画面: the run of the year, its people by outlook, letters and results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.safeguards.web.output import made_output
from kokunen.kernel.eras import format_fiscal_year
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.exemption_choices import ContinuationOutlook, ExemptionKind, ExemptionResult
from kokunen.national_pension.models import ContinuationRun
from kokunen.national_pension.queries import candidates as found
from kokunen.national_pension.resident_view import USING
from kokunen.national_pension.services import continuation as services
from kokunen.national_pension.services import continuation_results
from kokunen.national_pension.services.outreach import cycle_year
from kokunen.national_pension.web.candidate_forms import ContinuationResultForm

PURPOSE = "pension_exemption"


@page(permission=perms.CONTINUATION, purpose=PURPOSE, personal=True)
def runs(request: StaffRequest) -> HttpResponse:
    """継続審査の一覧; POST begins the run of the year or goes on with it."""
    if request.method == "POST":
        try:
            done = services.run(cycle_year=cycle_year(), context=request.access_context)
        except KokunenError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{done.total:,}人の見込みを出しました")
            return redirect("national_pension:continuation_run", done.pk)
        return redirect("national_pension:continuation")
    year = cycle_year()
    rows = [(one, format_fiscal_year(one.cycle_year), _counts(one)) for one in found.continuation_runs()]
    this_year = next((one for one, _, _ in rows if one.cycle_year == year), None)
    context = {"rows": rows, "year": format_fiscal_year(year), "this_year": this_year}
    return render(request, "national_pension/continuation.html", context)


def _counts(run: ContinuationRun) -> list[tuple[ContinuationOutlook, int]]:
    counts = services.counts_of(run.pk)
    return [(one, counts.get(str(one), 0)) for one in ContinuationOutlook]


@page(permission=perms.CONTINUATION, purpose=PURPOSE, personal=True)
def run(request: StaffRequest, run_id: int) -> HttpResponse:
    """対象者の一覧 (?outlook=&waiting=1); POST records the result of the people ticked."""
    one = _run(run_id)
    form = ContinuationResultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            count = services.take_results(
                case_ids=[int(case) for case in request.POST.getlist("case") if case.isdigit()],
                result=ExemptionResult(values["result"]),
                kind=values["kind"],
                decided_on=values["decided_on"],
                note=values["note"],
                context=request.access_context,
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, f"{count}人の裁定結果を記録しました")
            return redirect("national_pension:continuation_run", run_id)
    outlook, waiting = request.GET.get("outlook", ""), bool(request.GET.get("waiting"))
    page_of = found.continuation_cases(
        one, context=request.access_context, outlook=outlook, waiting=waiting, after=request.GET.get("after", "")
    )
    labels = {str(kind): kind.label for kind in ExemptionKind}
    context = {
        "run": one,
        "label": format_fiscal_year(one.cycle_year),
        "counts": _counts(one),
        "outlook": outlook,
        "waiting": waiting,
        "rows": [
            (case, resident, labels.get(case.kind_before, ""), labels.get(case.expected_kind, ""))
            for case, resident in page_of.rows
        ],
        "next_key": page_of.next_key,
        "form": form,
        "ticked": {int(case) for case in request.POST.getlist("case") if case.isdigit()},
    }
    return render(request, "national_pension/continuation_run.html", context, status=422 if form.errors else 200)


@page(permission=perms.CONTINUATION, purpose=PURPOSE, personal=True)
def make_letters(request: StaffRequest, run_id: int) -> HttpResponse:
    """通知を作成する (POST): the printed letters, or why there are none"""
    one = _run(run_id)
    if request.method != "POST":
        return redirect("national_pension:continuation_run", one.pk)
    try:
        return made_output(request, USING, lambda: services.make_letters(run_id=one.pk, context=request.access_context))
    except KokunenError as error:
        messages.info(request, str(error))
        return redirect("national_pension:continuation_run", one.pk)


class ResultFileForm(forms.Form):
    """結果ファイル: as the Service sent it."""

    file = forms.FileField(label="継続審査の結果ファイル")


@page(permission=perms.CONTINUATION, purpose=PURPOSE, personal=True)
def results(request: StaffRequest) -> HttpResponse:
    """結果ファイルの取込: POST reads a file; the rows that could not be applied are shown with line and reason."""
    form = ResultFileForm(request.POST or None, request.FILES or None)
    intake = None
    if request.method == "POST" and form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            intake = continuation_results.take_file(content=upload.read(), context=request.access_context)
        except KokunenError as error:
            add_error(form, error)
    context = {"form": form, "intake": intake}
    return render(request, "national_pension/continuation_results.html", context, status=422 if form.errors else 200)


def _run(run_id: int) -> ContinuationRun:
    one = found.find_run(run_id)
    if one is None:
        raise Http404
    return one
