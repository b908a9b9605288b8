"""写しを書く: the file of many letters as bytes: one subset of fonts, pages and tags of each letter from its shape."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray

from kokunen.common_platform.printing import glyphs, shapes
from kokunen.common_platform.printing.copies import Filled, NotAForm, Picture, filled
from kokunen.common_platform.printing.glyphs import Face, Glyphs
from kokunen.common_platform.printing.shapes import Code, Run, Shape

_LEVEL = 3  # half the time of the best level for a tenth more
_SHORT, _EDGE = 24, 560.0  # characters that always fit on a line; points from the left edge that a line may reach
Values = Sequence[str | Picture]
_DROPPED = ("/Outlines", "/Pages", "/StructTreeRoot", "/Type")


def write(layout: Path, data: Mapping[str, Any], at: datetime) -> bytes:
    """書く: see :func:`.copies.render_copies`. Raises NotAForm where the layout has to be set as a whole."""
    letters = [filled(one) for one in data["sets"]]
    common = {name: value for name, value in data.items() if name not in ("sets", "serial")}
    found = {key: shapes.shape_of(layout, common, key) for key in dict.fromkeys(one.key for one in letters)}
    characters: dict[str, set[str]] = {}
    for shape in found.values():
        for face, text in shape.characters.items():
            characters.setdefault(face, set()).update(text)
    _add_values(letters, found, characters)
    cut = glyphs.cut(data["title"], data["serial"], list(data["dated"]), characters, at)
    with cut.document:
        file = _File(cut)
        stamps = {key: _Stamp(shape, cut.faces) for key, shape in found.items()}
        for letter in letters:
            file.add(stamps[letter.key], letter.values)
        return file.close()


def _add_values(letters: Sequence[Filled], found: Mapping[bytes, Shape], characters: dict[str, set[str]]) -> None:
    """Every character of the values, in the faces they are printed in."""
    places: dict[bytes, list[tuple[set[str], int]]] = {}
    for key, shape in found.items():
        found_in = {
            (run.face, piece)
            for page in shape.pages for run in page if isinstance(run, Run)
            for piece in run.pieces if type(piece) is int
        }  # fmt: skip
        places[key] = [(characters.setdefault(face, set()), piece) for face, piece in sorted(found_in)]
    for letter in letters:
        for into, index in places[letter.key]:
            text = letter.values[index]
            if isinstance(text, str):
                into.update(glyphs.CLUSTER.findall(text) if glyphs.SELECTOR.search(text) else text)


# --- one letter -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Blank:
    """A run to be filled in: operators around it are written already."""

    face: Face
    size: str
    points: float
    x: float
    y: str
    anchor: float
    pieces: tuple[shapes.Piece, ...]
    before: str


class _Stamp:
    """型: a shape in the codes of the file's fonts: what stands still once, what differs for each letter."""

    def __init__(self, shape: Shape, faces: Mapping[str, Face]) -> None:
        self.shape = shape
        self.still: list[bytes] = []
        self.varied: list[list[str | _Blank | Code]] = []
        for page in shape.pages:
            still, varied = _sorted_out(page, faces)
            self.still.append(still.encode("latin-1"))
            self.varied.append(varied)
        self.tags = _Tags(shape)

    def content(self, page: int, values: Values) -> bytes:
        """変わる内容 of a page."""
        pieces: list[bytes] = []
        for part in self.varied[page]:
            if isinstance(part, str):
                pieces.append(part.encode("latin-1"))
            elif isinstance(part, Code):
                pieces.append(_inline(values[part.value]))
            else:
                pieces.append(_run(part, values).encode("ascii"))
        return b"".join(pieces)


