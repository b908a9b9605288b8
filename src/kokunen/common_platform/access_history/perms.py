"""権限 (閲覧記録): who may see who has looked."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

DISCLOSURE_MAKE = declare(
    "common_platform.access_history.disclose",
    "閲覧記録の開示書を作る",
    roles=[Role.DISCLOSURE_OFFICER],
)
ACCESS_HISTORY_VIEW = declare(
    "common_platform.access_history.view",
    "本人の閲覧記録を照会する",
    roles=[Role.AUDITOR, Role.DISCLOSURE_OFFICER, Role.RESIDENT_CHIEF, Role.PENSION_CHIEF],
)
