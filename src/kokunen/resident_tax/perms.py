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
