"""住民記録の画面の試験: officers at their desks, and the ledger as it stands."""

from __future__ import annotations

from tests.resident_registry.desks import ledger, sign_in

__all__ = ["ledger", "sign_in"]
