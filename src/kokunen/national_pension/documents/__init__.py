"""帳票: the printed papers of the section, each a layout (`*.typ`) and the source of every field.

| paper | layout | fields from |
|---|---|---|
| 報告対象者一覧 | report_list.typ | the stored lines of the batch (what went to the Service, not what the register
says today) |
| 送付書 | cover_sheet.typ | 媒体管理簿: counts, 媒体通番, hash; the mayor's certification for facts found without a
notice (処理基準13条2) |
| 未完了の受付 一覧 | board_list.typ | the open receipts as the board shows them |
| 受付票 | receipt_slip.typ | the receipt; advice lines of the form |
| 届書 F01〜F29 | form.typ | the catalogue, the entry as known now, the resident registry |
| 裁定請求の見込み・案内票 | claim_sheet.typ | the examination of the moment |
| 勧奨状 | outreach.typ | name and address of the register; no figure |
| 照会票 | inquiry.typ | the slips that the Service has still to answer; no address |
| 継続審査の通知 | continuation.typ | name and address of the register; the reason in words |
"""

from __future__ import annotations

from kokunen.national_pension.documents.claim_sheet import claim_sheet
from kokunen.national_pension.documents.continuation import continuation_letters
from kokunen.national_pension.documents.forms import form_sheet
from kokunen.national_pension.documents.inquiry import inquiry_sheet
from kokunen.national_pension.documents.outreach import outreach_letters
from kokunen.national_pension.documents.papers import board_list, cover_sheet, receipt_slip, report_list

__all__ = [
    "board_list",
    "claim_sheet",
    "continuation_letters",
    "cover_sheet",
    "form_sheet",
    "inquiry_sheet",
    "outreach_letters",
    "receipt_slip",
    "report_list",
]
