"""文字の共通部品: dash look-alikes, variation selectors, and the kernel's own data files."""

from __future__ import annotations

import os
import re
import unicodedata

DASHES = "ー-‐‑‒–—―−─━"
"""横線: the long mark and everything that is typed in its place, as they stand after NFKC."""

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def strip_selectors(text: str) -> str:
    """異体字セレクタを除く: for searching and counting; what is stored keeps its selectors."""
    return _SELECTORS.sub("", text)


def character_count(text: str) -> int:
    """文字数: code points without selectors. 𠮷 is one character, and so is a kanji with its selector."""
    return len(strip_selectors(text))


def unregistered_letters(text: str) -> str:
    """登録されていない文字（外字）: letters of the private use area and unassigned ones, each once, in their order."""
    return "".join(dict.fromkeys(one for one in text if unicodedata.category(one) in ("Co", "Cn", "Cs")))


def with_geta(text: str) -> str:
    """登録されていない文字をゲタ（〓）にする: how a sheet shows what no font of the city has."""
    return "".join("〓" if unicodedata.category(one) in ("Co", "Cn", "Cs") else one for one in text)


def read_data(name: str) -> str:
    """核のデータ: the text of a file under ``kernel/data`` (importlib.resources would cost 20 ms)."""
    with open(os.path.join(os.path.dirname(__file__), "data", name), encoding="utf-8") as file:
        return file.read()
