"""年金特別徴収の画面: counts by state, lists, files sent, pending and refused, the acts of the year."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.resident_tax import perms, wiring
from kokunen.resident_tax import withholding_queries as queries
from kokunen.resident_tax.choices import StopReason, WithholdingState
from kokunen.resident_tax.documents.papers import year_words
from kokunen.resident_tax.services import exchange as exchanging
from kokunen.resident_tax.services import withholding
from kokunen.resident_tax.web.forms_city import YEARS, MatchForm, StopForm


def _year_of(request: StaffRequest) -> int:
    typed = request.POST.get("year", request.GET.get("year", ""))
    return int(typed) if typed in {str(year) for year, _ in YEARS} else exchanging.tax_year_of(clock.today())


@page(permission=perms.WITHHOLDING, purpose="tax_assessment", personal=True)
def overview(request: StaffRequest) -> HttpResponse:
    """年金特別徴収"""
    year, state = _year_of(request), request.GET.get("state", "")
    known = state in WithholdingState.values
    after = request.GET.get("after", "")
    rows = (
        queries.people(year, state, context=request.access_context, after=int(after) if after.isdigit() else 0)
        if known
        else []
    )
    context = {
        "year": year, "years": YEARS, "year_ja": year_words(year), "counts": queries.state_counts(year),
        "state": state, "state_ja": WithholdingState(state).label if known else "", "rows": rows,
        "next_key": rows[-1].pk if len(rows) == queries.PAGE else None, "files": queries.files(),
        "file_counts": queries.file_counts(), "may_exchange": request.portal.may(perms.WITHHOLDING_EXCHANGE),
    }  # fmt: skip
    return render(request, "resident_tax/withholding.html", context)


@page(permission=perms.WITHHOLDING_EXCHANGE, purpose="tax_assessment")
def act(request: StaffRequest) -> HttpResponse:
    """判定・依頼・停止・送受信 (POST)"""
    if request.method == "POST":
        year, context = _year_of(request), request.access_context
        try:
            words = _ACTS[request.POST.get("act", "exchange")](year, request)
        except KokunenError as error:
            messages.error(request, f"{error.message}。{error.hint or ''}")
        else:
            messages.success(request, words)
        return redirect(f"{request.path.removesuffix('act/')}?year={year}" if context else request.path)
    return redirect("resident_tax:withholding")


def _plan(year: int, request: StaffRequest) -> str:
    found = withholding.plan(tax_year=year, context=request.access_context)
    return f"判定しました。対象 {found['eligible']:,}人、対象外 {found['not_eligible']:,}人"


def _request(year: int, request: StaffRequest) -> str:
    return f"{withholding.request(tax_year=year, context=request.access_context):,}人の依頼を送信待ちにしました"


def _stop_gone(year: int, request: StaffRequest) -> str:
    return f"{withholding.stop_gone(tax_year=year, context=request.access_context):,}人の停止を送信待ちにしました"


def _exchange(_year: int, request: StaffRequest) -> str:
    line = wiring.carrier()
    try:
        done = exchanging.exchange(line, request.access_context)
    finally:
        line.close()
    words = f"送信 {done.sent}件、拒否 {done.refused}件、受信 {done.taken}件、反映 {done.applied}件"
    return f"{words}。{done.trouble}" if done.trouble else words


_ACTS = {"plan": _plan, "request": _request, "stop_gone": _stop_gone, "exchange": _exchange}


@page(permission=perms.WITHHOLDING_EXCHANGE, purpose="tax_assessment", personal=True)
def one(request: StaffRequest, withholding_id: int) -> HttpResponse:
    """対象者1件: amounts, results, 照合 and 停止."""
    row = queries.get_one(withholding_id, context=request.access_context)
    unmatched = row.state == WithholdingState.UNMATCHED
    form: MatchForm | StopForm = MatchForm(request.POST or None) if unmatched else StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if unmatched:
                withholding.match(
                    withholding_id=row.pk, atena_number=form.cleaned_data["atena_number"].strip(),
                    context=request.access_context,
                )  # fmt: skip
            else:
                withholding.stop(
                    withholding_id=row.pk, reason=StopReason(form.cleaned_data["reason"]),
                    stop_on=form.cleaned_data["stop_on"], context=request.access_context,
                )  # fmt: skip
        except KokunenError as error:
            add_error(form, error, "atena_number" if unmatched else "stop_on")
        else:
            messages.success(request, "本人を決めました" if unmatched else "停止の通知を送信待ちにしました")
            return redirect("resident_tax:withholding")
    context = {
        "row": row, "form": form, "unmatched": unmatched, "may_stop": row.state == WithholdingState.ACCEPTED,
        "parts": [(words, list(zip(queries.PAYMENTS[name], getattr(row, name), strict=False))) for words, name in
                  (("普通徴収", "ordinary"), ("仮徴収", "provisional"), ("本徴収", "main"))],
        "withheld": queries.shown_withheld(row), "year_ja": year_words(row.tax_year),
    }  # fmt: skip
    return render(request, "resident_tax/withholding_one.html", context, status=422 if form.errors else 200)
