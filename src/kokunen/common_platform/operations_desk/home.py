"""業務メニュー (運用): the operator's day."""

from __future__ import annotations

from kokunen.common_platform.operations_desk import perms
from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.ledger.access import AccessContext


def _today(_context: AccessContext) -> list[Figure]:
    from kokunen.common_platform.operations_desk.queries import home_counts

    counts = home_counts()
    return [
        Figure("未解消の警報", counts["alerts"], "/operations/alerts", "bad" if counts["alerts"] else ""),
        Figure("異常のジョブ", counts["failed"], "/operations/", "bad" if counts["failed"] else ""),
        Figure("実行中", counts["running"], "/operations/"),
        Figure("連携の保留", counts["parked"], "/operations/feeds", "warn" if counts["parked"] else ""),
        Figure("保留の連携ファイル", counts["files"], "/operations/files", "warn" if counts["files"] else ""),
    ]


register_card("operations.today", "運用", permission=perms.OPERATION_VIEW, figures=_today, order=800)
register_menu("common_platform", "ジョブ", "operations_desk:nets", permission=perms.OPERATION_VIEW, order=800)
register_menu("common_platform", "連携の状況", "operations_desk:feeds", permission=perms.OPERATION_VIEW, order=810)
register_menu("common_platform", "ファイル連携", "operations_desk:files", permission=perms.OPERATION_VIEW, order=815)
register_menu("common_platform", "資源", "operations_desk:resources", permission=perms.OPERATION_VIEW, order=820)
register_menu("common_platform", "警報", "operations_desk:alerts", permission=perms.OPERATION_VIEW, order=830)
