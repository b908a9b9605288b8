"""権限 (評価書): who sees the desk, who drafts, who approves and publishes."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

DESK_VIEW = declare(
    "common_platform.assessment.view",
    "評価書の状態を見る",
    roles=[Role.PENSION_CHIEF, Role.DISCLOSURE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR],
)
VERSION_DRAFT = declare("common_platform.assessment.draft", "評価書の案を作る", roles=[Role.PENSION_CHIEF])
VERSION_PUBLISH = declare(
    "common_platform.assessment.publish", "評価書を承認し公表する", roles=[Role.DISCLOSURE_OFFICER]
)
