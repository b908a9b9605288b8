"""計算の器 (engine): rules as named columns, read back in order of computation as the explanation."""

from __future__ import annotations

from kokunen.law.engine.months import (
    first_day,
    last_day,
    month_of,
    month_text,
    parse_month,
)
from kokunen.law.engine.steps import Explained, Unit

__all__ = [
    "Explained",
    "Unit",
    "first_day",
    "last_day",
    "month_of",
    "month_text",
    "parse_month",
]
