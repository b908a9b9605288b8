"""カナの畳み込み: the folding table of the standard, and the passes one by one against a plain reading of the rules."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.folding import (
    alternate_search_key,
    alternate_search_keys,
    hiragana_to_katakana,
    search_key,
    search_keys,
)

TABLE = {
    "シユウミンタロオ": ["ジュウミン　タロウ", "ｼﾞｭｳﾐﾝ ﾀﾛｳ", "じゅうみん たろう", "ヂュウミン タロオ"],
    "オオノ": ["オオノ", "オウノ", "おうの"],
    "オノ": ["オーノ", "オノ", "ｵｰﾉ", "お-の", "オ―ノ", "オ─ノ", "オ━ノ", "オ−ノ", "オ－ノ", "オ‐ノ", "オ–ノ"],
    "ハタナヘ": ["ワタナベ", "ハタナベ", "わたなべ", "ﾜﾀﾅﾍﾞ"],
    "サトオ": ["サトウ", "サトオ"],
    "サト": ["サトー", "サト"],
    "キヨオコ": ["キョウコ", "キヨウコ", "キヨオコ"],
    "キヨコ": ["キヨーコ"],
    "ハイオレツト": ["ヴァイオレット", "バイオレット", "ゔぁいおれっと", "ｳﾞｧｲｵﾚｯﾄ"],
    "ヒヒアン": ["ヴィヴィアン", "ビビアン"],
    "コスエ": ["コヅエ", "コズエ", "コズヱ"],
    "カスオ": ["カヅオ", "カズヲ"],
    "マツタ": ["マッタ", "マツタ", "マツダ"],
    "フ": ["ヴ", "ブ", "ゔ"],
    "ヘホ": ["ヴェヴォ"],
    "イカカケ": ["ヰヵガヶ"],
    "オオオオ": ["オウウウ"],
    "トオオ": ["トウオ", "ドウウ"],
    "ウエノ": ["ウエノ"],
    "ロオマ": ["ロウマ"],
    "サトオメ": ["サト ウメ"],
    "é": ["é", "é"],
    "渡辺": ["渡辺"],
}
ALTERNATE = {
    "オーノ": "オオノ",
    "アーー": "アアア",
    "ーア": "ア",
    "ンーア": "ンア",
    "サトー": "サトオ",
    "コーウ": "コオオ",
    "キャーリー": "キヤアリイ",
    "ジェーン": "シエエン",
    "ルー-―ト": "ルウウウト",
    "メアリー　ジーン": "メアリイシイン",
    "Aー": "A",
    "ヷー": "ワア",
    "ヺー": "ヲオ",
}


@pytest.mark.function("S2-4")
@pytest.mark.parametrize(("text", "key"), [(text, key) for key, texts in TABLE.items() for text in texts])
def test_畳み込みの表(text: str, key: str) -> None:
    assert search_key(text) == key


@pytest.mark.function("S2-4")
@pytest.mark.parametrize(("text", "key"), ALTERNATE.items())
def test_長音を母音に読む第2のキー(text: str, key: str) -> None:
    assert alternate_search_key(text) == key


def by_the_rules(text: str, alternate: bool) -> str:
    """The nine passes of the contract in the slowest, plainest way: the reference for the fast code."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)
    text = re.sub(r"\s", "", text)
    for voiced, plain in (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ")):
        text = text.replace(voiced, plain)
    for small, large in zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True):
        text = text.replace(small, large)
    for one, other in zip("ヂヅヲワヰヱ", "ジズオハイエ", strict=True):
        text = text.replace(one, other)
    unvoiced = ""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        unvoiced += "" if char in "\u3099\u309a" else parts[0] if parts[-1] in "\u3099\u309a" else char
    out = ""
    for char in unvoiced:
        if char not in "ー-‐‑‒–—―−─━":
            out += char
        elif alternate and out:
            out += vowel(out[-1])
    folded = ""
    for char in out:
        folded += "オ" if char == "ウ" and folded and folded[-1] in "オコソトノホモヨロ" else char
    return folded


def vowel(kana: str) -> str:
    rows = {
        "ア": "アカサタナハマヤラワ",
        "イ": "イキシチニヒミリヰ",
        "ウ": "ウクスツヌフムユル",
        "エ": "エケセテネヘメレヱ",
        "オ": "オコソトノホモヨロヲ",
    }
    return next((v for v, row in rows.items() if kana in row), "")


KANA = st.text(
    st.one_of(
        st.characters(min_codepoint=0x3040, max_codepoint=0x30FF),
        st.characters(min_codepoint=0xFF61, max_codepoint=0xFF9F),
        st.sampled_from("ウオーヴァー-―− 　\u3099\u309aがっゔゞヾAzé渡\0\n"),
    ),
    max_size=14,
)


@given(KANA)
def test_速い畳み込みは規則をそのまま読んだものと同じ(text: str) -> None:
    assert search_key(text) == by_the_rules(text, alternate=False)
    assert alternate_search_key(text) == by_the_rules(text, alternate=True)


@given(st.lists(KANA, max_size=30))
def test_一括の鍵は一件ずつと同じ(texts: list[str]) -> None:
    assert search_keys(texts) == [search_key(text) for text in texts]
    assert alternate_search_keys(iter(texts)) == [alternate_search_key(text) for text in texts]


def test_まとまりの境目をまたいでも一件ずつと同じ() -> None:
    names = [f"サトウ　ウメ{'ー' * (n % 3)}" for n in range(20_000)]
    assert search_keys(names) == [search_key(name) for name in names]


@given(KANA)
def test_ひらがなとカタカナは同じ鍵(text: str) -> None:
    assert search_key(hiragana_to_katakana(text)) == search_key(text)


@given(KANA)
def test_鍵は畳み直しても変わらない(text: str) -> None:
    """A stored key may be typed back into the search box. (ヲ and ワ left by ヺ and ヷ are the one exception.)"""
    key = search_key(text)
    if not re.search("[ワヰヱヲ]", key):
        assert search_key(key) == key
