"""氏名: kana as recorded, keys beside it, foreigners' names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.kernel.names import (
    PersonName,
    check_kana,
    kana_sort_key,
    romanised_key,
    romanised_word_key,
    split_name,
    to_katakana,
)


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("やまだ　たろう", "ヤマダ　タロウ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ"),
        ("  やまだ   たろう ", "ヤマダ　タロウ"),
        ("お-の　よ―こ", "オーノ　ヨーコ"),
        ("ゔぃくとりあ", "ヴィクトリア"),
        ("きゃっと", "キャット"),
    ],
)
def test_カタカナにする(text: str, kana: str) -> None:
    assert to_katakana(text) == kana
    assert to_katakana(kana) == kana


@pytest.mark.parametrize("text", ["山田　タロウ", "ヤマダ1", "YAMADA", "ヤマダ・タロウ", "-ヤマダ", "ヽヤマダ"])
def test_振り仮名に使えない文字はその字を示して断る(text: str) -> None:
    with pytest.raises(InputError, match=r"フリガナに使えない文字「.」があります。カタカナと長音") as refused:
        check_kana(text, field="kana")
    assert refused.value.field == "kana"


def test_振り仮名は空では困る() -> None:
    with pytest.raises(InputError, match="フリガナが入力されていません") as refused:
        check_kana("　")
    assert refused.value.code == "missing_field"
    assert check_kana("やまだ たろう") == "ヤマダ　タロウ"


def test_五十音順() -> None:
    ordered = [
        "アイ　ナナ",
        "オオノ　アイ",
        "オノ　アイ",
        "オノ　ヨウコ",
        "オノ　ヨーコ",
        "オノ　ヨオコ",
        "オノダ　アイ",
        "カキ　アイ",
        "カギ　アイ",
        "カッタ　アイ",
        "カツタ　アイ",
        "ガッタ　アイ",
        "ハハ　アイ",
        "ハバ　アイ",
        "ハパ　アイ",
        "ワダ　アイ",
    ]
    by_key = sorted(sorted(ordered), key=kana_sort_key)
    assert by_key == ordered


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x30FA), max_size=10))
def test_並びの鍵はひらがなでもカタカナでも同じ(text: str) -> None:
    assert kana_sort_key(text) == kana_sort_key(to_katakana(text))


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("NGUYEN VAN AN", "NGUYEN VAN AN", "AN NGUYEN VAN"),
        ("Nguyễn Văn An", "NGUYEN VAN AN", "AN NGUYEN VAN"),
        ("ｎｇｕｙｅｎ，　ｖａｎ　ａｎ", "NGUYEN VAN AN", "AN NGUYEN VAN"),
        ("O'Brien-Smith, Mary", "OBRIEN SMITH MARY", "MARY OBRIEN SMITH"),
        ("José  García", "JOSE GARCIA", "GARCIA JOSE"),
    ],
)
def test_ローマ字氏名の鍵(text: str, key: str, words: str) -> None:
    assert romanised_key(text) == key
    assert romanised_word_key(text) == words


def test_ローマ字氏名は姓名の順によらず見つかる() -> None:
    assert romanised_word_key("VAN AN NGUYEN") == romanised_word_key("Nguyen Van An")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("山田　太郎", ("山田", "太郎")),
        ("山田 太郎", ("山田", "太郎")),
        ("MARIA DA SILVA", ("MARIA", "DA SILVA")),
        ("山田", ("山田", "")),
        ("", ("", "")),
    ],
)
def test_氏と名に分ける(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


@pytest.mark.function("S2-4")
def test_旧氏でも見つかる() -> None:
    name = PersonName("佐藤　花子", "サトウ　ハナコ", former_surname="渡邉", former_surname_kana="ワタナベ")
    assert name.search_keys() == ("サトオハナコ", "ハタナヘハナコ")
    assert name.variant_keys() == ("佐藤花子", "渡辺花子")
    assert (name.surname, name.given_name) == ("佐藤", "花子")
    assert name.romanised_keys() == ()


@pytest.mark.function("S2-4")
def test_名だけでも見つかる() -> None:
    name = PersonName("佐藤　ウメ", "サトウ　ウメ")
    assert name.search_keys() == ("サトオオメ",)
    assert name.given_name_keys() == ("ウメ",)
    assert PersonName("大野　洋子", "オーノ　ヨーコ").given_name_keys() == ("ヨコ", "ヨオコ")
    assert PersonName("山田", "ヤマダ").given_name_keys() == ()


@pytest.mark.function("S2-4")
def test_通称と漢字氏名とローマ字でも見つかる() -> None:
    name = PersonName(
        "WANG XIAOMEI", "ワン　シャオメイ", kanji="王　小美", alias="大野　美香", alias_kana="オーノ　ミカ"
    )
    assert name.search_keys() == ("ハンシヤオメイ", "オノミカ", "オオノミカ")
    assert name.variant_keys() == ("WANGXIAOMEI", "王小美", "大野美香")
    assert name.romanised_keys() == ("WANG XIAOMEI",)
    assert PersonName("XIAOMEI WANG").romanised_keys() == ("XIAOMEI WANG", "WANG XIAOMEI")


def test_名未定の新生児と読みの分からない人() -> None:
    newborn = PersonName("山田")
    assert (newborn.surname, newborn.given_name, newborn.search_keys()) == ("山田", "", ())
    assert newborn.variant_keys() == ("山田",)


def test_旧氏と通称は同じ人に併存しない() -> None:
    with pytest.raises(InputError, match="旧氏と通称は同時に登録できません") as refused:
        PersonName("佐藤　花子", former_surname="渡邉", alias="大野")
    assert refused.value.code == "inconsistent"


def test_記録した字はセレクタごと残る() -> None:
    name = PersonName("渡邊\U000e0102　太郎")
    assert name.surname == "渡邊\U000e0102"
    assert name.variant_keys() == ("渡辺太郎",)


def test_並びの鍵は自分のカナ() -> None:
    assert PersonName("佐藤　花子", "サトウ　ハナコ").sort_key == kana_sort_key("サトウ　ハナコ")
    assert PersonName("LI", alias="大野", alias_kana="オオノ").sort_key == kana_sort_key("オオノ")
