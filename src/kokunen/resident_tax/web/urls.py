"""個人住民税のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.resident_tax.web import views_city, views_office, views_person, views_prints, views_withholding

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
    path("agents/", views_office.agent_list, name="agents"),
    path("agents/<str:number>/", views_office.agent, name="agent"),
    path("people/<str:atena_number>/family/", views_office.family, name="family"),
    path("people/<str:atena_number>/family/<int:claim_id>/withdraw/", views_office.claim_withdraw,
         name="claim_withdraw"),
    path("survey/", views_office.survey, name="survey"),
    path("survey/count/", views_office.survey_count, name="survey_count"),
    path("survey/<int:tax_year>.<str:form>", views_office.survey_file, name="survey_file"),
    path("survey/<int:tax_year>/<str:family>/<str:row>/<str:column>/", views_office.survey_people,
         name="survey_people"),
    path("prints/", views_prints.prints, name="prints"),
    path("prints/pulse/", views_prints.prints_pulse, name="prints_pulse"),
    path("prints/start/", views_prints.print_start, name="print_start"),
    path("prints/<int:run_id>/", views_prints.print_run, name="print_run"),
    path("prints/<int:run_id>/carry-on/", views_prints.print_carry_on, name="print_carry_on"),
    path("prints/<int:run_id>/parts/<int:number>.pdf", views_prints.print_part, name="print_part"),
    path("prints/letters/<int:notice_id>/reply/", views_prints.print_reply, name="print_reply"),
    path("withholding/", views_withholding.overview, name="withholding"),
    path("withholding/act/", views_withholding.act, name="withholding_act"),
    path("withholding/<int:withholding_id>/", views_withholding.one, name="withholding_one"),
]  # fmt: skip
