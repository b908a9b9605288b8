"""パスワードの変更"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kokunen.common_platform.portal.services.passwords import password_change as change
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.forms import PasswordChangeForm
from kokunen.kernel.errors import InputError


@page()
@require_http_methods(["GET", "POST"])
def password_change(request: StaffRequest) -> HttpResponse:
    """パスワードを変更する"""
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change(
                request.user,
                current=form.cleaned_data["current"],
                new=form.cleaned_data["new"],
                context=request.access_context,
                session_id=request.portal.session.pk if request.portal.session else None,
            )
        except InputError as error:
            add_error(form, error)
        else:
            messages.success(request, "パスワードを変更しました。ほかの端末の接続は終了しました。")
            return redirect("portal:home")
    status = 422 if form.errors else 200
    return render(
        request, "portal/password.html", {"form": form, "forced": request.user.must_change_password}, status=status
    )


def redirect_to_change(request: HttpRequest) -> HttpResponse:
    """初回の変更: nothing else opens before the first password is replaced."""
    return redirect("portal:password_change")
