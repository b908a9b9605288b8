"""異体字: kanji that stand for the same name, so that 渡辺 also finds 渡邉.

A class joins the variants of one kanji by the MJ縮退マップ (文字情報技術促進協議会, CC BY-SA 2.1 JP; see
``data/kanji_variants.txt`` and ``tools/make_variants.py``). The key is for finding only: what is stored and printed
keeps its own glyph and selector.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kokunen.kernel.folding import in_chunks
from kokunen.kernel.text import read_data, strip_selectors

_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=1)
def representatives() -> Mapping[int, str]:
    """代表字の表: code point → representative of its class, for ``str.translate``; read on first use."""
    table: dict[int, str] = {}
    for line in read_data("kanji_variants.txt").splitlines():
        if not line.startswith("#"):
            table |= dict.fromkeys(map(ord, line[1:]), line[0])
    return table


def variant_key(text: str) -> str:
    """異体字検索キー: selectors and white space out, NFKC, each kanji replaced by its class representative.

    渡邉, 渡邊 and 渡辺󠄀 (with a selector) all give 渡辺. Kana and letters stay as NFKC leaves them.
    """
    plain = unicodedata.normalize("NFKC", strip_selectors(text).translate(representatives()))
    return _SPACE.sub("", plain.translate(representatives()))


def variant_keys(texts: Iterable[str]) -> list[str]:
    """一括の異体字キー: :func:`variant_key` of each text in order."""
    return in_chunks(texts, variant_key)


@lru_cache(maxsize=4096)
def variants_of(kanji: str) -> tuple[str, ...]:
    """異体字の一覧: every kanji of the same class, the representative first; the kanji alone when it has no class."""
    representative = representatives().get(ord(kanji), kanji)
    others = [chr(code) for code, head in representatives().items() if head == representative]
    return (representative, *others)
