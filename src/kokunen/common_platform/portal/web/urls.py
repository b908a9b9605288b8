"""ポータルのアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.portal.web.views import (
    desk,
    entry,
    health,
    home,
    passkeys,
    password,
    practice,
    sign_in,
    staff,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/passkey", sign_in.sign_in_passkey, name="sign_in_passkey"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("password", password.password_change, name="password_change"),
    path("my/sessions", home.my_sessions, name="my_sessions"),
    path("my/passkeys", passkeys.passkeys, name="passkeys"),
    path("my/passkeys/device", passkeys.passkey_device, name="passkey_device"),
    path("my/passkeys/<int:passkey_id>/remove", passkeys.passkey_remove, name="passkey_remove"),
    path("my/posting", home.switch_posting, name="switch_posting"),
    path("my/purpose", home.purpose_of_the_day, name="purpose"),
    path("my/stay", home.stay, name="stay"),
    path("my/draft", entry.draft, name="draft"),
    path("notices", desk.notice_list, name="notices"),
    path("notices/new", desk.notice_new, name="notice_new"),
    path("notices/<int:notice_id>/withdraw", desk.notice_withdraw, name="notice_withdraw"),
    path("approvals", desk.approvals, name="approvals"),
    path("my/outbox", desk.outbox_list, name="outbox"),
    path("my/outbox/<int:file_id>", desk.outbox_fetch, name="outbox_fetch"),
    path("my/settings", desk.my_settings, name="my_settings"),
    path("manual/<slug:chapter>", desk.manual, name="manual"),
    path("labels", desk.label_new, name="labels"),
    path("staff-file", desk.personnel_file, name="personnel"),
    path("practice", practice.practice, name="practice"),
    path("practice/effects", practice.practice_effects, name="practice_effects"),
    path("practice/parts", practice.practice_parts, name="practice_parts"),
    path("echo/date", entry.echo_date, name="echo_date"),
    path("echo/age", entry.echo_age, name="echo_age"),
    path("echo/number", entry.echo_number, name="echo_number"),
    path("staff", staff.staff_list, name="staff_list"),
    path("staff/new", staff.staff_new, name="staff_new"),
    path("staff/<str:number>", staff.staff_detail, name="staff_detail"),
    path("staff/<str:number>/transfer", staff.staff_transfer, name="staff_transfer"),
    path("staff/<str:number>/stop", staff.staff_stop, name="staff_stop"),
    path("staff/<str:number>/password", staff.staff_password, name="staff_password"),
    path("staff/<str:number>/passkeys/<int:passkey_id>", staff.staff_passkey_remove, name="staff_passkey_remove"),
    path("sessions", staff.live_sessions, name="live_sessions"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
]
