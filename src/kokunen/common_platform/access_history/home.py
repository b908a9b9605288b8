"""業務メニュー (閲覧記録)"""

from __future__ import annotations

from kokunen.common_platform.access_history import perms
from kokunen.common_platform.portal.home import register_menu

register_menu("common_platform", "閲覧記録", "access_history:search", permission=perms.ACCESS_HISTORY_VIEW, order=900)
