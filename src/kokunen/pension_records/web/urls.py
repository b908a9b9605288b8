"""社会保険オンラインのアドレス: the whole program; no route lists people and none takes a name."""

from __future__ import annotations

from django.urls import include, path

from kokunen.pension_records.web.views import health, inquiry, operators, reconciliation, sign_in

_PAGES = [
    path("", inquiry.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/person", sign_in.person, name="person"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("enrol", sign_in.enrol, name="enrol"),
    path("enrol/device", sign_in.enrol_device, name="enrol_device"),
    path("my/stay", sign_in.stay, name="stay"),
    path("inquiry", inquiry.inquire, name="inquire"),
    path("operators", operators.operators, name="operators"),
    path("operators/forms", operators.form_submit, name="form_submit"),
    path("operators/results", operators.results_take, name="results_take"),
    path("operators/<str:operator_id>/code", operators.code_issue, name="code_issue"),
    path("operators/<str:operator_id>/credential", operators.credential_remove, name="credential_remove"),
    path("operators/<str:operator_id>/end", operators.operator_end, name="operator_end"),
    path("operators/<str:operator_id>/unlock", operators.operator_unlock, name="operator_unlock"),
    path("reconciliation", reconciliation.reconciliation, name="reconciliation"),
    path("reconciliation/list", reconciliation.list_fetch, name="list_fetch"),
    path("reconciliation/slips", reconciliation.slip_enter, name="slip_enter"),
    path("reconciliation/check", reconciliation.day_check, name="day_check"),
    path("healthz", health.healthz, name="healthz"),
]

urlpatterns = [path("", include((_PAGES, "pension_records")))]
