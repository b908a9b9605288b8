"""しきい値判断と人数の区分 (PIA指針): which assessment the law asks for, and which band a count falls in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

BASIC, PRIORITY, FULL, NONE = "基礎項目評価", "基礎項目評価及び重点項目評価", "基礎項目評価及び全項目評価", "義務なし"
HANDLERS = 500
WARN_AT = 0.95
"""Share of a band's upper edge from which a warning is given ([ours])."""


def required(subjects: int, handlers: int, serious_incident: bool) -> str:
    """しきい値判断: by people in the file, people who handle it, and a serious incident within one year."""
    stricter = handlers >= HANDLERS or serious_incident
    if subjects < 1_000:
        return NONE
    if subjects < 10_000:
        return BASIC
    if subjects < 100_000:
        return PRIORITY if stricter else BASIC
    if subjects < 300_000:
        return FULL if stricter else PRIORITY
    return FULL


@dataclass(frozen=True, slots=True)
class Band:
    """人数・項目数の区分: from `low` to below `high` (None: without end)."""

    text: str
    low: int
    high: int | None

    def holds(self, count: int) -> bool:
        """Does the count fall in this band?"""
        return count >= self.low and (self.high is None or count < self.high)

    def is_near_end(self, count: int) -> bool:
        """Within the last twentieth before the next band?"""
        return self.high is not None and self.holds(count) and count >= WARN_AT * self.high


def band(text: str) -> Band:
    """The band that an option of the form names: 10万人以上30万人未満, 50人以上100人未満, 1,000人以上, 1万人未満."""
    low = re.search(r"([\d,]+)(万?)[人項目]*以上", text)
    high = re.search(r"([\d,]+)(万?)[人項目]*未満", text)
    return Band(text, _number(low) if low else 0, _number(high) if high else None)


def band_of(options: Sequence[str], count: int) -> Band | None:
    """Which option of the form a count falls in."""
    return next((found for found in map(band, options) if found.holds(count)), None)


def _number(found: re.Match[str]) -> int:
    return int(found[1].replace(",", "")) * (10_000 if found[2] else 1)
