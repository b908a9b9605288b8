"""業務メニュー: the card and the entries of 団体内統合宛名. Counts only."""

from __future__ import annotations

from collections.abc import Iterable

from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.ledger.access import AccessContext
from kokunen.unified_atena import perms, queries


def line(_context: AccessContext) -> Iterable[Figure]:
    """中間サーバーとの送受信."""
    found = queries.counts()
    yield Figure("紐付の保留", found.holds, url="/unified/holds", tone="warn" if found.holds else "")
    yield Figure("送信できなかった件", found.troubled_items, url="/unified/sending/troubles",
                 tone="warn" if found.troubled_items else "")  # fmt: skip
    yield Figure("送信待ち・結果待ち", found.waiting_files + found.unanswered_files,
                 url="/unified/sending?state=waiting", unit="ファイル")  # fmt: skip
    last = found.last_comparison
    if last is not None and last.agrees is not None:
        yield Figure("照合の違い", len(last.differences), url="/unified/sending/comparisons",
                     tone="" if last.agrees else "bad")  # fmt: skip


register_card("unified_atena.line", "団体内統合宛名", permission=perms.SENDING_VIEW, order=30, figures=line)
register_menu("unified_atena", "統合宛名の照会", "unified_atena:inquiry", permission=perms.LINK_VIEW, order=50)
register_menu("unified_atena", "紐付の保留", "unified_atena:holds", permission=perms.LINK_VIEW, order=51)
register_menu("unified_atena", "中間サーバー送受信", "unified_atena:sending", permission=perms.SENDING_VIEW, order=52)
