"""国民年金の画面: one module a part of the work."""

from __future__ import annotations
