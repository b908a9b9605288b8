"""権限: who may do what with the tax, each declared once, in words.

That a change is decided by another officer than the one who drew it up is checked by the service and the database.
"""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

_SECTION = (Role.TAX_OFFICER, Role.TAX_CHIEF)

INQUIRY = declare("resident_tax.inquiry", "課税資料と税額を照会する", roles=_SECTION)
DOCUMENT_ENTER = declare("resident_tax.document.enter", "課税資料を登録・訂正・取消する", roles=_SECTION)
FILE_TAKE = declare("resident_tax.file.take", "課税資料のファイルを取り込む", roles=_SECTION)
ASSESS = declare("resident_tax.assess", "賦課期日の住民を作成し、当初課税を行う", roles=(Role.TAX_CHIEF,))
CHANGE_PROPOSE = declare("resident_tax.change.propose", "更正を起案する", roles=_SECTION)
CHANGE_APPROVE = declare("resident_tax.change.approve", "更正を決定する", roles=(Role.TAX_CHIEF,))
CERTIFICATE = declare("resident_tax.certificate", "課税証明書・所得証明書を交付する", roles=_SECTION)
CHECKS = declare("resident_tax.checks", "扶養の突合の結果を見る", roles=_SECTION)
WITHHOLDING = declare("resident_tax.withholding", "年金特別徴収の状況を見る", roles=_SECTION)
WITHHOLDING_EXCHANGE = declare(
    "resident_tax.withholding.exchange", "年金特別徴収の判定・依頼・停止・送受信を行う", roles=(Role.TAX_CHIEF,)
)
PRINT_RUN = declare("resident_tax.print_run", "通知書を一括印刷する", roles=(Role.TAX_CHIEF,))
PRINT_SEE = declare("resident_tax.print_see", "一括印刷の状況を見る", roles=_SECTION)
STATISTICS = declare("resident_tax.statistics", "課税状況調を見る・出力する", roles=_SECTION)
STATISTICS_PEOPLE = declare(
    "resident_tax.statistics.people", "課税状況調の欄から納税者の一覧を開く", roles=(Role.TAX_CHIEF,)
)
AGENTS = declare("resident_tax.agents", "特別徴収義務者を登録・照会する", roles=_SECTION)
DEPENDANTS = declare("resident_tax.dependants", "扶養・専従者を登録・取消する", roles=_SECTION)
