"""法令上の数値の型: a parameter and its dated entries."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kokunen.kernel.errors import InputError


class Status(StrEnum):
    """確からしさ: laid down by law or notice, or expected and still to be replaced."""

    IN_FORCE = "in_force"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Entry:
    """一つの値: holds from ``start`` on until the next entry."""

    start: date
    value: Any
    status: Status
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """法令上の数値: description and unit, entries in order of the day they take effect."""

    path: str
    description: str
    unit: str
    entries: tuple[Entry, ...]
    until: date | None = None

    def entry_on(self, day: date) -> Entry:
        """その日の値; ``InputError`` (out_of_range) for a day without one."""
        index = bisect_right(self.entries, day, key=lambda entry: entry.start)
        if index == 0 or (self.until is not None and day > self.until):
            span = f"{self.entries[0].start}から" + (f"{self.until}まで" if self.until else "")
            raise InputError(
                f"{self.description}は{span}の値だけが登録されています（{day}の値はありません）",
                code="out_of_range",
                hint="日付を確認するか、新しい値を登録してください。",
            )
        return self.entries[index - 1]
