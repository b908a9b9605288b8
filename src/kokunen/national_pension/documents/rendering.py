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
