"""カナの畳み込み: the search key of a name in kana.

Rule order (SPEC 2.1.2 with this project's fixed sequence): NFKC → hiragana to katakana → white space out → ヴ group →
small to large → ヂヅヲワヰヱ to ジズオハイエ → voicing off → long marks out → ウ after an オ-row kana to オ. The
alternate key keeps a long mark as the vowel before it, so that オーノ also meets オオノ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kokunen.kernel.text import DASHES

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_VU = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"))
_SMALL_TO_LARGE = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_SAME_SOUND = dict(zip("ヂヅヲワヰヱ", "ジズオハイエ", strict=True))
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴヷヸヹヺヾゞ",
        "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウワヰヱヲヽゝ",
        strict=True,
    )
)


def _compose() -> dict[int, str | None]:
    """One translation table for the passes that look at one character only.

    A kana goes through: small to large, same sound, voicing off. Marks of voicing that stand alone are dropped.
    """
    table: dict[int, str | None] = {0x3099: None, 0x309A: None}
    for kana in [*_SMALL_TO_LARGE, *_SAME_SOUND, *_VOICED]:
        folded = _SMALL_TO_LARGE.get(kana, kana)
        folded = _SAME_SOUND.get(folded, folded)
        table[ord(kana)] = _VOICED.get(folded, folded)
    return table


_FOLD = _compose()
_WITHOUT_DASHES = _FOLD | dict.fromkeys(map(ord, DASHES))
_SPACE = re.compile(r"\s+")
_O_ROW_U = re.compile("(?<=[オコソトノホモヨロ])ウ+")
_DASH_SET = frozenset(DASHES)
_VOWEL = {
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


def hiragana_to_katakana(text: str) -> str:
    """ひらがな→カタカナ (ぁ to ゖ); nothing else is touched."""
    return text.translate(_HIRAGANA_TO_KATAKANA)


def search_key(text: str) -> str:
    """カナ検索キー: the reference key, long marks dropped. ジュウミン　タロウ → シユウミンタロオ; オーノ → オノ."""
    return _fold_u(_prepare(text).translate(_WITHOUT_DASHES))


def alternate_search_key(text: str) -> str:
    """第2の検索キー: a long mark becomes the vowel of the kana before it. オーノ → オオノ; アーー → アアア."""
    folded = _prepare(text).translate(_FOLD)
    return _fold_u(_dashes_to_vowels(folded))


def search_keys(texts: Iterable[str]) -> list[str]:
    """一括の検索キー: one key for each text in order; names repeat, so each distinct text is folded once."""
    known: dict[str, str] = {}
    keys: list[str] = []
    for text in texts:
        key = known.get(text)
        if key is None:
            key = known[text] = search_key(text)
        keys.append(key)
    return keys


def _prepare(text: str) -> str:
    text = _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_HIRAGANA_TO_KATAKANA))
    if "ヴ" in text:
        for voiced, plain in _VU:
            text = text.replace(voiced, plain)
    return text


def _dashes_to_vowels(text: str) -> str:
    if _DASH_SET.isdisjoint(text):
        return text
    out: list[str] = []
    for char in text:
        if char not in _DASH_SET:
            out.append(char)
        elif out and out[-1] in _VOWEL:
            out.append(_VOWEL[out[-1]])
    return "".join(out)


def _fold_u(text: str) -> str:
    return _O_ROW_U.sub(lambda run: "オ" * len(run[0]), text) if "ウ" in text else text
