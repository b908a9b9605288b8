"""通知書の画面: the letters that a record gives reason for, each printed with a number of its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.resident_registry import documents, perms, queries
from kokunen.resident_registry.choices import LetterKind
from kokunen.resident_registry.web.band import band_of

_LETTERS: dict[str, Any] = {"permission": perms.NOTICE_REGISTER, "purpose": "resident_notice", "personal": True}


@page(**_LETTERS)
def letters(request: StaffRequest, atena_number: str) -> HttpResponse:
    """通知書: which can be sent now; the chosen one stands below as it prints."""
    sight = perms.sight_of(request.portal.permissions)
    row, kinds = documents.find_letters(context=request.access_context, atena_number=atena_number, sight=sight)
    asked = request.GET.get("kind", "")
    chosen = next((kind for kind in kinds if kind == asked), kinds[0] if len(kinds) == 1 else None)
    view = queries.get_resident(context=request.access_context, atena_number=atena_number, sight=sight)
    context = {"row": row, "person": band_of(view), "kinds": kinds, "chosen": chosen}
    return render(request, "resident_registry/letters.html", context)


@page(**_LETTERS)
def letter_pdf(request: StaffRequest, atena_number: str, kind: str) -> HttpResponse:
    """通知書 (PDF)."""
    if kind not in LetterKind.values:
        raise Http404
    made = documents.make_letter(
        context=request.access_context,
        atena_number=atena_number,
        kind=LetterKind(kind),
        sight=perms.sight_of(request.portal.permissions),
    )
    return responses.pdf(made.content, f"tsuchi-{made.serial}.pdf")