def _sorted_out(page: tuple[shapes.Part, ...], faces: Mapping[str, Face]) -> tuple[str, list[str | _Blank | Code]]:
    """Groups of operators (q to Q, BDC to EMC) without a blank, and those with one; each is whole by itself."""
    still, varied, group, depth, blanks = "", list[str | _Blank | Code](), list[str | _Blank | Code](), 0, False
    for part in page:
        if isinstance(part, Run):
            blank = _blank(part, faces[part.face])
            if any(type(piece) is int for piece in part.pieces):
                group.append(blank)
                blanks = True
            else:
                group.append(_run(blank, ()))
        elif isinstance(part, Code):
            group.append(part)
            blanks = True
        else:
            for line in part.decode("latin-1").splitlines(keepends=True):
                group.append(line)
                depth += _DEPTH.get(line.rsplit(None, 1)[-1] if line.strip() else "", 0)
                if depth == 0 and line.strip():
                    if blanks:
                        varied += group
                    else:
                        still += "".join(one for one in group if isinstance(one, str))
                    group, blanks = [], False
    if depth or any(not isinstance(one, str) or one.strip() for one in group):
        raise NotAForm("描画の組が閉じていない")
    return still, varied


_DEPTH = {"q": 1, "BDC": 1, "BMC": 1, "Q": -1, "EMC": -1}


def _blank(run: Run, face: Face) -> _Blank:
    """The place of the anchor: what the short marks took from the right end or the middle is given back."""
    fixed = face.width("".join(piece for piece in run.pieces if type(piece) is str))
    x = run.x + run.anchor * (fixed + shapes.short_marks(run.pieces)) * run.size
    return _Blank(
        face, f"{run.size:g}", run.size, x, f"{run.y:.3f}", run.anchor, run.pieces, run.before.decode("latin-1")
    )


def _run(blank: _Blank, values: Values) -> str:
    text, x = _join(blank.pieces, values), blank.x
    if len(text) > _SHORT and values and x + (1 - blank.anchor) * blank.face.width(text) * blank.points > _EDGE:
        raise NotAForm("行からはみ出す語がある")  # typst breaks the line
    if blank.anchor:
        x -= blank.anchor * blank.face.width(text) * blank.points
    return f"1 0 0 -1 {x:.3f} {blank.y} cm\n{blank.before}BT 0 Tr {blank.face.show(text, blank.size)} ET\n"


def _inline(value: str | Picture) -> bytes:
    """A code as an inline picture in the unit square."""
    if not isinstance(value, Picture):
        raise NotAForm("絵がない")
    head = f"BI /W {value.width} /H {value.height} /BPC 1 /CS /G /L {len(value.rows)} ID ".encode()
    return head + value.rows + b"\nEI\n"


# --- tags of one letter -----------------------------------------------------------------------------------------------


_Place = tuple[int, int]  # 0: an object of the letter, 1: a page of it, 2: the element of the whole document


class _Tags:
    """構造要素の型: elements of a letter and, for each page, the list from marked contents to elements, as one text.

    Numbers of objects are written with six digits, so every letter of a shape has the same places in its pack; elements
    with an alternative text come last, since their length differs.
    """

    def __init__(self, shape: Shape) -> None:
        elements = shape.elements
        self.count = len(elements) + len(shape.owners)
        self.tops = [index for index, element in enumerate(elements) if element.parent < 0]
        spoken = [index for index, element in enumerate(elements) if element.alternative is not None]
        silent = [index for index, element in enumerate(elements) if element.alternative is None]
        self.order = np.array([*silent, *range(len(elements), self.count), *spoken])
        made = [_element(elements[index]) for index in silent] + [_owners(own) for own in shape.owners]
        self._text = b"\n".join(body for body, _ in made) + b"\n"
        self._places = [place for _, places in made for place in places]
        lengths = [len(body % tuple([0] * len(places))) + 1 for body, places in made]
        *self._starts, self._end = accumulate(lengths, initial=0)
        self._spoken = [(*_element(elements[index]), elements[index].alternative or ()) for index in spoken]

    def pack(self, values: Values, first: int, whole: int, pages: Sequence[int]) -> tuple[bytes, bytes]:
        """まとめ: numbers and places of the objects, and the objects."""
        bases = (range(first, first + self.count), pages, (whole,))
        text = self._text % tuple([bases[kind][at] for kind, at in self._places])
        starts, end, more = list(self._starts), self._end, [text]
        for body, places, alternative in self._spoken:
            words = _join(alternative, values).encode("utf-16-be").hex().upper().encode()
            one = body % (*[bases[kind][at] for kind, at in places], b"/Alt<FEFF" + words + b">") + b"\n"
            starts.append(end)
            end += len(one)
            more.append(one)
        head = " ".join([f"{first + at} {start}" for at, start in zip(self.order.tolist(), starts, strict=True)])
        return head.encode("ascii") + b"\n", b"".join(more)


