"""ジョブの画面: all nets, one net with its picture and history, one run with its steps and what they wrote."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kokunen.common_platform.operations import clock
from kokunen.common_platform.operations.choices import ENDED, LIVE, RunState
from kokunen.common_platform.operations.net_list import net_rows
from kokunen.common_platform.operations.nets import all_nets, get_net
from kokunen.common_platform.operations_desk import perms, queries, services
from kokunen.common_platform.operations_desk.pictures import net_picture
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import WarekiDateField

TONES = {
    RunState.WELL: "good", RunState.WARNING: "warn", RunState.FAILED: "bad", RunState.RUNNING: "info",
    RunState.WAITING: "info", RunState.HELD: "warn", RunState.CANCELLED: "warn", RunState.SKIPPED: "warn",
}  # fmt: skip


class BeginForm(forms.Form):
    """起動: for which business date."""

    business_date = WarekiDateField(label="業務日付")


def _nets() -> dict[str, Any]:
    rows = [(row, TONES.get(RunState(row.state), "")) for row in net_rows()]
    return {"rows": rows, "live": any(row.state in LIVE for row, _ in rows)}


@page(permission=perms.OPERATION_VIEW)
@require_GET
def nets(request: StaffRequest) -> HttpResponse:
    """ジョブの一覧"""
    return render(request, "operations_desk/nets.html", _nets())


@page(permission=perms.OPERATION_VIEW, polling=True)
@require_GET
def net_rows_part(request: StaffRequest) -> HttpResponse:
    """ジョブの一覧の更新"""
    return render(request, "operations_desk/_net_rows.html", _nets())


@page(permission=perms.OPERATION_VIEW)
@require_http_methods(["GET", "POST"])
def net(request: StaffRequest, code: str) -> HttpResponse:
    """ネット: its picture, rule and history; begun, held and released from here."""
    declared = get_net(code)
    form = BeginForm(request.POST if request.POST.get("act") == "begin" else None, initial=_today())
    if request.method == "POST":
        if perms.OPERATION_ACT not in request.portal.permissions:
            return _refuse(request)
        act = request.POST.get("act", "")
        if act == "begin" and form.is_valid():
            begun = services.begin(
                code, business_date=form.cleaned_data["business_date"], context=request.access_context
            )
            return redirect("operations_desk:run", run_id=begun.pk)
        if act == "hold":
            services.hold_net(code, reason=request.POST.get("reason", ""), context=request.access_context)
            messages.success(request, f"{code} を保留しました")
            return redirect("operations_desk:net", code=code)
        if act == "release":
            services.release_net(code, context=request.access_context)
            messages.success(request, f"{code} の保留を解きました")
            return redirect("operations_desk:net", code=code)
    before = request.GET.get("after", "")
    history = queries.runs_of(code, int(before) if before.isdigit() else None)
    latest = history[0] if history else None
    states = {step.code: str(step.state) for step in latest.steps.all()} if latest else {}
    known = all_nets()
    context = {
        "net": declared,
        "picture": net_picture(declared, states),
        "steps": declared.steps,
        "history": [(run, TONES.get(RunState(run.state), "")) for run in history],
        "next_key": history[-1].pk if len(history) == queries.PAGE else None,
        "hold": queries.find_hold(code),
        "form": form,
        "after_nets": [(one, known.get(one)) for one in declared.after_nets],
        "may_act": perms.OPERATION_ACT in request.portal.permissions,
    }
    return render(request, "operations_desk/net.html", context, status=422 if form.errors else 200)


@page(permission=perms.OPERATION_VIEW)
@require_http_methods(["GET", "POST"])
def run(request: StaffRequest, run_id: int) -> HttpResponse:
    """実行: steps with progress and result, the lines they wrote, and what may be done."""
    if request.method == "POST":
        if perms.OPERATION_ACT not in request.portal.permissions:
            return _refuse(request)
        act = request.POST.get("act", "")
        if act in ("ask_skip", "agree_skip"):
            reason = request.POST.get("reason", "").strip()
            step = int(request.POST.get("step") or 0)
            services.skip(step, reason=reason if act == "ask_skip" else "", context=request.access_context)
        else:
            services.act_on_run(run_id, act, context=request.access_context)
        return redirect("operations_desk:run", run_id=run_id)
    return render(request, "operations_desk/run.html", _run(request, run_id))


@page(permission=perms.OPERATION_VIEW, polling=True)
@require_GET
def run_rows(request: StaffRequest, run_id: int) -> HttpResponse:
    """実行の更新"""
    return render(request, "operations_desk/_run_rows.html", _run(request, run_id))


def _run(request: StaffRequest, run_id: int) -> dict[str, Any]:
    found = queries.find_run(run_id)
    if found is None:
        raise Http404
    declared = get_net(found.net)
    steps = list(found.steps.all())
    number = request.user.number
    return {
        "run": found,
        "net": declared,
        "tone": TONES.get(RunState(found.state), ""),
        "picture": net_picture(declared, {step.code: str(step.state) for step in steps}),
        "steps": [
            (step, declared.step(step.code).label_ja, TONES.get(RunState(step.state), ""), step.skip_asked_by != number)
            for step in steps
        ],
        "lines": queries.lines_of(run_id),
        "live": found.state in LIVE,
        "ended": found.state in ENDED,
        "has_failed": any(step.state == RunState.FAILED for step in steps),
        "may_act": perms.OPERATION_ACT in request.portal.permissions,
    }


def _today() -> dict[str, Any]:
    return {"business_date": clock.today()}


def _refuse(request: StaffRequest) -> HttpResponse:
    from kokunen.common_platform.portal.web.access import refuse

    return refuse(request, "ジョブの操作は運用担当だけが行えます。", reason="permission")
