"""媒体の文字の試験"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.counterparts.jps.characters import Gaiji, UndeliverableError, code_of, encode, full_kana
from kokunen.counterparts.jps.layout import load_layout

GAIJI = load_layout().gaiji


@pytest.mark.parametrize(
    ("character", "code"),
    [
        pytest.param("あ", "82a0", id="JIS第一水準"),
        pytest.param("髙", "fbfc", id="はしごだかはIBM拡張の符号"),
        pytest.param("﨑", "fab1", id="たつさきはIBM拡張の符号"),
        pytest.param("①", "8740", id="NEC特殊文字"),
        pytest.param("㈱", "878a", id="株はNEC特殊文字の符号"),
        pytest.param("～", "8160", id="全角チルダ"),
        pytest.param("∑", "8794", id="総和はNEC特殊文字の符号"),
    ],
)
def test_ウィンドウズと同じ符号で書く(character: str, code: str) -> None:
    assert code_of(character) == bytes.fromhex(code)


@pytest.mark.parametrize("character", ["𠮷", "〜", "−", "‖", "—", "鷗", "嘅", "😀", "é"])
def test_持てない文字は別の文字に化けない(character: str) -> None:
    assert code_of(character) is None
    with pytest.raises(UndeliverableError) as caught:
        encode("山" + character + "川" + character)
    assert caught.value.characters == (character,)


@given(st.characters())
def test_どの文字も_書ければ読み戻して同じ文字になる(character: str) -> None:
    code = code_of(character)
    assert code is None or code.decode("cp932") == character


def test_半角は全角の形にする() -> None:
    assert GAIJI.text("青木2-1-1 ABC ﾀｶﾊｼ ｶﾞｯｺｳ") == ("青木２－１－１　ＡＢＣ　タカハシ　ガッコウ", ())


@pytest.mark.control("CTL-081")
def test_置換えは表にあるものだけで_必ず控えに残る() -> None:
    assert GAIJI.text("𠮷田〜丁目") == ("吉田～丁目", (("𠮷", "吉"), ("〜", "～")))
    assert GAIJI.text("葛\U000e0100飾") == ("葛飾", (("葛\U000e0100", "葛"),))
    with pytest.raises(UndeliverableError) as caught:
        GAIJI.text("𠮷鷗𪚲")
    assert caught.value.characters == ("鷗", "𪚲")


def test_置換えの表が空なら異体字も止まる() -> None:
    with pytest.raises(UndeliverableError):
        Gaiji(strips_selectors=False).text("葛\U000e0100")


@pytest.mark.parametrize(
    ("kana", "half"),
    [
        ("タカハシ　ハナコ", "ﾀｶﾊｼ ﾊﾅｺ"),
        ("ガギグゲゴ　パピプペポ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"),
        ("ヴァン　チャー", "ｳﾞｧﾝ ﾁｬｰ"),
        ("ジョン・スミス", "ｼﾞｮﾝ･ｽﾐｽ"),
        ("ﾀﾞ ｱ", "ﾀﾞ ｱ"),
    ],
)
def test_片仮名は半角にして_戻せる(kana: str, half: str) -> None:
    assert GAIJI.half_kana(kana) == (half, ())
    assert GAIJI.half_kana(full_kana(half)) == (half, ())


def test_半角の形がない片仮名は表により置き換え_仮名以外は断る() -> None:
    assert GAIJI.half_kana("ヰノウエ") == ("ｲﾉｳｴ", (("ヰ", "イ"),))
    with pytest.raises(UndeliverableError) as caught:
        GAIJI.half_kana("タナカA太ひ")
    assert caught.value.characters == ("A", "太", "ひ")


@given(st.text(alphabet="".join(chr(code) for code in range(0x30A1, 0x30F7)) + "ーヴ　", min_size=1))
def test_片仮名はすべて半角にでき_読み戻して同じ読みになる(kana: str) -> None:
    half, _ = GAIJI.half_kana(kana)
    assert len(half.encode("cp932")) == len(half)
    assert GAIJI.half_kana(full_kana(half)) == (half, ())
