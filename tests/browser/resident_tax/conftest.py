"""個人住民税の画面: a register with documents, for the browser."""

from __future__ import annotations

from tests.resident_tax.support import city, officer

__all__ = ["city", "officer"]
