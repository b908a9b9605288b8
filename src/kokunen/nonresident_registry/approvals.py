"""承認箱 (住登外管理): links of numbers, asked for or to be ended."""

from __future__ import annotations

from collections.abc import Iterator

from kokunen.common_platform.portal.approvals import Waiting, register_approvals
from kokunen.nonresident_registry import perms


def _links() -> Iterator[Waiting]:
    from kokunen.nonresident_registry.choices import LinkState
    from kokunen.nonresident_registry.models import MergeLink

    rows = MergeLink.objects.filter(state__in=(LinkState.ASKED, LinkState.ENDING)).order_by("asked_at")[:200]
    for row in rows:
        words = f"名寄せ {row.pk}" if row.state == LinkState.ASKED else f"名寄せの解除 {row.pk}"
        by = row.asked_by if row.state == LinkState.ASKED else row.end_asked_by
        yield Waiting(words, by, row.asked_at, "/nonresidents/merging/links")


register_approvals("nonresident_registry.link", "名寄せ", permission=perms.MERGE_DECIDE, waiting=_links)
