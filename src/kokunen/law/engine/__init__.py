"""計算の器 (engine): rules as named columns, read back in order of computation as the explanation.

``columns`` holds the column rules (it loads Polars, so import it by name where it is used); ``months`` and ``steps``
are plain Python.
"""

from __future__ import annotations

from kokunen.law.engine.months import first_day, last_day, month_of, month_text, parse_month
from kokunen.law.engine.steps import Explained, Unit

__all__ = ["Explained", "Unit", "first_day", "last_day", "month_of", "month_text", "parse_month"]
