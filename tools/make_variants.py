"""異体字表を作る: writes src/kokunen/kernel/data/kanji_variants.txt from the MJ maps carried by jntajis-python.

Run when the maps or the local rows change:  python tools/make_variants.py
The big package is needed only here; the program itself reads the slim file.

How classes are made: every kanji is joined (union-find) with what 縮退マップ gives for it by
戸籍統一文字・戸籍法関連通達 and by JIS包摂規準. A kanji with several candidates joins them only when they already are
one class by other rows; else it is left to the table of the first candidate as a mere member, so that 㓛 does not make
切 and 功 the same. A kanji in no class so far takes its only candidate by 法務省告示582号別表第四 (names of
foreigners) or by reading and glyph. Local rows add and separate what an office of names needs. The representative is
the kanji of the lowest JIS level to which most others lead.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from jntajis import MJShrinkSchemeCombo as Scheme
from jntajis import mj_shrink_candidates

TARGET = Path(__file__).parents[1] / "src/kokunen/kernel/data/kanji_variants.txt"
RANGES = ((0x2E80, 0x2FE0), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x33480))
STRONG = Scheme.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE | Scheme.JIS_INCORPORATION_UCS_UNIFICATION_RULE
WEAK = (Scheme.MOJ_NOTICE_582, Scheme.INFERENCE_BY_READING_AND_GLYPH)

LOCAL_JOINS = ("籐藤",)
"""The standard's own example (SPEC 2.1.3) that the map does not hold."""
KEPT_APART = ("功切", "宍肉", "玉王", "師帥", "書昼", "吊弔", "着著")
"""Different names in use that the map would join through a rare glyph."""

HEADER = """\
# 異体字の類: one class of kanji variants a line, its representative first.
# Made by tools/make_variants.py; do not edit.
# Adapted from MJ縮退マップ and MJ文字一覧表 (文字情報技術促進協議会 / 独立行政法人情報処理推進機構),
# https://moji.or.jp/mojikiban/map/
# Licence of those tables and of this file: CC BY-SA 2.1 JP, https://creativecommons.org/licenses/by-sa/2.1/jp/
# Changes: candidates joined to classes, rows added and separated as the tool says. For searching only, not printing.
"""


class Classes:
    """類: a union-find over kanji that keeps certain kanji apart."""

    def __init__(self, kept_apart: tuple[str, ...]) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, str] = {}
        self._enemies = [set(pair) for pair in kept_apart]

    def find(self, kanji: str) -> str:
        while (parent := self._parent.get(kanji, kanji)) != kanji:
            kanji = parent
        return kanji

    def members(self, kanji: str) -> str:
        root = self.find(kanji)
        return self._members.get(root, root)

    def join(self, one: str, other: str) -> None:
        a, b = self.find(one), self.find(other)
        together = self.members(a) + self.members(b)
        if a == b or any(enemies <= set(together) for enemies in self._enemies):
            return
        self._parent[a] = b
        self._members[b] = together

    def all(self) -> Iterator[str]:
        yield from (self._members[root] for root in self._members if self.find(root) == root)


def candidates(kanji: str, scheme: Scheme) -> list[str]:
    return [c for c in dict.fromkeys(mj_shrink_candidates(kanji, scheme)) if c != kanji and len(c) == 1]


def standing(kanji: str) -> tuple[int, int]:
    """Smaller is more usual: JIS level 1, level 2, the rest."""
    try:
        encoded = kanji.encode("euc_jp")
    except UnicodeEncodeError:
        return (3, ord(kanji))
    if len(encoded) != 2:
        return (2, ord(kanji))
    return (0 if encoded[0] <= 0xCF else 1, ord(kanji))


def build() -> list[str]:
    kanji = [chr(code) for first, end in RANGES for code in range(first, end)]
    classes = Classes(KEPT_APART)
    several: list[tuple[str, list[str]]] = []
    for one in kanji:
        found = candidates(one, STRONG)
        if len(found) == 1:
            classes.join(one, found[0])
        elif found:
            several.append((one, found))
    for one, found in several:
        if len({classes.find(c) for c in found}) == 1:
            classes.join(one, found[0])
    single = defaultdict(str, {one: found[0] for one, found in several})
    for one in kanji:
        if len(classes.members(one)) == 1 and standing(one)[0] >= 2:
            weak = [[single[one]]] if single[one] else [candidates(one, scheme) for scheme in WEAK]
            only = next((found[0] for found in weak if len(found) == 1), None)
            if only:
                classes.join(one, only)
    for row in LOCAL_JOINS:
        for other in row[1:]:
            classes.join(row[0], other)
    wanted = Counter(found[0] for one in kanji if (found := candidates(one, STRONG)))

    def rank(one: str) -> tuple[int, int, int]:
        level, code = standing(one)
        return level, -wanted[one], code

    return sorted("".join(sorted(members, key=rank)) for members in classes.all())


def main() -> int:
    rows = build()
    TARGET.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} classes, {sum(map(len, rows))} kanji, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
