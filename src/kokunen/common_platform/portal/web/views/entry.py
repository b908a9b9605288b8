"""入力の途中: echo of dates and numbers, drafts. The server judges; the address never holds what was typed."""

from __future__ import annotations

import json
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal import queries
from kokunen.common_platform.portal.services import drafts
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import NUMBER_KINDS, refuse_future
from kokunen.kernel.calendar import age_on
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_wareki, parse_date, parse_imprecise


@page()
@require_POST
def echo_date(request: StaffRequest) -> JsonResponse:
    """日付の読み: {"ok": true, "words": "令和8年11月24日(火)"} or the error in words."""
    text = request.POST.get("value", "")
    try:
        if request.POST.get("imprecise"):
            read = parse_imprecise(text, clock.today())
            if request.POST.get("latest") == "today":
                refuse_future(read.sortable)
            return _read(_words(read.exact) if read.exact else read.display)
        day = parse_date(text, clock.today())
        return _read(_words(refuse_future(day) if request.POST.get("latest") == "today" else day))
    except InputError as error:
        return JsonResponse({"ok": False, "words": str(error)})


def _words(day: date) -> str:
    return format_wareki(day, weekday=True)


def _read(words: str) -> JsonResponse:
    return JsonResponse({"ok": True, "words": words})


@page()
@require_POST
def echo_age(request: StaffRequest) -> JsonResponse:
    """年齢: age on the business day of a birth date as typed."""
    try:
        birth = parse_date(request.POST.get("value", ""), clock.today())
        return _read(f"{format_wareki(birth)}生まれ {age_on(birth, clock.today())}歳")
    except InputError as error:
        return JsonResponse({"ok": False, "words": str(error)})


@page()
@require_POST
def echo_number(request: StaffRequest) -> JsonResponse:
    """番号の検査: check digit at once; the number itself is never sent back."""
    kind = NUMBER_KINDS.get(request.POST.get("kind", ""))
    if kind is None:
        return JsonResponse({"ok": False, "words": "番号の種類が分かりません。画面を開き直してください。"}, status=422)
    try:
        kind.parse(request.POST.get("value", ""), lenient=True)
    except InputError as error:
        return JsonResponse({"ok": False, "words": str(error)})
    return _read("検査数字が合っています")


@page()
@require_http_methods(["GET", "POST", "DELETE"])
def draft(request: StaffRequest) -> HttpResponse:
    """下書き: GET reads, POST keeps, DELETE throws away what this officer left on `screen` about `subject`."""
    values, screen, subject = _draft_of(request)
    if request.method == "POST":
        saved = drafts.draft_save(request.user, screen=screen, subject=subject, values=values)
        return JsonResponse({"saved_at": f"{clock.now():%H:%M}", "fields": len(saved.values)})
    if request.method == "DELETE":
        drafts.draft_discard(request.user, screen=screen, subject=subject)
        return HttpResponse(status=204)
    found = queries.find_draft(request.user.pk, screen, subject)
    return JsonResponse({"values": found.values if found else {}, "saved_at": _time(found.saved_at) if found else ""})


def _time(moment: object) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%m月%d日 %H:%M}"  # type: ignore[arg-type]


def _draft_of(request: HttpRequest) -> tuple[dict[str, str | list[str]], str, str]:
    if request.method == "GET":
        return {}, request.GET.get("screen", ""), request.GET.get("subject", "")
    try:
        body = json.loads(request.body or b"{}")
    except json.JSONDecodeError:
        raise InputError("下書きを読み取れません", "body", hint="画面を開き直してください。") from None
    values = body.get("values", {})
    clean = {str(k): v for k, v in values.items() if isinstance(v, (str, list))} if isinstance(values, dict) else {}
    return clean, str(body.get("screen", "")), str(body.get("subject", ""))
