"""見張りの画面: feeds, resources over time, alerts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kokunen.common_platform.integration.overview import dataset_rows, feed_rows
from kokunen.common_platform.operations.monitoring import FIGURES, readings
from kokunen.common_platform.operations.watching import day_when_full
from kokunen.common_platform.operations_desk import perms, queries, services
from kokunen.common_platform.operations_desk.pictures import chart
from kokunen.common_platform.operations_desk.words import subject_words
from kokunen.common_platform.portal.web.access import StaffRequest, page, refuse

_SPANS = (("3h", "3時間"), ("1d", "1日"), ("7d", "7日"), ("30d", "30日"))


@page(permission=perms.OPERATION_VIEW)
@require_http_methods(["GET", "POST"])
def feeds(request: StaffRequest) -> HttpResponse:
    """連携の状況: what is published, who takes it, how far behind, what was set aside and why; replay."""
    if request.method == "POST":
        if perms.OPERATION_ACT not in request.portal.permissions:
            return refuse(request, "連携の再処理は運用担当だけが行えます。", reason="permission")
        done = services.replay_parked(
            request.POST.get("consumer", ""), request.POST.get("dataset", ""), context=request.access_context
        )
        messages.success(request, f"保留の変更を再処理しました: {done}件が反映されました")
        return redirect("operations_desk:feeds")
    context = {
        "feeds": feed_rows(),
        "datasets": dataset_rows(),
        "may_act": perms.OPERATION_ACT in request.portal.permissions,
    }
    return render(request, "operations_desk/feeds.html", context)


@page(permission=perms.OPERATION_VIEW)
@require_GET
def resources(request: StaffRequest) -> HttpResponse:
    """資源: figures of this moment, and charts over time."""
    span, words = request.GET.get("span", "3h"), subject_words()
    charts = [chart(f"{s.ja} {words(s.label)}" if s.label else s.ja, s.unit, s.points) for s in queries.series(span)]
    now = [(FIGURES[r.name].ja, words(r.label), r.value, FIGURES[r.name].unit) for r in readings()]
    context = {
        "charts": charts,
        "now": now,
        "spans": _SPANS,
        "span": span,
        "full_on": day_when_full(queries.daily("disk_percent")),
    }
    return render(request, "operations_desk/resources.html", context)


@page(permission=perms.OPERATION_VIEW)
@require_http_methods(["GET", "POST"])
def alerts(request: StaffRequest) -> HttpResponse:
    """警報: what is wrong now, who has seen it, and what is over."""
    if request.method == "POST":
        if perms.OPERATION_ACT not in request.portal.permissions:
            return refuse(request, "警報の確認は運用担当だけが行えます。", reason="permission")
        services.acknowledge(
            int(request.POST.get("alert") or 0), note=request.POST.get("note", ""), context=request.access_context
        )
        return redirect("operations_desk:alerts")
    before, words = request.GET.get("after", ""), subject_words()
    over = queries.alerts(ended=True, before=int(before) if before.isdigit() else None)
    context = {
        "open": [(alert, words(alert.subject)) for alert in queries.alerts(ended=False)],
        "over": [(alert, words(alert.subject)) for alert in over],
        "next_key": over[-1].pk if len(over) == queries.PAGE else None,
        "may_act": perms.OPERATION_ACT in request.portal.permissions,
    }
    return render(request, "operations_desk/alerts.html", context)
