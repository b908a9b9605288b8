"""住登外者宛名番号付番API (共通機能標準仕様書 別紙, 第2.0版): POST app_submit/v10/jutogaishaatenabangofuban."""

from __future__ import annotations

import logging

import orjson
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from kokunen.common_platform.open_api.web.access import ApiRequest, api, json_answer, problem
from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry.services.assignment import AssignmentErrors, assign

log = logging.getLogger("kokunen.nonresident_registry.api")

TITLE = "住登外者宛名番号付番"
HREF = "/app_submit/v10/jutogaishaatenabangofuban"
SCOPE = "031:app_submit/v10/jutogaishaatenabangofuban:Create"
_ERRORS = "エラーが発生しました。"


@require_POST
@api(scope=SCOPE, title=TITLE, purpose="number_management")
def assign_number(request: ApiRequest) -> HttpResponse:
    """付番する: 200, 400 with every mistake, 401, 503 (3.1 to 3.4 of the specification)."""
    try:
        sent = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        sent = None
    if not isinstance(sent, dict):
        errors = [{"code": "E0002", "message": "リクエスト本文はJSONのオブジェクトで設定してください。"}]
        return problem(TITLE, _ERRORS, HREF, 400, errors=errors)
    caller = request.caller
    context = AccessContext(
        staff_number=f"api:{str(sent.get('sosashaid') or caller.work_id)[:10]}",
        office_code=caller.office_code,
        purpose="number_management",
        screen=f"api.{caller.client_id}"[:60],
        terminal=str(request.META.get("REMOTE_ADDR") or "")[:60],
    )
    try:
        assigned = assign(context=context, sent=sent)
    except AssignmentErrors as refused:
        return problem(TITLE, _ERRORS, HREF, 400, errors=refused.errors)
    except Exception:
        log.exception("%s: unforeseen", TITLE)
        return problem(TITLE, "想定外のエラーが発生しました。", HREF, 503)
    return json_answer(
        {
            "metadata": {"title": TITLE, "detail": "登録が完了しました。"},
            "_links": {"self": {"href": HREF}},
            "result": [
                {
                    "shikuchosonkodo": sent["shikuchosonkodo"],
                    "atenabango": assigned.atena_number,
                    "rirekibango": assigned.history_number,
                    "sosashaid": sent["sosashaid"],
                    "sosanengappi": sent["sosanengappi"],
                    "sosajikoku": sent["sosajikoku"],
                }
            ],
        }
    )
