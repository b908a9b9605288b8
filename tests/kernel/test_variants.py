"""異体字: one name in many glyphs is found, different names stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel import variants
from kokunen.kernel.text import strip_selectors
from kokunen.kernel.variants import representatives, variant_key, variant_keys, variants_of

SAME = [
    ("渡辺", "渡邉"),
    ("渡辺", "渡邊"),
    ("渡辺", "渡邊\U000e0102"),
    ("渡辺", "渡𨘢"),
    ("高橋", "髙橋"),
    ("山崎", "山﨑"),
    ("浜田", "濱田"),
    ("浜田", "濵田"),
    ("斎藤", "齋藤"),
    ("斉藤", "齊藤"),
    ("吉田", "𠮷田"),
    ("土屋", "𡈽屋"),
    ("桑原", "桒原"),
    ("中島", "中嶋"),
    ("中島", "中嶌"),
    ("富田", "冨田"),
    ("桜井", "櫻井"),
    ("広瀬", "廣瀨"),
    ("渕上", "淵上"),
    ("伊藤", "伊籐"),
    ("沢田", "澤田"),
    ("国井", "國井"),
    ("徳川", "德川"),
    ("真田", "眞田"),
    ("恵子", "惠子"),
    ("柳田", "栁田"),
    ("滝川", "瀧川"),
    ("塚本", "塚本"),
    ("竜也", "龍也"),
    ("辻", "辻\U000e0101"),
    ("葛城", "葛\U000e0100城"),
    ("神谷", "神谷"),
    ("高橋 一郎", "髙橋　一郎"),
]
APART = [
    ("斎藤", "斉藤"),
    ("功", "切"),
    ("玉木", "王木"),
    ("師", "帥"),
    ("書", "昼"),
    ("宍戸", "肉戸"),
    ("伊藤", "伊勝"),
]


@pytest.mark.function("S2-4")
@pytest.mark.parametrize(("one", "other"), SAME)
def test_同じ氏名の異体字は同じ鍵(one: str, other: str) -> None:
    assert variant_key(one) == variant_key(other)


@pytest.mark.function("S2-4")
@pytest.mark.parametrize(("one", "other"), APART)
def test_違う氏名は違う鍵(one: str, other: str) -> None:
    assert variant_key(one) != variant_key(other)


def test_一字の異体字を並べる() -> None:
    found = variants_of("邉")
    assert found[0] == "辺"
    assert {"辺", "邉", "邊"} <= set(found)
    assert variants_of("あ") == ("あ",)


def test_漢字でない文字は正規化だけ() -> None:
    assert variant_key("ＡＢＣ　ｱｲｳ") == "ABCアイウ"


def test_表は一字一類で代表字は自分を代表する() -> None:
    table = representatives()
    heads = set(table.values())
    assert len(table) > 15_000
    assert not [head for head in heads if ord(head) in table]
    assert min(min(table), *map(ord, heads)) >= 0x2E80, "kanji and radicals only"


def test_表は出典と許諾を自ら述べる() -> None:
    text = (Path(variants.__file__).parent / "data" / "kanji_variants.txt").read_text(encoding="utf-8")
    head = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    assert all(word in head for word in ("MJ縮退マップ", "文字情報技術促進協議会", "CC BY-SA 2.1 JP", "Changes:"))
    assert len(text.encode()) < 200_000


NAMES = st.text(
    st.one_of(
        st.sampled_from("渡邉邊辺髙高齋斎齊斉藤籐𠮷吉\U000e0100\U000e0101 　"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0xF900, max_codepoint=0xFAFF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x2FA1D),
    ),
    max_size=10,
)


@given(NAMES)
def test_鍵の鍵は同じでセレクタに左右されない(name: str) -> None:
    key = variant_key(name)
    assert variant_key(key) == key
    assert variant_key(strip_selectors(name)) == key


@given(st.lists(NAMES, max_size=20))
def test_一括の鍵は一件ずつと同じ(names: list[str]) -> None:
    assert variant_keys(names) == [variant_key(name) for name in names]
