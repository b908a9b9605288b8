"""個人の画面: search, inquiry with why, documents, the play of figures, a change, certificates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.responses import pdf
from kokunen.kernel.calendar import age_on
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.steps import Explained
from kokunen.law.rules.instalments import due_dates, spread
from kokunen.ledger.access import Act
from kokunen.resident_tax import perms, queries, withholding_queries
from kokunen.resident_tax.choices import CollectionMethod, DecisionReason, DocumentKind, TaxState
from kokunen.resident_tax.documents import papers
from kokunen.resident_tax.models import TaxDecision
from kokunen.resident_tax.queries import PersonTax
from kokunen.resident_tax.resident_view import Resident
from kokunen.resident_tax.services import changes, computing, documents
from kokunen.resident_tax.web.forms import ChangeForm, DocumentForm, PlayForm

PAPERS = {"tax": "課税（非課税）証明書", "income": "所得証明書", "notice": "税額決定通知書"}
_TONES = {TaxState.TAXED: "info", TaxState.FLAT_ONLY: "info", TaxState.EXEMPT: "good", TaxState.UNDECLARED: "warn"}
_SUMMARY = ("salary_receipts", "salary_income", "pension_receipts", "pension_income", "total_income",
            "total_income_after_carryforward", "deductions.total", "taxable_income", "city_income_levy",
            "prefecture_income_levy", "total_tax")  # fmt: skip


def band_of(resident: Resident) -> dict[str, Any]:
    """人の帯"""
    marks = [("支援措置", "bad")] if resident.protected else []
    if resident.status == "3":
        marks.append(("死亡", "warn"))
    elif resident.status != "1":
        marks.append(("除票", "warn"))
    return {
        "name": resident.name, "kana": resident.name_kana, "atena_number": resident.atena_number, "marks": marks,
        "birth_ja": resident.birth_text or format_wareki(resident.birth_date),
        "age": age_on(resident.birth_date, max(clock.today(), resident.birth_date)),
        "sex_ja": {"1": "男", "2": "女"}.get(resident.sex, ""), "extra": [],
    }  # fmt: skip


def shown(value: Any, unit: str) -> str:
    """値の表示 of a step."""
    if value is None:
        return "なし"
    if isinstance(value, bool):
        return "該当" if value else "非該当"
    return f"{value:,}円" if unit == "yen" else f"{value}人" if unit == "person" else str(value)


def steps_shown(steps: list[Explained] | tuple[Explained, ...]) -> list[tuple[str, str]]:
    """なぜ: every step that has a value, in the order of the law."""
    return [
        (f"{step.label_ja}: {shown(step.value, step.unit)}", step.article or "")
        for step in steps
        if step.value not in (0, False, None)
    ]


@page(permission=perms.INQUIRY, purpose="tax_inquiry", personal=True)
def search(request: StaffRequest) -> HttpResponse:
    """検索: one box; rows as one types, a single hit by number opens at once."""
    typed = request.POST if request.method == "POST" else request.GET
    text = typed.get("q", "").strip()
    context: dict[str, Any] = {"found": None, "wrong": "", "typed": text}
    partial = request.headers.get("HX-Request") == "true"
    if text:
        try:
            found = queries.search_people(
                text, context=request.access_context, kind=typed.get("kind", ""), after=typed.get("after", "")
            )
        except InputError as error:
            context["wrong"] = str(error)
        else:
            context["found"] = found
            if found.kind_ja == "番号" and len(found.rows) == 1 and not partial:
                return redirect("resident_tax:person", found.rows[0].atena_number)
    return render(request, "resident_tax/_search_rows.html" if partial else "resident_tax/search.html", context)


def _year_of(request: StaffRequest) -> int:
    typed = request.GET.get("year", "")
    return int(typed) if typed.isdigit() and len(typed) == 4 else clock.today().year


@page(permission=perms.INQUIRY, purpose="tax_inquiry", personal=True)
def person(request: StaffRequest, atena_number: str) -> HttpResponse:
    """個人照会: the decision with why, instalments, documents, history."""
    one = queries.get_person(atena_number, _year_of(request), context=request.access_context)
    return render(request, "resident_tax/person.html", _person_context(request, one))


def _person_context(request: StaffRequest, one: PersonTax) -> dict[str, Any]:
    decision = one.decision
    values = {step.name: step for step in one.steps}
    return {
        "person": band_of(one.resident), "one": one, "atena_number": one.resident.atena_number,
        "year_ja": papers.year_words(one.tax_year),
        "years": [(year, papers.year_words(year)) for year in one.years],
        "verdict": _verdict(decision), "steps": steps_shown(one.steps),
        "summary": [(values[n].label_ja, values[n].value) for n in _SUMMARY if n in values] if decision else [],
        "instalments": instalment_rows(decision, decision.instalments) if decision else [],
        "withheld": withholding_queries.schedule(decision, one.withholding) if decision and one.withholding else [],
        "undeclared": decision is not None and decision.state == TaxState.UNDECLARED,
        "kinds": DocumentKind.choices if request.portal.may(perms.DOCUMENT_ENTER) else [],
        "documents": [(doc, _figure_lines(doc.figures)) for doc in one.documents],
        "papers": PAPERS.items(),
    }  # fmt: skip


def _verdict(decision: TaxDecision | None) -> tuple[str, str, str] | None:
    if decision is None:
        return None
    label = TaxState(decision.state).label
    if decision.state == TaxState.UNDECLARED:
        return label, "資料がなく、誰の扶養でもありません。所得は分かりません（0円ではありません）。", "warn"
    words = f"年税額 {decision.total_tax:,}円（{CollectionMethod(decision.method).label}、第{decision.version}版）"
    return label, words, _TONES[TaxState(decision.state)]


def instalment_rows(decision: TaxDecision, amounts: list[int]) -> list[tuple[str, int, Any]]:
    """期割の表示: label, yen, due day."""
    if not amounts:
        return []
    method = computing.METHODS[CollectionMethod(decision.method)]
    dates = due_dates(method, decision.tax_year)
    return [(spread.label(method, i), amount, dates[i]) for i, amount in enumerate(amounts)]


def _figure_lines(figures: dict[str, Any]) -> list[tuple[str, str]]:
    from kokunen.resident_tax.layouts import FACTS_BY_NAME

    return [
        (FACTS_BY_NAME[name].label_ja, shown(value, FACTS_BY_NAME[name].unit))
        for name, value in figures.items()
        if name in FACTS_BY_NAME and value not in (0, False, "none", None)
    ]


@page(permission=perms.DOCUMENT_ENTER, purpose="tax_assessment", personal=True)
def document_new(request: StaffRequest, atena_number: str, kind: str) -> HttpResponse:
    """課税資料の一件入力: the keys of a desk that never looks at the keyboard; then the next paper."""
    kind_ = _kind(kind)
    one = queries.get_person(atena_number, _year_of(request), context=request.access_context)
    form = DocumentForm(request.POST or None, kind=kind_)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            documents.enter(
                atena_number=atena_number, tax_year=data["tax_year"], kind=kind_, figures=form.figures,
                received_on=data["received_on"], payer_number=data.get("payer_number", ""),
                main=data.get("main", False), retired=data.get("retired", False),
                includes_previous=data.get("includes_previous", False), context=request.access_context,
            )  # fmt: skip
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, f"{kind_.label}を登録しました")
            return redirect(f"{reverse('resident_tax:person', args=[atena_number])}?year={data['tax_year']}")
    context = {"person": band_of(one.resident), "form": form, "kind": kind_, "atena_number": atena_number,
               "figures": [form[name] for name in form.figure_names]}  # fmt: skip
    return render(request, "resident_tax/document_new.html", context, status=422 if form.errors else 200)


def _kind(code: str) -> DocumentKind:
    if code not in DocumentKind.values:
        raise InputError("この種類の資料はありません", field="kind", code="not_found")
    return DocumentKind(code)


@page(permission=perms.DOCUMENT_ENTER, purpose="tax_assessment", personal=True)
def document_withdraw(request: StaffRequest, atena_number: str, document_id: int) -> HttpResponse:
    """資料の取消 (POST)"""
    if request.method == "POST":
        document = documents.withdraw(document_id=document_id, context=request.access_context)
        messages.success(request, f"{document.get_kind_display()}を取り消しました")
    return redirect("resident_tax:person", atena_number)


@page(permission=perms.INQUIRY, purpose="tax_inquiry", personal=True)
def play(request: StaffRequest, atena_number: str, tax_year: int) -> HttpResponse:
    """試算: what would change with other facts; nothing is kept."""
    one = queries.get_person(atena_number, tax_year, context=request.access_context)
    context = {"person": band_of(one.resident), "form": PlayForm(), "one": one, "atena_number": atena_number,
               "year_ja": papers.year_words(tax_year), "compared": _compared(one, {})}  # fmt: skip
    return render(request, "resident_tax/play.html", context)


@page(permission=perms.INQUIRY, purpose="tax_inquiry", personal=True)
def play_result(request: StaffRequest, atena_number: str, tax_year: int) -> HttpResponse:
    """試算の結果 beside the form, as one types"""
    one = queries.get_person(atena_number, tax_year, context=request.access_context)
    form = ChangeForm(request.POST) if "note" in request.POST else PlayForm(request.POST)
    form.is_valid()
    wrong = [name for name in form.errors if name not in ("note", "reason")]
    compared = None if wrong else _compared(one, form.changed)
    return render(request, "resident_tax/_compared.html", {"compared": compared, "wrong": bool(wrong)})


def _compared(one: PersonTax, changed: dict[str, Any]) -> dict[str, Any] | None:
    if one.decision is None:
        return None
    found = changes.outcome(one.decision, changed)
    after = computing.explain(one.decision.atena_number, found.inputs, one.tax_year)
    before = one.values
    rows = [
        (step.label_ja, before.get(step.name), step.value, step.article)
        for step in after
        if step.unit == "yen" and (before.get(step.name) or 0) != (step.value or 0)
    ]
    return {
        "rows": rows, "before": one.decision.total_tax, "after": found.row["total_tax"], "excess": found.excess,
        "difference": (found.row["total_tax"] or 0) - (one.decision.total_tax or 0),
        "instalments": instalment_rows(one.decision, found.instalments), "steps": steps_shown(after),
    }  # fmt: skip


@page(permission=perms.CHANGE_PROPOSE, purpose="tax_assessment", personal=True)
def change_new(request: StaffRequest, atena_number: str, tax_year: int) -> HttpResponse:
    """更正の起案: the figures beside, live; another officer decides."""
    one = queries.get_person(atena_number, tax_year, context=request.access_context)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changes.propose(
                atena_number=atena_number, tax_year=tax_year, changed=form.changed,
                reason=DecisionReason(form.cleaned_data["reason"]), note=form.cleaned_data["note"],
                context=request.access_context,
            )  # fmt: skip
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "更正を起案しました。別の職員の決定を待ちます")
            return redirect("resident_tax:changes")
    context = {"person": band_of(one.resident), "form": form, "one": one, "atena_number": atena_number,
               "year_ja": papers.year_words(tax_year), "compared": _compared(one, {})}  # fmt: skip
    return render(request, "resident_tax/change_new.html", context, status=422 if form.errors else 200)


@page(permission=perms.CERTIFICATE, purpose="tax_certificate", personal=True)
def paper(request: StaffRequest, atena_number: str, tax_year: int, paper: str) -> HttpResponse:
    """証明書・通知書の見本"""
    one = queries.get_person(atena_number, tax_year, context=request.access_context)
    context = {
        "title": PAPERS.get(paper, "証明書"), "person": band_of(one.resident),
        "back_url": reverse("resident_tax:person", args=[atena_number]),
        "pdf_url": reverse("resident_tax:paper_pdf", args=[atena_number, tax_year, paper]),
    }  # fmt: skip
    return render(request, "resident_tax/print_preview.html", context)


@page(permission=perms.CERTIFICATE, purpose="tax_certificate", personal=True)
def paper_pdf(request: StaffRequest, atena_number: str, tax_year: int, paper: str) -> HttpResponse:
    """証明書・通知書 as PDF, its serial in the ledger"""
    if paper not in PAPERS:
        raise InputError("この証明書はありません", field="paper", code="not_found")
    one = queries.get_person(atena_number, tax_year, context=request.access_context)
    serial, at = printing.next_serial(request.access_context.office_code), clock.now()
    if paper == "notice":
        if one.decision is None or one.decision.total_tax is None:
            raise InputError("この年度の税額は決まっていません", field="paper", code="not_found")
        before = next((old for old in one.history if old.version == one.decision.version - 1), None)
        made = papers.notice(
            one.decision, one.resident, before=before, serial=serial, at=at, withholding=one.withholding
        )
    else:
        made = papers.certificate(one, income_only=paper == "income", serial=serial, at=at)
    with queries.looked_at(request.access_context, PAPERS[paper], [atena_number], act=Act.PRINT, serial=serial):
        return pdf(made, f"{paper}-{atena_number}.pdf")
