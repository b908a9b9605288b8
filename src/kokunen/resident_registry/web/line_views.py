"""回線の画面: how each line is, what is sent, pending or refused, what has come and waits for an officer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.wareki import parse_date
from kokunen.resident_registry import kiosk_log, line_queries, perms
from kokunen.resident_registry.choices import ArrivedState, LineParty, SendState
from kokunen.resident_registry.line_words import shown_items, shown_value
from kokunen.resident_registry.services import domicile_notices, line_arrivals, line_sending, ministry_notices
from kokunen.resident_registry.services.notice import Alert, NeedsConfirmation
from kokunen.resident_registry.services.outbox import request_codes

LOOK: dict[str, Any] = {"permission": perms.LINES_VIEW, "purpose": "resident_inquiry", "personal": True}
MANAGE: dict[str, Any] = {"permission": perms.LINES_MANAGE, "purpose": "resident_correction", "personal": True}
_CODES = 500


class ReasonForm(forms.Form):
    """処理の理由."""

    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="あとで読む人のために残します。")


class ReadForm(forms.Form):
    """取込みの進め方: chosen before the file is read."""

    on_broken = forms.ChoiceField(
        label="読めない件があったとき",
        choices=[("go_on", "その件だけを除いて続ける"), ("stop", "その件で止める")],
        initial="go_on",
        widget=forms.RadioSelect,
    )


@page(**LOOK)
def lines(request: StaffRequest) -> HttpResponse:
    """回線の状況: one row a party, and what is not settled of the chosen one."""
    asked = request.GET.get("party", "")
    party = LineParty(asked) if asked in LineParty.values else LineParty.JUKI_CS
    way = "in" if request.GET.get("way") == "in" else "out"
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    find = line_queries.find_arrived if way == "in" else line_queries.find_outgoing
    states = ArrivedState.choices if way == "in" else SendState.choices
    context = {
        "parties": line_queries.parties(),
        "party": party,
        "way": way,
        "state": state,
        "states": states,
        "found": find(context=request.access_context, party=str(party), state=state, after=after),
        "may_manage": perms.LINES_MANAGE in request.portal.permissions,
    }
    return render(request, "resident_registry/lines.html", context)


@page(**MANAGE)
def kiosk(request: StaffRequest) -> HttpResponse:
    """コンビニ交付の記録: what was asked at the kiosks on a day, issued or refused and why, and printed or not."""
    day, error, text = clock.today(), None, request.GET.get("day", "").strip()
    if text:
        try:
            day = parse_date(text, clock.today(), "day")
        except InputError as refused:
            error = refused
    log = kiosk_log.get_day(context=request.access_context, day=day, after=request.GET.get("after", ""))
    context = {"log": log, "day": day, "error": error, "text": text}
    return render(request, "resident_registry/kiosk_log.html", context, status=422 if error else 200)


@page(**MANAGE)
def line_try(request: StaffRequest, party: str) -> HttpResponse:
    """いま送る (POST): ends the rest of a line; for 住基ネット also asks for unused 住民票コード."""
    if request.method == "POST" and party in LineParty.values:
        if request.POST.get("act") == "codes":
            request_codes(_CODES)
            messages.success(request, f"住民票コードを{_CODES}件、要求しました")
        else:
            line_sending.try_now(context=request.access_context, party=LineParty(party))
            messages.success(request, "すぐに送受信を試します")
    return redirect("resident_registry:lines")


@page(**MANAGE)
def outgoing(request: StaffRequest, message_id: int) -> HttpResponse:
    """送信電文1通: its items, the answer, and what to do with a refusal."""
    refused: KokunenError | None = None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = line_sending.send_again if request.POST.get("act") == "again" else line_sending.give_up
        try:
            act(context=request.access_context, message_id=message_id, reason=form.cleaned_data["reason"])
        except KokunenError as error:
            refused = error
        else:
            messages.success(request, "処理しました")
            return redirect("resident_registry:lines")
    found = line_queries.get_outgoing(context=request.access_context, message_id=message_id)
    context = {
        "message": found,
        "items": shown_items(found.items),
        "form": form,
        "refused": refused,
        "may_settle": found.state in (SendState.REFUSED, SendState.UNSENDABLE),
    }
    return render(request, "resident_registry/line_outgoing.html", context, status=422 if refused else 200)


@page(**MANAGE)
def arrived(request: StaffRequest, message_id: int) -> HttpResponse:
    """受信電文1通: the record beside it; apply, read a file in, or settle with a reason."""
    refused: KokunenError | None = None
    alerts: tuple[Alert, ...] = ()
    if request.method == "POST":
        try:
            messages.success(request, _act_on(request, message_id))
        except NeedsConfirmation as asked:
            alerts = asked.alerts
        except KokunenError as error:
            refused = error
        else:
            return redirect("resident_registry:line_arrived", message_id)
    view = line_queries.get_arrived(context=request.access_context, message_id=message_id)
    context = {
        "view": view,
        "message": view.message,
        "items": shown_items(view.message.items),
        "people": [
            {name: shown_value(name, value) for name, value in one.items()}
            for one in view.message.items.get("people", [])
        ],
        "is_file": view.message.kind == ministry_notices.NOTICE_FILE,
        "is_certificate": view.message.kind == "0302" and view.message.state == ArrivedState.READY,
        "may_apply": view.message.kind in ("0402", "0702") and view.message.state == ArrivedState.TO_CHECK,
        "is_open": view.message.state not in (ArrivedState.APPLIED, ArrivedState.CLOSED),
        "form": ReasonForm(),
        "read_form": ReadForm(initial={"on_broken": "go_on"}),
        "refused": refused,
        "alerts": alerts,
        "asked_act": request.POST.get("act", ""),
    }
    wrong = refused is not None or bool(alerts)
    return render(request, "resident_registry/line_arrived.html", context, status=422 if wrong else 200)


def _act_on(request: StaffRequest, message_id: int) -> str:
    """What the officer pressed; gives the words of what was done."""
    context, act, reason = request.access_context, request.POST.get("act", ""), request.POST.get("reason", "")
    if act == "read":
        stop = request.POST.get("on_broken") == "stop"
        result = ministry_notices.read_file(context=context, message_id=message_id, stop_at_broken=stop)
        return (
            f"取り込みました（反映待ち{result.ready}件、要確認{result.to_check}件、"
            f"誤り{result.broken}件、未取込み{result.not_read}件）"
        )
    if act == "apply_ready":
        done, listed = ministry_notices.apply_ready(context=context, message_id=message_id)
        return f"{done}件を反映しました" + (f"。{listed}件は確認が必要です" if listed else "")
    if act.startswith("record:"):
        number = int(act.removeprefix("record:"))
        ministry_notices.apply_record(context=context, record_id=number, acknowledged=request.POST.getlist("ack"))
        return "反映しました"
    if act.startswith("close:"):
        ministry_notices.settle_record(context=context, record_id=int(act.removeprefix("close:")), reason=reason)
        return "処理済みにしました"
    if act == "apply":
        view = line_queries.get_arrived(context=context, message_id=message_id)
        if view.message.kind == "0702":
            domicile_notices.apply_notice(
                context=context, message_id=message_id, acknowledged=request.POST.getlist("ack")
            )
            return "反映しました"
        state = line_arrivals.apply_one(message_id, context)
        return "反映しました" if state == ArrivedState.APPLIED else "まだ反映できません。理由を確かめてください"
    line_arrivals.settle(context=context, message_id=message_id, reason=reason)
    return "処理済みにしました"
