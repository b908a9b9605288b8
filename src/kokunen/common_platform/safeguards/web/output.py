"""一覧の出力の入口: what a screen calls to let a list with people leave; above the limit it asks for the approval.

::

    return list_output(request, "未完了の受付", query=request.GET.dict(), people=len(numbers), filename="list.csv",
                       make=lambda: content)

Within the limit the file leaves as it is. With an approval it leaves in an envelope (CTL-119).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from kokunen.common_platform.portal.web.access import StaffRequest
from kokunen.common_platform.safeguards.services import bulk, envelopes
from kokunen.kernel.errors import NotAllowed

_OWN = ("approval", "code", "purpose")


def list_output(
    request: StaffRequest,
    dataset: str,
    *,
    query: Mapping[str, Any],
    people: int,
    make: Callable[[], bytes],
    filename: str,
    content_type: str,
) -> HttpResponse:
    """一覧を出力する, or 403 with the form that asks for the approval."""
    asked = {name: value for name, value in query.items() if name not in _OWN}
    approval, code = request.GET.get("approval", "").strip(), request.GET.get("code", "").strip()
    try:
        bulk.admit(dataset, asked, people, context=request.access_context, approval=approval, code=code)
    except NotAllowed as refusal:
        facts = {
            "dataset": dataset,
            "people": people,
            "fingerprint": bulk.fingerprint_of(dataset, asked),
            "refusal": refusal,
            "kept": asked,
        }
        return render(request, "safeguards/ask_approval.html", facts, status=403)
    content = make()
    if approval:
        content = envelopes.close(content, filename, context=request.access_context)
        filename, content_type = filename + envelopes.SUFFIX, "application/octet-stream"
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response
