"""続柄の語 (words): which 続柄 may stand in the register and how they are stored (住民記録システム標準仕様書1.1.11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

HEAD = "世帯主"
RELATED = "縁故者"
LODGER = "同居人"
LONGEST_CHAIN = 4
"""世代の上限: words joined by の, counted mechanically."""

CODES = {
    HEAD: "02",
    "夫": "11",
    "妻": "12",
    "夫（未届）": "13",
    "妻（未届）": "14",
    "子": "20",
    "子（子の夫）": "20",
    "子（子の妻）": "20",
    "父": "51",
    "母": "52",
    "兄": "71",
    "弟": "74",
    "姉": "81",
    "妹": "84",
    RELATED: "90",
    LODGER: "99",
}
"""続柄コード: word → two digits as text."""

SPOUSES = ("夫", "妻", "夫（未届）", "妻（未届）")
CHILDREN = ("子", "子（子の夫）", "子（子の妻）")
PARENTS = ("父", "母")
SIBLINGS = ("兄", "姉", "弟", "妹")
ALONE = (HEAD, RELATED, LODGER)

_WORD = "|".join(map(re.escape, sorted((*SPOUSES, *CHILDREN, *PARENTS, *SIBLINGS), key=len, reverse=True)))
_CHAIN = re.compile(f"(?:{_WORD})(?:の(?:{_WORD}))*")
_NEXT = re.compile(f"({_WORD})(?:の|$)")


class Reason(StrEnum):
    """使えない理由: an unknown word, or more generations than can be written."""

    UNKNOWN_WORD = "unknown_word"
    TOO_MANY_GENERATIONS = "too_many_generations"


@dataclass(frozen=True, slots=True)
class RelationCheck:
    """続柄の検査: ``codes`` head-side first, empty for an unknown word; ``suggestion`` what to write instead."""

    reason: Reason | None
    codes: tuple[str, ...]
    suggestion: str | None = None

    @property
    def valid(self) -> bool:
        """使える続柄か."""
        return self.reason is None


def split(relation: str) -> tuple[str, ...] | None:
    """続柄を語に分ける: ``夫の母`` → 夫, 母; None when a word is unknown.

    >>> split("子（子の妻）の子")
    ('子（子の妻）', '子')
    """
    if relation in ALONE:
        return (relation,)
    return tuple(_NEXT.findall(relation)) if _CHAIN.fullmatch(relation) else None


def check(relation: str) -> RelationCheck:
    """続柄を検査する."""
    words = split(relation)
    if words is None:
        return RelationCheck(Reason.UNKNOWN_WORD, ())
    codes = tuple(CODES[word] for word in words)
    if len(words) > LONGEST_CHAIN:
        return RelationCheck(Reason.TOO_MANY_GENERATIONS, codes, RELATED)
    return RelationCheck(None, codes)
