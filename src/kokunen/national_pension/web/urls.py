"""国民年金のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.national_pension.web.views import corrections, entries, notices, people, reports, work

app_name = "national_pension"

urlpatterns = [
    path("", people.search, name="search"),
    path("work/", work.work_list, name="work_list"),
    path("work/rows/", work.work_rows, name="work_rows"),
    path("work/pulse/", work.work_pulse, name="work_pulse"),
    path("work/confirm/", work.work_confirm_many, name="work_confirm_many"),
    path("work/<int:item_id>/", work.work_item, name="work_item"),
    path("work/<int:item_id>/confirm/", work.work_confirm, name="work_confirm"),
    path("work/<int:item_id>/reject/", work.work_reject, name="work_reject"),
    path("board/", reports.board, name="board"),
    path("board/list.pdf", reports.board_pdf, name="board_pdf"),
    path("board/list.csv", reports.board_csv, name="board_csv"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/papers/", notices.notice_papers, name="notice_papers"),
    path("notices/<int:notice_id>/resend/", notices.notice_resend, name="notice_resend"),
    path("notices/<int:notice_id>/cancel/", notices.notice_cancel, name="notice_cancel"),
    path("notices/<int:notice_id>/receipt/", notices.receipt, name="receipt"),
    path("notices/<int:notice_id>/receipt.pdf", notices.receipt_pdf, name="receipt_pdf"),
    path("notices/<int:notice_id>/waive/", entries.paper_waive, name="paper_waive"),
    path("notices/<int:notice_id>/withdraw/", entries.receipt_withdraw, name="receipt_withdraw"),
    path("notices/<int:notice_id>/check/", entries.receipt_check, name="receipt_check"),
    path("notices/<int:notice_id>/decide/", entries.receipt_decide, name="receipt_decide"),
    path("notices/<int:notice_id>/form/", entries.form_print, name="form_print"),
    path("notices/<int:notice_id>/form.pdf", entries.form_pdf, name="form_pdf"),
    path("people/<str:atena_number>/forms/<str:code>/", entries.form_new, name="form_new"),
    path("people/<str:atena_number>/forms/<str:code>/examine/", entries.form_examine, name="form_examine"),
    path("report/", reports.report, name="report"),
    path("report/build/", reports.report_build, name="report_build"),
    path("report/<int:batch_id>/", reports.report_batch, name="report_batch"),
    path("report/<int:batch_id>/sign/", reports.report_sign, name="report_sign"),
    path("report/<int:batch_id>/discard/", reports.report_discard, name="report_discard"),
    path("report/<int:batch_id>/again/", reports.report_again, name="report_again"),
    path("report/<int:batch_id>/papers/<str:role>/", reports.report_paper, name="report_paper"),
    path("report/<int:batch_id>/papers/<str:role>.pdf", reports.report_paper_pdf, name="report_paper_pdf"),
    path("results/", reports.results_page, name="results"),
    path("results/<int:line_id>/settle/", reports.result_settle, name="result_settle"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("corrections/<int:proposal_id>/approve/", corrections.correction_approve, name="correction_approve"),
    path("corrections/<int:proposal_id>/refuse/", corrections.correction_refuse, name="correction_refuse"),
    path("people/<str:atena_number>/", people.person, name="person"),
    path("people/<str:atena_number>/qualification/", people.qualification, name="qualification"),
    path("people/<str:atena_number>/household/", people.household, name="household"),
    path("people/<str:atena_number>/history/", people.history, name="history"),
    path(
        "people/<str:atena_number>/qualification/<int:period_id>/correct/",
        corrections.correction_new,
        name="correction_new",
    ),
    path("people/<str:atena_number>/notices/<str:code>/", notices.notice_new, name="notice_new"),
    path("people/<str:atena_number>/notices/<str:code>/preview/", notices.notice_preview, name="notice_preview"),
]
