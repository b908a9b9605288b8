"""一括印刷の画面: runs with their counts, parts, letters that were pulled out, reconciliation, answers to inquiries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web import leaving
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.responses import pdf
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.resident_tax import jobs, perms, resident_view
from kokunen.resident_tax.choices import PrintKind, Reply
from kokunen.resident_tax.documents.papers import year_words
from kokunen.resident_tax.models import PrintPart, PrintRun
from kokunen.resident_tax.services import print_runs
from kokunen.resident_tax.web.forms_city import PrintForm, ReplyForm

_PAGE = 50
_ANSWERED = (PrintKind.INQUIRY, PrintKind.DECLARATION)


def _rows() -> dict[str, Any]:
    runs = list(PrintRun.objects.order_by("-started_at")[:20])
    return {"runs": [(run, year_words(run.tax_year), run.printed + run.held) for run in runs]}


@page(permission=perms.PRINT_SEE, purpose="tax_assessment")
def prints(request: StaffRequest) -> HttpResponse:
    """一括印刷"""
    form = PrintForm(request.POST or None, initial={"tax_year": clock.today().year})
    context = {"form": form, "may_print": request.portal.may(perms.PRINT_RUN), **_rows()}
    return render(request, "resident_tax/prints.html", context)


@page(permission=perms.PRINT_SEE, purpose="tax_assessment", polling=True)
def prints_pulse(request: StaffRequest) -> HttpResponse:
    """一括印刷の更新"""
    return render(request, "resident_tax/_print_rows.html", {**_rows(), "may_print": False})


@page(permission=perms.PRINT_RUN, purpose="tax_assessment")
def print_start(request: StaffRequest) -> HttpResponse:
    """一括印刷の開始 (POST)"""
    form = PrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = print_runs.start(
                kind=PrintKind(form.cleaned_data["kind"]), tax_year=form.cleaned_data["tax_year"],
                context=request.access_context,
            )  # fmt: skip
        except KokunenError as error:
            messages.error(request, f"{error.message}。{error.hint or ''}")
        else:
            jobs.hand_over(jobs.PRINT, run.pk, request.access_context)
            return redirect("resident_tax:print_run", run.pk)
    return redirect("resident_tax:prints")


@page(permission=perms.PRINT_RUN, purpose="tax_assessment")
def print_carry_on(request: StaffRequest, run_id: int) -> HttpResponse:
    """一括印刷の再開 (POST): the parts that are missing"""
    if request.method == "POST":
        jobs.hand_over(jobs.PRINT, _run(run_id).pk, request.access_context)
    return redirect("resident_tax:print_run", run_id)


@page(permission=perms.PRINT_SEE, purpose="tax_assessment", personal=True)
def print_run(request: StaffRequest, run_id: int) -> HttpResponse:
    """一括印刷1件: counts, 突合, parts, letters that were pulled out or sent."""
    run = _run(run_id)
    typed = request.GET.get("after", "")
    held = request.GET.get("show", "held") == "held"
    letters = print_runs.letters(
        run_id, context=request.access_context, held=held, after=int(typed) if typed.isdigit() else 0
    )
    people = resident_view.by_numbers([one.subject for one in letters]) if run.kind != PrintKind.EMPLOYER else {}
    context = {
        "run": run, "year_ja": year_words(run.tax_year), "done": run.printed + run.held, "held": held,
        "reconciled": print_runs.reconcile(run), "parts": PrintPart.objects.filter(run=run).order_by("number")[:_PAGE],
        "letters": [(one, people.get(one.subject), Reply(one.reply).label if one.reply else "") for one in letters],
        "next_key": letters[-1].sequence if len(letters) == _PAGE else None, "answered": run.kind in _ANSWERED,
        "may_print": request.portal.may(perms.PRINT_RUN),
    }  # fmt: skip
    return render(request, "resident_tax/print_run.html", context)


@page(permission=perms.PRINT_RUN, purpose="tax_assessment", personal=True)
def print_part(request: StaffRequest, run_id: int, number: int) -> HttpResponse:
    """分冊 as PDF"""
    run = _run(run_id)
    content = print_runs.read_part(run_id, number, context=request.access_context)
    of_run = leaving.Leaving(str(run.get_kind_display()), 0, {"一括印刷": run_id}, run.printed, f"分冊{number}")
    leaving.declare(request, of_run)  # one approval for the run, used once for each part
    return pdf(content, f"run-{run_id}-part-{number}.pdf")


@page(permission=perms.DEPENDANTS, purpose="tax_assessment", personal=True)
def print_reply(request: StaffRequest, notice_id: int) -> HttpResponse:
    """照会の回答"""
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            letter = print_runs.reply(
                notice_id=notice_id, answer=Reply(form.cleaned_data["reply"]), note=form.cleaned_data["note"],
                context=request.access_context,
            )  # fmt: skip
        except KokunenError as error:
            add_error(form, error, "note")
        else:
            messages.success(request, "回答を記録しました")
            if letter.reply == Reply.DENIED:
                return redirect("resident_tax:change_new", letter.subject, letter.run.tax_year)
            return redirect("resident_tax:print_run", letter.run_id)
    context = {"form": form, "notice_id": notice_id}
    return render(request, "resident_tax/print_reply.html", context, status=422 if form.errors else 200)


def _run(run_id: int) -> PrintRun:
    run: PrintRun | None = PrintRun.objects.filter(pk=run_id).first()
    if run is None:
        raise InputError("この一括印刷はありません", field="run", code="not_found", hint="一覧を開き直してください。")
    return run
