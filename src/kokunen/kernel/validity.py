"""有効期間と記録期間: intervals in two times as pure functions.

Valid time says when a fact held in the world (days), recorded time when the register said so (instants). Both are half
open, [from, to), like the database's ranges; None is "without limit". A record is never changed: its recorded time is
closed and new records take its place, so the register can be read as it was known on any day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Self, TypeVar

from kokunen.kernel.errors import InputError

Point = TypeVar("Point", date, datetime)
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Interval(Generic[Point]):
    """期間 [start, end): half open, None = without limit on that side; never empty."""

    start: Point | None
    end: Point | None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise InputError(
                "期間の終わりが始まりより後ではありません。終わりには始まりより後の日時を指定してください",
                code="inconsistent",
                hint="始まりと終わりを確認してください。",
            )

    def contains(self, point: Point) -> bool:
        """その時を含むか."""
        return (self.start is None or self.start <= point) and (self.end is None or point < self.end)

    def overlaps(self, other: Interval[Point]) -> bool:
        """重なるか: share at least one point; touching ends do not overlap."""
        return _before(self.start, other.end) and _before(other.start, self.end)

    def covers(self, other: Interval[Point]) -> bool:
        """すべて含むか."""
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        return starts and (self.end is None or (other.end is not None and other.end <= self.end))

    def intersect(self, other: Interval[Point]) -> Self | None:
        """共通の期間, or None."""
        if not self.overlaps(other):
            return None
        return type(self)(_later(self.start, other.start), _earlier(self.end, other.end))

    def subtract(self, other: Interval[Point]) -> list[Self]:
        """除いた残り: what is left of this interval outside the other, zero to two pieces in order."""
        if not self.overlaps(other):
            return [self]
        pieces: list[Self] = []
        if other.start is not None and _before(self.start, other.start) and self.start != other.start:
            pieces.append(type(self)(self.start, other.start))
        if other.end is not None and _before(other.end, self.end):
            pieces.append(type(self)(other.end, self.end))
        return pieces

    def closed_at(self, end: Point) -> Self:
        """閉じる: the same interval ending at ``end`` (not included), which must lie inside."""
        if not _before(self.start, end) or (self.end is not None and self.end < end):
            raise InputError(
                "閉じる日時が期間の中にありません。期間の始まりより後で、終わり以前の日時を指定してください",
                code="out_of_range",
                hint="期間を確認してください。",
            )
        return type(self)(self.start, end)

    @property
    def is_open(self) -> bool:
        """終わりが決まっていないか."""
        return self.end is None


def _before(start: Point | None, end: Point | None) -> bool:
    """A start (None = the beginning of time) lies before an end (None = the end of time)."""
    return start is None or end is None or start < end


def _later(a: Point | None, b: Point | None) -> Point | None:
    return b if a is None else a if b is None else max(a, b)


def _earlier(a: Point | None, b: Point | None) -> Point | None:
    return b if a is None else a if b is None else min(a, b)


@dataclass(frozen=True, slots=True)
class DateInterval(Interval[date]):
    """有効期間: days, half open. People read both ends as included: :meth:`through` and ``last_day`` translate."""

    @classmethod
    def through(cls, first_day: date | None, last_day: date | None) -> Self:
        """初日から末日まで: both days included."""
        return cls(first_day, None if last_day is None else last_day + timedelta(days=1))

    @property
    def last_day(self) -> date | None:
        """末日: the last day that belongs to the interval, None when open."""
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def days(self) -> int | None:
        """日数, None when a side is open."""
        return None if self.start is None or self.end is None else (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class InstantInterval(Interval[datetime]):
    """記録期間: instants with time zone, half open."""

    def __post_init__(self) -> None:
        Interval.__post_init__(self)
        if any(point is not None and point.tzinfo is None for point in (self.start, self.end)):
            raise ValueError("instants need a time zone")


@dataclass(frozen=True, slots=True)
class BitemporalInterval:
    """二つの時の期間: the days a fact held and the instants it stood in the register."""

    valid: DateInterval
    recorded: InstantInterval

    def overlaps(self, other: BitemporalInterval) -> bool:
        """矛盾するか: two records of one key that overlap in both times say two things at once."""
        return self.valid.overlaps(other.valid) and self.recorded.overlaps(other.recorded)

    @property
    def is_current(self) -> bool:
        """現に記録されているか."""
        return self.recorded.is_open


# --- many intervals -------------------------------------------------------------------------------------------------


def _start_order(interval: Interval[date]) -> tuple[bool, date]:
    return (interval.start is not None, interval.start or date.min)


def merge(intervals: Iterable[DateInterval]) -> list[DateInterval]:
    """つなぐ: overlapping and touching intervals joined, in order."""
    merged: list[DateInterval] = []
    for interval in sorted(intervals, key=_start_order):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and (interval.start is not None and last.end < interval.start)):
            merged.append(interval)
        elif last.end is not None and (interval.end is None or interval.end > last.end):
            merged[-1] = DateInterval(last.start, interval.end)
    return merged


def find_gaps(intervals: Iterable[DateInterval], within: DateInterval) -> list[DateInterval]:
    """空白を探す: the parts of ``within`` that no interval covers, in order."""
    rest = [within]
    for interval in merge(intervals):
        rest = [piece for part in rest for piece in part.subtract(interval)]
    return rest


def find_overlaps(intervals: Iterable[DateInterval]) -> list[tuple[DateInterval, DateInterval]]:
    """重なりを探す: every pair that shares a day, the earlier first."""
    ordered = sorted(intervals, key=_start_order)
    pairs: list[tuple[DateInterval, DateInterval]] = []
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if first.end is not None and second.start is not None and second.start >= first.end:
                break
            pairs.append((first, second))
    return pairs


# --- records in two times -------------------------------------------------------------------------------------------


def known_on(
    records: Iterable[Record], instant: datetime, interval_of: Callable[[Record], BitemporalInterval]
) -> list[Record]:
    """その時点で知られていた記録: what the register said at ``instant``, whatever it says today."""
    return [record for record in records if interval_of(record).recorded.contains(instant)]


def valid_on(records: Iterable[Record], day: date, interval_of: Callable[[Record], BitemporalInterval]) -> list[Record]:
    """その日に有効な記録."""
    return [record for record in records if interval_of(record).valid.contains(day)]


def find_conflicts(
    records: Iterable[Record], interval_of: Callable[[Record], BitemporalInterval]
) -> list[tuple[Record, Record]]:
    """矛盾する記録の組: pairs of one key that overlap in valid and recorded time."""
    rows = list(records)
    return [
        (first, second)
        for index, first in enumerate(rows)
        for second in rows[index + 1 :]
        if interval_of(first).overlaps(interval_of(second))
    ]


@dataclass(frozen=True, slots=True)
class Amendment(Generic[Record]):
    """更正の内訳: which current records to close, and which (interval, content) to record in their place."""

    closed: tuple[tuple[DateInterval, Record], ...]
    inserted: tuple[tuple[DateInterval, Record], ...]


def amend(current: Sequence[tuple[DateInterval, Record]], interval: DateInterval, content: Record) -> Amendment[Record]:
    """更正する: ``content`` holds in ``interval`` from now on; what the current records say outside of it stays.

    Every touched record is closed as a whole and its rest recorded anew, so that no row is ever changed in place.
    """
    touched = tuple(row for row in current if row[0].overlaps(interval))
    rest = [(piece, content_before) for span, content_before in touched for piece in span.subtract(interval)]
    inserted = sorted([*rest, (interval, content)], key=lambda row: _start_order(row[0]))
    return Amendment(touched, tuple(inserted))
