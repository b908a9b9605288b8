"""特別徴収義務者・扶養・課税状況調の画面."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.law.rules.instalments import spread
from kokunen.resident_tax import jobs, office_queries, perms, statistic_queries, statistic_tables
from kokunen.resident_tax.choices import DependantKind, DisabilityKind, RunState
from kokunen.resident_tax.documents import survey as survey_documents
from kokunen.resident_tax.documents.papers import year_words
from kokunen.resident_tax.models import TaxRun
from kokunen.resident_tax.services import agents, dependants, statistics
from kokunen.resident_tax.web.forms_city import YEARS, AgentForm, ClaimForm
from kokunen.resident_tax.web.views_person import band_of

_TYPES = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", survey_documents.as_excel),
    "csv": ("text/csv; charset=utf-8", survey_documents.as_csv),
}


def year_of(request: StaffRequest) -> int:
    """年度 of the address, else the present one."""
    typed = request.POST.get("year", request.GET.get("year", ""))
    return int(typed) if typed in {str(year) for year, _ in YEARS} else clock.today().year


@page(permission=perms.AGENTS, purpose="tax_assessment")
def agent_list(request: StaffRequest) -> HttpResponse:
    """特別徴収義務者"""
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agent = agents.save(**form.cleaned_data, context=request.access_context)
        messages.success(request, f"{agent.name}を登録しました")
        return redirect("resident_tax:agent", agent.number)
    text, year = request.GET.get("text", "").strip(), year_of(request)
    rows = office_queries.agents(year, text, request.GET.get("after", ""))
    context = {
        "form": form, "rows": rows, "text": text, "year": year, "year_ja": year_words(year),
        "next_key": rows[-1].number if len(rows) == office_queries.PAGE else None,
    }  # fmt: skip
    return render(request, "resident_tax/agents.html", context, status=422 if form.errors else 200)


@page(permission=perms.AGENTS, purpose="tax_assessment", personal=True)
def agent(request: StaffRequest, number: str) -> HttpResponse:
    """特別徴収義務者1件: employees with the months."""
    found, year = office_queries.get_agent(number), year_of(request)
    rows, sums = office_queries.employees(
        number, year, context=request.access_context, after=request.GET.get("after", "")
    )
    context = {
        "agent": found, "rows": rows, "year_ja": year_words(year), "year": year,
        "sums": [(spread.label("salary", index), amount) for index, amount in enumerate(sums)], "total": sum(sums),
        "next_key": rows[-1].atena_number if len(rows) == office_queries.PAGE else None,
        "form": AgentForm(initial={"number": found.number, "name": found.name, "address": found.address}),
    }  # fmt: skip
    return render(request, "resident_tax/agent.html", context)


@page(permission=perms.DEPENDANTS, purpose="tax_assessment", personal=True)
def family(request: StaffRequest, atena_number: str) -> HttpResponse:
    """扶養・専従者: claims of a person and year, past ones too; a new one."""
    year = year_of(request)
    form = ClaimForm(request.POST or None, initial={"tax_year": year, "lives_together": True})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            dependants.claim(
                atena_number=atena_number, dependant=typed["dependant"].strip(), tax_year=typed["tax_year"],
                kind=DependantKind(typed["kind"]), disability=DisabilityKind(typed["disability"]),
                lives_together=typed["lives_together"], context=request.access_context,
            )  # fmt: skip
        except KokunenError as error:
            add_error(form, error, "dependant")
        else:
            messages.success(request, "登録しました。税額は当初課税または更正で変わります")
            return redirect(f"{request.path}?year={typed['tax_year']}")
    found = office_queries.family(atena_number, year, context=request.access_context)
    context = {
        "form": form, "found": found, "person": band_of(found.resident), "atena_number": atena_number, "year": year,
        "year_ja": year_words(year),
    }  # fmt: skip
    return render(request, "resident_tax/family.html", context, status=422 if form.errors else 200)


@page(permission=perms.DEPENDANTS, purpose="tax_assessment", personal=True)
def claim_withdraw(request: StaffRequest, atena_number: str, claim_id: int) -> HttpResponse:
    """扶養・専従者の取消 (POST)"""
    year = year_of(request)
    if request.method == "POST":
        try:
            year = dependants.withdraw(claim_id=claim_id, context=request.access_context).tax_year
            messages.success(request, "取り消しました")
        except KokunenError as error:
            messages.error(request, error.message)
    return redirect(f"/tax/people/{atena_number}/family/?year={year}")


@page(permission=perms.STATISTICS, purpose="tax_assessment")
def survey(request: StaffRequest) -> HttpResponse:
    """課税状況調"""
    year = year_of(request)
    found = statistic_queries.survey(year)
    tables = [
        (one.family, [(column, statistic_tables.label(column)) for column in one.family.columns],
         [(row, statistic_tables.label(row), list(zip(one.family.columns, figures, strict=True)))
          for row, figures in one.rows])
        for one in found.tables
    ]  # fmt: skip
    context = {
        "year": year, "year_ja": year_words(year), "years": YEARS, "tables": tables, "checks": found.checks,
        "run": found.run, "as_of": _as_of(found.run), "may_count": request.portal.may(perms.ASSESS),
        "may_open": request.portal.may(perms.STATISTICS_PEOPLE), "counts": statistic_tables.COUNTS,
    }  # fmt: skip
    return render(request, "resident_tax/survey.html", context)


def _as_of(run: TaxRun | None) -> date | None:
    """基準の日 of a run that has counted."""
    text = str(run.totals.get("as_of", ""))[:10] if run else ""
    return date.fromisoformat(text) if text else None


@page(permission=perms.ASSESS, purpose="tax_assessment")
def survey_count(request: StaffRequest) -> HttpResponse:
    """課税状況調の集計 (POST): a new run, or the one that stopped goes on."""
    year = year_of(request)
    if request.method == "POST":
        run = statistic_queries.survey(year).run
        try:
            if run is None or run.state == RunState.DONE:
                run = statistics.start(tax_year=year, context=request.access_context)
        except KokunenError as error:
            messages.error(request, f"{error.message}。{error.hint or ''}")
        else:
            jobs.hand_over(jobs.SURVEY, run.pk, request.access_context)
    return redirect(f"/tax/survey/?year={year}")


@page(permission=perms.STATISTICS, purpose="tax_assessment")
def survey_file(request: StaffRequest, tax_year: int, form: str) -> HttpResponse:
    """課税状況調の出力: xlsx or csv."""
    if form not in _TYPES:
        raise InputError("この形式では出力できません", field="form", code="invalid_value")
    kind, write = _TYPES[form]
    content = write(statistic_queries.survey(tax_year), tax_year, context=request.access_context)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="survey-{tax_year}.{form}"'
    return response


@page(permission=perms.STATISTICS_PEOPLE, purpose="tax_assessment", personal=True)
def survey_people(request: StaffRequest, tax_year: int, family: str, row: str, column: str) -> HttpResponse:
    """欄の納税者"""
    rows = statistic_queries.people_of(
        tax_year, family, row, column, context=request.access_context, after=request.GET.get("after", "")
    )
    known = statistic_tables.families()[family]
    context = {
        "rows": rows, "year": tax_year, "year_ja": year_words(tax_year),
        "title": f"{known.number} {known.title}　{statistic_tables.label(row)}・{statistic_tables.label(column)}",
        "next_key": rows[-1][0] if len(rows) == statistic_queries.PAGE else None,
    }  # fmt: skip
    return render(request, "resident_tax/survey_people.html", context)
