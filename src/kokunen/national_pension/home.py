"""業務メニュー: the section's cards and entries on the home page. Figures are links to lists already filtered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kokunen.common_platform.portal.home import Figure, register_card, register_menu
from kokunen.ledger.access import AccessContext
from kokunen.national_pension import perms

if TYPE_CHECKING:
    from kokunen.national_pension.queries.lists import HomeFigures


def _figures(pick: Callable[[HomeFigures], list[Figure]]) -> Callable[[AccessContext], list[Figure]]:
    def figures(_context: AccessContext) -> list[Figure]:
        from kokunen.national_pension.queries.lists import home_figures

        return pick(home_figures())

    return figures


def _today(figures: HomeFigures) -> list[Figure]:
    return [
        Figure("住民異動から", figures.from_registry, "/pension/work/", "warn" if figures.from_registry else ""),
        Figure("返戻", figures.returned, "/pension/board/?state=60", "bad" if figures.returned else ""),
        Figure("支所から確認待ち", figures.to_check, "/pension/board/?state=30", "warn" if figures.to_check else ""),
        Figure("承認待ちの訂正", figures.corrections, "/pension/corrections/", "warn" if figures.corrections else ""),
    ]


def _unfinished(figures: HomeFigures) -> list[Figure]:
    return [
        Figure(
            "本日が送付期限",
            figures.due_today,
            "/pension/board/?warning=soon&sort=due",
            "warn" if figures.due_today else "",
        ),
        Figure("送付期限を超過", figures.overdue, "/pension/board/?warning=overdue", "bad" if figures.overdue else ""),
        Figure("7日以上", figures.waiting_long, "/pension/board/?warning=long", "warn" if figures.waiting_long else ""),
    ]


def _report(figures: HomeFigures) -> list[Figure]:
    return [
        Figure("未送付", figures.to_send, "/pension/report/", "warn" if figures.to_send else ""),
        Figure("引渡し待ちの媒体", figures.built, "/pension/report/", "warn" if figures.built else ""),
        Figure("結果待ち", figures.waiting_result, "/pension/results/"),
        Figure("一致しない結果", figures.unsettled, "/pension/results/", "bad" if figures.unsettled else ""),
    ]


def _notices(figures: HomeFigures) -> list[Figure]:
    return [
        Figure("20歳到達", figures.reached_20, "/pension/work/?kind=reached_20", unit="人"),
        Figure("未加入の疑い", figures.unenrolled, "/pension/work/?kind=unenrolled", unit="人"),
    ]


register_card("national_pension.today", "今日の仕事", permission=perms.WORK_VIEW, figures=_figures(_today), order=10)
register_card(
    "national_pension.unfinished", "未完了の受付", permission=perms.WORK_VIEW, figures=_figures(_unfinished), order=20
)
register_card("national_pension.report", "報告", permission=perms.REPORT_BUILD, figures=_figures(_report), order=30)
register_card("national_pension.ahead", "お知らせ", permission=perms.WORK_VIEW, figures=_figures(_notices), order=40)

register_menu("national_pension", "国民年金の検索", "national_pension:search", permission=perms.INQUIRY, order=10)
register_menu("national_pension", "要処理事項", "national_pension:work_list", permission=perms.WORK_VIEW, order=20)
register_menu("national_pension", "20歳到達者", "national_pension:reaching_20", permission=perms.WORK_VIEW, order=25)
register_menu("national_pension", "未完了の受付", "national_pension:board", permission=perms.WORK_VIEW, order=30)
register_menu("national_pension", "報告・媒体", "national_pension:report", permission=perms.REPORT_BUILD, order=40)
register_menu("national_pension", "結果の取込", "national_pension:results", permission=perms.RESULT_TAKE, order=50)
register_menu(
    "national_pension", "資格記録の訂正", "national_pension:corrections", permission=perms.CORRECTION_PROPOSE, order=60
)
register_menu("national_pension", "照会票", "national_pension:inquiries", permission=perms.CONSULTATION, order=70)
register_menu("national_pension", "統計・勧奨", "national_pension:statistics", permission=perms.STATISTICS, order=80)
register_menu("national_pension", "法定免除の候補", "national_pension:welfare", permission=perms.WELFARE_NOTE, order=72)
register_menu("national_pension", "継続審査", "national_pension:continuation", permission=perms.CONTINUATION, order=74)
register_menu("national_pension", "窓口ごとの仕事", "national_pension:offices", permission=perms.WORK_VIEW, order=76)
