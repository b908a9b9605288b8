"""組版: a layout of the section and its data to a PDF. The same data and the same moment give the same bytes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from kokunen.common_platform import printing

_HERE = Path(__file__).resolve().parent


def render(layout: str, data: dict[str, Any], at: datetime) -> bytes:
    """組む: `at` is the date of the document, which also goes into its metadata."""
    return printing.render(_HERE / layout, {**data, "dated": [at.year, at.month, at.day]}, at=at)


def render_run(layout: str, title: str, data: dict[str, Any], at: datetime) -> bytes:
    """一括印刷: ``data["sets"]``, a letter each; what is `printing.Blank` in it is filled in."""
    dated = [at.year, at.month, at.day]
    return printing.render_copies(_HERE / layout, {**data, "title": title, "serial": "", "dated": dated}, at=at)
