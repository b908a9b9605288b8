"""権限 (住登外管理): who may look, enter, see numbers, and decide on merging."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

RECORD_VIEW = declare(
    "nonresident_registry.record.view",
    "住登外者・法人を検索し、照会する",
    roles=[Role.ATENA_OFFICER, Role.TAX_OFFICER, Role.TAX_CHIEF],
)
RECORD_REGISTER = declare(
    "nonresident_registry.record.register",
    "住登外者・法人の宛名を登録し、変更する",
    roles=[Role.ATENA_OFFICER, Role.TAX_OFFICER, Role.TAX_CHIEF],
)
NUMBER_MANAGE = declare(
    "nonresident_registry.number.manage", "番号を紐付け、真正性を確認し、番号で検索する", roles=[Role.ATENA_OFFICER]
)
NUMBER_REVEAL = declare(
    "nonresident_registry.number.reveal", "個人番号を理由を付けて表示する", roles=[Role.ATENA_OFFICER]
)
MERGE_DECIDE = declare(
    "nonresident_registry.merge.decide", "名寄せと名寄せ解除を申請し、承認する", roles=[Role.ATENA_OFFICER]
)

#: 個人番号利用事務の利用目的: a number is shown for these and for nothing else (番号法9条; 評価書 I.4).
NUMBER_PURPOSES = frozenset(
    {
        "number_management",
        "tax_assessment",
        "pension_qualification",
        "pension_exemption",
        "pension_benefit",
        "pension_report",
    }
)

#: 住民票に個人番号を記載するときの利用目的 (住基法7条8号の2, 12条; 番号法の利用事務ではなく住民票の記載事項).
CERTIFICATE_PURPOSE = "resident_certificate"