def _element(element: shapes.Element) -> tuple[bytes, list[_Place]]:
    """An element with %d for numbers of objects, and %b for its alternative text when it has one."""
    places: list[_Place] = [(2, 0) if element.parent < 0 else (0, element.parent), (1, element.page)]
    kids = []
    for where, number in element.kids:
        if where < 0:
            kids.append(b"%06d 0 R")
            places.append((0, number))
        elif where == element.page:
            kids.append(f"{number}".encode())
        else:
            kids.append(b"<</Type/MCR/Pg %06d 0 R/MCID " + f"{number}>>".encode())
            places.append((1, where))
    head = b"<</Type/StructElem/S/" + element.kind.lstrip("/").encode() + element.attributes.replace(b"%", b"%%")
    body = head + b"/P %06d 0 R/Pg %06d 0 R/K[" + b" ".join(kids) + b"]"
    return body + (b"%b>>" if element.alternative is not None else b">>"), places


def _owners(own: Sequence[int]) -> tuple[bytes, list[_Place]]:
    return b"[" + b" ".join([b"%06d 0 R"] * len(own)) + b"]", [(0, index) for index in own]


def _join(pieces: Sequence[shapes.Piece], values: Values) -> str:
    return "".join([piece if type(piece) is str else values[piece] for piece in pieces])  # type: ignore[index, misc]


# --- the file ---------------------------------------------------------------------------------------------------------


_PAGE = (
    b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595.2756 841.8898]/Resources %d 0 R/Contents[%d 0 R %d 0 R]"
    b"/StructParents %d/Tabs/S>>"
)


