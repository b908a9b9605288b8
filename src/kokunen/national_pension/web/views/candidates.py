"""候補の画面: 法定免除 from the notices of the welfare sections, letters and their results, gaps without a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.assessment.flows import IN_HOUSE_CHANNEL
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.choices import OutreachResult
from kokunen.national_pension.queries import candidates as found
from kokunen.national_pension.services import outreach as letters
from kokunen.national_pension.services import welfare as services
from kokunen.national_pension.web.candidate_forms import OutreachResultForm, SettleForm, WelfareFileForm, WelfareForm
from kokunen.national_pension.web.views.common import PURPOSE

EXEMPTION_PURPOSE = "pension_exemption"


@page(permission=perms.WELFARE_NOTE, purpose=EXEMPTION_PURPOSE, personal=True)
def welfare(request: StaffRequest) -> HttpResponse:
    """法定免除の候補; POST notes a paper notice of the welfare section."""
    form = WelfareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.note(
                told=form.told(),
                section=form.cleaned_data["section"],
                arrived_on=form.cleaned_data["arrived_on"],
                context=request.access_context,
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "通知を記録しました。候補の一覧に入りました")
            return redirect("national_pension:welfare")
    return _welfare(request, form=form)


@page(permission=perms.WELFARE_NOTE, purpose=EXEMPTION_PURPOSE, personal=True)
def welfare_file(request: StaffRequest) -> HttpResponse:
    """生活保護の連携ファイルを取り込む (POST): refused while the assessment does not declare the channel."""
    form = WelfareFileForm(request.POST, request.FILES)
    if request.method == "POST" and form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            new, known = services.take_file(
                content=upload.read(), section=form.cleaned_data["section"], context=request.access_context
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, f"{new}件の通知を取り込みました（取込済 {known}件）")
            return redirect("national_pension:welfare")
    return _welfare(request, file_form=form)


@page(permission=perms.WELFARE_NOTE, purpose=EXEMPTION_PURPOSE, personal=True)
def welfare_settle(request: StaffRequest, notice_id: int) -> HttpResponse:
    """届によらずに終える (POST)"""
    form = SettleForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle(notice_id=notice_id, words=form.cleaned_data["words"], context=request.access_context)
        except KokunenError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "処理済みにしました")
        return redirect("national_pension:welfare")
    messages.error(request, "処理の内容を入力してください")
    return redirect("national_pension:welfare")


def _welfare(
    request: StaffRequest, form: WelfareForm | None = None, file_form: WelfareFileForm | None = None
) -> HttpResponse:
    channels = services.declared_channels()
    wrong = any(one is not None and one.errors for one in (form, file_form))
    context = {
        "form": form or WelfareForm(),
        "file_form": file_form or WelfareFileForm(),
        "channels": channels,
        "by_channel": any(IN_HOUSE_CHANNEL in one for one in channels.values()),
        "page": found.welfare_candidates(context=request.access_context, after=request.GET.get("after", "")),
    }
    return render(request, "national_pension/welfare.html", context, status=422 if wrong else 200)


@page(permission=perms.OUTREACH, purpose=EXEMPTION_PURPOSE, personal=True)
def outreach(request: StaffRequest) -> HttpResponse:
    """勧奨状と結果 (?result=&after=)"""
    return _outreach(request, OutreachResultForm())


@page(permission=perms.OUTREACH, purpose=EXEMPTION_PURPOSE, personal=True)
def outreach_result(request: StaffRequest, letter_id: int) -> HttpResponse:
    """勧奨の結果を記入する (POST)"""
    form = OutreachResultForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            letters.note_result(letter_id=letter_id, **form.cleaned_data, context=request.access_context)
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "勧奨の結果を記録しました")
            return redirect("national_pension:outreach")
    return _outreach(request, form)


def _outreach(request: StaffRequest, form: OutreachResultForm) -> HttpResponse:
    year, result = letters.cycle_year(), request.GET.get("result", "")
    counts = found.outreach_counts(year)
    context = {
        "form": form,
        "year": year,
        "result": result,
        "counts": [(one, counts.get(str(one), 0)) for one in OutreachResult],
        "page": found.outreach_letters(
            context=request.access_context, cycle_year=year, result=result, after=request.GET.get("after", "")
        ),
    }
    return render(request, "national_pension/outreach.html", context, status=422 if form.errors else 200)


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def gaps(request: StaffRequest) -> HttpResponse:
    """説明のない空白の一覧"""
    context = {"page": found.gaps(context=request.access_context, after=request.GET.get("after", ""))}
    return render(request, "national_pension/gaps.html", context)
