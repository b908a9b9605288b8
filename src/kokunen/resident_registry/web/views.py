"""照会の画面: search, person, household, history, planned departures."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.common_platform.records.search import KeyKind, guess_kind
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import parse_date
from kokunen.resident_registry import perms, queries
from kokunen.resident_registry.web.band import band_of

_CHIPS = {"birth": KeyKind.DATE, "kana": KeyKind.KANA, "number": KeyKind.NUMBER}


@page(permission=perms.RESIDENT_VIEW, purpose=OF_THE_DAY, personal=True)
def search(request: StaffRequest) -> HttpResponse:
    """住民検索: results as one types (htmx), else the whole page. Numbers of 11 or 12 digits come by POST."""
    asked = request.POST if request.method == "POST" else request.GET
    text, chip = asked.get("q", "").strip(), asked.get("kind", "")
    found, error = None, None
    part = request.headers.get("HX-Request") == "true"
    if text and (not part or len(text) > 1 or chip):
        try:
            found = queries.find_residents(
                context=request.access_context,
                text=text,
                kind=_kind(chip, text),
                after=asked.get("after", ""),
                sight=perms.sight_of(request.portal.permissions),
            )
        except InputError as refused:
            error = refused
    if found and _is_the_one(found) and not part:
        return HttpResponseRedirect(reverse("resident_registry:person", args=[found.lines[0].atena_number]))
    template = "resident_registry/parts/results.html" if part else "resident_registry/search.html"
    context = {"found": found, "error": error, "text": text}
    return render(request, template, context, status=422 if error and not part else 200)


def _is_the_one(found: queries.SearchResult) -> bool:
    """番号で1人に決まったか: then the person opens at once."""
    return found.query.kind == KeyKind.NUMBER and len(found.lines) == 1


def _kind(chip: str, text: str) -> KeyKind | None:
    """検索キーの種類: what the officer chose beside the box; 氏名 is told apart into kanji and romaji by the
    letters.
    """
    if chip == "name":
        guessed = guess_kind(text)
        return guessed if guessed in (KeyKind.KANJI, KeyKind.ROMAJI) else KeyKind.KANJI
    return _CHIPS.get(chip)


@page(permission=perms.RESIDENT_VIEW, purpose=OF_THE_DAY, personal=True)
def person(request: StaffRequest, atena_number: str) -> HttpResponse:
    """個人照会: the record item by item, as of now or as known on 基準日."""
    known_on, error = _known_on(request)
    view = queries.get_resident(
        context=request.access_context,
        atena_number=atena_number,
        sight=perms.sight_of(request.portal.permissions),
        known_on=known_on,
    )
    context = {**_frame(request, view, "summary"), "error": error}
    return render(request, "resident_registry/person.html", context, status=422 if error else 200)


@page(permission=perms.RESIDENT_VIEW, purpose=OF_THE_DAY, personal=True)
def household(request: StaffRequest, atena_number: str) -> HttpResponse:
    """世帯照会: the whole household in one screen."""
    known_on, error = _known_on(request)
    sight = perms.sight_of(request.portal.permissions)
    view = queries.get_resident(
        context=request.access_context, atena_number=atena_number, sight=sight, known_on=known_on
    )
    found = None
    if not view.masked:
        found = queries.get_household(
            context=request.access_context, household_number=view.row.household_number, sight=sight, known_on=known_on
        )
    context = {**_frame(request, view, "household"), "household": found, "error": error}
    return render(request, "resident_registry/household.html", context, status=422 if error else 200)


@page(permission=perms.RESIDENT_VIEW, purpose=OF_THE_DAY, personal=True)
def history(request: StaffRequest, atena_number: str) -> HttpResponse:
    """異動履歴."""
    sight = perms.sight_of(request.portal.permissions)
    view = queries.get_resident(context=request.access_context, atena_number=atena_number, sight=sight)
    lines = queries.get_history(context=request.access_context, atena_number=atena_number, sight=sight)
    may_cancel = perms.EX_OFFICIO_REGISTER in request.portal.permissions
    context = {**_frame(request, view, "history"), "lines": lines, "may_cancel": may_cancel}
    return render(request, "resident_registry/history.html", context)


@page(permission=perms.RESIDENT_VIEW, purpose="resident_inquiry", personal=True)
def departures(request: StaffRequest) -> HttpResponse:
    """転出予定者: who is going to leave, by day."""
    lines = queries.find_planned_departures(
        context=request.access_context, sight=perms.sight_of(request.portal.permissions)
    )
    return render(request, "resident_registry/departures.html", {"lines": lines})


def _known_on(request: StaffRequest) -> tuple[date | None, InputError | None]:
    text = request.GET.get("known_on", "").strip()
    if not text:
        return None, None
    try:
        return parse_date(text, clock.today(), "known_on"), None
    except InputError as error:
        return None, error


def _frame(request: StaffRequest, view: queries.PersonView, tab: str) -> dict[str, object]:
    """人の帯と見出し札: what the three screens of a person share."""
    number = view.row.atena_number
    suffix = f"?known_on={view.known_on.isoformat()}" if view.known_on else ""
    tabs = [
        ("summary", "概要", reverse("resident_registry:person", args=[number]) + suffix),
        ("household", "世帯", reverse("resident_registry:household", args=[number]) + suffix),
        ("history", "異動履歴", reverse("resident_registry:history", args=[number])),
    ]
    held = request.portal.permissions
    return {
        "view": view,
        "row": view.row,
        "person": band_of(view),
        "tabs": tabs,
        "tab": tab,
        "may_register": perms.NOTICE_REGISTER in held and view.known_on is None,
        "may_correct": perms.EX_OFFICIO_REGISTER in held and view.known_on is None,
        "may_support": perms.SUPPORT_MANAGE in held and view.known_on is None,
    }
