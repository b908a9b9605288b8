"""閲覧記録の画面"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kokunen.common_platform.access_history import perms, queries, services
from kokunen.common_platform.portal.web.access import OF_THE_DAY, StaffRequest, page
from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber


class SearchForm(forms.Form):
    """検索: a person by 宛名番号, or a printed sheet by its serial number."""

    atena_number = forms.CharField(label="宛名番号", required=False, max_length=40)
    serial = forms.CharField(label="印刷物の通し番号", required=False, max_length=40)

    def clean_atena_number(self) -> str:
        """Full width, spaces and hyphens are accepted; the check digit is looked at."""
        text = str(self.cleaned_data["atena_number"])
        if not text:
            return ""
        try:
            return AtenaNumber.parse(text, lenient=True).value
        except InputError as error:
            raise forms.ValidationError(str(error)) from error


@page(permission=perms.ACCESS_HISTORY_VIEW, purpose=OF_THE_DAY, personal=True)
def search(request: StaffRequest) -> HttpResponse:
    """Where an inquiry begins: whose record, or which printed sheet."""
    form = SearchForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid():
        if form.cleaned_data["atena_number"]:
            return redirect("access_history:person", form.cleaned_data["atena_number"])
        if form.cleaned_data["serial"]:
            found = queries.find_by_serial(form.cleaned_data["serial"].strip(), context=request.access_context)
    return render(request, "access_history/search.html", {"form": form, "found": found})


@page(permission=perms.ACCESS_HISTORY_VIEW, purpose=OF_THE_DAY, personal=True)
def person(request: StaffRequest, atena_number: str) -> HttpResponse:
    """Everybody who has looked at this person, newest first."""
    number = AtenaNumber.parse(atena_number).value
    before = request.GET.get("after", "")
    shown = queries.find_history(
        number, context=request.access_context, before=int(before) if before.isascii() and before.isdigit() else None
    )
    may_disclose = perms.DISCLOSURE_MAKE in request.portal.permissions
    found = {"atena_number": number, "page": shown, "may_disclose": may_disclose}
    return render(request, "access_history/person.html", found)


@page(permission=perms.DISCLOSURE_MAKE, purpose="disclosure", personal=True)
@require_POST
def disclosure(request: StaffRequest, atena_number: str) -> HttpResponse:
    """開示一式: report, proofs, keys and verifier for the person concerned, as one archive."""
    number = AtenaNumber.parse(atena_number).value
    envelope = services.make_disclosure(number, context=request.access_context)
    response = HttpResponse(envelope.as_zip(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="disclosure-{envelope.serial}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response
