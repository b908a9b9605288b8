"""業務メニュー (評価書)"""

from __future__ import annotations

from kokunen.common_platform.assessment_desk import perms
from kokunen.common_platform.portal.home import register_menu

register_menu("common_platform", "評価書", "assessment_desk:desk", permission=perms.DESK_VIEW, order=910)
