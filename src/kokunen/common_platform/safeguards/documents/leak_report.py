"""漏えい等の報告の九つの事項: filled from the steps taken so far; what is not known yet says 調査中."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.common_platform.safeguards.queries import Shown
from kokunen.kernel.wareki import format_wareki

UNKNOWN = "調査中"


def nine_items(shown: Shown) -> list[list[str]]:
    """(item, words) in the order of the rule (特定個人情報GL 別添2)."""
    taken: dict[str, dict[str, Any]] = {step.action: step.content for step in shown.steps}
    scope, judge = taken.get("scope", {}), taken.get("judge", {})
    final, prevent, notify = taken.get("report_final", {}), taken.get("prevent", {}), taken.get("notify", {})
    entry = shown.entry
    types = "、".join(f"{number}号" for number in judge.get("types", []) if number != "0")
    notified = f"{notify['how']}により{int(notify['people']):,}人に通知" if notify else UNKNOWN
    known_on = format_wareki(date.fromisoformat(entry.content["known_on"]))
    outline = f"{known_on}、{entry.content['known_by']}が認知。{entry.content['what']}"
    return [
        ["1 概要", outline + (f"（類型 {types}）" if types else "")],
        ["2 特定個人情報の項目", "、".join(scope.get("items", [])) or UNKNOWN],
        ["3 本人の数", f"{int(scope['people']):,}人" if scope else UNKNOWN],
        ["4 原因", final.get("cause") or UNKNOWN],
        ["5 二次被害又はそのおそれ", final.get("damage") or UNKNOWN],
        ["6 本人への対応", notified],
        ["7 公表", final.get("publication") or UNKNOWN],
        ["8 再発防止の措置", _joined(prevent.get("done"), prevent.get("planned")) or UNKNOWN],
        ["9 その他", "高度な暗号化あり" if scope.get("encrypted") else taken.get("respond", {}).get("note") or UNKNOWN],
    ]


def _joined(done: str | None, planned: str | None) -> str:
    return "　".join(
        words for words in (f"実施済: {done}" if done else "", f"予定: {planned}" if planned else "") if words
    )
