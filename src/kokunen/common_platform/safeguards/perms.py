"""権限 (保護措置の台帳): who sees and enters, who decides."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

REGISTER_ENTER = declare(
    "common_platform.safeguards.enter",
    "保護措置の台帳に登録し、手続を進める",
    roles=[
        Role.PENSION_OFFICER,
        Role.PENSION_CHIEF,
        Role.DISCLOSURE_OFFICER,
        Role.AUDITOR,
        Role.OPERATOR,
        Role.ADMINISTRATOR,
    ],
)
REGISTER_DECIDE = declare(
    "common_platform.safeguards.decide",
    "保護措置の台帳で判断・承認・署名する",
    roles=[Role.PENSION_CHIEF, Role.DISCLOSURE_OFFICER, Role.AUDITOR],
)
DELETION_RUN = declare(
    "common_platform.safeguards.delete",
    "年次の削除の候補を確定し、削除する",
    roles=[Role.PENSION_CHIEF, Role.DISCLOSURE_OFFICER],
)
LOG_REVIEW = declare("common_platform.safeguards.review", "閲覧記録を点検する", roles=[Role.AUDITOR])
FACTS_FIND = declare(
    "common_platform.safeguards.facts",
    "漏えい等の範囲を閲覧記録から特定する",
    roles=[Role.DISCLOSURE_OFFICER, Role.AUDITOR],
)
