"""行を読む (lines): JSON Lines in UTF-8, one object a line, read exactly.

A byte order mark at the start and CRLF are accepted, blank lines are passed over but counted. Numbers stay exact:
whole numbers are ``int``, anything with a fraction or an exponent is an ``InexactNumber`` that no field accepts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from kokunen.law.interface.errors import Code, InexactNumber, LineError
from kokunen.law.interface.fields import join

LONGEST_LINE = 8 * 1024 * 1024
"""一行の上限: a longer line is refused whole, so that memory stays bounded whatever is sent."""

_BOM = b"\xef\xbb\xbf"
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Line:
    """一行: its 1-based number in the input and its bytes; ``None`` when it was too long to keep."""

    number: int
    content: bytes | None


def read_lines(source: BinaryIO) -> Iterator[Line]:
    """空行を除く各行, in order."""
    number = 0
    while piece := source.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            piece = piece.removeprefix(_BOM)
        if len(piece) > LONGEST_LINE and not piece.endswith(b"\n"):
            while piece and not piece.endswith(b"\n"):
                piece = source.readline(LONGEST_LINE)
            yield Line(number, None)
        elif content := piece.strip():
            yield Line(number, content)


def parse(line: Line) -> tuple[dict[str, Any], str | None]:
    """一行をオブジェクトにする.

    Returns the object and the path of the first key that is given twice in one object, if any. Raises ``LineError``
    (``invalid_json``) for what is not UTF-8, not JSON or not an object.
    """
    if line.content is None:
        raise _unreadable(f"1行は{LONGEST_LINE // 1024 // 1024}MiB以内で書いてください")
    try:
        text = line.content.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable("文字コードをUTF-8にしてください") from None
    doubled: list[bool] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        collected = dict(pairs)
        if len(collected) != len(pairs):
            doubled.append(True)
        return collected

    value = _load(text, collect)
    if not isinstance(value, dict):
        raise _unreadable("1行に1つのJSONオブジェクト（{ }）を書いてください")
    return value, _first_duplicate(_load(text, _Pairs), "") if doubled else None


class _Pairs(list[tuple[str, Any]]):
    """An object as the pairs that were written, kept only to find a key that is given twice."""


def _load(text: str, collect: Any) -> Any:
    try:
        value = json.loads(
            text,
            object_pairs_hook=collect,
            parse_int=_whole,
            parse_float=InexactNumber,
            parse_constant=_no_number,
        )
        if "\\u" in text:
            _refuse_half_characters(value)
    except (ValueError, RecursionError):
        raise _unreadable("1行に1つのJSONオブジェクトを書いてください") from None
    return value


def _whole(text: str) -> int:
    """A whole number of any length; beyond forty digits only its size matters, it is out of every range."""
    return int(text[:_LONGEST_NUMBER])


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _refuse_half_characters(value: Any) -> None:
    """An escaped half of a surrogate pair is no character and cannot be written in UTF-8."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, dict):
        for key, inner in value.items():
            key.encode("utf-8")
            _refuse_half_characters(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_half_characters(inner)


def _first_duplicate(value: Any, path: str) -> str | None:
    """The path of the first key, in the order written, that stood in its object before."""
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, inner in value:
            if key in seen:
                return join(path, key)
            seen.add(key)
            if (found := _first_duplicate(inner, join(path, key))) is not None:
                return found
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if (found := _first_duplicate(inner, f"{path}[{index}]")) is not None:
                return found
    return None


def _unreadable(hint: str) -> LineError:
    return LineError(Code.INVALID_JSON, "", f"この行をJSONとして読めません。{hint}")
