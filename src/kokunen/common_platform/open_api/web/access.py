"""APIの入口: every API states its scope; no live token → 401, a token without the scope → 403.

::

    @api(scope="031:app_submit/v10/jutogaishaatenabangofuban:Create", title="住登外者宛名番号付番", name="…")
    def assign(request: ApiRequest) -> HttpResponse: ...

A scope may name parts of the address and the supplier of the dataset that it names
(``{supplier}:app_submit/v10/{dataset}:Read``). The declaration stays readable as `view.kokunen_access` (public: no
sign-in) and `view.kokunen_scope`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from kokunen.common_platform.open_api.services import Caller, introspect, supplier_of
from kokunen.common_platform.portal.web.access import PageAccess
from kokunen.ledger.access import AccessContext
from kokunen.ledger.recording import record_refusal

CONTENT_TYPE = "application/json;charset=UTF-8"
Answer = Callable[..., HttpResponse]


class ApiRequest(HttpRequest):
    """Request of a calling system, as API views receive it."""

    caller: Caller


def json_answer(content: Any, status: int = 200) -> HttpResponse:
    """JSON in UTF-8, as the standard asks."""
    return HttpResponse(orjson.dumps(content), status=status, content_type=CONTENT_TYPE)


def problem(title: str, detail: str, href: str, status: int, **more: Any) -> HttpResponse:
    """誤りの応答 of the standard's APIs: title and detail at the top level."""
    return json_answer({"title": title, "detail": detail, "_links": {"self": {"href": href}}, **more}, status)


def api(*, scope: str, title: str, purpose: str) -> Callable[[Answer], Answer]:
    """Declare an API; see the module text."""

    def decorate(view: Answer) -> Answer:
        access = PageAccess(f"api.{view.__name__}", None, None, False, False, True)

        @csrf_exempt  # no cookie is looked at: the bearer token is the only credential
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.kokunen_page = access  # type: ignore[attr-defined]
            caller = introspect(request.headers.get("Authorization", ""))
            if caller is None:
                return problem(title, "アクセストークンが無効です。", request.path, 401)
            needed = scope if "{" not in scope else scope.format(supplier=supplier_of(kwargs["dataset"]), **kwargs)
            if needed not in caller.scopes:
                context = AccessContext(f"api:{caller.client_id}", caller.office_code, purpose, access.screen)
                record_refusal(context, dataset=title, reason="scope", detail={"scope": needed})
                return problem(title, "このAPIを呼び出すスコープがありません。", request.path, 403)
            request.caller = caller  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.kokunen_access = access  # type: ignore[attr-defined]
        guarded.kokunen_scope = scope  # type: ignore[attr-defined]
        return guarded

    return decorate
