"""出力の関門の番: above the limit it asks for the approval, by one click from the very output that was refused.

Every file passes by itself (`portal/web/leaving.py`). Two kinds of screens say more::

    return list_output(request, "未完了の受付", query=request.GET.dict(), people=len(numbers), filename="list.csv",
                       make=lambda: content)                  # a list: leaves in an envelope when approved (CTL-119)
    return made_output(request, "national_pension", lambda: services.make_letters(...))   # made only when it may leave
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest
from kokunen.common_platform.portal.web.leaving import OWN, Leaving, conditions_of, let_out
from kokunen.common_platform.safeguards.procedures import parameter
from kokunen.common_platform.safeguards.services import bulk, envelopes
from kokunen.kernel.errors import KokunenError, NotAllowed
from kokunen.ledger.recording import watch_outputs

REQUEST_SALT = "kokunen.bulk_output.request"


class Made(Protocol):
    """作られた印刷物"""

    @property
    def content(self) -> bytes:
        """The PDF."""

    @property
    def filename(self) -> str:
        """Its name."""


class OutputGateway:
    """関門の番 (CTL-060)"""

    @staticmethod
    def few() -> int:
        """Up to so many people are a household's paper, which counts by the day."""
        return int(parameter("bulk_list_people"))

    def ask(self, request: HttpRequest, leaving: Leaving) -> HttpResponse | None:
        """None when it may leave, else 403 with the form."""
        context = request.access_context  # type: ignore[attr-defined]
        try:
            bulk.admit(
                leaving.dataset,
                leaving.query,
                leaving.people,
                context=context,
                approval=_given(request, "approval"),
                code=_given(request, "code"),
                whole=leaving.whole,
                part=leaving.part,
                paper=leaving.is_paper,
            )
        except NotAllowed as refusal:
            return _ask_for_approval(request, leaving, refusal)
        return None


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
    asked = {name: value for name, value in query.items() if name not in OWN}
    refused = OutputGateway().ask(request, Leaving(dataset, people, asked))
    if refused is not None:
        return refused
    content = make()
    if _given(request, "approval"):
        content = envelopes.close(content, filename, context=request.access_context)
        filename, content_type = filename + envelopes.SUFFIX, "application/octet-stream"
    request.kokunen_left = True  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def made_output(request: StaffRequest, using: str, make: Callable[[], Made]) -> HttpResponse:
    """作って出す: what the making stores stays only when the print may leave; else nothing has happened."""
    with transaction.atomic(using=using), watch_outputs() as taken:
        made = make()
        printed = responses.pdf(made.content, made.filename)
        answer = let_out(request, printed, taken, personal=True)
        if answer is not printed:
            transaction.set_rollback(True, using=using)
    request.kokunen_left = True  # type: ignore[attr-defined]
    return answer


def _ask_for_approval(request: HttpRequest, leaving: Leaving, refusal: NotAllowed) -> HttpResponse:
    staff = request.access_context.staff_number  # type: ignore[attr-defined]
    people = max(leaving.people, leaving.whole)
    fingerprint = bulk.fingerprint_of(leaving.dataset, leaving.query)
    back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")
    wanted = {"dataset": leaving.dataset, "people": people, "query": dict(leaving.query), "back": _local(back)}
    facts = {
        "leaving": leaving,
        "people": people,
        "conditions": bulk.words_of(leaving.query),
        "refusal": refusal,
        "kept": conditions_of(request),
        "method": "post" if request.method == "POST" else "get",
        "wanted": signing.dumps(wanted, salt=REQUEST_SALT),
        "mine": bulk.find_mine(fingerprint, staff),
    }
    return render(request, "safeguards/ask_approval.html", facts, status=403)


def _given(request: HttpRequest, name: str) -> str:
    return (request.POST.get(name) or request.GET.get(name) or "").strip()


def _local(address: str) -> str:
    """The path of an address, without the host."""
    return "/" + address.split("/", 3)[3] if "://" in address and address.count("/") >= 3 else address


def read_wanted(text: str) -> dict[str, Any]:
    """依頼の中身 as the refused output has signed it. Raises KokunenError."""
    try:
        wanted: dict[str, Any] = signing.loads(text, salt=REQUEST_SALT, max_age=24 * 60 * 60)
    except signing.BadSignature as error:
        raise KokunenError("依頼の中身が違います", hint="出力の画面を開き直してください。") from error
    return wanted
