"""送受信管理の画面: the line, files, rows that did not go, characters, comparisons. Rows of people write the ledger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import KokunenError, NotAllowed
from kokunen.unified_atena import perms, queries
from kokunen.unified_atena.choices import BatchState, InquiryState
from kokunen.unified_atena.services import provision, reconciliation, sending

_PURPOSE = "number_management"
_FILTERS = {"waiting": (BatchState.WAITING, BatchState.SENT), "refused": (BatchState.REFUSED,)}


@page(permission=perms.SENDING_VIEW)
def state(request: StaffRequest) -> HttpResponse:
    """送受信の状態: the line, counts, files with their serials. No personal data."""
    if request.method == "POST":
        _manage(request)
        if request.POST.get("act") == "compare":
            done = reconciliation.ask_comparison(request.access_context)
            messages.success(request, f"照合を求めました（通番 {done.batch.serial}）。結果は照合の一覧に出ます。")
        else:
            sending.try_now(context=request.access_context)
            messages.success(request, "回線をすぐに試します。")
        return HttpResponseRedirect(reverse("unified_atena:sending"))
    chosen = request.GET.get("state", "")
    rows, following = queries.find_batches(states=_FILTERS.get(chosen, ()), after=_number(request.GET.get("after")))
    context = {
        "rows": rows,
        "following": following or "",
        "chosen": chosen,
        "counts": queries.counts(),
        "line": sending.condition(),
        "may_manage": perms.SENDING_MANAGE in request.portal.permissions,
    }
    return render(request, "unified_atena/sending.html", context)


@page(permission=perms.SENDING_MANAGE, purpose=_PURPOSE, personal=True)
def batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """送信データ: its rows with their results; a refused one is made again."""
    row, error = queries.get_batch(batch_id), None
    if request.method == "POST":
        try:
            count = sending.make_again(
                context=request.access_context, batch_id=batch_id, reason=request.POST.get("reason", "")
            )
        except KokunenError as refused:
            error = refused
        else:
            messages.success(request, f"{count:,}件を、新しい通番で送り直します。")
            return HttpResponseRedirect(reverse("unified_atena:sending"))
    lines, following = queries.find_items(
        context=request.access_context, batch=row, after=_number(request.GET.get("after"))
    )
    context = {"row": row, "lines": lines, "following": following or "", "error": error, "states": BatchState}
    return render(request, "unified_atena/batch.html", context, status=422 if error else 200)


@page(permission=perms.SENDING_MANAGE, purpose=_PURPOSE, personal=True)
def troubles(request: StaffRequest) -> HttpResponse:
    """送信できなかった件: rejected by the other side, or left out with a reason."""
    lines, following = queries.find_items(context=request.access_context, after=_number(request.GET.get("after")))
    return render(request, "unified_atena/troubles.html", {"lines": lines, "following": following or ""})


@page(permission=perms.SENDING_MANAGE, purpose=_PURPOSE, personal=True)
@require_POST
def settle(request: StaffRequest, send_item_id: int) -> HttpResponse:
    """1件の処理: send again with the content of today, or not at all."""
    reason = request.POST.get("reason", "")
    if request.POST.get("act") == "give_up":
        sending.give_up_item(context=request.access_context, item_id=send_item_id, reason=reason)
        messages.success(request, "この件は送らないことにしました。")
    else:
        sending.send_item_again(context=request.access_context, item_id=send_item_id, reason=reason)
        messages.success(request, "今の内容で送り直します。")
    return HttpResponseRedirect(reverse("unified_atena:troubles"))


@page(permission=perms.SENDING_VIEW)
def inquiries(request: StaffRequest) -> HttpResponse:
    """情報照会の状態: what the works have asked, how far it is, in which file. Neither people nor answers."""
    chosen = request.GET.get("state", "")
    states = (chosen,) if chosen in InquiryState.values else ()
    rows, following = queries.find_inquiries(states=states, after=_number(request.GET.get("after")))
    counts = queries.count_inquiries()
    context = {
        "rows": rows,
        "following": following or "",
        "chosen": chosen,
        "counts": [(value, label, counts.get(value, 0)) for value, label in InquiryState.choices],
    }
    return render(request, "unified_atena/inquiries.html", context)


@page(permission=perms.SENDING_VIEW)
def characters(request: StaffRequest) -> HttpResponse:
    """変換できなかった文字: what went out in its place and by which rule. Characters, no people."""
    return render(request, "unified_atena/characters.html", {"rows": queries.find_characters()})


@page(permission=perms.SENDING_VIEW)
def comparisons(request: StaffRequest) -> HttpResponse:
    """送受信の照合と全件作成の差分. Counts only."""
    if request.method == "POST":
        _manage(request)
        report = provision.rebuild(request.access_context)
        messages.success(request, f"全件を作り直しました。差分は {report.differences:,}件です。")
        return HttpResponseRedirect(reverse("unified_atena:comparisons"))
    context = {
        "rows": queries.find_reconciliations(),
        "rebuilds": queries.find_rebuilds(),
        "may_manage": perms.SENDING_MANAGE in request.portal.permissions,
    }
    return render(request, "unified_atena/comparisons.html", context)


def _manage(request: StaffRequest) -> None:
    if perms.SENDING_MANAGE not in request.portal.permissions:
        raise NotAllowed("あなたの役割では、送受信を操作できません", code="permission")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
