"""業務メニュー: the section's card and entries on the home page. Figures are links to lists already filtered."""

from __future__ import annotations

from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.ledger.access import AccessContext
from kokunen.resident_tax import perms


def _waiting(_context: AccessContext) -> list[Figure]:
    from kokunen.resident_tax.queries import home_figures

    figures = home_figures()
    return [
        Figure("承認待ちの更正", figures.changes, "/tax/changes/", "warn" if figures.changes else ""),
        Figure("取込の誤り", figures.faults, "/tax/files/", "warn" if figures.faults else ""),
        Figure("中断した処理", figures.stopped, "/tax/runs/", "bad" if figures.stopped else ""),
    ]


register_card("resident_tax.today", "個人住民税", permission=perms.INQUIRY, figures=_waiting, order=60)
register_menu("resident_tax", "個人住民税の検索", "resident_tax:search", permission=perms.INQUIRY, order=10)
register_menu("resident_tax", "課税資料の取込", "resident_tax:files", permission=perms.FILE_TAKE, order=20)
register_menu("resident_tax", "当初課税（処理状況）", "resident_tax:runs", permission=perms.INQUIRY, order=30)
register_menu("resident_tax", "更正の承認", "resident_tax:changes", permission=perms.CHANGE_PROPOSE, order=40)
register_menu("resident_tax", "扶養の突合", "resident_tax:checks", permission=perms.CHECKS, order=50)
register_menu("resident_tax", "年金特別徴収", "resident_tax:withholding", permission=perms.WITHHOLDING, order=60)
register_menu("resident_tax", "一括印刷", "resident_tax:prints", permission=perms.PRINT_SEE, order=70)
register_menu("resident_tax", "特別徴収義務者", "resident_tax:agents", permission=perms.AGENTS, order=80)
register_menu("resident_tax", "課税状況調", "resident_tax:survey", permission=perms.STATISTICS, order=90)
