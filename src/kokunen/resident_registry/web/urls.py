"""住民記録のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.resident_registry.web import certificate_views as certificate
from kokunen.resident_registry.web import consistency_views as consistency
from kokunen.resident_registry.web import letter_views as letter
from kokunen.resident_registry.web import line_views as line
from kokunen.resident_registry.web import list_views as lists
from kokunen.resident_registry.web import notice_views as notice
from kokunen.resident_registry.web import statistics_views as statistics
from kokunen.resident_registry.web import views

app_name = "resident_registry"

urlpatterns = [
    path("", views.search, name="search"),
    path("departures", views.departures, name="departures"),
    path("move-in", notice.move_in, name="move_in"),
    path("move-in/preview", notice.move_in_preview, name="move_in_preview"),
    path("ex-officio-entry", notice.ex_officio_entry, name="ex_officio_entry"),
    path("ex-officio-entry/preview", notice.ex_officio_entry_preview, name="ex_officio_entry_preview"),
    path("events/<int:event_id>", notice.event, name="event"),
    path("events/<int:event_id>/receipt", notice.receipt, name="receipt"),
    path("events/<int:event_id>/receipt.pdf", notice.receipt_pdf, name="receipt_pdf"),
    path("events/<int:event_id>/cancel", notice.cancel, name="cancel"),
    path("certificates", certificate.certificate_log_of_day, name="certificate_log"),
    path("certificates/<uuid:batch>", certificate.certificate_issued, name="certificate_issued"),
    path("certificates/<uuid:batch>.pdf", certificate.certificate_pdf, name="certificate_pdf"),
    path("certificates/<int:issue_id>/change", certificate.certificate_change, name="certificate_change"),
    path("statistics", statistics.show, name="statistics"),
    path("statistics/<str:form_of_output>", statistics.output, name="statistics_output"),
    path("lines", line.lines, name="lines"),
    path("lines/kiosk", line.kiosk, name="kiosk_log"),
    path("lines/<str:party>/try", line.line_try, name="line_try"),
    path("lines/out/<int:message_id>", line.outgoing, name="line_outgoing"),
    path("lines/in/<int:message_id>", line.arrived, name="line_arrived"),
    path("consistency", consistency.checks, name="consistency"),
    path("consistency/<int:check_id>", consistency.check, name="consistency_check"),
    path("provisional", lists.provisional_list, name="provisional"),
    path("provisional/<int:entry_id>/drop", lists.provisional_drop, name="provisional_drop"),
    path("lists", lists.people_list, name="lists"),
    path("lists/<str:kind>", lists.people_list, name="list"),
    path("<str:atena_number>", views.person, name="person"),
    path("<str:atena_number>/household", views.household, name="household"),
    path("<str:atena_number>/history", views.history, name="history"),
    path("<str:atena_number>/move-out", notice.move_out, name="move_out"),
    path("<str:atena_number>/move-out/preview", notice.move_out_preview, name="move_out_preview"),
    path("<str:atena_number>/move-out-abroad", notice.move_out_abroad, name="move_out_abroad"),
    path("<str:atena_number>/move-out-abroad/preview", notice.move_out_abroad_preview, name="move_out_abroad_preview"),
    path("<str:atena_number>/relocate", notice.relocate, name="relocate"),
    path("<str:atena_number>/relocate/preview", notice.relocate_preview, name="relocate_preview"),
    path("<str:atena_number>/birth", notice.birth, name="birth"),
    path("<str:atena_number>/birth/preview", notice.birth_preview, name="birth_preview"),
    path("<str:atena_number>/death", notice.death, name="death"),
    path("<str:atena_number>/death/preview", notice.death_preview, name="death_preview"),
    path("<str:atena_number>/household/change", notice.household_change, name="household_change"),
    path(
        "<str:atena_number>/household/change/preview", notice.household_change_preview, name="household_change_preview"
    ),
    path("<str:atena_number>/departure/cancel", notice.cancel_departure, name="cancel_departure"),
    path("<str:atena_number>/remove", notice.remove, name="remove"),
    path("<str:atena_number>/remove/preview", notice.remove_preview, name="remove_preview"),
    path("<str:atena_number>/correct", notice.correct, name="correct"),
    path("<str:atena_number>/correct/preview", notice.correct_preview, name="correct_preview"),
    path("<str:atena_number>/restore", notice.restore, name="restore"),
    path("<str:atena_number>/restore/preview", notice.restore_preview, name="restore_preview"),
    path("<str:atena_number>/arrival", notice.arrival, name="arrival"),
    path("<str:atena_number>/arrival/preview", notice.arrival_preview, name="arrival_preview"),
    path("<str:atena_number>/nationality", notice.nationality, name="nationality"),
    path("<str:atena_number>/nationality/preview", notice.nationality_preview, name="nationality_preview"),
    path("<str:atena_number>/name", notice.name, name="name"),
    path("<str:atena_number>/name/preview", notice.name_preview, name="name_preview"),
    path("<str:atena_number>/former-surname", notice.former_surname, name="former_surname"),
    path("<str:atena_number>/former-surname/preview", notice.former_surname_preview, name="former_surname_preview"),
    path("<str:atena_number>/alias", notice.alias, name="alias"),
    path("<str:atena_number>/alias/preview", notice.alias_preview, name="alias_preview"),
    path("<str:atena_number>/kana", notice.kana, name="kana"),
    path("<str:atena_number>/kana/preview", notice.kana_preview, name="kana_preview"),
    path("<str:atena_number>/resident-code", notice.resident_code, name="resident_code"),
    path("<str:atena_number>/resident-code/preview", notice.resident_code_preview, name="resident_code_preview"),
    path("<str:atena_number>/certificate", certificate.certificate, name="certificate"),
    path("<str:atena_number>/letters", letter.letters, name="letters"),
    path("<str:atena_number>/letters/<str:kind>.pdf", letter.letter_pdf, name="letter_pdf"),
    path("<str:atena_number>/support/lift", certificate.lift, name="lift"),
    path("<str:atena_number>/support", notice.support, name="support"),
]
