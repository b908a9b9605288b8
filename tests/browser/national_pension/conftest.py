"""国民年金の画面の試験の土台: the browser's city, its register, and the Service as a process."""

from __future__ import annotations

from tests.counterparts.conftest import city_data, pension_service, start_party
from tests.national_pension.support import city

__all__ = ["city", "city_data", "pension_service", "start_party"]
