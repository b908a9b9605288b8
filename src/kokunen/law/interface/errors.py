"""行の誤り (line errors): what is wrong with one input line, in the words of the contract and of an officer."""

from __future__ import annotations

import json
import re
import unicodedata
from enum import StrEnum
from typing import Any

_TWELVE_DIGITS = re.compile(r"(?:\d[\s\W_]*){11}\d")
_LONGEST_ECHO = 40


class Code(StrEnum):
    """誤りの種類: the codes a line can be refused with."""

    INVALID_JSON = "invalid_json"
    MISSING_FIELD = "missing_field"
    UNKNOWN_FIELD = "unknown_field"
    DUPLICATE_FIELD = "duplicate_field"
    INVALID_TYPE = "invalid_type"
    INVALID_VALUE = "invalid_value"
    INVALID_FORMAT = "invalid_format"
    OUT_OF_RANGE = "out_of_range"
    INCONSISTENT = "inconsistent"


class LineError(Exception):
    """行の誤り: raised while a line is read or evaluated; evaluation goes on with the next line.

    ``field`` is the path of the field (``events[0].type``), empty when the line as a whole is wrong.
    """

    def __init__(self, code: Code, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message

    def as_json(self) -> dict[str, str]:
        """The ``error`` object of the answer."""
        return {"code": str(self.code), "field": self.field, "message": self.message}


class InexactNumber:
    """小数・指数表記の数: a JSON number with a fraction or an exponent, kept as the text that was typed."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def shown(value: Any) -> str:
    """入力値の表示: the value as it may be repeated to a person, at most 40 characters.

    Twelve digits in a row, however separated, may be a 個人番号 and are never repeated.

    >>> shown(-1)
    '（入力値: -1）'
    >>> shown("1234-5678-9018")
    '（入力値は表示しません）'
    """
    text = _text_of(value)
    if _TWELVE_DIGITS.search(unicodedata.normalize("NFKC", text)):
        return "（入力値は表示しません）"
    return f"（入力値: {text[:_LONGEST_ECHO]}{'…' if len(text) > _LONGEST_ECHO else ''}）"


def _text_of(value: Any) -> str:
    if isinstance(value, InexactNumber):
        return value.text
    if isinstance(value, str):
        return value if value else "空文字列"
    if isinstance(value, dict):
        return "オブジェクト"
    if isinstance(value, list):
        return "配列"
    return json.dumps(value)
