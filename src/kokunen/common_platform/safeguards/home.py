"""業務メニュー (保護措置の台帳)"""

from __future__ import annotations

from collections.abc import Iterable

from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.common_platform.safeguards import perms, queries
from kokunen.ledger.access import AccessContext


def _figures(_context: AccessContext) -> Iterable[Figure]:
    found = queries.find_overdue()
    late = sum(one.is_overdue for one in found)
    yield Figure("期限を過ぎたもの", late, "/safeguards/", "bad" if late else "")
    yield Figure("期限の近いもの", len(found) - late, "/safeguards/", "warn" if len(found) > late else "")


register_card("safeguards.dues", "保護措置の台帳", permission=perms.REGISTER_ENTER, figures=_figures, order=800)
register_menu("common_platform", "保護措置の台帳", "safeguards:registers", permission=perms.REGISTER_ENTER, order=905)
register_menu("common_platform", "閲覧記録の点検", "safeguards:reviews", permission=perms.LOG_REVIEW, order=906)
