"""書式の写し: many letters of the same form in one file, set once and filled in.

Typesetting a letter costs milliseconds, filling one in costs a fraction of one. The first letter of each *shape* (the
same form, the same lines) is set by typst with marks in place of what differs; its pages and its tags are read back
(:mod:`.shapes`) and every letter of the shape is written from them (:mod:`.writer`), with glyphs and widths of a font
subset made once for the file (:mod:`.glyphs`). The result is what typst would have set: PDF/A-2a and PDF/UA-1, each
letter with structure elements of its own. Where a form cannot be filled in (a line that depends on what stands before
it, a glyph without a character of its own) the whole file is set by typst instead.

A layout for copies takes ``data.sets`` and sets each page of a letter by ``#page(footer: ..)[..]``.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from kokunen.common_platform.printing import compiler


class Blank(str):
    """変わる語: what differs from letter to letter; everything else in the data belongs to the shape."""

    __slots__ = ()


class NotAForm(ValueError):
    """写せない書式: the layout cannot be filled in; the reason in words."""


@dataclass(frozen=True, slots=True)
class Picture:
    """変わる絵: one bit a module, rows padded to bytes, 1 is white."""

    width: int
    height: int
    rows: bytes

    def png(self) -> bytes:
        """As PNG, for typst."""
        step = (self.width + 7) // 8
        lines = b"".join(b"\0" + self.rows[at : at + step] for at in range(0, len(self.rows), step))
        head = struct.pack(">IIBBBBB", self.width, self.height, 1, 0, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + _chunk(b"IHDR", head)
            + _chunk(b"IDAT", zlib.compress(lines, 6))
            + _chunk(b"IEND", b"")
        )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@dataclass(frozen=True, slots=True)
class Filled:
    """一通: its shape and what fills it, in the order of its data."""

    key: bytes
    values: list[str | Picture]


def filled(one: Mapping[str, Any]) -> Filled:
    """形と中身に分ける."""
    values: list[str | Picture] = []
    return Filled(orjson.dumps(_split(one, values)), values)


_HERE = "\x00"  # where a value stands in the key of a shape; no text of a letter holds it


def _split(node: Any, values: list[str | Picture]) -> Any:
    kind = type(node)
    if kind is Blank:
        if not node:
            return ""
        values.append(str(node))
        return _HERE
    if kind is Picture:
        values.append(node)
        return _HERE + "picture"
    if kind is dict:
        return {name: _split(value, values) for name, value in node.items()}
    if kind is list or kind is tuple:
        return [_split(value, values) for value in node]
    return node


def marked(key: bytes, mark: Any, picture: Any) -> Any:
    """印を入れる: the data of a shape with ``mark(i)`` and ``picture(i)`` where the values stand."""
    places = iter(range(10**6))
    return _mark(orjson.loads(key), places, mark, picture)


def _mark(node: Any, places: Iterator[int], mark: Any, picture: Any) -> Any:
    if node == _HERE:
        return mark(next(places))
    if node == _HERE + "picture":
        return picture(next(places))
    if isinstance(node, dict):
        return {name: _mark(value, places, mark, picture) for name, value in node.items()}
    if isinstance(node, list):
        return [_mark(value, places, mark, picture) for value in node]
    return node


def plain(node: Any) -> Any:
    """そのままのデータ: for typst, pictures as the bytes of a PNG."""
    if isinstance(node, Picture):
        return list(node.png())
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(value) for value in node]
    return node


def render_copies(layout: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """写しを作る: PDF/A-2a + PDF/UA-1 of ``data["sets"]``, a letter each. The same data and moment give the same bytes.

    ``data`` has ``title``, ``serial`` and ``dated`` ([year, month, day]) for the file. Raises PrintError.
    """
    from kokunen.common_platform.printing import writer

    try:
        return writer.write(layout.resolve(), data, at)
    except NotAForm:
        return compiler.render(layout, plain(dict(data)), at=at)
