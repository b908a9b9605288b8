"""項目の型 — how one item of the layout becomes one or more columns, and back.

Each type is strict in both directions: what it writes it reads back as the same value, and it reads nothing that it
would not have written. A blank item is the type's number of empty columns; it is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from .characters import Gaiji, UndeliverableError, code_of, full_kana

Value = str | int | bool | date
Replacements = list[tuple[str, str]]


class FieldError(ValueError):
    """項目の誤り — code: missing, too_long, bad_value or undeliverable_character; the message never holds the value."""

    def __init__(self, code: str, message: str, hint: str, characters: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.characters = characters


class FieldType(Protocol):
    """型 — ``width`` is the number of columns."""

    @property
    def width(self) -> int: ...

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        """Columns of a value; replacements made are appended. Raises FieldError."""

    def decode(self, columns: Sequence[str]) -> Value:
        """Value of columns that are not all empty. Raises FieldError."""

    def describe(self) -> str:
        """The form in Japanese, for the printed layout."""


def _bad(right: str) -> FieldError:
    return FieldError("bad_value", f"値の形が違います。{right}", f"{right}に直してください。")


def _too_long(length: int, maximum: int, unit: str = "文字") -> FieldError:
    return FieldError(
        "too_long",
        f"長すぎます（{length}{unit}、上限{maximum}{unit}）",
        f"{maximum}{unit}以内の略した表記を選ぶか、紙の届書で送ってください。",
    )


@dataclass(frozen=True, slots=True)
class Digits:
    """数字 — exactly ``length`` digits; a number code, never a quantity."""

    length: int
    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        text = str(value)
        if not re.fullmatch(rf"[0-9]{{{self.length}}}", text, re.ASCII):
            raise _bad(self.describe())
        return (text,)

    def decode(self, columns: Sequence[str]) -> str:
        return self.encode(columns[0], [])[0]

    def describe(self) -> str:
        return f"半角数字{self.length}桁"


@dataclass(frozen=True, slots=True)
class Number:
    """数量 — a whole number from 0, without leading zeros."""

    max_digits: int
    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0 or len(str(value)) > self.max_digits:
            raise _bad(self.describe())
        return (str(value),)

    def decode(self, columns: Sequence[str]) -> int:
        if not re.fullmatch(rf"0|[1-9][0-9]{{0,{self.max_digits - 1}}}", columns[0], re.ASCII):
            raise _bad(self.describe())
        return int(columns[0])

    def describe(self) -> str:
        return f"0以上の整数（{self.max_digits}桁以内、前ゼロなし）"


@dataclass(frozen=True, slots=True)
class Token:
    """記号 — letters, digits, hyphen, dot and underscore, ``min`` to ``max`` of them."""

    max: int
    min: int = 1
    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        text = str(value)
        if not re.fullmatch(rf"[A-Za-z0-9._-]{{{self.min},{self.max}}}", text, re.ASCII):
            raise _bad(self.describe())
        return (text,)

    def decode(self, columns: Sequence[str]) -> str:
        return self.encode(columns[0], [])[0]

    def describe(self) -> str:
        span = f"{self.max}字" if self.min == self.max else f"{self.min}〜{self.max}字"
        return f"半角英数字と-._（{span}）"


@dataclass(frozen=True, slots=True)
class Const:
    """固定値 — always the same."""

    value: str
    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        if value != self.value:
            raise _bad(self.describe())
        return (self.value,)

    def decode(self, columns: Sequence[str]) -> str:
        return self.encode(columns[0], [])[0]

    def describe(self) -> str:
        return f"固定値 {self.value}"


@dataclass(frozen=True, slots=True)
class Code:
    """コード — a value of a table; ``written`` maps the city's value to the one on the medium."""

    table: str
    written: Mapping[str, str]
    labels: Mapping[str, str]
    width: int = 1
    _read: Mapping[str, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        reverse = {written: own for own, written in self.written.items()}
        if len(reverse) != len(self.written):
            raise ValueError(f"table {self.table}: two values are written alike")
        object.__setattr__(self, "_read", reverse)

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        own = str(int(value)) if isinstance(value, bool) else str(value)
        if own not in self.written:
            raise _bad(self.describe())
        return (self.written[own],)

    def decode(self, columns: Sequence[str]) -> str:
        if columns[0] not in self._read:
            raise _bad(self.describe())
        return self._read[columns[0]]

    def describe(self) -> str:
        return "コード（" + "、".join(f"{self.written[own]}:{label}" for own, label in self.labels.items()) + "）"


@dataclass(frozen=True, slots=True)
class Text:
    """全角文字 — every character two bytes; half-width ones are written in their full-width form."""

    max: int
    gaiji: Gaiji
    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        try:
            text, changes = self.gaiji.text(str(value).strip(" \u3000"))
        except UndeliverableError as error:
            raise _undeliverable(error) from None
        if len(text) > self.max:
            raise _too_long(len(text), self.max)
        replaced.extend(changes)
        return (text,)

    def decode(self, columns: Sequence[str]) -> str:
        text = columns[0]
        codes = [code_of(character) for character in text]
        if any(code is None or len(code) != 2 for code in codes) or text != text.strip(" \u3000"):
            raise _bad(self.describe())
        if len(text) > self.max:
            raise _too_long(len(text), self.max)
        return text

    def describe(self) -> str:
        return f"全角{self.max}文字以内（{self.max * 2}バイト）"


@dataclass(frozen=True, slots=True)
class Kana:
    """半角カナ — half-width katakana, one half-width space between family and given name."""

    max: int
    gaiji: Gaiji
    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        try:
            half, changes = self.gaiji.half_kana(str(value))
        except UndeliverableError as error:
            raise _undeliverable(error) from None
        half = " ".join(half.split())
        if len(half) > self.max:
            raise _too_long(len(half), self.max)
        replaced.extend(changes)
        return (half,)

    def decode(self, columns: Sequence[str]) -> str:
        kana = full_kana(columns[0])
        changes: Replacements = []
        if self.encode(kana, changes) != tuple(columns) or changes:
            raise _bad(self.describe())
        return kana

    def describe(self) -> str:
        return f"半角カナ{self.max}文字以内（濁点・半濁点も1文字、姓と名の間は半角空白1つ）"


@dataclass(frozen=True, slots=True)
class Era:
    """元号 — its code on the medium and its first day."""

    code: str
    name: str
    first_day: date


@dataclass(frozen=True, slots=True)
class EraDate:
    """元号の日付 — the era's code in one column, YYMMDD (or YYMM) of the era year in the next."""

    eras: tuple[Era, ...]  # oldest first
    with_day: bool = True
    width: int = 2

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        first_day = self.eras[0].first_day if self.with_day else self.eras[0].first_day.replace(day=1)
        if not isinstance(value, date) or value < first_day:
            raise _bad(self.describe())
        era = next(era for era in reversed(self.eras) if era.first_day <= self._first_of(value, era))
        year = value.year - era.first_day.year + 1
        return era.code, f"{year:02}{value.month:02}{value.day:02}" if self.with_day else f"{year:02}{value.month:02}"

    def _first_of(self, value: date, era: Era) -> date:
        """A month belongs to the era of its last day that the era can claim: 2019-05 is 令和, 1989-01 is 平成."""
        if self.with_day or (value.year, value.month) != (era.first_day.year, era.first_day.month):
            return value
        return era.first_day

    def decode(self, columns: Sequence[str]) -> date:
        era = next((era for era in self.eras if era.code == columns[0]), None)
        form = r"[0-9]{6}" if self.with_day else r"[0-9]{4}"
        if era is None or not re.fullmatch(form, columns[1], re.ASCII):
            raise _bad(self.describe())
        text = columns[1] if self.with_day else columns[1] + "01"
        try:
            value = date(era.first_day.year + int(text[:2]) - 1, int(text[2:4]), int(text[4:6]))
        except ValueError:
            raise _bad("実在する年月日") from None
        if self.encode(value, []) != tuple(columns):
            raise _bad("元号の期間内の年月日")
        return value

    def describe(self) -> str:
        codes = "、".join(f"{era.code}:{era.name}" for era in self.eras)
        return f"元号（{codes}）と{'YYMMDD' if self.with_day else 'YYMM'}の2列"


@dataclass(frozen=True, slots=True)
class WesternDate:
    """西暦の日付 — YYYYMMDD."""

    width: int = 1

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        if not isinstance(value, date):
            raise _bad(self.describe())
        return (f"{value:%Y%m%d}",)

    def decode(self, columns: Sequence[str]) -> date:
        text = columns[0]
        if not re.fullmatch(r"[0-9]{8}", text, re.ASCII):
            raise _bad(self.describe())
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            raise _bad("実在する年月日") from None

    def describe(self) -> str:
        return "西暦YYYYMMDD"


@dataclass(frozen=True, slots=True)
class SplitDigits:
    """分割した数字 — one number in several columns (基礎年金番号 4 + 6, 郵便番号 3 + 4)."""

    parts: tuple[int, ...]

    @property
    def width(self) -> int:
        return len(self.parts)

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        text = str(value)
        if not re.fullmatch(rf"[0-9]{{{sum(self.parts)}}}", text, re.ASCII):
            raise _bad(self.describe())
        starts = [sum(self.parts[:index]) for index in range(len(self.parts))]
        return tuple(text[start : start + length] for start, length in zip(starts, self.parts, strict=True))

    def decode(self, columns: Sequence[str]) -> str:
        if any(len(column) != length for column, length in zip(columns, self.parts, strict=True)):
            raise _bad(self.describe())
        return "".join(self.encode("".join(columns), []))

    def describe(self) -> str:
        return f"半角数字{' + '.join(map(str, self.parts))}桁の{len(self.parts)}列"


@dataclass(frozen=True, slots=True)
class Phone:
    """電話番号 — three columns of digits; the value carries hyphens."""

    width: int = 3

    def encode(self, value: Value, replaced: Replacements) -> tuple[str, ...]:
        parts = tuple(str(value).split("-"))
        if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,5}", part, re.ASCII) for part in parts):
            raise _bad(self.describe())
        return parts

    def decode(self, columns: Sequence[str]) -> str:
        return "-".join(self.encode("-".join(columns), []))

    def describe(self) -> str:
        return "半角数字（各5桁以内）の3列"


def _undeliverable(error: UndeliverableError) -> FieldError:
    listed = "、".join(f"{character}（U+{ord(character):04X}）" for character in error.characters)
    return FieldError(
        "undeliverable_character",
        f"媒体の文字コードにない文字があります: {listed}",
        "外字の置換表に登録するか、表記を選び直すか、紙の届書で送ってください。",
        error.characters,
    )
