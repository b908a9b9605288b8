"""帳票 (住民記録): layouts and the source of each of their fields."""

from __future__ import annotations

from kokunen.resident_registry.documents.certificate import make_certificate
from kokunen.resident_registry.documents.letters import find_letters, make_letter
from kokunen.resident_registry.documents.receipt import Printed, make_receipt

__all__ = ["Printed", "find_letters", "make_certificate", "make_letter", "make_receipt"]
