"""業務メニュー: the card and the entries of 宛名管理. Counts only."""

from __future__ import annotations

from collections.abc import Iterable

from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry import perms, queries


def waiting(_context: AccessContext) -> Iterable[Figure]:
    """名寄せと番号の確認待ち."""
    counted = queries.counts()
    yield Figure("名寄せ候補", counted["proposals"], url="/nonresidents/merging")
    yield Figure("承認待ちの名寄せ", counted["asked"], url="/nonresidents/merging/links")
    yield Figure("真正性の未確認", counted["unchecked"])


register_card("nonresident_registry.waiting", "宛名管理", permission=perms.MERGE_DECIDE, order=20, figures=waiting)
register_menu(
    "nonresident_registry", "住登外検索", "nonresident_registry:search", permission=perms.RECORD_VIEW, order=40
)
register_menu(
    "nonresident_registry", "番号の照会", "nonresident_registry:inquiry", permission=perms.NUMBER_MANAGE, order=41
)
register_menu(
    "nonresident_registry", "名寄せ", "nonresident_registry:proposals", permission=perms.MERGE_DECIDE, order=42
)
