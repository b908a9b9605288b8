"""権限: who in the city may do what with the pension records, each permission declared once, in words.

The branches receive notices and look things up; they build no report and approve no correction. Corrections,
cancellations and the hand-over of media need a chief beside the officer; that the two are different people is checked
by the services and by the database, not here.
"""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

_COUNTER = (Role.PENSION_OFFICER, Role.PENSION_CHIEF, Role.PENSION_BRANCH)
_SECTION = (Role.PENSION_OFFICER, Role.PENSION_CHIEF)

INQUIRY = declare("national_pension.inquiry", "被保険者の資格を照会する", roles=_COUNTER)
WORK_VIEW = declare("national_pension.work.view", "要処理事項と未完了の受付を見る", roles=_COUNTER)
WORK_DECIDE = declare("national_pension.work.decide", "要処理事項を確定する、処理不要とする", roles=_COUNTER)
NOTICE_REGISTER = declare("national_pension.notice.register", "国民年金の届出を登録する", roles=_COUNTER)
EXEMPTION_REGISTER = declare(
    "national_pension.exemption.register", "免除・納付猶予・学生納付特例の申請を受け付ける", roles=_COUNTER
)
EXEMPTION_RESULT = declare("national_pension.exemption.result", "免除の裁定結果を記録する", roles=_SECTION)
# the whole city at once: the purpose is the chief's (評価書 III.3)
INCOME_ANSWER = declare("national_pension.income.answer", "所得情報の提供依頼に回答する", roles=(Role.PENSION_CHIEF,))
NOTICE_CANCEL = declare("national_pension.notice.cancel", "登録した届出を取り消す", roles=_SECTION)
RECEIPT_CHECK = declare("national_pension.receipt.check", "支所の受付を主管課で確認する", roles=_SECTION)
CORRECTION_PROPOSE = declare("national_pension.correction.propose", "資格記録の訂正を起案する", roles=_SECTION)
CORRECTION_APPROVE = declare(
    "national_pension.correction.approve", "資格記録の訂正を承認する", roles=(Role.PENSION_CHIEF,)
)
REPORT_BUILD = declare("national_pension.report.build", "日本年金機構への報告を作成する", roles=_SECTION)
REPORT_HAND_OVER = declare("national_pension.report.hand_over", "報告の媒体を引き渡す", roles=_SECTION)
RESULT_TAKE = declare("national_pension.result.take", "日本年金機構の処理結果を取り込む", roles=_SECTION)
CONSULTATION = declare("national_pension.consultation", "年金相談・記録の確認・照会票を記入する", roles=_COUNTER)
INQUIRY_SEND = declare("national_pension.inquiry.send", "照会票を年金事務所へ送り、回答を記入する", roles=_SECTION)
CLAIM_EXAMINE = declare("national_pension.claim.examine", "裁定請求の見込みを調べる", roles=_COUNTER)
STATISTICS = declare("national_pension.statistics", "国民年金の統計と交付金の件数を見る", roles=_SECTION)
OUTREACH = declare("national_pension.outreach", "勧奨状を作成し、結果を記入する", roles=_SECTION)
WELFARE_NOTE = declare("national_pension.welfare.note", "生活保護の通知を記録し、処理する", roles=_SECTION)
CONTINUATION = declare("national_pension.continuation", "継続審査を進め、通知と結果を記録する", roles=_SECTION)
