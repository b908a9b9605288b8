"""個人住民税のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.resident_tax.web import views_city, views_person, views_withholding

app_name = "resident_tax"

urlpatterns = [
    path("", views_person.search, name="search"),
    path("people/<str:atena_number>/", views_person.person, name="person"),
    path("people/<str:atena_number>/documents/<str:kind>/", views_person.document_new, name="document_new"),
    path("people/<str:atena_number>/documents/<int:document_id>/withdraw/", views_person.document_withdraw,
         name="document_withdraw"),
    path("people/<str:atena_number>/<int:tax_year>/play/", views_person.play, name="play"),
    path("people/<str:atena_number>/<int:tax_year>/play/result/", views_person.play_result, name="play_result"),
    path("people/<str:atena_number>/<int:tax_year>/change/", views_person.change_new, name="change_new"),
    path("people/<str:atena_number>/<int:tax_year>/papers/<str:paper>/", views_person.paper, name="paper"),
    path("people/<str:atena_number>/<int:tax_year>/papers/<str:paper>.pdf", views_person.paper_pdf, name="paper_pdf"),
    path("changes/", views_city.change_list, name="changes"),
    path("changes/<int:change_id>/approve/", views_city.change_approve, name="change_approve"),
    path("changes/<int:change_id>/refuse/", views_city.change_refuse, name="change_refuse"),
    path("changes/<int:change_id>/resolution.pdf", views_city.resolution_pdf, name="resolution_pdf"),
    path("files/", views_city.files, name="files"),
    path("files/<int:file_id>/", views_city.file_faults, name="file_faults"),
    path("runs/", views_city.runs, name="runs"),
    path("runs/pulse/", views_city.runs_pulse, name="runs_pulse"),
    path("runs/taxpayers/", views_city.take_taxpayers, name="take_taxpayers"),
    path("runs/start/", views_city.run_start, name="run_start"),
    path("runs/<int:run_id>/carry-on/", views_city.run_carry_on, name="run_carry_on"),
    path("checks/", views_city.checks, name="checks"),
    path("withholding/", views_withholding.overview, name="withholding"),
    path("withholding/act/", views_withholding.act, name="withholding_act"),
    path("withholding/<int:withholding_id>/", views_withholding.one, name="withholding_one"),
]  # fmt: skip
