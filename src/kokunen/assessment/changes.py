"""変更箇所: what changed between two versions, as rows of 別添2, with a proposal about each.

Never decides alone: a change to a ※ item is proposed as formal or substantive, and a person states which and why.
`apply` leads from the old version to the new one: what the rows leave out did not change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kokunen.assessment.document import Document, Leaf, canonical, is_starred
from kokunen.assessment.wording import NOTHING, lines

BEFORE, AFTER = "事前", "事後"
OMITTED, REMOVED, ADDED = "（略）", "削除", "（追加）"


class Significance(StrEnum):
    """重要な変更の見立て."""

    NOT_STARRED = "not_starred"  # 修正: 事後 allowed
    FORMAL = "starred_formal"  # ※, looks formal: a person must say why it is no 重要な変更
    SUBSTANTIVE = "starred_substantive"  # ※: publish first, then do it


SIGNIFICANCE_JA = {
    Significance.NOT_STARRED: "※のない項目（事後の修正でよい）",
    Significance.FORMAL: "※の項目（形式的な変更の見込み。理由の記載が必要）",
    Significance.SUBSTANTIVE: "※の項目（重要な変更の見込み。公表してから実施する）",
}


@dataclass(frozen=True, slots=True)
class Change:
    """変更箇所の一行. `old` and `new` are leaves (None: not there); `before` and `after` as 別添2 prints them."""

    leaf_id: str
    place: str
    before: str
    after: str
    significance: Significance
    ground: str
    old: Leaf | None
    new: Leaf | None

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "target": self.leaf_id,
            "item": self.place,
            "before": self.before,
            "after": self.after,
            "starred": self.significance is not Significance.NOT_STARRED,
            "proposal": str(self.significance),
            "proposal_ground": self.ground,
        }


def diff(old: Document, new: Document) -> list[Change]:
    """Rows of 別添2 between two versions, in the order of the form; removed leaves at the end."""
    found = []
    for leaf_id in [*new.leaves, *(leaf_id for leaf_id in old.leaves if leaf_id not in new.leaves)]:
        before, after = old.leaves.get(leaf_id), new.leaves.get(leaf_id)
        if before and after and canonical(before.content) == canonical(after.content):
            continue
        found.append(_change(leaf_id, before, after))
    return found


def apply(changes: Iterable[Change], old: Document, edition: str) -> Document:
    """The version that these rows lead to."""
    leaves = dict(old.leaves)
    for change in changes:
        if change.new is None:
            del leaves[change.leaf_id]
        else:
            leaves[change.leaf_id] = change.new
    return Document(edition, leaves)


def significance(leaf_id: str, before: str, after: str) -> tuple[Significance, str]:
    """What a change of that leaf looks like, and why."""
    if not is_starred(leaf_id):
        return Significance.NOT_STARRED, "様式3で※の付かない項目です"
    if _plain(before) == _plain(after):
        return Significance.FORMAL, "文字の幅や句読点だけの違いです（誤記の訂正）"
    if _without_articles(before) == _without_articles(after):
        return Significance.FORMAL, "条・項・号・表の番号だけの違いです（条項ずれ）"
    if after in (NOTHING, REMOVED) or _lines_of(after) < _lines_of(before):
        return Significance.FORMAL, "記載が減るだけの変更です（リスクを下げる見込み）"
    return Significance.SUBSTANTIVE, "※の項目の中身が変わります"


def needs_reason(leaf_id: str, timing: str) -> bool:
    """※ filed 事後: a person must have stated why it is no 重要な変更."""
    return is_starred(leaf_id) and timing == AFTER


def _change(leaf_id: str, before: Leaf | None, after: Leaf | None) -> Change:
    place = (after or before or _NOBODY).place
    if before is None:
        assert after is not None
        texts = (NOTHING, "\n".join((ADDED, *lines(after))))
    elif after is None:
        texts = ("\n".join(lines(before)) or NOTHING, REMOVED)
    else:
        texts = _shortened(lines(before), lines(after))
    proposal, ground = significance(leaf_id, *texts)
    return Change(leaf_id, place, *texts, proposal, ground, before, after)


_NOBODY = Leaf("", (), "", "text", {})


def _shortened(before: list[str], after: list[str]) -> tuple[str, str]:
    """Only the lines that differ; （略） stands for the others."""
    if len(before) <= 1 and len(after) <= 1:
        return "\n".join(before) or NOTHING, "\n".join(after) or NOTHING
    return _differing(before, after), _differing(after, before)


def _differing(mine: list[str], other: list[str]) -> str:
    found: list[str] = []
    for line in mine:
        if line not in other:
            found.append(line)
        elif not found or found[-1] != OMITTED:
            found.append(OMITTED)
    return "\n".join(found) or NOTHING


def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s、。,.・:;()\[\]「」―ー—-]", "", normal)


def _without_articles(text: str) -> str:
    return re.sub(
        r"(第?\d+)(条の\d+|条|項|号)|別表(第[一二])?の?\d*(項)?|の\d+", "§", unicodedata.normalize("NFKC", text)
    )


def _lines_of(text: str) -> set[str]:
    return {line for line in text.split("\n") if line not in ("", OMITTED, NOTHING, REMOVED)}


def missing_reasons(changes: Iterable[Change], decisions: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Why a version may not be published yet: rows without timing or reason, substantive ones not filed first."""
    found = []
    for change in changes:
        decision = decisions.get(change.leaf_id, {})
        timing, reason = decision.get("timing", ""), decision.get("reason", "").strip()
        if timing not in (BEFORE, AFTER):
            found.append(f"{change.place}: 提出時期（事前・事後）が決まっていません")
        elif not reason:
            found.append(f"{change.place}: 提出時期に係る説明がありません")
        elif timing == AFTER and change.significance is Significance.SUBSTANTIVE and not decision.get("decided_by"):
            found.append(f"{change.place}: 重要な変更の見込みです。事前とするか、重要でないと判断した職員が必要です")
    return found
