"""印刷: every printed form of the city hall is set by typst, as PDF/A-2a and PDF/UA-1, from a layout and its data.

A layout stands in the `documents/` folder of its subsystem, imports the common sheet (`#import
"/common_platform/printing/sheet.typ": *`)
and reads its data with `#let data = json(bytes(sys.inputs.data))`. Fonts are named, never guessed: IPAexMincho,
IPAexGothic, and
IPAmjMincho for glyphs with variation selectors. A warning of the compiler (a missing font, a missing glyph) stops
the print.

::

    serial = printing.next_serial("2020")
    pdf = printing.render(Path(__file__).parent / "receipt.typ", {"serial": serial, ...}, at=clock.now())
    record(ALIAS, context, act=Act.PRINT, dataset="受付票", atena_numbers=[...], serial=serial)

Thousands of letters of one form are set once and filled in: :func:`render_copies`.
"""

from __future__ import annotations

from kokunen.common_platform.printing.compiler import PrintError, render
from kokunen.common_platform.printing.copies import Blank, Picture, render_copies
from kokunen.common_platform.printing.serials import next_serial

__all__ = ["Blank", "Picture", "PrintError", "next_serial", "render", "render_copies"]
