"""共通データの画面: dictionaries, a new edition with its preview, generations. No personal data."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.batch_master import queries as batch_master
from kokunen.common_platform.codes import queries
from kokunen.common_platform.codes.dictionaries import get_dictionary
from kokunen.common_platform.codes.models import EditionState
from kokunen.common_platform.codes.services import (
    Comparison,
    Row,
    approve_edition,
    ask_edition,
    compare,
    read_file,
    reject_edition,
)
from kokunen.common_platform.data_desk import perms
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import WarekiDateField, add_error
from kokunen.kernel.errors import InputError, KokunenError


class EditionForm(forms.Form):
    """新しい版の取り込み"""

    file = forms.FileField(label="ファイル", required=False, help_text="CSV（UTF-8）。1行目は見出し")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(label="出典", max_length=200, help_text="発行元、名称、発行日")
    effective_on = WarekiDateField(label="適用日")
    is_whole = forms.BooleanField(
        label="全件のファイル",
        required=False,
        initial=True,
        help_text="選ぶと、ファイルにないコードは適用日で終わります",
    )

    def content(self) -> bytes:
        """The file, or the one whose changes were looked at just before. Raises InputError when there is neither."""
        if self.cleaned_data["file"] is not None:
            return bytes(self.cleaned_data["file"].read())
        try:
            found = base64.b64decode(self.cleaned_data["seen"], validate=True)
        except binascii.Error:
            found = b""
        if not found:
            raise InputError("ファイルを選んでください", "file", "missing_field")
        return found


class DayForm(forms.Form):
    """絞り込み"""

    q = forms.CharField(label="コード・名称・読み", required=False, max_length=60)
    on = WarekiDateField(label="基準日", required=False)


@page(permission=perms.CODES_VIEW)
def dictionaries(request: StaffRequest) -> HttpResponse:
    """コード辞書の一覧."""
    context = {"lines": queries.find_dictionaries(), "may_import": perms.CODES_IMPORT in request.portal.permissions}
    return render(request, "data_desk/dictionaries.html", context)


@page(permission=perms.CODES_VIEW)
def dictionary(request: StaffRequest, dictionary: str) -> HttpResponse:
    """一つの辞書: its codes on a day, and its editions."""
    known = get_dictionary(dictionary)
    form = DayForm(request.GET or None)
    chosen: dict[str, Any] = {"q": "", "on": None}
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
    rows, following = queries.find_entries(
        dictionary, text=chosen["q"], on=chosen["on"], after=request.GET.get("after", "")
    )
    context = {
        "known": known,
        "form": form,
        "rows": [(row, [row.facts.get(one.name, "") for one in known.facts]) for row in rows],
        "following": following,
        "on": chosen["on"] or clock.today(),
        "editions": queries.find_editions(dictionary),
        "may_import": perms.CODES_IMPORT in request.portal.permissions,
    }
    return render(request, "data_desk/dictionary.html", context, status=422 if form.errors else 200)


@page(permission=perms.CODES_VIEW)
def code(request: StaffRequest, dictionary: str, entry_code: str) -> HttpResponse:
    """一つのコードの履歴."""
    context = {"known": get_dictionary(dictionary), "code": entry_code}
    return render(request, "data_desk/code.html", {**context, "rows": queries.find_history(dictionary, entry_code)})


@page(permission=perms.CODES_VIEW)
def export(request: StaffRequest, dictionary: str) -> HttpResponse:
    """辞書の書き出し: the codes of a day as CSV (no personal data, so no approval is asked)."""
    day = _day(request.GET.get("on", ""))
    response = HttpResponse(queries.export(dictionary, day).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{dictionary}-{day:%Y%m%d}.csv"'
    return response


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise InputError(
            "基準日の形が違います", "on", "invalid_format", "2026-11-24 の形で指定してください。"
        ) from None


@page(permission=perms.CODES_IMPORT)
def new_edition(request: StaffRequest, dictionary: str) -> HttpResponse:
    """新しい版: the file is read, what would change is shown, then it is asked for."""
    known = get_dictionary(dictionary)
    form = EditionForm(request.POST or None, request.FILES or None, initial={"effective_on": clock.today()})
    found: Comparison | None = None
    seen = ""
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            content = form.content()
            rows = read_file(dictionary, content)
            seen = base64.b64encode(content).decode()
            found = compare(dictionary, rows, sent["effective_on"], is_whole=sent["is_whole"])
            if request.POST.get("act") == "ask":
                edition = ask_edition(
                    context=request.access_context,
                    dictionary=dictionary,
                    rows=rows,
                    source=sent["source"],
                    effective_on=sent["effective_on"],
                    is_whole=sent["is_whole"],
                )
                messages.success(request, f"第{edition.number}版を申請しました。別の職員の承認で適用されます。")
                return HttpResponseRedirect(reverse("data_desk:edition", args=[edition.pk]))
        except KokunenError as refused:
            add_error(form, refused, "file")
    context = {"known": known, "form": form, "found": found, "seen": seen}
    return render(request, "data_desk/new_edition.html", context, status=422 if form.errors else 200)


@page(permission=perms.CODES_IMPORT)
def edition(request: StaffRequest, edition_id: int) -> HttpResponse:
    """版の承認: what would change now; not by the officer who asked."""
    row, error = queries.get_edition(edition_id), None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "approve":
                approve_edition(context=request.access_context, edition_id=edition_id)
                messages.success(request, "承認しました。適用日から有効です。")
            else:
                reject_edition(
                    context=request.access_context, edition_id=edition_id, words=request.POST.get("words", "")
                )
                messages.success(request, "取り下げました。")
        except KokunenError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("data_desk:dictionary", args=[row.dictionary]))
    found = None
    if row.state == EditionState.ASKED:
        rows = [Row(one["code"], one["label"], one["kana"], one["facts"]) for one in row.rows]
        found = compare(row.dictionary, rows, row.effective_on, is_whole=row.is_whole)
    context = {
        "row": row,
        "known": get_dictionary(row.dictionary),
        "found": found,
        "own": row.asked_by == request.access_context.staff_number,
        "error": error,
    }
    return render(request, "data_desk/edition.html", context, status=422 if error else 200)


@page(permission=perms.SNAPSHOTS_VIEW)
def generations(request: StaffRequest) -> HttpResponse:
    """バッチマスタの世代: what each holds and which runs hold it."""
    rows = list(batch_master.find_generations())
    return render(request, "data_desk/generations.html", {"rows": rows, "uses": batch_master.find_recent_uses()})
