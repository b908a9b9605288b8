"""氏名: names as they are recorded, and the keys under which they are found.

Kana keys come from :mod:`.folding`, kanji keys from :mod:`.variants`. What is recorded keeps every selector and small
letter; keys exist only beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kokunen.kernel.errors import InputError
from kokunen.kernel.folding import (
    alternate_search_key,
    alternate_search_keys,
    hiragana_to_katakana,
    long_marks_to_vowels,
    search_key,
    search_keys,
)
from kokunen.kernel.text import DASHES, character_count, strip_selectors
from kokunen.kernel.variants import variant_key, variant_keys

__all__ = [
    "PersonName",
    "alternate_search_key",
    "alternate_search_keys",
    "character_count",
    "check_kana",
    "kana_sort_key",
    "romanised_key",
    "romanised_word_key",
    "search_key",
    "search_keys",
    "split_name",
    "strip_selectors",
    "to_katakana",
    "variant_key",
    "variant_keys",
]

_SPACES = re.compile(r"\s+")
_DASH_AFTER_KANA = re.compile(rf"(?<=[ァ-ヺー])[{re.escape(DASHES)}]")
_VOICING = re.compile("[\u3099\u309a]")
_NOT_NAME_KANA = re.compile(r"[^ァ-ヺー\u3000]")
_LETTERS_ONLY = re.compile(r"[^0-9A-Z ]")
_SMALL = "ァィゥェォッャュョヮヵヶ"
_LARGE = str.maketrans(_SMALL, "アイウエオツヤユヨワカケ")
_VOICE_LEVEL = re.compile("(?s:.)([\u3099\u309a])?")


def to_katakana(text: str) -> str:
    """カタカナにする: NFKC, hiragana to katakana, one full-width space between words, a dash after kana as ー."""
    kana = unicodedata.normalize("NFC", hiragana_to_katakana(unicodedata.normalize("NFKC", text)))
    kana = _DASH_AFTER_KANA.sub("ー", kana)
    return _SPACES.sub("\u3000", kana.strip())


def check_kana(text: str, field: str = "") -> str:
    """振り仮名の検査: katakana as :func:`to_katakana` gives it; any other letter is refused (戸籍法第13条第2項)."""
    kana = to_katakana(text)
    if not kana:
        raise InputError("フリガナが入力されていません", field, "missing_field", "カタカナで入力してください。")
    wrong = _NOT_NAME_KANA.search(kana)
    if wrong:
        raise InputError(
            f"フリガナに使えない文字「{wrong[0]}」があります。カタカナと長音「ー」で入力してください",
            field,
            "invalid_format",
            "漢字・英数字・記号を除いて入力し直してください。",
        )
    return kana


def kana_sort_key(text: str) -> str:
    """五十音順のキー: compares in the order of JIS X 4061 by code points (COLLATE "C").

    First the kana without voicing, small ones as large, long marks as vowels; between names equal so far 清音 before
    濁音 before 半濁音; then long mark before small before large. 氏 and 名 are compared one after the other, so
    オノ　ヨウコ stands before オノダ　アイ.
    """
    parts = unicodedata.normalize("NFD", to_katakana(text).replace("\u3000", " "))
    kana = _VOICING.sub("", parts)
    plain = long_marks_to_vowels(kana.translate(_LARGE))
    voicing = _VOICE_LEVEL.sub(lambda one: "012"[" \u3099\u309a".index(one[1] or " ")], parts)
    size = "".join("0" if c == "ー" else "1" if c in _SMALL else "2" for c in kana)
    return f"{plain}  {voicing} {size}"


def romanised_key(text: str) -> str:
    """ローマ字氏名のキー: upper case without accents and marks, one space between words, order kept."""
    plain = unicodedata.normalize("NFKD", strip_selectors(text)).upper().replace("-", " ").replace("'", "")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_LETTERS_ONLY.sub(" ", plain).split())


def romanised_word_key(text: str) -> str:
    """語順によらないキー: the words of the romanised name in alphabetical order; 氏 and 名 are often exchanged."""
    return " ".join(sorted(romanised_key(text).split()))


def split_name(name: str) -> tuple[str, str]:
    """氏と名に分ける: at the first space; a name without one is all 氏 (mononyms, names not yet given)."""
    words = name.strip().split(maxsplit=1)
    return (words[0], words[1]) if len(words) > 1 else ("".join(words), "")


@dataclass(frozen=True, slots=True)
class PersonName:
    """氏名: one person's names of one moment as recorded.

    ``full`` is 氏名 with a space between 氏 and 名 (a foreigner's in Roman letters as on the residence card),
    ``kanji`` the foreigner's name in kanji, ``former_surname`` 旧氏 (Japanese), ``alias`` 通称 (foreigners). Kana may
    be empty: a newborn's name is not yet decided, a foreigner's reading is not known.
    """

    full: str
    kana: str = ""
    kanji: str = ""
    former_surname: str = ""
    former_surname_kana: str = ""
    alias: str = ""
    alias_kana: str = ""

    def __post_init__(self) -> None:
        if self.former_surname and self.alias:
            raise InputError(
                "旧氏と通称は同時に登録できません。旧氏は日本人、通称は外国人住民の項目です",
                "alias",
                "inconsistent",
                "どちらか一方を空にしてください。",
            )

    @property
    def surname(self) -> str:
        """氏."""
        return split_name(self.full)[0]

    @property
    def given_name(self) -> str:
        """名: empty when not yet given."""
        return split_name(self.full)[1]

    @property
    def is_romanised(self) -> bool:
        """ローマ字氏名か."""
        return bool(re.search("[A-Za-zＡ-Ｚａ-ｚ]", self.full))

    def search_keys(self) -> tuple[str, ...]:
        """カナの検索キー: every distinct key the person is found under, the name's own first.

        氏名, 通称, and 旧氏 with the given name; each with and without long marks as vowels.
        """
        given = split_name(self.kana)[1]
        former = f"{self.former_surname_kana}{given}" if self.former_surname_kana else ""
        spoken = [text for text in (self.kana, former, self.alias_kana) if text]
        keys = [key(text) for text in spoken for key in (search_key, alternate_search_key)]
        return tuple(dict.fromkeys(key for key in keys if key))

    def given_name_keys(self) -> tuple[str, ...]:
        """名だけの検索キー: the reading of the given name folded alone.

        Folded with the 氏 before it, ウメ of サトウ　ウメ would have become オメ and not be found by itself.
        """
        given = split_name(self.kana)[1]
        return tuple(dict.fromkeys(key for key in (search_key(given), alternate_search_key(given)) if key))

    def variant_keys(self) -> tuple[str, ...]:
        """漢字の検索キー: keys by variant class of 氏名, 漢字氏名, 旧氏 with the given name, and 通称."""
        former = f"{self.former_surname}{self.given_name}" if self.former_surname else ""
        keys = [variant_key(text) for text in (self.full, self.kanji, former, self.alias) if text]
        return tuple(dict.fromkeys(key for key in keys if key))

    def romanised_keys(self) -> tuple[str, ...]:
        """ローマ字の検索キー: as written, and with the words in alphabetical order."""
        if not self.is_romanised:
            return ()
        return tuple(dict.fromkeys((romanised_key(self.full), romanised_word_key(self.full))))

    @property
    def sort_key(self) -> str:
        """五十音順のキー of the name's own kana."""
        return kana_sort_key(self.kana or self.alias_kana)
