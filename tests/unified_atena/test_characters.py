"""文字コード変換: what the other side has goes as it is, the rest is replaced and told; nothing is dropped."""

from __future__ import annotations

import pytest

from kokunen.unified_atena.characters import GETA, Rule, convert, holds


@pytest.mark.parametrize(
    ("text", "chosen", "sent", "rules"),
    [
        ("川口　太郎", {}, "川口　太郎", []),
        ("渡邉", {}, "渡邉", []),
        ("髙田", {}, "高田", [Rule.SHRINK]),
        ("髙田", {"髙": "高"}, "高田", [Rule.CHOSEN]),
        ("𠮷野", {"𠮷": "吉"}, "吉野", [Rule.CHOSEN]),
        ("𠮷野", {"𠮷": "𠮷"}, "吉野", [Rule.SHRINK]),
        ("葛\U000e0101飾", {}, "葛飾", [Rule.SELECTOR]),
        ("葛\U000e0101飾", {"葛\U000e0101": "かつ"}, "かつ飾", [Rule.CHOSEN]),
        ("外\ue000字", {}, f"外{GETA}字", [Rule.GETA]),
        ("ﾔﾏﾀﾞ-1", {}, "ﾔﾏﾀﾞ-1", []),
        ("が", {}, "が", []),
    ],
    ids=[
        "そのまま",
        "第3水準",
        "縮退",
        "市の選択",
        "市の選択2",
        "選んだ文字もない",
        "異体字",
        "異体字の選択",
        "外字",
        "半角",
        "合成",
    ],
)
def test_変換(text: str, chosen: dict[str, str], sent: str, rules: list[Rule]) -> None:
    done = convert(text, chosen)
    assert done.text == sent
    assert [one.rule for one in done.replacements] == rules
    assert all(holds(character) for character in done.text)


def test_置き換えた文字は元の文字とともに告げられる() -> None:
    (one,) = convert("髙橋", {}).replacements
    assert (one.character, one.replaced_by) == ("髙", "高")


def test_一文字も落とさない() -> None:
    text = "".join(chr(code) for code in range(0x20000, 0x20100))
    assert len(convert(text, {}).text) == len(text)
