"""書式の形: pages and tags of one letter, read back from what typst has set with marks.

Each shape is set twice, with short and with long marks: a line that begins at the same place both times is set from
the left, one that ends at the same place from the right. A line without a mark that moves depends on another one and
cannot be filled in.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import pikepdf

from kokunen.common_platform.printing import compiler, copies
from kokunen.common_platform.printing.copies import NotAForm, Picture

_DIGITS = "〇一二三四五六七八九"
_SIGN = "鑿"  # no form of the city hall prints it
_MARK = re.compile(f"{_SIGN}([{_DIGITS}]{{3}}){_SIGN}+")
_LONGER = 2  # ems between a short and a long mark
_NEAR = 0.02  # points
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # a shape has no date of its own
Piece = str | int
"""A text as it stands, or the index of a value."""


@dataclass(frozen=True, slots=True)
class Run:
    """一続きの字: in ``face`` of ``size`` points; ``anchor`` 0 from the left, 1 from the right, 0.5 centred.

    ``x`` is the left end with short marks, in points from the left edge of the page.
    """

    face: str
    size: float
    x: float
    y: float
    anchor: float
    pieces: tuple[Piece, ...]
    before: bytes


@dataclass(frozen=True, slots=True)
class Code:
    """絵の場所: the value that is drawn into the unit square of the operators before it."""

    value: int


Part = bytes | Run | Code


@dataclass(frozen=True, slots=True)
class Element:
    """構造要素: type and attributes; kids are marked contents (page, number) or (-1, index of another element)."""

    kind: str
    attributes: bytes
    alternative: tuple[Piece, ...] | None
    page: int
    kids: tuple[tuple[int, int], ...]
    parent: int


@dataclass(frozen=True, slots=True)
class Shape:
    """形: parts of each page, elements (parents before their kids), the element of every marked content of a page."""

    pages: tuple[tuple[Part, ...], ...]
    elements: tuple[Element, ...]
    owners: tuple[tuple[int, ...], ...]
    characters: Mapping[str, str]


def shape_of(layout: Path, common: Mapping[str, Any], key: bytes) -> Shape:
    """形を読む: set once and remembered; NotAForm where it cannot be filled in."""
    found = _remembered(layout, orjson.dumps(dict(common)), key)
    if isinstance(found, str):
        raise NotAForm(found)
    return found


@lru_cache(maxsize=512)
def _remembered(layout: Path, common: bytes, key: bytes) -> Shape | str:
    sets = [copies.marked(key, lambda i, more=more: _mark(i, more), _dot) for more in (0, _LONGER)]
    content = compiler.render(layout, copies.plain({**orjson.loads(common), "sets": sets}), at=_ANY_DAY)
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return _read(document)
    except NotAForm as error:
        return str(error)


def _mark(index: int, more: int) -> str:
    return _SIGN + "".join(_DIGITS[int(digit)] for digit in f"{index:03}") + _SIGN * (1 + more)


def _dot(index: int) -> Picture:
    """A picture that is known by its width."""
    return Picture(index + 1, 1, b"\0" * ((index + 8) // 8))


def _pieces(text: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for place, part in enumerate(_MARK.split(text)):
        if place % 2:
            found.append(int("".join(str(_DIGITS.index(digit)) for digit in part)))
        elif part:
            found.append(part)
    return tuple(found)


# --- pages ------------------------------------------------------------------------------------------------------------


def _read(document: pikepdf.Pdf) -> Shape:
    count, odd = divmod(len(document.pages), 2)
    if odd:
        raise NotAForm("長さによってページ数が変わる")
    fonts: dict[tuple[int, ...], _Font] = {}
    read = [_page(page, fonts) for page in document.pages]
    pages = tuple(_compared(short, long) for short, long in zip(read[:count], read[count:], strict=True))
    elements, owners = _elements(document, count)
    characters: dict[str, set[str]] = {}
    for page in pages:
        for part in page:
            if isinstance(part, Run):
                characters.setdefault(part.face, set()).update(*(piece for piece in part.pieces if type(piece) is str))
    return Shape(pages, elements, owners, {face: "".join(sorted(found)) for face, found in characters.items()})


@dataclass(frozen=True, slots=True)
class _Font:
    face: str
    texts: Mapping[int, str]


def font_of(obj: Any, known: dict[tuple[int, ...], _Font]) -> _Font:
    """字体: its name without the tag of the subset, and the text of each of its codes."""
    key = tuple(obj.objgen)
    if key not in known:
        known[key] = _Font(str(obj.BaseFont).rpartition("+")[2].lstrip("/"), to_unicode(obj.ToUnicode.read_bytes()))
    return known[key]


def to_unicode(cmap: bytes) -> dict[int, str]:
    """ToUnicode: code → text, of bfchar and bfrange."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = bytes.fromhex(text.decode()).decode("utf-16-be")
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return found