class _File:
    """ファイル: objects one after the other; what is not a stream of its own is packed by the letter."""

    def __init__(self, cut: Glyphs) -> None:
        self._out = io.BytesIO()
        self._out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._plain: list[tuple[int, int]] = []  # number, offset
        self._packed: list[tuple[int, int, NDArray[np.int64]]] = []  # first number, number of the pack, its order
        self._pages: list[int] = []
        self._owners: list[int] = []
        self._top: list[int] = []
        self._source = cut.document
        self._next = len(cut.document.objects) + 1
        self._resources, self._tree, self._whole, self._pages_root = (self._number() for _ in range(4))
        self._copied: set[int] = set()
        self._copy(cut.resources)
        self._object(self._resources, cut.resources.unparse(resolved=False))
        self._still: dict[tuple[int, int], int] = {}

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _object(self, number: int, body: bytes) -> None:
        self._plain.append((number, self._out.tell()))
        self._out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _stream(self, number: int, head: bytes, body: bytes, *, packed: bool = True) -> None:
        if packed:
            body, head = zlib.compress(body, _LEVEL), head + b"/Filter/FlateDecode"
        self._object(number, b"<<%b/Length %d>>stream\n%b\nendstream" % (head, len(body), body))

    def _copy(self, node: Any) -> None:
        """Objects of the source that ``node`` leads to, under their own numbers."""
        for child in node.values() if isinstance(node, pikepdf.Dictionary | pikepdf.Stream) else node:
            if not isinstance(child, pikepdf.Object) or not isinstance(
                child, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array
            ):
                continue
            number = child.objgen[0]
            if number and number in self._copied:
                continue
            if number:
                self._copied.add(number)
                self._write_copy(number, child)
            self._copy(child)

    def _write_copy(self, number: int, child: Any) -> None:
        if isinstance(child, pikepdf.Stream):
            head = pikepdf.Dictionary({k: v for k, v in child.items() if k != "/Length"}).unparse(resolved=True)
            self._stream(number, head.strip()[2:-2].strip(), child.read_raw_bytes(), packed=False)
        else:
            self._object(number, child.unparse(resolved=True))

    def add(self, stamp: _Stamp, values: Values) -> None:
        """一通を加える: its pages, what differs on them, its pack of tags; what stands still is shared."""
        numbers, contents = [[self._number() for _ in stamp.still] for _ in range(2)]
        pack, first = self._number(), self._next
        self._next += stamp.tags.count
        for place, number in enumerate(contents):
            self._stream(number, b"", stamp.content(place, values))
        for place, number in enumerate(numbers):
            page = (self._pages_root, self._resources, self._standing(stamp, place), contents[place],
                    len(self._pages) + place)  # fmt: skip
            self._object(number, _PAGE % page)
        head, body = stamp.tags.pack(values, first, self._whole, numbers)
        self._stream(pack, b"/Type/ObjStm/N %d/First %d" % (stamp.tags.count, len(head)), head + body)
        self._packed.append((first, pack, stamp.tags.order))
        self._top += [first + place for place in stamp.tags.tops]
        self._owners += range(first + len(stamp.shape.elements), first + stamp.tags.count)
        self._pages += numbers

    def _standing(self, stamp: _Stamp, page: int) -> int:
        key = (id(stamp), page)
        if key not in self._still:
            self._still[key] = self._number()
            self._stream(self._still[key], b"", stamp.still[page])
        return self._still[key]

    def close(self) -> bytes:
        """終わる: page tree, tree of tags, catalogue, table of references."""
        root = self._source.Root
        self._object(self._pages_root, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), _refs(self._pages)))
        nums = " ".join([f"{place} {number} 0 R" for place, number in enumerate(self._owners)])
        roles = root.StructTreeRoot.get("/RoleMap")
        self._object(self._whole, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self._tree, _refs(self._top)))
        self._object(
            self._tree,
            b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTreeNextKey %d/ParentTree<</Nums[%b]>>%b>>"
            % (self._whole, len(self._owners), nums.encode("ascii"),
               b"/RoleMap " + roles.unparse(resolved=True) if roles is not None else b""),
        )  # fmt: skip
        kept = pikepdf.Dictionary({name: value for name, value in root.items() if name not in _DROPPED})
        self._copy(pikepdf.Dictionary({name: value for name, value in kept.items() if name != "/Metadata"}))
        metadata = self._number()
        self._stream(metadata, b"/Type/Metadata/Subtype/XML", _counted(root.Metadata.read_bytes(), len(self._pages)),
                     packed=False)  # fmt: skip
        catalogue, information = self._number(), self._number()
        body = b"".join(
            f"{name} ".encode() + value for name, value in
            ((n, pikepdf.Dictionary({n: v}).unparse().strip()[2:-2].strip().removeprefix(n.encode()))
             for n, v in kept.items() if n != "/Metadata")
        )  # fmt: skip
        self._object(
            catalogue,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R%b>>"
            % (self._pages_root, self._tree, metadata, body),
        )
        self._object(information, self._source.docinfo.unparse(resolved=True))
        return self._references(catalogue, information)

    def _references(self, catalogue: int, information: int) -> bytes:
        """The table of references; numbers of the source that are not in use stay free."""
        table, here = self._number(), self._out.tell()
        kinds = np.zeros((self._next, 3), dtype=np.int64)
        kinds[0] = (0, 0, 65_535)
        plain = np.array([*self._plain, (table, here)], dtype=np.int64)
        kinds[plain[:, 0], 0], kinds[plain[:, 0], 1] = 1, plain[:, 1]
        for first, pack, order in self._packed:
            kinds[first : first + len(order), 0], kinds[first : first + len(order), 1] = 2, pack
            kinds[first + order, 2] = np.arange(len(order))
        rows = np.empty((self._next, 7), dtype=np.uint8)
        rows[:, 0] = kinds[:, 0]
        rows[:, 1:5] = kinds[:, 1].astype(">u4").view(np.uint8).reshape(-1, 4)
        rows[:, 5:7] = kinds[:, 2].astype(">u2").view(np.uint8).reshape(-1, 2)
        identity = hashlib.sha256(self._out.getbuffer()).hexdigest()[:32].encode()
        index = (self._next, catalogue, information, identity, identity)
        head = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % index
        self._stream(table, head, rows.tobytes())
        self._out.write(b"startxref\n%d\n%%%%EOF\n" % here)
        return self._out.getvalue()


def _refs(numbers: Sequence[int]) -> bytes:
    return " ".join([f"{number} 0 R" for number in numbers]).encode("ascii")


def _counted(metadata: bytes, pages: int) -> bytes:
    return re.sub(rb"(<xmpTPg:NPages>)\d+", rb"\g<1>%d" % pages, metadata)
