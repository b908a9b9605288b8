"""住所: an address in its parts, read from what people write and written as the register writes it.

Parts: 団体コード, 町字ID (アドレス・ベース・レジストリ, 7 digits), 町字, 番地 (or 番・号 where 住居表示 is in force),
方書, 郵便番号. The towns of a city are data of the city and are given to :func:`parse_address`; the kernel knows none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kokunen.kernel.errors import InputError
from kokunen.kernel.text import DASHES
from kokunen.kernel.variants import variant_key

_DASH = f"[{re.escape(DASHES)}]"
_OAZA = "大字"
_KANJI_DIGITS = "〇一二三四五六七八九"
_CHOME = re.compile(r"([0-9]+|[一二三四五六七八九十]+)(?:丁目|(?=-))")
_CHOME_END = re.compile(r"([一二三四五六七八九十]+)丁目$")
_LOT = re.compile(
    rf"(?P<a>[0-9]+)(?:番地?(?:の|{_DASH})?|{_DASH}|の)?"
    rf"(?:(?P<b>[0-9]+)(?:号|{_DASH}|の)?)?(?:(?P<c>[0-9]+)号?)?(?=\s|$|[^0-9{re.escape(DASHES)}])"
)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Address:
    """住所.

    ``municipality_code`` 6 digits ("" abroad or unknown), ``town_id`` 7 digits ("" outside the city), ``town`` 町字 as
    officially written (青木二丁目), ``lot`` 1番1号 or 123番地4, ``building`` 方書, ``postal_code`` 7 digits or "".
    """

    municipality_code: str
    town_id: str
    town: str
    lot: str = ""
    building: str = ""
    postal_code: str = ""

    def format(self, municipality: str = "", *, with_building: bool = True) -> str:
        """一行の表示: 埼玉県川口市青木二丁目1番1号　○○荘101号室; the 方書 after a full-width space."""
        line = f"{municipality}{self.town}{self.lot}"
        return f"{line}\u3000{self.building}" if with_building and self.building else line

    def __str__(self) -> str:
        return self.format()

    @property
    def search_key(self) -> str:
        """住所の検索キー of town, lot and building."""
        return address_key(self.format())


class Town(NamedTuple):
    """町字: 町字ID, official name, 郵便番号 and whether 住居表示 (番・号) is in force."""

    town_id: str
    name: str
    postal_code: str = ""
    is_block_addressed: bool = False


class TownList:
    """町字の一覧 of one municipality, found by the longest name at the start of a text."""

    def __init__(self, municipality_code: str, municipality: str, towns: Iterable[Town]) -> None:
        """``municipality`` is prefecture and city, 埼玉県川口市; both or the city alone may stand before the town."""
        self.municipality_code = municipality_code
        city = re.sub(r"^.{2,3}[都道府県]", "", municipality)
        self._prefixes = [_plain(municipality), _plain(city)]
        self._exact: dict[str, Town] = {}
        self._loose: dict[str, Town] = {}
        for town in towns:
            key = _chome_to_digits(_plain(town.name))
            self._exact.setdefault(key, town)
            self._loose.setdefault(_without_oaza(key), town)
        self._loose |= {key: town for key, town in self._exact.items() if not key.startswith(_OAZA)}

    def split(self, text: str) -> tuple[Town, str] | None:
        """町字と残り: the town at the start of ``text`` and the rest (lot and building) in plain form.

        赤井1-2 is 赤井一丁目 where that exists, 大字赤井1-2 never: who writes 大字 means it.
        """
        plain = _plain(text)
        prefix = next((p for p in self._prefixes if p and plain.startswith(p)), "")
        keyed = _chome_to_digits(plain.removeprefix(prefix))
        table = self._exact if keyed.startswith(_OAZA) else self._loose
        best = max((key for key in table if keyed.startswith(key)), key=len, default=None)
        return None if best is None else (table[best], keyed[len(best) :].lstrip().removeprefix("-"))


def _plain(text: str) -> str:
    """NFKC, ケ and ヶ alike, dashes as "-" unless they are a long mark in kana."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(_DASH, "-", re.sub(r"(?<=[ァ-ヺ])ー", "\u0000", text)).replace("\u0000", "ー")
    return text.replace("ヶ", "ケ").replace("ヵ", "カ")


def _without_oaza(text: str) -> str:
    return re.sub(rf"^{_OAZA}|(?<=[市区町村]){_OAZA}", "", text)


def _chome_to_digits(text: str) -> str:
    """二丁目 and 2丁目 and 2- all as 2-."""
    return _CHOME.sub(lambda m: f"{_number(m[1])}-", text, count=1).replace("--", "-")


def _number(text: str) -> int:
    """漢数字 up to 九十九, or digits."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, ones = text.split("十", 1)
        return (_KANJI_DIGITS.index(tens) if tens else 1) * 10 + (_KANJI_DIGITS.index(ones) if ones else 0)
    return int("".join(str(_KANJI_DIGITS.index(c)) for c in text))


def parse_address(text: str, towns: TownList, field: str = "") -> Address:
    """市内の住所を読む: 青木2-1-1 ○○荘101, 川口市青木二丁目1番1号, full or half width → parts in the official form.

    A town that the city does not have is refused; a lot is needed.
    """
    found = towns.split(re.sub(r"^〒?\s*[0-9]{3}-[0-9]{4}\s*", "", _plain(text)))
    if found is None:
        raise InputError(
            "町名が市内の町字にありません。町名から入力してください（例: 青木2-1-1）",
            field,
            "invalid_value",
            "町字の一覧から選ぶか、町名の漢字を確認してください。",
        )
    town, rest = found
    lot = _LOT.match(rest)
    if not lot:
        raise InputError(
            f"{town.name}の番地がありません。町名に続けて番地を入力してください（例: 1-1、123番地4）",
            field,
            "missing_field",
            "番地を確認してください。",
        )
    building = _SPACES.sub(" ", rest[lot.end() :].strip())
    return Address(
        towns.municipality_code,
        town.town_id,
        town.name,
        format_lot([int(n) for n in lot.group("a", "b", "c") if n], block=town.is_block_addressed),
        building,
        town.postal_code,
    )


def format_lot(numbers: list[int], *, block: bool) -> str:
    """番地の表示: block addressing (住居表示に関する法律) 1番2号, 1番2-305号; by parcel 123番地, 123番地4."""
    first, *rest = numbers
    tail = "-".join(map(str, rest))
    if block:
        return f"{first}番{tail}号" if tail else f"{first}番"
    return f"{first}番地{tail}"


def address_key(text: str) -> str:
    """住所の検索キー: 青木二丁目1番1号 and 青木２－１－１ meet; variant kanji are joined, white space is out."""
    key = _SPACES.sub("", variant_key(_chome_to_digits(_without_oaza(_plain(text)))))
    key = re.sub(r"番地の?|番の?|号室?|(?<=[0-9])の(?=[0-9])", "-", key)
    return re.sub(r"-+", "-", key).strip("-")


def parse_postal_code(text: str, field: str = "") -> str:
    """郵便番号を読む: 〒332-0031, 3320031, full width → seven digits."""
    code = re.sub(rf"[\s〒{re.escape(DASHES)}]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch("[0-9]{7}", code):
        raise InputError(
            "郵便番号を読み取れません。数字7桁で入力してください（例: 332-0031）",
            field,
            "invalid_format",
            "郵便番号を確認してください。",
        )
    return code


def format_postal_code(code: str) -> str:
    """郵便番号の表示: 〒332-0031."""
    return f"〒{code[:3]}-{code[3:]}" if code else ""
