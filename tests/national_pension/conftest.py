"""国民年金の試験の土台: a register whose changes are published as the real one publishes them, and an officer."""

from __future__ import annotations

from tests.national_pension.support import city, officer, second_officer

__all__ = ["city", "officer", "second_officer"]
