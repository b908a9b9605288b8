"""宛名紐付の画面: one person over all works, and what is held back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.unified_atena import perms, queries
from kokunen.unified_atena.choices import UNITABLE
from kokunen.unified_atena.kinds import kinds
from kokunen.unified_atena.services import linking

_PURPOSE = "number_management"


@page(permission=perms.LINK_VIEW, purpose=_PURPOSE, personal=True)
def inquiry(request: StaffRequest) -> HttpResponse:
    """統合宛名の照会: by 宛名番号 or 団体内統合宛名番号."""
    text, error = request.GET.get("q", "").strip(), None
    if text:
        try:
            found = queries.get_person(context=request.access_context, number=text)
        except InputError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("unified_atena:person", args=[found.person.pk]))
    context = {"text": text, "error": error, "counts": queries.counts()}
    return render(request, "unified_atena/inquiry.html", context, status=422 if error else 200)


@page(permission=perms.LINK_VIEW, purpose=_PURPOSE, personal=True)
def person(request: StaffRequest, atena_number: str) -> HttpResponse:
    """統合宛名: links, numbers over time, records and what was sent."""
    view = queries.get_person(context=request.access_context, number=atena_number)
    labels = {one.item: one.label for kind in kinds().values() for one in kind.items}
    records = [
        {
            "row": row,
            "kind": kinds()[row.kind].label,
            "items": [(labels.get(name, name), value) for name, value in sorted(row.content.items())],
        }
        for row in view.records
    ]
    context = {"view": view, "person": band_of(view.subject) if view.subject else None, "records": records}
    return render(request, "unified_atena/person.html", context)


def band_of(subject: queries.Subject) -> dict[str, Any]:
    """人の帯."""
    return {
        "name": subject.name,
        "kana": subject.name_kana,
        "birth_ja": subject.birth,
        "age": subject.age,
        "sex_ja": subject.sex_ja,
        "atena_number": subject.atena_number,
        "marks": subject.marks,
        "extra": [("住所", subject.shown_address)],
    }


@page(permission=perms.LINK_VIEW, purpose=_PURPOSE, personal=True)
def holds(request: StaffRequest) -> HttpResponse:
    """紐付の保留の一覧, oldest first."""
    after = request.GET.get("after", "")
    lines, following = queries.find_holds(
        context=request.access_context, after=int(after) if after.isascii() and after.isdigit() else 0
    )
    return render(request, "unified_atena/holds.html", {"lines": lines, "following": following or ""})


@page(permission=perms.LINK_DECIDE, purpose=_PURPOSE, personal=True)
def hold(request: StaffRequest, hold_id: int) -> HttpResponse:
    """紐付の保留: both sides, and the decision."""
    error = None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "unite":
                kept = linking.unite(
                    context=request.access_context, hold_id=hold_id, reason=request.POST.get("reason", "")
                )
                messages.success(request, f"一つにまとめました。団体内統合宛名番号は {kept} です。")
            elif linking.check_again(context=request.access_context, hold_id=hold_id):
                messages.success(request, "保留は解消しました。")
            else:
                messages.warning(request, "まだ合いません。元の記録を直してから、もう一度判定してください。")
        except KokunenError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("unified_atena:holds"))
    line = queries.get_hold(context=request.access_context, hold_id=hold_id)
    context = {
        "line": line,
        "both": [subject for subject in (line.subject, *line.others) if subject is not None],
        "may_unite": line.hold.reason in UNITABLE and len(line.hold.unified_numbers) == 2,
        "error": error,
    }
    return render(request, "unified_atena/hold.html", context, status=422 if error else 200)
