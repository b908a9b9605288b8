"""報告・媒体の画面: 確認 → 作成 → 引渡し on one screen, then the results; and the board of what is unfinished."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kokunen.common_platform.portal.queries import staff_names
from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.safeguards.web.output import list_output
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.choices import ReportState
from kokunen.national_pension.models import ReportFile
from kokunen.national_pension.queries import lists
from kokunen.national_pension.reporting_types import MediumKind
from kokunen.national_pension.services import board_prints, reporting, results
from kokunen.national_pension.web.forms import BoardFilterForm, BuildForm, NoteForm, ReasonForm, SignForm
from kokunen.national_pension.web.views.common import PURPOSE, REPORT_PURPOSE
from kokunen.national_pension.wiring import media_writer


def _board_filter(request: StaffRequest) -> tuple[BoardFilterForm, lists.BoardFilter]:
    form = BoardFilterForm(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    return form, lists.BoardFilter(**{name: value for name, value in values.items() if value})


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def board(request: StaffRequest) -> HttpResponse:
    """未完了の受付: nothing leaves the board without its end."""
    form, chosen = _board_filter(request)
    columns = lists.board(context=request.access_context, chosen=chosen)
    trend = lists.board_trend()
    highest = max((count for _, count in trend), default=0) or 1
    bars = [(day, count, round(40 * count / highest)) for day, count in trend]
    context = {
        "form": form,
        "columns": columns,
        "groups": [(lists.office_name_of(one.office_code), one) for one in lists.board_groups(chosen)],
        "bars": [(index * 8, 42 - height, height, day, count) for index, (day, count, height) in enumerate(bars)],
        "total": sum(column.total for column in columns),
        "query": request.GET.urlencode(),
    }
    return render(request, "national_pension/board.html", context)


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def board_pdf(request: StaffRequest) -> HttpResponse:
    """未完了の受付 一覧 (PDF)"""
    slip = board_prints.print_board(
        chosen=_board_filter(request)[1], office_name=request.portal.office_name, context=request.access_context
    )
    return responses.pdf(slip.content, slip.filename)


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def board_csv(request: StaffRequest) -> HttpResponse:
    """未完了の受付 (CSV): no names; with many people by approval only (CTL-060)"""
    form, chosen = _board_filter(request)
    content, people = board_prints.export_board(chosen=chosen, context=request.access_context)
    return list_output(
        request,
        "未完了の受付",
        query=_conditions(form),
        people=people,
        make=lambda: ("\ufeff" + content).encode(),
        filename="unfinished.csv",
        content_type="text/csv; charset=utf-8",
    )


def _conditions(form: BoardFilterForm) -> dict[str, str]:
    """条件 in the words that the approver reads: what is chosen under the label of its field."""
    found: dict[str, str] = {}
    given = form.cleaned_data if form.is_valid() else {}
    for bound in form:
        if value := str(given.get(bound.name) or ""):
            words = {str(code): str(label) for code, label in getattr(bound.field, "choices", ())}
            found[str(bound.label)] = words.get(value, value)
    return found


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report(request: StaffRequest) -> HttpResponse:
    """報告: what goes today, by kind, what is held back and why; media that wait for their signatures."""
    return render(request, "national_pension/report.html", _report_context(request))


def _report_context(request: StaffRequest, form: BuildForm | None = None) -> dict[str, Any]:
    closing, carrier_problem = None, ""
    try:
        closing = reporting.closing(writer=media_writer(), context=request.access_context)
    except KokunenError as error:
        carrier_problem = str(error)
    batches = lists.batches()
    return {
        "closing": closing,
        "carrier_problem": carrier_problem,
        "form": form or BuildForm(initial={"medium": "2"}),
        "waiting": [batch for batch in batches if batch.state == ReportState.BUILT],
        "batches": batches,
    }


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report_build(request: StaffRequest) -> HttpResponse:
    """報告を作成する (POST)"""
    form = BuildForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            batch = reporting.build(
                writer=media_writer(),
                medium=MediumKind(form.cleaned_data["medium"]),
                context=request.access_context,
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, f"媒体通番 {batch.serial_text} を作成しました（{batch.line_count}件）")
            return redirect("national_pension:report_batch", batch.pk)
    return render(request, "national_pension/report.html", _report_context(request, form), status=422)


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report_batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """報告1件: its lines, papers, medium, signatures and answers"""
    return render(request, "national_pension/report_batch.html", _batch_context(request, batch_id))


def _batch_context(
    request: StaffRequest, batch_id: int, sign: SignForm | None = None, reason: ReasonForm | None = None
) -> dict[str, Any]:
    batch = reporting.get_batch(batch_id)
    me = request.user.number
    issues = list(batch.issues.order_by("issued_at"))
    names = staff_names(
        [batch.built_by, batch.first_officer, batch.second_officer, *(issue.issued_by for issue in issues)]
    )
    return {
        "batch": batch,
        "lines": lists.batch_lines(batch, context=request.access_context),
        "issues": [(issue, names.get(issue.issued_by, "")) for issue in issues],
        "built_by": names.get(batch.built_by, ""),
        "first_officer": names.get(batch.first_officer, ""),
        "second_officer": names.get(batch.second_officer, ""),
        "files": list(batch.files.order_by("role").defer("content")),
        "sign_form": sign or SignForm(),
        "reason_form": reason or ReasonForm(),
        "step": 2 if not batch.first_officer else 3,
        "is_built": batch.state == ReportState.BUILT,
        "may_sign_first": batch.state == ReportState.BUILT and not batch.first_officer,
        "may_sign_second": batch.state == ReportState.BUILT and batch.first_officer and batch.first_officer != me,
        "waits_for_other": batch.state == ReportState.BUILT and batch.first_officer == me,
    }


@page(permission=perms.REPORT_HAND_OVER, purpose=REPORT_PURPOSE, personal=True)
def report_sign(request: StaffRequest, batch_id: int) -> HttpResponse:
    """引渡しの署名 (POST): first with the locked case, then by another officer"""
    if request.method != "POST":
        return redirect("national_pension:report_batch", batch_id)
    batch = reporting.get_batch(batch_id)
    form = SignForm(request.POST)
    try:
        if not batch.first_officer:
            if form.is_valid():
                reporting.sign_first(
                    batch_id=batch_id,
                    carrying_case=form.cleaned_data["carrying_case"],
                    medium=form.cleaned_data["medium"],
                    context=request.access_context,
                )
                messages.success(request, "署名しました。もう1人の職員が署名すると引渡しになります")
                return redirect("national_pension:report_batch", batch_id)
        else:
            reporting.sign_second(batch_id=batch_id, writer=media_writer(), context=request.access_context)
            messages.success(request, "引き渡しました。届書は結果待になりました")
            return redirect("national_pension:report_batch", batch_id)
    except KokunenError as error:
        form.is_valid()
        add_error(form, error)
    context = _batch_context(request, batch_id, sign=form)
    return render(request, "national_pension/report_batch.html", context, status=422)


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report_discard(request: StaffRequest, batch_id: int) -> HttpResponse:
    """報告を廃棄する (POST)"""
    form = ReasonForm(request.POST)
    if request.method == "POST" and form.is_valid():
        reporting.discard(batch_id=batch_id, reason=form.cleaned_data["reason"], context=request.access_context)
        messages.success(request, "廃棄しました。届書は送付待に戻りました")
        return redirect("national_pension:report")
    context = _batch_context(request, batch_id, reason=form)
    return render(request, "national_pension/report_batch.html", context, status=422)


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report_again(request: StaffRequest, batch_id: int) -> HttpResponse:
    """媒体を再発行する (POST): the same bytes, marked as a copy"""
    if request.method == "POST":
        issue = reporting.write_again(batch_id=batch_id, writer=media_writer(), context=request.access_context)
        messages.success(request, f"再発行しました（{issue.number}回目、内容は同一です）")
    return redirect("national_pension:report_batch", batch_id)


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report_paper(request: StaffRequest, batch_id: int, role: str) -> HttpResponse:
    """帳票の印刷見本"""
    if role not in ReportFile.Role.values:
        raise Http404
    context = {
        "title": ReportFile.Role(role).label,
        "pdf_url": reverse("national_pension:report_paper_pdf", args=[batch_id, role]),
        "back_url": reverse("national_pension:report_batch", args=[batch_id]),
    }
    return render(request, "national_pension/print_preview.html", context)


@page(permission=perms.REPORT_BUILD, purpose=REPORT_PURPOSE, personal=True)
def report_paper_pdf(request: StaffRequest, batch_id: int, role: str) -> HttpResponse:
    """帳票 (PDF), to the byte as it was made"""
    paper = reporting.issue_paper(batch_id=batch_id, role=role, context=request.access_context)
    return responses.pdf(paper.content, paper.filename)


@page(permission=perms.RESULT_TAKE, purpose=REPORT_PURPOSE, personal=True)
def results_page(request: StaffRequest) -> HttpResponse:
    """結果の取込: what lies in the tray is taken in; what did not agree is listed"""
    if request.method == "POST":
        intake = results.take_in(writer=media_writer(), context=request.access_context)
        if not (intake.files or intake.repeated or intake.unreadable):
            messages.info(request, "届いている結果はありません")
        else:
            messages.success(
                request,
                f"{intake.files}件の結果を取り込みました: "
                f"受理 {intake.accepted}、返戻 {intake.returned}、不一致 {intake.unmatched}"
                + (f"、取込済み {intake.repeated}" if intake.repeated else ""),
            )
        for fault in (*intake.refused, *intake.unreadable):
            messages.error(request, fault)
        return redirect("national_pension:results")
    return render(request, "national_pension/results.html", _results_context(request))


def _results_context(request: StaffRequest, form: NoteForm | None = None) -> dict[str, Any]:
    return {
        "lines": lists.unsettled_results(context=request.access_context),
        "returned": lists.returned_notices(context=request.access_context),
        "recent": lists.recent_results(),
        "form": form or NoteForm(),
    }


@page(permission=perms.RESULT_TAKE, purpose=REPORT_PURPOSE, personal=True)
def result_take_up(request: StaffRequest, line_id: int) -> HttpResponse:
    """一致しなかった結果をあらためて取り込む (POST): or why it still cannot be"""
    if request.method == "POST":
        try:
            results.take_up(result_line_id=line_id, context=request.access_context)
        except KokunenError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "取り込みました")
    return redirect("national_pension:results")


@page(permission=perms.RESULT_TAKE, purpose=REPORT_PURPOSE, personal=True)
def result_settle(request: StaffRequest, line_id: int) -> HttpResponse:
    """一致しない結果を確認する (POST)"""
    form = NoteForm(request.POST)
    if request.method == "POST" and form.is_valid():
        results.settle(result_line_id=line_id, note=form.cleaned_data["note"], context=request.access_context)
        messages.success(request, "確認しました")
        return redirect("national_pension:results")
    return render(request, "national_pension/results.html", _results_context(request, form), status=422)
