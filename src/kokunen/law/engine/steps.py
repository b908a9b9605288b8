"""計算の一段 (step): a named value with its Japanese term, its unit and the provision it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Unit(StrEnum):
    """単位: the units a step can have."""

    YEN = "yen"
    MONTH = "month"
    PERSON = "person"
    DAY = "day"
    DATE = "date"
    YEAR_MONTH = "year_month"
    PERMILLE = "permille"
    TEXT = "text"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Explained:
    """説明の一行: one computed value of one person, ready to be read aloud.

    ``value`` is an int, a string, a bool or None; a date is given as ``date`` and written ``YYYY-MM-DD``.
    """

    name: str
    label_ja: str
    value: int | str | bool | date | None
    unit: Unit
    article: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The step as ``kokunen rules --explain`` prints it."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        return {
            "name": self.name,
            "label_ja": self.label_ja,
            "value": value,
            "unit": str(self.unit),
            "article": self.article,
        }
