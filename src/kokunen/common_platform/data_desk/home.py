"""業務メニュー (共通データ)"""

from __future__ import annotations

from kokunen.common_platform.data_desk import perms
from kokunen.common_platform.portal.home import register_menu

register_menu("common_platform", "コード辞書", "data_desk:dictionaries", permission=perms.CODES_VIEW, order=810)
register_menu("common_platform", "バッチマスタ", "data_desk:generations", permission=perms.SNAPSHOTS_VIEW, order=820)
