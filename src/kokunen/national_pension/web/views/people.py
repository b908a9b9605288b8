"""個人照会の画面: search, overview with the month grid, qualification, household, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.national_pension import advice, hints, perms
from kokunen.national_pension.choices import ACQUISITION_REASONS, LOSS_REASONS, SHORT_TYPE_LABELS, WorkKind
from kokunen.national_pension.exemption_desk import month_ja
from kokunen.national_pension.month_grid import Grid
from kokunen.national_pension.queries import consultations, persons
from kokunen.national_pension.queries.search import search_persons
from kokunen.national_pension.services import roll
from kokunen.national_pension.services.recording import held
from kokunen.national_pension.web.candidate_forms import NumberForm
from kokunen.national_pension.web.views.common import (
    PURPOSE,
    advice_links,
    band_of,
    known_on_of,
    notice_entries,
    period_rows,
    steps_shown,
    tabs_of,
)


@page(permission=perms.INQUIRY, purpose=OF_THE_DAY, personal=True)
def search(request: StaffRequest) -> HttpResponse:
    """検索: one box; rows as one types, a single hit by number opens at once."""
    typed = request.POST if request.method == "POST" else request.GET
    text = typed.get("q", "").strip()
    context: dict[str, Any] = {"found": None, "wrong": "", "typed": text}
    if text:
        try:
            found = search_persons(
                text, context=request.access_context, kind=typed.get("kind", ""), after=typed.get("after", "")
            )
        except InputError as error:
            context["wrong"] = str(error)
        else:
            context["found"] = found
            by_number = found.kind_ja == "番号" and len(found.rows) == 1
            if by_number and request.headers.get("HX-Request") != "true":
                return redirect("national_pension:person", found.rows[0].resident.atena_number)
    partial = request.headers.get("HX-Request") == "true"
    template = "national_pension/_search_rows.html" if partial else "national_pension/search.html"
    return render(request, template, context)


def _base(request: StaffRequest, atena_number: str, tab: str) -> tuple[persons.Person, dict[str, Any]]:
    known_on, wrong = known_on_of(request)
    person = persons.get_person(atena_number, context=request.access_context, known_on=known_on)
    return person, _shown(request, person, tab, wrong)


def _shown(request: StaffRequest, person: persons.Person, tab: str, wrong: str) -> dict[str, Any]:
    atena_number, known_on = person.atena_number, person.known_on
    return {
        "person": band_of(person),
        "tabs": tabs_of(atena_number),
        "tab": tab,
        "atena_number": atena_number,
        "known_on": known_on,
        "known_on_typed": request.GET.get("known_on", ""),
        "known_on_wrong": wrong,
        "entries": notice_entries(atena_number, request.access_context.purpose)
        if request.portal.may(perms.NOTICE_REGISTER)
        else "",
    }


@page(permission=perms.INQUIRY, purpose=OF_THE_DAY, personal=True)
def person(request: StaffRequest, atena_number: str) -> HttpResponse:
    """概要: month grid over the insured life, what waits, what to check."""
    known_on, wrong = known_on_of(request)
    one, codes = persons.get_person_with_hints(atena_number, context=request.access_context, known_on=known_on)
    context = _shown(request, one, "overview", wrong)
    record = consultations.latest_record(atena_number) if one.known_on is None else None
    grid = persons.grid_of(one, marks=consultations.marks_of(record))
    context |= {
        "record": record,
        "grid": grid,
        "counts": [(words, grid.months_of_kind[letter]) for letter, _, words in grid.legend],
        "items": one.open_items,
        "gaps": persons.unexplained_gaps(held(one.periods)),
        "resident": one.resident,
        "advice": advice_links(_advice(one, codes, grid), atena_number),
    }
    return render(request, "national_pension/person.html", context)


def _advice(one: persons.Person, codes: list[str], grid: Grid) -> list[dict[str, str]]:
    """あわせて確認, from what the section knows: age and household, months still open to an application, open matters,
    a number that is missing.
    """
    months = hints.open_months(grid.unmarked_first, clock.today()) if one.resident.is_living_here else ()
    if months and one.known_on is None:
        codes.append("open_months")
    for item in one.open_items:
        codes += [line["code"] for line in item.advice if line["code"] in advice.ADVICE]
        if item.kind == WorkKind.UNENROLLED:
            codes.append("exemption")
    if not one.basic_pension_number and one.periods:
        codes.append("number_unknown")
    span = f"{month_ja(months[0])}からの{len(months)}か月" if months else ""
    return [
        {**line, "text": f"{span}は、{line['text']}"} if line["code"] == "open_months" else line
        for line in advice.lines(codes)
    ]


@page(permission=perms.INQUIRY, purpose=OF_THE_DAY, personal=True)
def qualification(request: StaffRequest, atena_number: str) -> HttpResponse:
    """資格: every period with source and reason; as known on a day."""
    return _qualification(request, atena_number, NumberForm())


@page(permission=perms.NOTICE_REGISTER, purpose=PURPOSE, personal=True)
def numbers(request: StaffRequest, atena_number: str) -> HttpResponse:
    """基礎年金番号を記入する (POST): told at the counter, an older one, or a second one"""
    form = NumberForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            roll.note_number(atena_number=atena_number, **form.cleaned_data, context=request.access_context)
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "番号を記録しました")
            return redirect("national_pension:qualification", atena_number)
    return _qualification(request, atena_number, form)


def _qualification(request: StaffRequest, atena_number: str, form: NumberForm) -> HttpResponse:
    one, context = _base(request, atena_number, "qualification")
    context |= {
        "rows": period_rows(one),
        "grid": persons.grid_of(one),
        "acquisition_reasons": ACQUISITION_REASONS,
        "loss_reasons": LOSS_REASONS,
        "numbers": one.numbers,
        "number_form": form,
        "may_note": request.portal.may(perms.NOTICE_REGISTER) and one.known_on is None,
        "roll": one.roll,
        "protected": one.resident.protected,
        "can_correct": request.portal.may(perms.CORRECTION_PROPOSE) and one.known_on is None,
    }
    return render(request, "national_pension/qualification.html", context, status=422 if form.errors else 200)


@page(permission=perms.INQUIRY, purpose=OF_THE_DAY, personal=True)
def household(request: StaffRequest, atena_number: str) -> HttpResponse:
    """世帯・所得: the living members, each opened by Enter; the declared incomes (flow.in5) by tax year."""
    one, context = _base(request, atena_number, "household")
    members = persons.household_of(one, context=request.access_context)
    shown = members if one.resident in members else [one.resident, *members]
    incomes = consultations.incomes_of(shown, context=request.access_context)
    context |= {
        "members": members,
        "resident": one.resident,
        "incomes": [(member, incomes.get(member.atena_number, [])) for member in shown],
    }
    return render(request, "national_pension/household.html", context)


@page(permission=perms.INQUIRY, purpose=OF_THE_DAY, personal=True)
def history(request: StaffRequest, atena_number: str) -> HttpResponse:
    """履歴: acts, receipts and every version that was ever recorded."""
    _, context = _base(request, atena_number, "history")
    found = persons.history_of(atena_number, context=request.access_context)
    context |= {
        "acts": [(act, steps_shown(act.explanation), list(act.lines.all())) for act in found.acts],
        "notices": found.notices,
        "corrections": found.corrections,
        "versions": [(one, SHORT_TYPE_LABELS[one.insured_type]) for one in found.versions],
        "items": found.items,
    }
    return render(request, "national_pension/history.html", context)
