"""国民年金の受入試験の土台."""

from __future__ import annotations

from tests.national_pension.support import city, officer, second_officer

__all__ = ["city", "officer", "second_officer"]
