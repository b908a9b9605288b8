"""所得情報の提供の画面: a request file in, its answers by code, the answer file out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import perms
from kokunen.national_pension.models.income_answers import AnswerCode
from kokunen.national_pension.queries import income_answers as found
from kokunen.national_pension.services import income_answers

PURPOSE = "pension_income_answer"


class RequestFileForm(forms.Form):
    """依頼ファイル: as the Service sent it."""

    file = forms.FileField(label="所得情報提供依頼ファイル")


@page(permission=perms.INCOME_ANSWER, purpose=PURPOSE, personal=True)
def files(request: StaffRequest) -> HttpResponse:
    """依頼と回答の一覧; POST reads a file and answers it whole."""
    form = RequestFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            done = income_answers.answer_file(
                content=upload.read(), filename=upload.name, context=request.access_context
            )
        except KokunenError as error:
            add_error(form, error)
        else:
            messages.success(request, f"{done.requests:,}件の依頼に回答しました。回答ファイルを取り出してください")
            return redirect("national_pension:income_files")
    rows = [(one, [(code.label, one.counts.get(str(code), 0)) for code in AnswerCode]) for one in found.request_files()]
    context = {"form": form, "rows": rows}
    return render(request, "national_pension/income_files.html", context, status=422 if form.errors else 200)


@page(permission=perms.INCOME_ANSWER, purpose=PURPOSE, personal=True)
def answer_csv(request: StaffRequest, file_id: int) -> HttpResponse:
    """回答ファイル, the same bytes each time."""
    content, filename = found.answer_of(file_id, context=request.access_context)
    return HttpResponse(
        content,
        content_type="text/csv; charset=Shift_JIS",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )
