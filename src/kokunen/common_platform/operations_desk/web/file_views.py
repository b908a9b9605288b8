"""ファイル連携の画面: agreements, what came and how it was judged, and what an officer decides about a held file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kokunen.common_platform.integration.files.formats import FULL
from kokunen.common_platform.integration.models import FileState, LinkageFile
from kokunen.common_platform.operations_desk import perms, queries, services
from kokunen.common_platform.portal.web.access import StaffRequest, page, refuse
from kokunen.kernel.errors import KokunenError

_TONES = {FileState.APPLIED: "good", FileState.WARNING: "warn", FileState.HELD: "warn", FileState.REFUSED: "bad"}
_DONE = {
    "ask": "解除を申し出ました。別の職員の承認で反映されます。",
    "accept": "承認しました。この世代が有効です。",
    "refuse": "断りました。前の世代を使い続けます。",
}


def _tone(file: LinkageFile) -> str:
    return _TONES.get(FileState(file.state), "")


@page(permission=perms.OPERATION_VIEW)
@require_http_methods(["GET", "POST"])
def files(request: StaffRequest) -> HttpResponse:
    """ファイル連携: the agreements with the generation in force; files as they were judged; taken up or sent now."""
    if request.method == "POST":
        if perms.OPERATION_ACT not in request.portal.permissions:
            return refuse(request, "連携ファイルの受付と提供は運用担当だけが起動できます。", reason="permission")
        run = services.begin_files(
            request.POST.get("agreement", ""),
            whole=request.POST.get("act") == "whole",
            context=request.access_context,
        )
        return redirect("operations_desk:run", run_id=run.pk)
    before = request.GET.get("after", "")
    found = queries.linkage_files(int(before) if before.isdigit() else None)
    settled = [one for one in found if one.state != FileState.HELD]
    context = {
        "agreements": queries.find_agreements(),
        "files": [(one, _tone(one)) for one in found],
        "next_key": settled[-1].pk if len(settled) == queries.PAGE else None,
        "may_act": perms.OPERATION_ACT in request.portal.permissions,
    }
    return render(request, "operations_desk/files.html", context)


@page(permission=perms.OPERATION_VIEW)
@require_http_methods(["GET", "POST"])
def file(request: StaffRequest, file_id: int) -> HttpResponse:
    """連携ファイル: why it is not in force, how it differs from the generation in force, and what is decided."""
    error: KokunenError | None = None
    if request.method == "POST":
        if perms.OPERATION_ACT not in request.portal.permissions:
            return refuse(request, "保留のファイルの扱いは運用担当だけが決められます。", reason="permission")
        act = request.POST.get("act", "")
        try:
            words = request.POST.get("words", "")
            services.settle_file(file_id, act, words=words, context=request.access_context)
        except KokunenError as refused:
            error = refused
        else:
            messages.success(request, _DONE[act])
            return redirect("operations_desk:file", file_id=file_id)
    found = queries.find_file(file_id)
    if found is None:
        raise Http404
    context = {
        "file": found,
        "tone": _tone(found),
        "held": found.state == FileState.HELD,
        "whole": found.kind == FULL,
        "own": found.asked_by == request.user.number,
        "error": error,
        "may_act": perms.OPERATION_ACT in request.portal.permissions,
    }
    return render(request, "operations_desk/file.html", context, status=422 if error else 200)
