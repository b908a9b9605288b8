"""宛名の画面: search, one record, entering, changing, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.records.search import KeyKind, guess_kind
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.nonresident_registry import perms, queries
from kokunen.nonresident_registry.services import records
from kokunen.nonresident_registry.web.forms import EndForm, RecordForm

_CHIPS = {"birth": KeyKind.DATE, "kana": KeyKind.KANA, "number": KeyKind.NUMBER}


@page(permission=perms.RECORD_VIEW, purpose=OF_THE_DAY, personal=True)
def search(request: StaffRequest) -> HttpResponse:
    """宛名の検索: results as one types (htmx), else the whole page."""
    asked = request.POST if request.method == "POST" else request.GET
    text, chip = asked.get("q", "").strip(), asked.get("kind", "")
    found, error = None, None
    part = request.headers.get("HX-Request") == "true"
    if text and (not part or len(text) > 1 or chip):
        try:
            found = queries.find_records(
                context=request.access_context, text=text, kind=_kind(chip, text), after=asked.get("after", "")
            )
        except InputError as refused:
            error = refused
    template = "nonresident_registry/parts/results.html" if part else "nonresident_registry/search.html"
    context = {
        "found": found,
        "error": error,
        "text": text,
        "may_register": perms.RECORD_REGISTER in request.portal.permissions,
    }
    return render(request, template, context, status=422 if error and not part else 200)


def _kind(chip: str, text: str) -> KeyKind | None:
    if chip == "name":
        guessed = guess_kind(text)
        return guessed if guessed in (KeyKind.KANJI, KeyKind.ROMAJI) else KeyKind.KANJI
    return _CHIPS.get(chip)


def band_of(subject: queries.Subject) -> dict[str, Any]:
    """人の帯 of a resident, a person outside the register or a corporation."""
    return {
        "name": subject.name,
        "kana": subject.name_kana,
        "birth_ja": subject.birth,
        "age": subject.age,
        "sex_ja": subject.sex_ja,
        "atena_number": subject.atena_number,
        "marks": subject.marks,
        "extra": [("住所", subject.shown_address)],
    }


def tabs_of(atena_number: str, held: frozenset[str] | set[str]) -> list[tuple[str, str, str]]:
    """見出し札 of one 宛名."""
    tabs = [
        ("record", "宛名", reverse("nonresident_registry:record", args=[atena_number])),
        ("history", "履歴", reverse("nonresident_registry:history", args=[atena_number])),
    ]
    if perms.NUMBER_MANAGE in held:
        tabs.append(("numbers", "番号・名寄せ", reverse("nonresident_registry:numbers", args=[atena_number])))
    return tabs


@page(permission=perms.RECORD_VIEW, purpose=OF_THE_DAY, personal=True)
def record(request: StaffRequest, atena_number: str) -> HttpResponse:
    """宛名の照会."""
    view = queries.get_record(context=request.access_context, atena_number=atena_number)
    held = request.portal.permissions
    context = {
        "view": view,
        "row": view.row,
        "person": band_of(view.subject),
        "tabs": tabs_of(atena_number, held),
        "may_register": perms.RECORD_REGISTER in held,
    }
    return render(request, "nonresident_registry/record.html", context)


@page(permission=perms.RECORD_VIEW, purpose=OF_THE_DAY, personal=True)
def history(request: StaffRequest, atena_number: str) -> HttpResponse:
    """宛名の履歴."""
    rows = queries.get_history(context=request.access_context, atena_number=atena_number)
    view = queries.get_record(context=request.access_context, atena_number=atena_number)
    context = {
        "rows": rows,
        "person": band_of(view.subject),
        "tabs": tabs_of(atena_number, request.portal.permissions),
    }
    return render(request, "nonresident_registry/history.html", context)


@page(permission=perms.RECORD_REGISTER, purpose=OF_THE_DAY, personal=True)
def new(request: StaffRequest) -> HttpResponse:
    """宛名の登録 (flow A): the officer has searched first; a former resident keeps the number."""
    form = RecordForm(request.POST or None, initial={"name": request.GET.get("name", ""), "reason": "01"})
    if request.method == "POST" and form.is_valid():
        try:
            row = records.register_record(
                context=request.access_context,
                kind=form.cleaned_data["kind"],
                content=form.content(),
                takes_over=form.cleaned_data["takes_over"],
            )
        except KokunenError as refused:
            add_error(form, refused, "name")
        else:
            messages.success(request, f"登録しました。宛名番号は {row.atena_number} です。")
            return HttpResponseRedirect(reverse("nonresident_registry:record", args=[row.atena_number]))
    context = {"form": form, "title": "住登外者・法人の登録"}
    return render(request, "nonresident_registry/edit.html", context, status=422 if form.errors else 200)


@page(permission=perms.RECORD_REGISTER, purpose=OF_THE_DAY, personal=True)
def change(request: StaffRequest, atena_number: str) -> HttpResponse:
    """宛名の変更 (flow B) and closing."""
    view = queries.get_record(context=request.access_context, atena_number=atena_number)
    ending = "end" in request.POST
    sent = request.POST or None
    form = RecordForm.of(view.row, None if ending else sent)
    end = EndForm(sent if ending else None)
    chosen: RecordForm | EndForm = end if ending else form
    if request.method == "POST" and chosen.is_valid():
        expected = int(request.POST.get("expected") or 0)
        try:
            if ending:
                records.end_record(
                    context=request.access_context,
                    atena_number=atena_number,
                    status=end.cleaned_data["status"],
                    on=end.cleaned_data["ended_on"],
                    expected=expected,
                )
            else:
                records.update_record(
                    context=request.access_context,
                    atena_number=atena_number,
                    content=form.content(),
                    expected=expected,
                )
        except KokunenError as refused:
            add_error(chosen, refused)
        else:
            messages.success(request, "変更しました。")
            return HttpResponseRedirect(reverse("nonresident_registry:record", args=[atena_number]))
    context = {
        "form": form,
        "end": end,
        "title": "宛名の変更",
        "person": band_of(view.subject),
        "expected": view.row.history_number,
    }
    return render(request, "nonresident_registry/edit.html", context, status=422 if chosen.errors else 200)
