"""職員・所属・接続中の端末 (システム管理者)"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kokunen.common_platform.portal import perms, queries
from kokunen.common_platform.portal.choices import EndReason, role_ja
from kokunen.common_platform.portal.models import Staff
from kokunen.common_platform.portal.services import passkeys, passwords, sessions, staff
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.common_platform.portal.web.staff_forms import (
    PasswordResetForm,
    StaffForm,
    StopForm,
    TransferForm,
    office_choices,
)
from kokunen.kernel.errors import KokunenError


@page(permission=perms.STAFF_VIEW)
@require_GET
def staff_list(request: StaffRequest) -> HttpResponse:
    """職員の一覧: number, name, today's office and roles, state; filtered by a part of name, kana, number or office."""
    text = request.GET.get("q", "").strip()
    rows = [(row, [role_ja(r) for r in row.roles]) for row in queries.find_staff_rows(text)]
    context = {"rows": rows, "q": text, "may_manage": request.portal.may(perms.STAFF_MANAGE)}
    return render(request, "portal/staff_list.html", context)


@page(permission=perms.STAFF_MANAGE)
@require_http_methods(["GET", "POST"])
def staff_new(request: StaffRequest) -> HttpResponse:
    """職員を登録する"""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = staff.staff_take_on(**_new_staff(form), context=request.access_context)
        except KokunenError as error:
            error.field = {"new": "password", "begins_on": "on"}.get(error.field, error.field)
            add_error(form, error)
        else:
            messages.success(
                request, f"{person.name}さんを登録しました。最初のサインインでパスワードの変更が必要です。"
            )
            return redirect("portal:staff_detail", number=person.number)
    return render(request, "portal/staff_new.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=perms.STAFF_VIEW)
@require_GET
def staff_detail(request: StaffRequest, number: str) -> HttpResponse:
    """職員: postings past, present and to come; live sessions; what can be done."""
    return _detail(request, _get(number))


@page(permission=perms.STAFF_MANAGE)
@require_POST
def staff_transfer(request: StaffRequest, number: str) -> HttpResponse:
    """異動を登録する: takes effect on its day"""
    person, form = _get(number), TransferForm(request.POST)
    if not form.is_valid():
        return _detail(request, person, transfer=form, status=422)
    try:
        staff.staff_transfer(
            person,
            office_code=form.cleaned_data["office"],
            roles=form.cleaned_data["roles"],
            on=form.cleaned_data["on"],
            context=request.access_context,
        )
    except KokunenError as error:
        add_error(form, error, "on")
        return _detail(request, person, transfer=form, status=422)
    messages.success(request, "異動を登録しました。その日の0時から新しい所属になります。")
    return redirect("portal:staff_detail", number=number)


@page(permission=perms.STAFF_MANAGE)
@require_POST
def staff_stop(request: StaffRequest, number: str) -> HttpResponse:
    """利用を停止する・再開する: stopping ends the live sessions at once"""
    person, form = _get(number), StopForm(request.POST)
    if not form.is_valid():
        return _detail(request, person, stop=form, status=422)
    reason = form.cleaned_data["reason"]
    if person.is_active:
        ended = staff.staff_stop(person, reason=reason, context=request.access_context)
        messages.success(request, f"利用を停止しました。接続中の端末{ended}台を終了しました。")
    else:
        staff.staff_restart(person, reason=reason, context=request.access_context)
        messages.success(request, "利用を再開しました。")
    return redirect("portal:staff_detail", number=number)


@page(permission=perms.STAFF_MANAGE)
@require_POST
def staff_password(request: StaffRequest, number: str) -> HttpResponse:
    """パスワードを再設定する: must be changed at the next sign-in; also lifts a lock-out"""
    person, form = _get(number), PasswordResetForm(request.POST)
    if not form.is_valid():
        return _detail(request, person, reset=form, status=422)
    try:
        passwords.password_reset(person, new=form.cleaned_data["new"], context=request.access_context)
    except KokunenError as error:
        add_error(form, error)
        return _detail(request, person, reset=form, status=422)
    messages.success(request, "パスワードを再設定しました。次のサインインで本人が変更します。")
    return redirect("portal:staff_detail", number=number)


@page(permission=perms.STAFF_MANAGE)
@require_POST
def staff_passkey_remove(request: StaffRequest, number: str, passkey_id: int) -> HttpResponse:
    """パスキーを抹消する: a lost device; live sessions end at once"""
    passkeys.remove_lost(_get(number), passkey_id, context=request.access_context)
    messages.success(request, "パスキーを抹消し、接続中の端末を終了しました。")
    return redirect("portal:staff_detail", number=number)


@page(permission=perms.STAFF_VIEW)
@require_http_methods(["GET", "POST"])
def live_sessions(request: StaffRequest) -> HttpResponse:
    """接続中の端末: who is signed in where; the administrator can end a session."""
    sessions.sessions_end_stale()
    if request.method == "POST" and request.portal.may(perms.STAFF_MANAGE):
        for row in queries.find_live_sessions():
            if str(row.pk) == request.POST.get("session"):
                sessions.session_end(row, reason=EndReason.ENDED_BY_ADMINISTRATOR, by=request.user.number)
                messages.success(request, "接続を終了しました。")
        return redirect("portal:live_sessions")
    context = {
        "sessions": queries.find_live_sessions(),
        "may_manage": request.portal.may(perms.STAFF_MANAGE),
        "current": request.portal.session,
    }
    return render(request, "portal/live_sessions.html", context)


def _new_staff(form: StaffForm) -> dict[str, Any]:
    values = dict(form.cleaned_data)
    begins_on, office_code = values.pop("on"), values.pop("office")
    return {**values, "begins_on": begins_on, "office_code": office_code}


def _get(number: str) -> Staff:
    person = queries.find_staff(number)
    if person is None:
        raise Http404
    return person


def _detail(
    request: StaffRequest,
    person: Staff,
    *,
    transfer: TransferForm | None = None,
    stop: StopForm | None = None,
    reset: PasswordResetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": person,
        "postings": [(p, [role_ja(role) for role in p.roles]) for p in queries.find_all_postings(person.pk)],
        "sessions": queries.find_live_sessions([person.pk]),
        "passkeys": passkeys.passkeys_of(person),
        "transfer": transfer or TransferForm(),
        "stop": stop or StopForm(),
        "reset": reset or PasswordResetForm(),
        "may_manage": request.portal.may(perms.STAFF_MANAGE),
        "offices": office_choices(),
        "locked": queries.is_locked(person.number),
    }
    return render(request, "portal/staff_detail.html", context, status=status)
