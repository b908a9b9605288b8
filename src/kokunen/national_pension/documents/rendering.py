"""組版: a layout and its data to a PDF. The same data and the same moment give the same bytes."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import typst

_HERE = Path(__file__).resolve().parent


@lru_cache(maxsize=16)
def _compiler(layout: str) -> typst.Compiler:
    return typst.Compiler(str(_HERE / layout), root=str(_HERE))


def render(layout: str, data: dict[str, Any], at: datetime) -> bytes:
    """組む: A4 PDF. `at` is the date of the document, which goes into its metadata."""
    inputs = {"data": orjson.dumps({**data, "dated": [at.year, at.month, at.day]}).decode()}
    pdf, warnings = _compiler(layout).compile_with_warnings(format="pdf", sys_inputs=inputs)
    if warnings:
        raise RuntimeError(f"{layout}: {warnings[0].message}")
    return bytes(pdf)