def _page(page: pikepdf.Page, fonts: dict[tuple[int, ...], _Font]) -> list[Any]:
    """The page as parts: bytes of operators, runs of text (x still the left end), codes."""
    parts: list[Any] = []
    waiting: list[Any] = []
    moved: Any = []
    waiting_at = 0
    font, size, text = "", 0.0, list[str]()
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = list(instruction.operands), str(instruction.operator)
        if operator == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/Alt" in operands[1]:
            operands[1] = pikepdf.Dictionary(MCID=operands[1].MCID)  # the element says it
        if operator == "cm":
            moved, waiting_at = operands, len(waiting)
        if operator == "Tf":
            font, size = str(operands[0]), float(operands[1])
        elif operator in ("TJ", "Tj"):
            text.append(_text(operands[0], font_of(page.Resources.Font[font], fonts)))
        elif operator == "ET":
            before = waiting[waiting_at + 1 :]
            parts.append(pikepdf.unparse_content_stream(waiting[:waiting_at]) + b"\n")
            parts.append(
                Run(font_of(page.Resources.Font[font], fonts).face, size, float(moved[4]), float(moved[5]), 0,
                    ("".join(text),), pikepdf.unparse_content_stream(before) + b"\n")
            )  # fmt: skip
            waiting, text = [], []
        elif operator == "Do":
            parts.append(pikepdf.unparse_content_stream(waiting) + b"\n")
            parts.append(Code(int(page.Resources.XObject[str(operands[0])].Width) - 1))
            waiting = []
        elif operator not in ("BT", "Tr", "Tm"):
            waiting.append((operands, instruction.operator))
    parts.append(pikepdf.unparse_content_stream(waiting) + b"\n")
    return parts


def _text(operand: Any, font: _Font) -> str:
    strings: list[Any] = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    found = []
    for one in strings:
        if not isinstance(one, pikepdf.String):
            if abs(float(one)) > 1:
                raise NotAForm("字間の詰まる語がある")
            continue
        raw = bytes(one)
        for at in range(0, len(raw), 2):
            if (text := font.texts.get(raw[at] << 8 | raw[at + 1])) is None:
                raise NotAForm("字にならない形がある")
            found.append(text)
    return "".join(found)


def _compared(short: list[Any], long: list[Any]) -> tuple[Part, ...]:
    """Both settings of a page: what stands still, what moves and how."""
    if len(short) != len(long):
        raise NotAForm("長さによって行が変わる")
    return tuple(_one(a, b) for a, b in zip(short, long, strict=True))


def _one(short: Any, long: Any) -> Part:
    if not isinstance(short, Run):
        if short != long:
            raise NotAForm("長さによって線が変わる")
        part: Part = short
        return part
    pieces, moved = _pieces(str(short.pieces[0])), long.x - short.x
    blanks = sum(type(piece) is int for piece in pieces)
    if pieces != _pieces(str(long.pieces[0])) or abs(long.y - short.y) > _NEAR:
        raise NotAForm("長さによって行が変わる")
    grown = blanks * _LONGER * short.size
    anchor = 0.0
    if abs(moved) > _NEAR:
        anchor = -moved / grown if grown else -1
    if min(abs(anchor - whole) for whole in (0, 0.5, 1)) > 0.01:
        raise NotAForm(f"前の語の長さによって動く行がある: {short.pieces[0]}")
    anchor = round(anchor * 2) / 2
    # x stays the left end of the short setting: how wide that is the writer knows, who has the widths.
    return Run(short.face, short.size, short.x, short.y, anchor, pieces, short.before)


