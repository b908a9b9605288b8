"""業務メニュー: the card and the entries of the residents' counter. Counts only."""

from __future__ import annotations

from collections.abc import Iterable

from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry import line_queries, list_queries, perms, queries


def todays_notices(_context: AccessContext) -> Iterable[Figure]:
    """今日の住民異動: how many notices of today, planned moving out, and measures near their end."""
    counted = queries.count_today()
    yield Figure("今日の受付", sum(counted.values()))
    yield Figure("転入・出生", sum(number for code, number in counted.items() if code.startswith("1")))
    yield Figure("転出・死亡", sum(number for code, number in counted.items() if code.startswith("2")))
    yield Figure("転出予定の人", queries.count_planned_departures(), url="/residents/departures", unit="人")
    waiting = list_queries.count_waiting()
    yield Figure("決裁待ちの仮登録", waiting, tone="warn" if waiting else "", url="/residents/provisional")


def support_measures(_context: AccessContext) -> Iterable[Figure]:
    """支援措置: measures whose year ends within a month or has ended (nothing ends by itself)."""
    ending = queries.count_ending_support()
    yield Figure(
        "終了が近い・過ぎた支援措置",
        ending,
        tone="warn" if ending else "",
        url="/residents/lists/support-ending",
        unit="人",
    )


def open_messages(_context: AccessContext) -> Iterable[Figure]:
    """回線: messages that a party refused, and notices that wait for an officer."""
    refused, arrived = line_queries.count_open()
    yield Figure("拒否された電文", refused, tone="warn" if refused else "", url="/residents/lines")
    yield Figure("届いて未処理の通知", arrived, tone="warn" if arrived else "", url="/residents/lines?way=in")


register_card("resident_registry.today", "住民異動", permission=perms.NOTICE_REGISTER, order=10, figures=todays_notices)
register_card(
    "resident_registry.support", "支援措置", permission=perms.SUPPORT_MANAGE, order=30, figures=support_measures
)
register_menu("resident_registry", "住民検索", "resident_registry:search", permission=perms.RESIDENT_VIEW, order=10)
register_menu("resident_registry", "転入届", "resident_registry:move_in", permission=perms.NOTICE_REGISTER, order=11)
register_menu(
    "resident_registry",
    "職権記載",
    "resident_registry:ex_officio_entry",
    permission=perms.EX_OFFICIO_REGISTER,
    order=13,
)
register_menu(
    "resident_registry", "転出予定者", "resident_registry:departures", permission=perms.RESIDENT_VIEW, order=12
)
register_menu(
    "resident_registry",
    "証明書の交付簿",
    "resident_registry:certificate_log",
    permission=perms.CERTIFICATE_ISSUE,
    order=14,
)
register_menu(
    "resident_registry", "決裁待ちの仮登録", "resident_registry:provisional", permission=perms.NOTICE_REGISTER, order=15
)
register_menu(
    "resident_registry", "確認が必要な人の一覧", "resident_registry:lists", permission=perms.RESIDENT_VIEW, order=16
)
register_card("resident_registry.lines", "回線", permission=perms.LINES_VIEW, order=40, figures=open_messages)
register_menu("resident_registry", "回線の状況", "resident_registry:lines", permission=perms.LINES_VIEW, order=30)
register_menu(
    "resident_registry", "人口・異動の統計", "resident_registry:statistics", permission=perms.STATISTICS_VIEW, order=31
)
