"""裁定請求の画面: which procedure it is, what speaks for the claim and why, the months behind it, the printed sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import advice, perms
from kokunen.national_pension.choices import ClaimVerdict
from kokunen.national_pension.claims.base import Examination
from kokunen.national_pension.claims.guide import FORM_NAMES, questions
from kokunen.national_pension.forms_of_law import OFFERED_FORMS
from kokunen.national_pension.queries import consultations, persons
from kokunen.national_pension.services import claims
from kokunen.national_pension.web.claim_forms import ClaimForm
from kokunen.national_pension.web.views.common import advice_links, band_of, steps_shown, tabs_of

PURPOSE = "pension_benefit"
_TONES = {
    ClaimVerdict.LIKELY: "good",
    ClaimVerdict.UNLIKELY: "bad",
    ClaimVerdict.NOT_CITY: "warn",
    ClaimVerdict.UNKNOWN: "warn",
}


_OFFERED = {str(kind) for kind in OFFERED_FORMS}


def _kind(code: str) -> str:
    if code not in claims.KINDS:
        raise Http404
    return code


@page(permission=perms.CLAIM_EXAMINE, purpose=PURPOSE, personal=True)
def guide(request: StaffRequest, atena_number: str) -> HttpResponse:
    """裁定請求: guided questions to the right procedure, the claims to begin."""
    person = persons.get_person(atena_number, context=request.access_context)
    asked = questions()
    question = asked.get(request.GET.get("question", ""), next(iter(asked.values())))
    rows = [
        (
            answer,
            f"?question={answer.next}" if answer.next else "",
            [(FORM_NAMES[form], _address(atena_number, form)) for form in answer.forms],
        )
        for answer in question.answers
    ]
    context = {
        "person": band_of(person),
        "tabs": tabs_of(atena_number),
        "tab": "claims",
        "atena_number": atena_number,
        "question": question,
        "rows": rows,
        "taken": persons.claims_of(atena_number, context=request.access_context),
        "kinds": [(kind.label, _address(atena_number, kind.form)) for kind in claims.KINDS.values()],
    }
    return render(request, "national_pension/claims.html", context)


def _address(atena_number: str, form: str) -> str:
    """Where the procedure begins: a claim with its view, another form at its reception."""
    if form in claims.KINDS:
        return reverse("national_pension:claim", args=[atena_number, form])
    return reception_address(atena_number, form)


def reception_address(atena_number: str, form: str) -> str:
    """受付の画面 of a form: the ones that change a qualification have their own."""
    name = "notice_new" if form in _OFFERED else "form_new"
    return reverse(f"national_pension:{name}", args=[atena_number, form])


@page(permission=perms.CLAIM_EXAMINE, purpose=PURPOSE, personal=True)
def claim(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """見込み: left what the visitor says, right what follows, live"""
    kind = claims.KINDS[_kind(code)]
    person = persons.get_person(atena_number, context=request.access_context)
    context = {
        "kind": kind,
        "code": code,
        "form": ClaimForm(
            kind=kind,
            ages=claims.claim_ages(person.resident.birth_date),
            initial={"about": request.GET.get("about", "")},
        ),
        "person": band_of(person),
        "atena_number": atena_number,
        "draft_subject": f"{atena_number}claim{code}",
    }
    return render(request, "national_pension/claim.html", context)


@page(permission=perms.CLAIM_EXAMINE, purpose=PURPOSE, personal=True)
def claim_result(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """見込みの右半分 (POST): nothing is stored"""
    kind = claims.KINDS[_kind(code)]
    form = ClaimForm(request.POST, kind=kind)
    shown = request.POST.get("shown", "").split()
    context: dict[str, Any] = {"kind": kind, "atena_number": atena_number, "code": code, "marks": " ".join(shown)}
    if not form.is_valid():
        context["wrong"] = "入力した日付や数字を読み取れません。左の項目を確認してください。"
    else:
        about = form.cleaned_data.get("about", "")
        try:
            found, mark = claims.examine_again(
                atena_number=atena_number,
                kind=kind.form,
                about=about,
                said=form.said(),
                context=request.access_context,
                shown=shown,
            )
        except KokunenError as error:
            context["wrong"] = str(error)
        else:
            whose = about if kind.of_death else atena_number
            grid, of_grid = _grid(request, whose, found, shown)
            context |= {
                "found": found,
                "tone": _TONES[found.verdict],
                "word": found.verdict.label,
                "steps": steps_shown([step.as_json() for step in found.steps]),
                "query": request.POST.urlencode(),
                "grid": grid,
                "marks": f"{mark} {of_grid}".strip(),
                "also": advice_links(advice.lines(one for one in found.also if one in advice.ADVICE), atena_number),
                "reception": _reception(atena_number, code, about, form.said()),
                "here": found.verdict != ClaimVerdict.NOT_CITY,
            }
    return render(request, "national_pension/_claim_result.html", context)


def _reception(atena_number: str, code: str, about: str, said: Mapping[str, Any]) -> str:
    """受付の画面, with what the visitor has said already."""
    days = {name: value.isoformat() for name, value in said.items() if isinstance(value, date)}
    query = urlencode({"about": about, **days} if about else days)
    return f"{reception_address(atena_number, code)}?{query}" if query else reception_address(atena_number, code)


def _grid(request: StaffRequest, whose: str, found: Examination, shown: list[str]) -> tuple[Any, str]:
    """The months that were judged, good ones and bad ones told apart, with the mark of the look at them."""
    if not whose or not (found.good_months or found.bad_months):
        return None, ""
    person, mark = persons.get_person_again(whose, context=request.access_context, shown=shown)
    marks = consultations.judged_marks(consultations.latest_record(whose), found.good_months, found.bad_months)
    return persons.grid_of(person, marks=marks), mark


@page(permission=perms.CLAIM_EXAMINE, purpose=PURPOSE, personal=True)
def claim_sheet_pdf(request: StaffRequest, atena_number: str, code: str) -> HttpResponse:
    """見込み（概算）または案内票の印刷 (PDF)"""
    kind = claims.KINDS[_kind(code)]
    form = ClaimForm(request.POST or request.GET, kind=kind)
    if not form.is_valid():
        raise Http404
    sheet = claims.print_sheet(
        atena_number=atena_number,
        kind=kind.form,
        about=form.cleaned_data.get("about", ""),
        said=form.said(),
        office_name=request.portal.office_name,
        context=request.access_context,
    )
    return responses.pdf(sheet.content, sheet.filename)
