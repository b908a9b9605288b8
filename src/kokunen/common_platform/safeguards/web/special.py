"""台帳に付く画面: review of the access ledger, yearly deletion, facts of a leak, opening a file that left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.queries import staff_names
from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.common_platform.safeguards import perms, queries
from kokunen.common_platform.safeguards.rules import retention_rules
from kokunen.common_platform.safeguards.services import bulk, deletion, envelopes, log_review
from kokunen.common_platform.safeguards.services import facts as fact_finding
from kokunen.common_platform.safeguards.web.output import read_wanted
from kokunen.kernel.errors import KokunenError

_LARGEST = 20_000_000


class DeletionForm(forms.Form):
    """候補の確定"""

    rule = forms.ChoiceField(label="規則")
    as_of = WarekiDateField(label="基準日")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, rule.label) for code, rule in retention_rules().items()]


class FactsForm(forms.Form):
    """範囲の条件"""

    staff_number = forms.CharField(label="職員番号", required=False, max_length=40)
    terminal = forms.CharField(label="端末", required=False, max_length=60)
    serial = forms.CharField(label="印刷物の発行番号", required=False, max_length=60)
    medium = forms.CharField(label="媒体の登録番号", required=False, max_length=20)
    first = WarekiDateField(label="期間の初日", required=False)
    last = WarekiDateField(label="期間の末日", required=False)


class FileForm(forms.Form):
    """封をしたファイル"""

    file = forms.FileField(label="ファイル", max_length=200)


@page(permission=perms.LOG_REVIEW, purpose="audit", personal=True)
def reviews(request: StaffRequest) -> HttpResponse:
    """週ごとの点検, newest first."""
    found = queries.find_entries("log_review", context=request.access_context)
    return render(request, "safeguards/reviews.html", {"page": found})


@page(permission=perms.LOG_REVIEW, purpose="audit", personal=True)
def review(request: StaffRequest, number: str) -> HttpResponse:
    """一週の点検: what the rules have found, for the reviewer to look into before he signs."""
    shown = queries.get_shown(number, context=request.access_context)
    first, until = (date.fromisoformat(shown.entry.content[name]) for name in ("from", "until"))
    found = log_review.find_anomalies(first, until, context=request.access_context)
    names = staff_names(one.staff_number for one in found)
    named = [(one, names[one.staff_number]) for one in found]
    return render(request, "safeguards/review.html", {"shown": shown, "found": named})


@page(permission=perms.DELETION_RUN, purpose=OF_THE_DAY, personal=True)
def deletion_new(request: StaffRequest) -> HttpResponse:
    """年次の削除の候補を確定する"""
    form = DeletionForm(request.POST or None, initial={"as_of": clock.today()})
    if form.is_bound and form.is_valid():
        try:
            made = deletion.preview(
                form.cleaned_data["rule"], as_of=form.cleaned_data["as_of"], context=request.access_context
            )
        except KokunenError as error:
            form.add_error(None, str(error))
        else:
            return redirect("safeguards:entry", made.number)
    return render(request, "safeguards/deletion_new.html", {"form": form}, status=422 if form.is_bound else 200)


@page(permission=perms.DELETION_RUN, purpose=OF_THE_DAY, personal=True)
@require_POST
def deletion_execute(request: StaffRequest, number: str) -> HttpResponse:
    """削除する"""
    deletion.execute(number, context=request.access_context)
    return redirect("safeguards:entry", number)


@page(permission=perms.FACTS_FIND, purpose=OF_THE_DAY, personal=True)
def facts(request: StaffRequest) -> HttpResponse:
    """範囲を特定する: people, items and span, to be entered into the case."""
    form, scope = FactsForm(request.POST or None), None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            scope = fact_finding.find_scope(
                context=request.access_context,
                staff_number=given["staff_number"].strip(),
                terminal=given["terminal"].strip(),
                serial=given["serial"].strip(),
                medium=given["medium"].strip(),
                since=_moment(given["first"], last=False),
                until=_moment(given["last"], last=True),
            )
        except KokunenError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return render(request, "safeguards/facts.html", {"form": form, "scope": scope})


@page()
@require_POST
def output_request(request: StaffRequest) -> HttpResponse:
    """大量出力の承認を依頼する, from the output that was refused: list, conditions and people are as it signed them"""
    wanted = read_wanted(request.POST.get("wanted", ""))
    bulk.request(
        wanted["dataset"],
        wanted["query"],
        wanted["people"],
        reason=request.POST.get("reason", "").strip(),
        context=request.access_context,
        back=wanted["back"],
    )
    messages.success(
        request,
        f"{wanted['dataset']} {wanted['people']:,}人の承認を依頼しました。承認されたら、もう一度出力してください",
    )
    return redirect(wanted["back"] or "portal:home")


@page(permission=perms.REGISTER_ENTER, purpose=OF_THE_DAY, personal=True)
def open_file(request: StaffRequest) -> HttpResponse:
    """持ち出したファイルを開く"""
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            name, content = envelopes.open_file(
                form.cleaned_data["file"].read(_LARGEST), context=request.access_context
            )
        except KokunenError as error:
            form.add_error("file", str(error))
        else:
            answer = HttpResponse(content, content_type="application/octet-stream")
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            answer.headers["Cache-Control"] = "no-store"
            return answer
    return render(request, "safeguards/open_file.html", {"form": form}, status=422 if form.is_bound else 200)


def _moment(day: date | None, *, last: bool) -> datetime | None:
    if day is None:
        return None
    hour, minute, second = (23, 59, 59) if last else (0, 0, 0)
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=clock.OFFICE_ZONE)
