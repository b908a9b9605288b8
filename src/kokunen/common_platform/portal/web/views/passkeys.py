"""パスキーの登録と抹消 (本人)"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.services import passkeys as service
from kokunen.common_platform.portal.services.sessions import session_end
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.forms import PasskeyForm
from kokunen.common_platform.portal.web.views.sign_in import party_of
from kokunen.kernel.errors import InputError, NotAllowed


@page()
@require_http_methods(["GET", "POST"])
def passkeys(request: StaffRequest) -> HttpResponse:
    """パスキー: one's own devices; a new one begins here with the password."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = service.register_begin(
                request.user, terminal=request.portal.terminal, party=party_of(request), **form.cleaned_data
            )
            return render(request, "portal/passkey_device.html", {"asked": asked})
        except InputError as error:
            add_error(form, error)
    context = {
        "form": form,
        "passkeys": service.passkeys_of(request.user),
        "forced": request.portal.must_register_passkey,
    }
    return render(request, "portal/passkeys.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def passkey_device(request: StaffRequest) -> HttpResponse:
    """パスキー: the device's answer; whoever had to register one signs in again, with both factors."""
    try:
        service.register_finish(
            request.user,
            token=request.POST.get("token", ""),
            answer=request.POST.get("answer", ""),
            party=party_of(request),
            context=request.access_context,
        )
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("portal:passkeys")
    messages.success(request, "パスキーを登録しました。次のサインインから機器での確認が必要です。")
    if request.portal.must_register_passkey and request.portal.session is not None:
        session_end(request.portal.session, reason=EndReason.SIGNED_OUT)
        return redirect("portal:sign_in")
    return redirect("portal:passkeys")


@page()
@require_POST
def passkey_remove(request: StaffRequest, passkey_id: int) -> HttpResponse:
    """パスキーを抹消する: with the password; the other sessions end"""
    try:
        service.remove_own(
            request.user,
            passkey_id,
            password=request.POST.get("password", ""),
            context=request.access_context,
            session_id=request.portal.session.pk if request.portal.session else None,
        )
    except InputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "パスキーを抹消しました。ほかの端末の接続は終了しました。")
    return redirect("portal:passkeys")
