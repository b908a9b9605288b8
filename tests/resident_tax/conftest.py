"""個人住民税の試験の土台: a register with residents, documents of theirs, and two officers."""

from __future__ import annotations

from tests.resident_tax.support import city, officer, second_officer

__all__ = ["city", "officer", "second_officer"]
