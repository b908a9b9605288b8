"""カナの畳み込み: the search key of a name in kana.

Rule order (SPEC 2.1.2 with this project's fixed sequence): NFKC → hiragana to katakana → white space out → ヴ group →
small to large → ヂヅヲワヰヱ to ジズオハイエ → voicing off → long marks out → ウ after an オ-row kana to オ. The
alternate key keeps a long mark as the vowel before it, so that オーノ also meets オオノ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import islice

from kokunen.kernel.text import DASHES

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_VU_PAIRS = {"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ", "ぁ": "バ", "ぃ": "ビ", "ぇ": "ベ", "ぉ": "ボ"}
_SMALL_TO_LARGE = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_SAME_SOUND = dict(zip("ヂヅヲワヰヱ", "ジズオハイエ", strict=True))
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴヷヸヹヺヾゞ",
        "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウワヰヱヲヽゝ",
        strict=True,
    )
)
_VOICING_MARKS = (0x3099, 0x309A)


def _fold_table() -> dict[int, str | None]:
    """One translation table for the passes that look at one character only.

    A kana goes through hiragana to katakana, ヴ to ブ, small to large, same sound, voicing off, in this order.
    """
    table: dict[int, str | None] = dict.fromkeys(_VOICING_MARKS)
    for code in [*_HIRAGANA_TO_KATAKANA, *map(ord, [*_SMALL_TO_LARGE, *_SAME_SOUND, *_VOICED])]:
        kana = chr(_HIRAGANA_TO_KATAKANA.get(code, code))
        kana = "ブ" if kana == "ヴ" else kana
        kana = _SMALL_TO_LARGE.get(kana, kana)
        kana = _SAME_SOUND.get(kana, kana)
        table[code] = _VOICED.get(kana, kana)
    return table


_FOLD = _fold_table()
_WITHOUT_DASHES = _FOLD | dict.fromkeys(map(ord, DASHES))
_SPACE = re.compile(r"\s+")
_VU = re.compile("[ヴゔ]([ァィェォぁぃぇぉ])")
_O_ROW_U = re.compile("(?<=[オコソトノホモヨロ])ウ+")
_DASH_RUN = re.compile(f"[{re.escape(DASHES)}]+")
VOWEL_OF = {
    kana: vowel
    for vowel, row in {
        "ア": "アカサタナハマヤラワ",
        "イ": "イキシチニヒミリヰ",
        "ウ": "ウクスツヌフムユル",
        "エ": "エケセテネヘメレヱ",
        "オ": "オコソトノホモヨロヲ",
    }.items()
    for kana in row
}
"""母音: large unvoiced kana → its vowel; ン has none."""

_BETWEEN = "\0"
"""Stands between texts that are folded together: no pass touches it or reaches across it."""
_CHUNK = 8192


def hiragana_to_katakana(text: str) -> str:
    """ひらがな→カタカナ (ぁ to ゖ); nothing else is touched."""
    return text.translate(_HIRAGANA_TO_KATAKANA)


def search_key(text: str) -> str:
    """カナ検索キー: the reference key, long marks dropped. ジュウミン　タロウ → シユウミンタロオ; オーノ → オノ."""
    return _fold_u(_prepare(text).translate(_WITHOUT_DASHES))


def alternate_search_key(text: str) -> str:
    """第2の検索キー: a long mark becomes the vowel of the kana before it. オーノ → オオノ; アーー → アアア."""
    return _fold_u(long_marks_to_vowels(_prepare(text).translate(_FOLD)))


def search_keys(texts: Iterable[str]) -> list[str]:
    """一括の検索キー: :func:`search_key` of each text in order, many times as fast as one by one."""
    return in_chunks(texts, search_key)


def alternate_search_keys(texts: Iterable[str]) -> list[str]:
    """一括の第2の検索キー: :func:`alternate_search_key` of each text in order."""
    return in_chunks(texts, alternate_search_key)


def in_chunks(texts: Iterable[str], fold: Callable[[str], str]) -> list[str]:
    """まとめて畳み込む: fold thousands of texts as one string, for folds that work within a word.

    A text that holds the separator itself is folded alone.
    """
    keys: list[str] = []
    rest = iter(texts)
    while chunk := list(islice(rest, _CHUNK)):
        folded = fold(_BETWEEN.join(chunk)).split(_BETWEEN)
        keys.extend(folded if len(folded) == len(chunk) else map(fold, chunk))
    return keys


def long_marks_to_vowels(text: str) -> str:
    """長音を母音に: each long mark as the vowel of the folded kana before the run, or nothing when it gives none."""
    return _DASH_RUN.sub(lambda run: VOWEL_OF.get(text[run.start() - 1 : run.start()], "") * len(run[0]), text)


def _prepare(text: str) -> str:
    text = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    return _VU.sub(lambda pair: _VU_PAIRS[pair[1]], text)


def _fold_u(text: str) -> str:
    return _O_ROW_U.sub(lambda run: "オ" * len(run[0]), text)
