"""字の型: glyphs and widths of every character of a file, in fonts that typst has cut down to them once."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf

from kokunen.common_platform.printing import compiler
from kokunen.common_platform.printing.copies import NotAForm
from kokunen.common_platform.printing.shapes import font_of

_LAYOUT = Path(__file__).with_name("glyphs.typ")
CLUSTER = re.compile("(?s:.)[\\uFE00-\\uFE0F\\U000E0100-\\U000E01EF]?")
"""字: a character with its variation selector."""
SELECTOR = re.compile("[\\uFE00-\\uFE0F\\U000E0100-\\U000E01EF]")


@dataclass(frozen=True, slots=True)
class Face:
    """書体: code (four hexadecimal digits) and width (in ems) of each character in its own font; the rest in others.

    ``others``: character → (name of the font, code, width).
    """

    font: str
    codes: Mapping[str, str]
    widths: Mapping[str, float]
    others: Mapping[str, tuple[str, str, float]]

    def width(self, text: str) -> float:
        """幅 in ems."""
        try:
            return sum(map(self.widths.__getitem__, text))
        except KeyError:
            return sum(self._one(cluster)[2] for cluster in CLUSTER.findall(text))

    def show(self, text: str, size: str) -> str:
        """字を出す: the operators of a text of ``size``."""
        codes = self.codes
        try:
            return f"/{self.font} {size} Tf 1 0 0 -1 0 0 Tm<{''.join([codes[one] for one in text])}>Tj"
        except KeyError:
            parts, font = [f"/{self.font} {size} Tf 1 0 0 -1 0 0 Tm"], self.font
            for cluster in CLUSTER.findall(text):
                name, code, _width = self._one(cluster)
                if name != font:
                    parts.append(f"/{name} {size} Tf")
                    font = name
                parts.append(f"<{code}>Tj")
            return "".join(parts)

    def _one(self, cluster: str) -> tuple[str, str, float]:
        if cluster in self.codes:
            return self.font, self.codes[cluster], self.widths[cluster]
        if cluster not in self.others:
            raise NotAForm("字体にない字がある")
        return self.others[cluster]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """字の型一式: the document that holds the fonts, the faces by name, the names of fonts and colour spaces in it."""

    document: pikepdf.Pdf
    faces: Mapping[str, Face]
    resources: Any


def cut(title: str, serial: str, dated: list[int], characters: Mapping[str, set[str]], at: datetime) -> Glyphs:
    """字を切り出す: every character of ``characters`` (by face) once."""
    faces = [(face, sorted(found | {" ", "　"})) for face, found in sorted(characters.items())]
    data = {"title": title, "serial": serial, "dated": dated, "faces": faces}
    document = pikepdf.open(io.BytesIO(compiler.render(_LAYOUT, data, at=at)))
    objects: dict[tuple[int, ...], str] = {}
    fonts, spaces, made = pikepdf.Dictionary(), pikepdf.Dictionary(), dict[str, Face]()
    for page in document.pages:
        for name, space in page.Resources.get("/ColorSpace", {}).items():
            spaces[name] = space
        for font in page.Resources.get("/Font", {}).values():
            if tuple(font.objgen) not in objects:
                objects[tuple(font.objgen)] = f"f{len(objects)}"
                fonts[f"/{objects[tuple(font.objgen)]}"] = font
    known: dict[tuple[int, ...], Any] = {}
    tables: dict[str, dict[str, tuple[str, str, float]]] = {}
    for font in fonts.values():
        found = font_of(font, known)
        widths = _widths(font.DescendantFonts[0])
        name = objects[tuple(font.objgen)]
        tables[found.face] = {text: (name, f"{code:04x}", widths.get(code, 0.0)) for code, text in found.texts.items()}
    for face, _found in faces:
        own = dict(tables.get(face, {}))
        others = {
            text: value for name, table in tables.items() if name not in characters for text, value in table.items()
        }
        if not own:
            raise NotAForm(f"書体がない: {face}")
        made[face] = Face(
            next(iter(own.values()))[0], {text: value[1] for text, value in own.items()},
            {text: value[2] for text, value in own.items()}, {t: v for t, v in others.items() if t not in own},
        )  # fmt: skip
    return Glyphs(document, made, pikepdf.Dictionary(Font=fonts, ColorSpace=spaces))


def _widths(font: Any) -> dict[int, float]:
    """W of the font, code → ems."""
    found: dict[int, float] = {}
    entries = list(font.W)
    at = 0
    while at < len(entries):
        if isinstance(entries[at + 1], pikepdf.Array):
            for step, width in enumerate(entries[at + 1]):
                found[int(entries[at]) + step] = float(width) / 1000
            at += 2
        else:
            for code in range(int(entries[at]), int(entries[at + 1]) + 1):
                found[code] = float(entries[at + 2]) / 1000
            at += 3
    return found
