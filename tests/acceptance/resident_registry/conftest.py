"""住民記録の受入試験の土台: officers at their desks, the ledger, a fixed day, lines to outside parties."""

from __future__ import annotations

from tests.resident_registry.conftest import office_day, open_line
from tests.resident_registry.desks import ledger, sign_in

__all__ = ["ledger", "office_day", "open_line", "sign_in"]
