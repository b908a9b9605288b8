"""文字 — what the medium's character set can hold, and what stands in for the rest.

CP932 as Windows writes it. Python's codec differs from it in two ways that would go unnoticed: it takes some Unicode
characters for others (WAVE DASH for FULLWIDTH TILDE), and it writes the IBM extension kanji (髙, 﨑 …) with NEC's
duplicate codes. Here a character counts as holdable only when it comes back as itself, and is written with the code
that Windows uses. Everything else needs a row in the table of agreed replacements, or stops the run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

ENCODING = "cp932"
_SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
_VOICED, _SEMI_VOICED = "ﾞ", "ﾟ"


class UndeliverableError(ValueError):
    """媒体に書けない文字 — ``characters`` lists them in order of appearance, each once."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__("".join(characters))
        self.characters = characters


@lru_cache(maxsize=1)
def _ibm_codes() -> dict[str, bytes]:
    """Characters that Python writes in NEC's rows (ED, EE) and Windows in IBM's (FA to FC)."""
    found: dict[str, bytes] = {}
    for lead in (0xFA, 0xFB, 0xFC):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            code = bytes((lead, trail))
            try:
                character = code.decode(ENCODING)
            except UnicodeDecodeError:
                continue
            if character.encode(ENCODING)[0] in (0xED, 0xEE):
                found[character] = code
    return found


@lru_cache(maxsize=65_536)
def code_of(character: str) -> bytes | None:
    """The code of one character, or None when the character set does not hold it."""
    ibm = _ibm_codes().get(character)
    if ibm is not None:
        return ibm
    try:
        code = character.encode(ENCODING)
    except UnicodeEncodeError:
        return None
    return code if code.decode(ENCODING) == character else None


def encode(text: str) -> bytes:
    """Text as bytes. Raises UndeliverableError; callers have replaced what can be replaced before."""
    codes = [code_of(character) for character in text]
    if None in codes:
        missing = dict.fromkeys(character for character, code in zip(text, codes, strict=True) if code is None)
        raise UndeliverableError(tuple(missing))
    return b"".join(code for code in codes if code is not None)


def is_selector(character: str) -> bool:
    """異体字セレクタ — does the character only choose a glyph of the one before it?"""
    return any(first <= character <= last for first, last in _SELECTORS)


@dataclass(frozen=True, slots=True)
class Gaiji:
    """外字の置換表 — agreed replacements: for full-width text, and for kana without a half-width form."""

    replacements: Mapping[str, str] = field(default_factory=dict)
    kana: Mapping[str, str] = field(default_factory=dict)
    strips_selectors: bool = True

    def text(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Full-width text for the medium, and the replacements made as (original, replacement) pairs.

        Half-width characters become their full-width forms first: that is the form of the column, no replacement.
        Raises UndeliverableError naming what neither the character set nor the table holds.
        """
        result: list[str] = []
        replaced: list[tuple[str, str]] = []
        missing: dict[str, None] = {}
        for character in _full_width(text):
            if is_selector(character) and self.strips_selectors:
                base = result[-1] if result else ""
                replaced.append((base + character, base))
            elif (code := code_of(character)) is not None and len(code) == 2:
                result.append(character)
            elif character in self.replacements:
                result.append(self.replacements[character])
                replaced.append((character, self.replacements[character]))
            else:
                missing[character] = None
        if missing:
            raise UndeliverableError(tuple(missing))
        return "".join(result), tuple(replaced)

    def half_kana(self, kana: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Half-width katakana for the medium, and the replacements made. Raises UndeliverableError for all but kana."""
        result: list[str] = []
        replaced: list[tuple[str, str]] = []
        missing: dict[str, None] = {}
        for character in unicodedata.normalize("NFKC", kana).replace("・", "･"):
            half = _HALF.get(character)
            if half is None and character in self.kana:
                half = _HALF[self.kana[character]]
                replaced.append((character, self.kana[character]))
            if half is None:
                missing[character] = None
            else:
                result.append(half)
        if missing:
            raise UndeliverableError(tuple(missing))
        return "".join(result), tuple(replaced)


def full_kana(half: str) -> str:
    """Half-width katakana back to full width (ﾔﾏﾀﾞ ﾊﾅｺ -> ヤマダ　ハナコ)."""
    return unicodedata.normalize("NFKC", half).replace(" ", "\u3000")


def _full_width(text: str) -> str:
    kana_done = "".join(_full_kana_runs(text))
    return "".join(
        "\u3000" if character == " " else chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
        for character in kana_done
    )


def _full_kana_runs(text: str) -> list[str]:
    """Half-width katakana of a text as full-width ones, voicing marks joined to their letters; the rest untouched."""
    result: list[str] = []
    for character in text:
        if not "\uff61" <= character <= "\uff9f":
            result.append(character)
        elif character in (_VOICED, _SEMI_VOICED) and result:
            mark = "\u3099" if character == _VOICED else "\u309a"
            joined = unicodedata.normalize("NFC", result[-1] + mark)
            if len(joined) == 1:
                result[-1] = joined
            else:
                result.append("゛" if character == _VOICED else "゜")
        else:
            result.append(unicodedata.normalize("NFKC", character))
    return result


def _half_table() -> dict[str, str]:
    table = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    for mark, combining in ((_VOICED, "\u3099"), (_SEMI_VOICED, "\u309a")):
        for letter, half in list(table.items()):
            joined = unicodedata.normalize("NFC", letter + combining)
            if len(letter) == 1 and len(joined) == 1 and joined != letter and len(half) == 1:
                table[joined] = half + mark
    return {**table, "･": "･", " ": " ", "\u3000": " "}


_HALF = _half_table()
