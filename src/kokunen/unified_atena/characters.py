"""文字コード変換 (S4-2): from the house's characters (MJ, IVS, UTF-8) to those that the other side has.

The other side reads JIS X 0213 (第1水準から第4水準). In this order: a character that it has goes as it is; a
replacement that the city has chosen (文字変換辞書 of 共通データベース); a variation selector is taken off; the first
shrink candidate of 文字情報基盤; else 〓. Never is a character dropped, and each that did not go as it is comes back
in the list. The original stays on our side: nothing is converted back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

GETA = "〓"


class Rule(StrEnum):
    """置き換えの根拠"""

    CHOSEN = "文字変換辞書"
    SELECTOR = "異体字セレクタ"
    SHRINK = "縮退候補"
    GETA = "候補なし"


@dataclass(frozen=True, slots=True)
class Replacement:
    """置き換え: what stood there (with its selector), what goes out, and by which rule."""

    character: str
    replaced_by: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Converted:
    """変換の結果"""

    text: str
    replacements: tuple[Replacement, ...]


def convert(text: str, chosen: Mapping[str, str]) -> Converted:
    """変換する. `chosen`: replacements of the city by character (or character with selector).

    >>> convert("髙田", {}).text
    '高田'
    """
    result: list[str] = []
    replaced: list[Replacement] = []
    for unit in _units(unicodedata.normalize("NFC", text)):
        if len(unit) == 1 and holds(unit):
            result.append(unit)
            continue
        one = _replace(unit, chosen)
        result.append(one.replaced_by)
        replaced.append(one)
    return Converted("".join(result), tuple(replaced))


@lru_cache(maxsize=65_536)
def holds(character: str) -> bool:
    """相手方の文字集合にあるか (JIS X 0213:2004, with the full-width and control-free ASCII forms)."""
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Cs"):
        return False
    try:
        return character.encode("euc_jis_2004").decode("euc_jis_2004") == character
    except UnicodeError:
        return False


def _units(text: str) -> list[str]:
    """Characters, each with the selectors that follow it."""
    units: list[str] = []
    for character in text:
        if units and is_selector(character):
            units[-1] += character
        else:
            units.append(character)
    return units


def is_selector(character: str) -> bool:
    """異体字セレクタか."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _replace(unit: str, chosen: Mapping[str, str]) -> Replacement:
    base = unit[0]
    if unit in chosen and all(map(holds, chosen[unit])):
        return Replacement(unit, chosen[unit], Rule.CHOSEN)
    if len(unit) > 1 and holds(base):
        return Replacement(unit, base, Rule.SELECTOR)
    if base in chosen and all(map(holds, chosen[base])):
        return Replacement(unit, chosen[base], Rule.CHOSEN)
    if (candidate := shrink(base)) is not None:
        return Replacement(unit, candidate, Rule.SHRINK)
    return Replacement(unit, GETA, Rule.GETA)


@lru_cache(maxsize=65_536)
def shrink(character: str) -> str | None:
    """縮退候補: the first one that the other side has, in the order of 文字情報基盤 縮退マップ."""
    import jntajis

    schemes = jntajis.MJShrinkSchemeCombo
    combined = (
        schemes.JIS_INCORPORATION_UCS_UNIFICATION_RULE
        | schemes.INFERENCE_BY_READING_AND_GLYPH
        | schemes.MOJ_NOTICE_582
        | schemes.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE
    )
    for candidate in jntajis.mj_shrink_candidates(character, combined):
        if candidate != character and len(candidate) == 1 and holds(candidate):
            return str(candidate)
    return None
