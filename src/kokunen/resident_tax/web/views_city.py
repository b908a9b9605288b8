"""市全体の画面: changes that wait, files, runs with progress, cross-check of dependants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.responses import pdf
from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import Act
from kokunen.resident_tax import jobs, perms, queries
from kokunen.resident_tax.choices import DecisionReason, DocumentKind, RunState
from kokunen.resident_tax.documents import papers
from kokunen.resident_tax.services import assessing, changes
from kokunen.resident_tax.services import files as file_service
from kokunen.resident_tax.web.forms import FileForm, RefuseForm, YearForm


@page(permission=perms.CHANGE_PROPOSE, purpose="tax_assessment", personal=True)
def change_list(request: StaffRequest, form: RefuseForm | None = None) -> HttpResponse:
    """承認待ちの更正"""
    rows = [
        {
            "change": change, "resident": resident, "mine": change.proposed_by == request.user.number,
            "reason": DecisionReason(change.reason).label, "year_ja": papers.year_words(change.tax_year),
            "difference": (change.total_tax or 0) - (change.before.total_tax or 0),
        }
        for change, resident in queries.waiting_changes(context=request.access_context)
    ]  # fmt: skip
    context = {"rows": rows, "form": form or RefuseForm(), "may_approve": request.portal.may(perms.CHANGE_APPROVE)}
    return render(request, "resident_tax/changes.html", context, status=422 if form else 200)


@page(permission=perms.CHANGE_APPROVE, purpose="tax_assessment", personal=True)
def change_approve(request: StaffRequest, change_id: int) -> HttpResponse:
    """更正の決定 (POST)"""
    if request.method == "POST":
        decision = changes.approve(change_id=change_id, context=request.access_context)
        messages.success(request, f"決定しました。年税額は{decision.total_tax or 0:,}円です")
        return redirect("resident_tax:person", decision.atena_number)
    return redirect("resident_tax:changes")


@page(permission=perms.CHANGE_APPROVE, purpose="tax_assessment", personal=True)
def change_refuse(request: StaffRequest, change_id: int) -> HttpResponse:
    """更正の差戻し (POST)"""
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        changes.refuse(change_id=change_id, reason=form.cleaned_data["reason"], context=request.access_context)
        messages.success(request, "差し戻しました")
        return redirect("resident_tax:changes")
    return change_list(request, form)


@page(permission=perms.CHANGE_PROPOSE, purpose="tax_assessment", personal=True)
def resolution_pdf(request: StaffRequest, change_id: int) -> HttpResponse:
    """更正決議書 as PDF, its serial in the ledger"""
    change, resident = queries.get_change(change_id, context=request.access_context)
    serial = printing.next_serial(request.access_context.office_code)
    made = papers.resolution(change, resident, serial=serial, at=clock.now())
    with queries.looked_at(request.access_context, "更正決議書", [change.atena_number], act=Act.PRINT, serial=serial):
        return pdf(made, f"resolution-{change_id}.pdf")


@page(permission=perms.FILE_TAKE, purpose="tax_assessment")
def files(request: StaffRequest) -> HttpResponse:
    """課税資料の取込: the file, what became of it, the list of faults."""
    form = FileForm(request.POST or None, request.FILES or None, initial={"tax_year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = file_service.take_in(
                content=upload.read(), name=upload.name, tax_year=form.cleaned_data["tax_year"],
                kind=DocumentKind(form.cleaned_data["kind"]), context=request.access_context,
            )  # fmt: skip
        except KokunenError as error:
            add_error(form, error, "file")
        else:
            return redirect("resident_tax:file_faults", file.pk)
    context = {"form": form, "files": queries.files()}
    return render(request, "resident_tax/files.html", context, status=422 if form.errors else 200)


@page(permission=perms.FILE_TAKE, purpose="tax_assessment")
def file_faults(request: StaffRequest, file_id: int) -> HttpResponse:
    """取込の結果と補正リスト"""
    file, faults = queries.faults(file_id)
    return render(request, "resident_tax/file_faults.html", {"file": file, "faults": faults})


def _runs_context() -> dict[str, Any]:
    found = queries.runs()
    return {"runs": found, "working": any(run.state == RunState.RUNNING for run in found)}


@page(permission=perms.INQUIRY, purpose="tax_assessment")
def runs(request: StaffRequest) -> HttpResponse:
    """処理状況"""
    context = {"form": YearForm(initial={"tax_year": clock.today().year}), **_runs_context()}
    return render(request, "resident_tax/runs.html", {**context, "may_assess": request.portal.may(perms.ASSESS)})


@page(permission=perms.INQUIRY, purpose="tax_assessment", polling=True)
def runs_pulse(request: StaffRequest) -> HttpResponse:
    """処理状況の更新"""
    context = {**_runs_context(), "may_assess": request.portal.may(perms.ASSESS)}
    return render(request, "resident_tax/_run_rows.html", context)


@page(permission=perms.ASSESS, purpose="tax_assessment")
def take_taxpayers(request: StaffRequest) -> HttpResponse:
    """賦課期日の住民の作成 (POST)"""
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["tax_year"]
        added = assessing.take_taxpayers(tax_year=year, context=request.access_context)
        messages.success(request, f"{papers.year_words(year)}の賦課期日の住民を{added:,}人加えました")
    return redirect("resident_tax:runs")


@page(permission=perms.ASSESS, purpose="tax_assessment")
def run_start(request: StaffRequest) -> HttpResponse:
    """当初課税の開始 (POST)"""
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = assessing.start(tax_year=form.cleaned_data["tax_year"], context=request.access_context)
        jobs.hand_over(jobs.ASSESSMENT, run.pk, request.access_context)
    return redirect("resident_tax:runs")


@page(permission=perms.ASSESS, purpose="tax_assessment")
def run_carry_on(request: StaffRequest, run_id: int) -> HttpResponse:
    """当初課税の再開 (POST): from the checkpoint"""
    if request.method == "POST":
        jobs.hand_over(jobs.ASSESSMENT, run_id, request.access_context)
    return redirect("resident_tax:runs")


@page(permission=perms.CHECKS, purpose="tax_assessment", personal=True)
def checks(request: StaffRequest) -> HttpResponse:
    """扶養の突合: counts over the city, and the rows of one kind."""
    typed = request.GET.get("year", "")
    year = int(typed) if typed in {"2024", "2025", "2026", "2027"} else clock.today().year
    what = request.GET.get("what", "")
    counts = queries.check_counts(year)
    rows = queries.check_rows(
        year, what, context=request.access_context, after=request.GET.get("after", "")
    ) if what else []  # fmt: skip
    context = {
        "counts": [(code, queries.CHECK_KINDS[code], count) for code, count in counts.items()],
        "rows": rows, "what": what, "what_ja": queries.CHECK_KINDS.get(what, ""), "year": year,
        "year_ja": papers.year_words(year),
        "next_key": rows[-1].dependant_number if len(rows) == queries.PAGE else None,
    }  # fmt: skip
    return render(request, "resident_tax/checks.html", context)
