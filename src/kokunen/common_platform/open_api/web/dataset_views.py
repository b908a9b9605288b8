"""公開データのAPI: GET app_submit/v10/{dataset}: a system outside reads what the assessment lets its work have.

`shutokukaishiatenabango` (behind which 宛名番号 the page begins), `shutokukensu` (people a page, 1 to 1000) and
`saishutsuban` (only what has changed since that number of the feed) are all optional. Errors as in the APIs of the
standard: 400 with every mistake, 401, 403, 503.
"""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kokunen.common_platform.integration.reading import find_view, read_page
from kokunen.common_platform.open_api.web.access import ApiRequest, api, json_answer, problem
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext
from kokunen.ledger.recording import record_refusal

log = logging.getLogger("kokunen.open_api.datasets")

TITLE = "公開データの取得"
_USUAL, _MOST = 500, 1000


@require_GET
@api(scope="{supplier}:app_submit/v10/{dataset}:Read", title=TITLE, purpose="system_linkage")
def published_dataset(request: ApiRequest, dataset: str) -> HttpResponse:
    """公開データ: one page of the declared view of the caller's work."""
    caller, href = request.caller, request.path
    context = AccessContext(
        f"api:{caller.client_id}"[:40],
        caller.office_code,
        "system_linkage",
        f"api.{dataset}"[:60],
        str(request.META.get("REMOTE_ADDR") or "")[:60],
    )
    errors = _mistakes(request)
    if errors:
        return problem(TITLE, "エラーが発生しました。", href, 400, errors=errors)
    try:
        view = find_view(settings.WORK_SYSTEMS.get(caller.work_id, ""), dataset)
        if view is None:
            record_refusal(
                context,
                dataset=f"公開用API {dataset}",
                reason="評価書がこの業務への提供を定めていません",
                detail={"work": caller.work_id},
            )
            return problem(TITLE, "評価書がこの業務への提供を定めていないデータです。", href, 403)
        since = request.GET.get("saishutsuban", "")
        limit = int(request.GET.get("shutokukensu") or _USUAL)
        found = read_page(
            view,
            start=request.GET.get("shutokukaishiatenabango", ""),
            limit=limit,
            after=int(since) if since else None,
            context=context,
        )
    except Exception:
        log.exception("%s: unforeseen", TITLE)
        return problem(TITLE, "想定外のエラーが発生しました。", href, 503)
    links = {"self": {"href": href}}
    if found.following:
        asked = {"shutokukaishiatenabango": found.following, "shutokukensu": str(limit)}
        links["next"] = {"href": f"{href}?{urlencode(asked | ({'saishutsuban': since} if since else {}))}"}
    return json_answer(
        {
            "metadata": {"title": TITLE, "detail": "取得が完了しました。"},
            "_links": links,
            "saishutsuban": found.horizon,
            "result": found.rows,
        }
    )


def _mistakes(request: ApiRequest) -> list[dict[str, str]]:
    """パラメータの誤り, all of them, by the codes of the standard."""
    errors = []
    start = request.GET.get("shutokukaishiatenabango", "")
    if start and not AtenaNumber.judge(start).valid:
        errors.append({"code": "E0002", "message": "取得開始宛名番号は正しい宛名番号で設定してください。"})
    for name, label in (("shutokukensu", "取得件数"), ("saishutsuban", "最終番号")):
        text = request.GET.get(name, "")
        if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
            errors.append({"code": "E0002", "message": f"{label}は半角数字で設定してください。"})
        elif text and name == "shutokukensu" and not 1 <= int(text) <= _MOST:
            errors.append({"code": "E0004", "message": f"取得件数は1から{_MOST}までで設定してください。"})
    return errors
