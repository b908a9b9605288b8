"""国民年金の受入試験の土台."""

from __future__ import annotations

from tests.national_pension.support import city, officer, second_officer
from tests.national_pension.web.test_screens import sign_in

__all__ = ["city", "officer", "second_officer", "sign_in"]
