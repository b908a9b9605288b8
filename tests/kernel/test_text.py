"""文字の共通部品."""

from __future__ import annotations

import pytest

from kokunen.kernel.text import character_count, strip_selectors


@pytest.mark.parametrize(
    ("text", "count"),
    [("渡辺", 2), ("渡邊\U000e0102", 2), ("𠮷田", 2), ("𠮷\U000e0100\u3000太郎", 4), ("", 0), ("\ufe00", 0)],
)
def test_文字数はセレクタを数えず符号単位でもない(text: str, count: int) -> None:
    assert character_count(text) == count


def test_セレクタだけを除く() -> None:
    assert strip_selectors("葛\U000e0101城\ufe0fゔ") == "葛城ゔ"