def short_marks(pieces: tuple[Piece, ...]) -> int:
    """印の幅: of the short setting of a run, in ems."""
    return 5 * sum(type(piece) is int for piece in pieces)


# --- tags -------------------------------------------------------------------------------------------------------------


def _elements(document: pikepdf.Pdf, count: int) -> tuple[tuple[Element, ...], tuple[tuple[int, ...], ...]]:
    """構造要素 of the first setting: those of its pages and of no other."""
    numbers = {tuple(page.obj.objgen): index for index, page in enumerate(document.pages)}
    found: list[Element] = []
    (whole,) = document.Root.StructTreeRoot.K
    for child in whole.K:
        pages = set(_pages_of(child, numbers, 0))
        if not pages:
            continue
        if min(pages) < count <= max(pages):
            raise NotAForm("二通にまたがる構造要素がある")
        if max(pages) < count:
            _gather(child, -1, numbers, found)
    owners: list[dict[int, int]] = [{} for _ in range(count)]
    for index, element in enumerate(found):
        for page, number in element.kids:
            if page >= 0:
                owners[page][number] = index
    if any(sorted(own) != list(range(len(own))) for own in owners):
        raise NotAForm("構造要素のない内容がある")
    return tuple(found), tuple(tuple(own[number] for number in range(len(own))) for own in owners)


def _pages_of(node: Any, numbers: Mapping[tuple[int, ...], int], page: int) -> list[int]:
    found = []
    if isinstance(node, pikepdf.Dictionary):
        if "/Pg" in node:
            page = numbers[tuple(node.Pg.objgen)]
        kids: Any = node.get("/K", [])
        if str(node.get("/Type", "")) == "/MCR":
            return [page]
        listed: list[Any] = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        for kid in listed:
            found += [page] if isinstance(kid, int) else _pages_of(kid, numbers, page)
    return found


def _gather(node: Any, parent: int, numbers: Mapping[tuple[int, ...], int], found: list[Element]) -> None:
    own, page = len(found), numbers[tuple(node.Pg.objgen)] if "/Pg" in node else 0
    alternative = _pieces(str(node.Alt)) if "/Alt" in node else None
    found.append(Element("", b"", None, page, (), parent))
    kids: list[tuple[int, int]] = []
    raw: Any = node.get("/K", [])
    listed: list[Any] = list(raw) if isinstance(raw, pikepdf.Array) else [raw]
    for kid in listed:
        if isinstance(kid, int):
            kids.append((page, kid))
        elif str(kid.get("/Type", "")) == "/MCR":
            kids.append((numbers[tuple(kid.Pg.objgen)] if "/Pg" in kid else page, int(kid.MCID)))
        else:
            kids.append((-1, len(found)))
            _gather(kid, own, numbers, found)
    found[own] = Element(str(node.S), _attributes(node), alternative, page, tuple(kids), parent)


def _attributes(node: Any) -> bytes:
    """A and T as they stand; the ids of header cells are left out, since a scope says as much."""
    written = b""
    if "/A" in node:
        kept = []
        listed: list[Any] = list(node.A) if isinstance(node.A, pikepdf.Array) else [node.A]
        for one in listed:
            entries = {name: value for name, value in one.items() if name != "/Headers"}
            kept.append(pikepdf.Dictionary(entries).unparse(resolved=True))
        written += b"/A[" + b" ".join(kept) + b"]"
    if "/T" in node:
        written += b"/T" + node.T.unparse()
    return written
