"""期限を過ぎた受付の知らせ: nobody has to look at the board to learn that something lies in a drawer.

Each business day the chiefs of the section find a notice on their home page while a receipt is late: how many, in
which office, for how long. It names nobody; the board behind it does, for whoever may see it.
"""

from __future__ import annotations

from datetime import date

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.models import Notice
from kokunen.common_platform.portal.services.notices import notice_post
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.queries.lists import BoardFilter, board_groups, office_name_of


def tell_chiefs(today: date, context: AccessContext) -> tuple[int, int]:
    """知らせる: (late receipts, notices posted); once a day, however often it runs."""
    groups = board_groups(BoardFilter(warning="overdue"))
    total = sum(group.total for group in groups)
    title = f"期限を過ぎた受付があります（{format_wareki(today)}）"
    if not total or Notice.objects.filter(title=title, shown_from=today).exists():
        return total, 0
    by_office: dict[str, tuple[int, int]] = {}
    for group in groups:
        count, oldest = by_office.get(group.office_code, (0, 0))
        by_office[group.office_code] = (count + group.total, max(oldest, group.oldest))
    lines = [
        f"{office_name_of(code)}: {count}件（最長{oldest}日）" for code, (count, oldest) in sorted(by_office.items())
    ]
    notice_post(
        title=title,
        body=f"全部で{total}件です。業務メニューの「未完了の受付」から確認してください。\n" + "\n".join(lines),
        shown_from=today,
        shown_until=today,
        roles=[str(Role.PENSION_CHIEF)],
        is_important=True,
        context=context,
    )
    return total, 1
