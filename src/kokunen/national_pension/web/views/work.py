"""要処理事項の画面: the list that follows the register within a second, and one item with its why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.choices import NoticeSource, WorkKind
from kokunen.national_pension.models import WorkItem
from kokunen.national_pension.queries import lists, persons
from kokunen.national_pension.services import work_items
from kokunen.national_pension.web.forms import ConfirmForm, ReasonForm, WorkFilterForm
from kokunen.national_pension.web.views.common import (
    PURPOSE,
    advice_links,
    band_of,
    notice_entries,
    plan_shown,
    steps_shown,
    tabs_of,
)


def _rows(request: StaffRequest) -> dict[str, Any]:
    form = WorkFilterForm(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    chosen = lists.WorkFilter(
        kind=values.get("kind", ""), done=values.get("done", False), overdue=values.get("overdue", False)
    )
    found = lists.work_list(
        context=request.access_context,
        chosen=chosen,
        sort=request.GET.get("sort", "due"),
        after=request.GET.get("after", ""),
    )
    pulse = lists.work_pulse()
    return {"form": form, "page": found, "pulse": pulse, "query": request.GET.urlencode()}


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def work_list(request: StaffRequest) -> HttpResponse:
    """要処理事項の一覧"""
    return render(request, "national_pension/work_list.html", _rows(request))


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def work_rows(request: StaffRequest) -> HttpResponse:
    """一覧の行: fetched by the page when the pulse has changed."""
    return render(request, "national_pension/_work_rows.html", _rows(request))


@page(permission=perms.WORK_VIEW, polling=True)
def work_pulse(request: StaffRequest) -> HttpResponse:
    """一覧の脈: nothing while nothing changed (204), else a part that fetches the rows. Names nobody, extends no
    session.
    """
    pulse = lists.work_pulse()
    if request.GET.get("seen") == pulse:
        return HttpResponse(status=204)
    query = request.GET.copy()
    query.pop("seen", None)
    context = {"rows_url": f"{reverse('national_pension:work_rows')}?{query.urlencode()}"}
    return render(request, "national_pension/_work_changed.html", context)


@page(permission=perms.WORK_VIEW, purpose=PURPOSE, personal=True)
def work_item(request: StaffRequest, item_id: int) -> HttpResponse:
    """要処理事項1件: what the register said, what follows by law and why, what to say besides."""
    item = persons.get_item(item_id, context=request.access_context)
    return render(request, "national_pension/work_item.html", _item_context(request, item))


def _item_context(
    request: StaffRequest, item: WorkItem, form: ConfirmForm | None = None, reason: ReasonForm | None = None
) -> dict[str, Any]:
    person = persons.get_person(item.atena_number, context=request.access_context)
    initial = {
        "to_report": work_items.reports_by_default(item),
        "source": work_items.source_by_default(item),
        "seen": item.proposal.get("fingerprint", ""),
    }
    return {
        "item": item,
        "person": band_of(person),
        "tabs": tabs_of(item.atena_number),
        "grid": persons.grid_of(person),
        "plan": plan_shown(item.proposal) if item.proposal.get("sentences") else None,
        "content": item.proposal.get("content"),
        "steps": steps_shown(item.steps),
        "form": form or ConfirmForm(initial=initial),
        "reason_form": reason or ReasonForm(),
        "can_decide": request.portal.may(perms.WORK_DECIDE) and item.is_open,
        "can_confirm": bool(item.proposal),
        "entries": notice_entries(item.atena_number),
        "advice": advice_links(item.advice, item.atena_number),
    }


@page(permission=perms.WORK_DECIDE, purpose=PURPOSE, personal=True)
def work_confirm(request: StaffRequest, item_id: int) -> HttpResponse:
    """要処理事項を確定する (POST)"""
    if request.method != "POST":
        return redirect("national_pension:work_item", item_id)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            notice = work_items.confirm(
                item_id=item_id,
                context=request.access_context,
                fact_on=values["fact_on"],
                to_report=values["to_report"],
                source=NoticeSource(values["source"]),
                seen=values["seen"],
                note=values["note"],
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, f"確定しました。受付番号 {notice.receipt_number}（{notice.get_state_display()}）")
            return redirect("national_pension:notice", notice.pk)
    item = persons.get_item(item_id, context=request.access_context)
    return render(request, "national_pension/work_item.html", _item_context(request, item, form), status=422)


@page(permission=perms.WORK_DECIDE, purpose=PURPOSE, personal=True)
def work_reject(request: StaffRequest, item_id: int) -> HttpResponse:
    """処理不要とする (POST, with a reason)"""
    form = ReasonForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            work_items.reject(item_id=item_id, reason=form.cleaned_data["reason"], context=request.access_context)
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, "処理不要として終了しました")
            return redirect("national_pension:work_list")
    item = persons.get_item(item_id, context=request.access_context)
    return render(request, "national_pension/work_item.html", _item_context(request, item, None, form), status=422)


@page(permission=perms.WORK_DECIDE, purpose=PURPOSE, personal=True)
def work_confirm_many(request: StaffRequest) -> HttpResponse:
    """60歳到達をまとめて確定する (POST): the loss comes of itself, there is nothing to judge one by one."""
    chosen = [int(one) for one in request.POST.getlist("item") if one.isdigit()]
    if request.method == "POST" and chosen:
        done = work_items.confirm_many(item_ids=chosen, context=request.access_context)
        messages.success(request, f"{len(done)}件を確定しました")
    return redirect(f"{reverse('national_pension:work_list')}?kind={WorkKind.REACHED_60}")
