"""月別の表: the whole insured life as months, a letter and a pattern per state, each with its source and date.

Pure: periods and marks in, fiscal years of twelve cells out. Which month belongs to which kind is the law's answer
(法11条, 11条の2), asked of `kokunen.law.rules.qualification`; this module only draws it. A month is 納付 or 未納 only
when somebody noted it from 社会保険オンライン: the city holds no payment record, so a 第1号 month without such a note
is shown as 第1号.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from kokunen.kernel.calendar import reaches_age_on
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import first_day, month_of
from kokunen.law.rules.qualification import InsuredType, Kind, MonthRange, Period, month_ranges
from kokunen.national_pension.choices import LOSS_REASONS, SHORT_TYPE_LABELS
from kokunen.national_pension.deduction import Held


@dataclass(frozen=True, slots=True)
class Mark:
    """月の印: what is known about the months `first` to `last` besides the kind (免除, 猶予, 納付 …), and from
    where.
    """

    first: date  # any day of the first month
    last: date  # any day of the last month
    letter: str
    state: str
    label: str
    source: str
    noted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """1か月: letter, state (the pattern), words for the tooltip, and whether it differs from what was known before."""

    letter: str
    state: str
    title: str
    changed: bool = False

    def as_dict(self) -> dict[str, object]:
        """The shape that the grid of the screens takes."""
        return {"letter": self.letter, "state": self.state, "title": self.title, "changed": self.changed}


@dataclass(frozen=True, slots=True)
class Grid:
    """月別の表: fiscal years from the month of reaching 20 (or the first period) to today or the last period."""

    years: tuple[dict[str, object], ...]
    legend: tuple[tuple[str, str, str], ...]
    months_of_kind: dict[str, int] = field(default_factory=dict)
    unmarked_first: tuple[int, ...] = ()  # months of 第1号 for which nothing more is known (neither 納付 nor 免除)


_LETTERS = {
    InsuredType.FIRST: ("1", "first"),
    InsuredType.SECOND: ("2", "second"),
    InsuredType.THIRD: ("3", "third"),
    InsuredType.VOLUNTARY_UNDER_60: ("任", "voluntary"),
    InsuredType.VOLUNTARY_60_TO_64: ("任", "voluntary"),
    InsuredType.VOLUNTARY_ABROAD: ("任", "voluntary"),
    InsuredType.SPECIAL_VOLUNTARY: ("特", "voluntary"),
    InsuredType.SPECIAL_VOLUNTARY_ABROAD: ("特", "voluntary"),
}
_NONE = Cell("", "none", "")
# After a loss for these reasons the person is insured through somebody else: known to be so, not recorded month by
# month.
_ELSEWHERE = {"04": "厚生年金（市の記録外）", "05": "共済（市の記録外）", "06": "第3号（市の記録外）"}
_APRIL = 4
_LEGEND_WORDS = (
    ("1", "first", "第1号"),
    ("2", "second", "第2号"),
    ("3", "third", "第3号"),
    ("任", "voluntary", "任意加入"),
    ("特", "voluntary", "特例任意加入"),
    ("外", "none", "被保険者でない（理由あり）"),
    ("?", "open", "記録がない月"),
    ("予", "open", "予定"),
    ("納", "paid", "納付"),
    ("産", "paid", "産前産後免除"),
    ("育", "paid", "育児免除"),
    ("全", "exempt", "全額免除"),
    ("法", "exempt", "法定免除"),
    ("¾", "partial", "4分の3免除"),
    ("半", "partial", "半額免除"),
    ("¼", "partial", "4分の1免除"),
    ("猶", "deferred", "納付猶予"),
    ("学", "deferred", "学生納付特例"),
    ("未", "unpaid", "未納"),
    ("○", "paid", "数える月"),
    ("×", "unpaid", "数えない月"),
)


def build(
    birth: date,
    periods: Sequence[Held],
    today: date,
    *,
    marks: Iterable[Mark] = (),
    earlier: Sequence[Held] | None = None,
) -> Grid:
    """表を作る: `periods` as known, `marks` in order of strength (later ones cover earlier ones).

    `earlier`: the record as it was known before; months that differ are marked as changed. Months without any record
    between the first and the last are `open` when nothing explains them.
    """
    known = _cells(birth, periods, today, tuple(marks))
    before = _cells(birth, earlier, today, ()) if earlier is not None else None
    if not known:
        return Grid((), ())
    first, last = min(known), max(known)
    cells = {month: known.get(month, _NONE) for month in range(first, last + 1)}
    if before is not None:
        cells = {
            month: Cell(cell.letter, cell.state, cell.title, cell.letter != before.get(month, _NONE).letter)
            for month, cell in cells.items()
        }
    first_kind = tuple(
        month for month, cell in cells.items() if (cell.letter, cell.state) == _LETTERS[InsuredType.FIRST]
    )
    return Grid(tuple(_years(cells)), _legend(cells.values()), _counts(cells.values()), first_kind)


def _cells(birth: date, periods: Sequence[Held], today: date, marks: Sequence[Mark]) -> dict[int, Cell]:
    ordered = sorted(periods, key=lambda period: period.acquired_on)
    twenty = month_of(reaches_age_on(birth, 20))
    this_month = month_of(today)
    cells: dict[int, Cell] = {}
    if twenty <= this_month:
        sixty = month_of(reaches_age_on(birth, 60))
        for month in range(twenty, min(this_month, sixty - 1) + 1):
            cells[month] = Cell("?", "open", f"{_month_ja(month)}: 市の記録がありません")
    for period in ordered:
        _explain_gap(cells, period, ordered, this_month)
    latest = max([today, *(period.lost_on for period in ordered if period.lost_on)], default=today)
    for one in month_ranges([_as_law(period, ordered) for period in ordered], latest):
        cells |= _of_range(one, [period for period in ordered if period.insured_type == one.type], this_month)
    for mark in marks:
        noted = f"（{_wareki(mark.noted_on)}）" if mark.noted_on else ""
        told = f": {mark.label} 出所: {mark.source}{noted}"
        for month in range(month_of(mark.first), month_of(mark.last) + 1):
            cells[month] = Cell(mark.letter, mark.state, f"{_month_ja(month)}{told}")
    return cells


def months_as(periods: Sequence[Held], kind: InsuredType, until: date) -> frozenset[int]:
    """その種別の月: month numbers that belong to `kind` up to the month of `until` (法11条, 11条の2)."""
    ordered = sorted(periods, key=lambda period: period.acquired_on)
    ranges = month_ranges([_as_law(period, ordered) for period in ordered], until)
    return frozenset(month for one in ranges if one.type is kind for month in range(one.first, one.last + 1))


def _as_law(period: Held, ordered: Sequence[Held]) -> Period:
    """A recorded period in the law's shape: it joins the one before when it begins on the day that one ended."""
    joins = any(other.lost_on == period.acquired_on for other in ordered)
    followed = any(other.acquired_on == period.lost_on for other in ordered)
    return Period(
        type=InsuredType(period.insured_type),
        acquired_on=period.acquired_on,
        acquisition_reason=period.acquisition_reason,
        start_kind=Kind.TYPE_CHANGE if joins else Kind.ACQUISITION,
        lost_on=period.lost_on,
        loss_reason=period.loss_reason or None,
        end_kind=None if period.lost_on is None else Kind.TYPE_CHANGE if followed else Kind.LOSS,
    )


