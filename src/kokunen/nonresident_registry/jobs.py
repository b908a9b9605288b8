"""夜間処理: 名寄せ over the whole city. Safe to run again: decided pairs stay decided."""

from __future__ import annotations

from kokunen.nonresident_registry.services.matching import propose

DAILY = (propose,)
"""日次処理: what the platform runs once a business day."""