def _of_range(one: MonthRange, same_kind: Sequence[Held], this_month: int) -> dict[int, Cell]:
    """The months of one range; each names the recorded period that it comes from, the last one that touches it."""
    letter, state = _LETTERS[one.type]
    label = SHORT_TYPE_LABELS[one.type]
    told = dict.fromkeys(range(one.first, one.last + 1), f": {label} 出所: 市の資格記録")
    for period in same_kind:
        since = f": {label} {_wareki(period.acquired_on)}から 出所: 市の資格記録"
        until = one.last if period.lost_on is None else month_of(period.lost_on - timedelta(days=1))
        for month in range(max(one.first, month_of(period.acquired_on)), min(one.last, until) + 1):
            told[month] = since
    return {
        month: Cell("予", "open", f"{_month_ja(month)}{words}")
        if month > this_month
        else Cell(letter, state, f"{_month_ja(month)}{words}")
        for month, words in told.items()
    }


def _explain_gap(cells: dict[int, Cell], period: Held, ordered: Sequence[Held], this_month: int) -> None:
    """The months after a loss are explained by its reason, until something begins again."""
    if period.lost_on is None:
        return
    following = [other.acquired_on for other in ordered if other.acquired_on >= period.lost_on]
    end = month_of(min(following)) - 1 if following else this_month
    words = _ELSEWHERE.get(period.loss_reason)
    letter, state = ("2", "second") if period.loss_reason in ("04", "05") else ("3", "third")
    why = f"{LOSS_REASONS.label(period.loss_reason)}（{_wareki(period.lost_on)}）"
    for month in range(month_of(period.lost_on), end + 1):
        told = f"{_month_ja(month)}: {words or '被保険者でない'} 理由: {why}"
        if words:
            cells[month] = Cell(letter, state, told)
        elif period.loss_reason in ("99", "90", "21"):
            cells[month] = Cell("?", "open", told)
        else:
            cells[month] = Cell("外", "none", told)


def _years(cells: dict[int, Cell]) -> Iterable[dict[str, object]]:
    first, last = first_day(min(cells)), first_day(max(cells))
    for year in range(_fiscal_year(first), _fiscal_year(last) + 1):
        april = month_of(date(year, _APRIL, 1))
        yield {
            "label": f"{_era_year(year)}年度",
            "cells": [cells.get(april + offset, _NONE).as_dict() for offset in range(12)],
        }


def _fiscal_year(day: date) -> int:
    return day.year - (day.month < _APRIL)


@lru_cache(maxsize=256)
def _era_year(year: int) -> str:
    """The fiscal year by the era in which most of it lies, shortly: R8, H31, S64 would not be said for a year."""
    text = format_wareki(date(year, 5, 1))
    era = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T"}[text[:2]]
    return era + text[2 : text.index("年")].replace("元", "1")


@lru_cache(maxsize=2_048)
def _month_ja(month: int) -> str:
    """令和8年11月: asked for four hundred months a screen, of which there are few different ones."""
    return format_wareki(first_day(month)).removesuffix("1日")


_wareki = lru_cache(maxsize=2_048)(format_wareki)


def _legend(cells: Iterable[Cell]) -> tuple[tuple[str, str, str], ...]:
    used = {(cell.letter, cell.state) for cell in cells}
    return tuple(one for one in _LEGEND_WORDS if one[:2] in used)


def _counts(cells: Iterable[Cell]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for cell in cells:
        if cell.letter:
            counts[cell.letter] = counts.get(cell.letter, 0) + 1
    return counts
