"""有効期間と記録期間: checked against plain sets of days."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.kernel.validity import (
    BitemporalInterval,
    DateInterval,
    InstantInterval,
    amend,
    find_conflicts,
    find_gaps,
    find_overlaps,
    known_on,
    merge,
    valid_on,
)

EPOCH = date(2026, 4, 1)
WINDOW = DateInterval(EPOCH, EPOCH + timedelta(days=40))


def day(n: int) -> date:
    return EPOCH + timedelta(days=n)


@st.composite
def intervals(draw: st.DrawFn) -> DateInterval:
    start = draw(st.none() | st.integers(0, 38))
    end = draw(st.none() | st.integers((start or 0) + 1, 40))
    return DateInterval(None if start is None else day(start), None if end is None else day(end))


def days_of(*spans: DateInterval) -> set[date]:
    """The days of the window that any of the spans holds: the plain model the functions are held against."""
    return {day(n) for n in range(-5, 60) if any(span.contains(day(n)) for span in spans)}


@pytest.mark.parametrize(("start", "end"), [(5, 5), (5, 4)])
def test_空の期間は存在しない(start: int, end: int) -> None:
    with pytest.raises(InputError, match="期間の終わりが始まりより後ではありません") as refused:
        DateInterval(day(start), day(end))
    assert refused.value.code == "inconsistent"


def test_両端の日を含む書き方と半開の書き方() -> None:
    span = DateInterval.through(date(2026, 4, 1), date(2026, 4, 30))
    assert span == DateInterval(date(2026, 4, 1), date(2026, 5, 1))
    assert (span.last_day, span.days, span.is_open) == (date(2026, 4, 30), 30, False)
    endless = DateInterval.through(date(2026, 4, 1), None)
    assert (endless.last_day, endless.days, endless.is_open) == (None, None, True)
    assert span.contains(date(2026, 4, 30))
    assert not span.contains(date(2026, 5, 1))


@given(intervals(), intervals())
def test_重なりと共通部分と残りは日の集合と一致する(a: DateInterval, b: DateInterval) -> None:
    common = days_of(a) & days_of(b)
    assert a.overlaps(b) is b.overlaps(a) is bool(common)
    part = a.intersect(b)
    assert (days_of(part) if part else set()) == common
    assert days_of(*a.subtract(b)) == days_of(a) - days_of(b)
    assert a.covers(b) is (a.intersect(b) == b)


@given(st.lists(intervals(), max_size=6))
def test_つないだ期間は同じ日を離れた期間で覆う(spans: list[DateInterval]) -> None:
    merged = merge(spans)
    assert days_of(*merged) == days_of(*spans)
    for before, after in itertools.pairwise(merged):
        assert before.end is not None
        assert after.start is not None
        assert before.end < after.start


@given(st.lists(intervals(), max_size=6))
def test_空白は覆われない日のすべて(spans: list[DateInterval]) -> None:
    gaps = find_gaps(spans, WINDOW)
    assert days_of(*gaps) == days_of(WINDOW) - days_of(*spans)
    assert find_overlaps(gaps) == []


@given(st.lists(intervals(), max_size=6))
def test_重なりはすべての組を一度ずつ(spans: list[DateInterval]) -> None:
    expected = sum(a.overlaps(b) for i, a in enumerate(spans) for b in spans[i + 1 :])
    found = find_overlaps(spans)
    assert len(found) == expected
    assert all(a.overlaps(b) for a, b in found)


def test_期間を閉じる() -> None:
    open_span = DateInterval(day(0), None)
    assert open_span.closed_at(day(10)) == DateInterval(day(0), day(10))
    for wrong in (day(0), day(-1)):
        with pytest.raises(InputError, match="閉じる日時が期間の中にありません"):
            open_span.closed_at(wrong)
    with pytest.raises(InputError, match="期間の中にありません"):
        DateInterval(day(0), day(5)).closed_at(day(6))


def test_記録の時刻には時差がいる() -> None:
    with pytest.raises(ValueError, match="time zone"):
        InstantInterval(datetime(2026, 4, 1), None)  # noqa: DTZ001


@dataclass(frozen=True)
class Row:
    """住所の記録 of one person."""

    where: str
    span: BitemporalInterval


def at(hour: int) -> datetime:
    return datetime(2026, 5, 1, hour, tzinfo=UTC)


def row(where: str, first: int, end: int | None, recorded: int, closed: int | None = None) -> Row:
    valid = DateInterval(day(first), None if end is None else day(end))
    return Row(where, BitemporalInterval(valid, InstantInterval(at(recorded), None if closed is None else at(closed))))


def test_いつの時点で何が知られていたか() -> None:
    """9 o'clock: lives in 青木 from day 0. 12 o'clock: a late notice, from day 10 in 芝."""
    rows = [row("青木", 0, None, 9, 12), row("青木", 0, 10, 12), row("芝", 10, None, 12)]

    def where(instant: datetime, on: date) -> list[str]:
        return [r.where for r in valid_on(known_on(rows, instant, lambda r: r.span), on, lambda r: r.span)]

    assert where(at(8), day(20)) == []
    assert where(at(9), day(20)) == ["青木"]
    assert where(at(11), day(20)) == ["青木"]
    assert where(at(12), day(20)) == ["芝"]
    assert where(at(12), day(9)) == ["青木"]
    assert find_conflicts(rows, lambda r: r.span) == []
    assert [r.span.is_current for r in rows] == [False, True, True]


def test_同じ日に二つのことを同時に記録すれば矛盾() -> None:
    one, other = row("青木", 0, 10, 9), row("芝", 9, None, 12)
    assert find_conflicts([one, other], lambda r: r.span) == [(one, other)]
    closed = replace(one, span=replace(one.span, recorded=one.span.recorded.closed_at(at(12))))
    assert find_conflicts([closed, other], lambda r: r.span) == []


def test_更正は触れた記録を閉じて残りを書き直す() -> None:
    current = [(DateInterval(day(0), day(10)), "青木"), (DateInterval(day(10), None), "芝")]
    change = amend(current, DateInterval(day(5), day(20)), "本町")
    assert change.closed == tuple(current)
    assert change.inserted == (
        (DateInterval(day(0), day(5)), "青木"),
        (DateInterval(day(5), day(20)), "本町"),
        (DateInterval(day(20), None), "芝"),
    )


def test_触れない記録はそのまま() -> None:
    current = [(DateInterval(day(0), day(5)), "青木"), (DateInterval(day(5), None), "芝")]
    change = amend(current, DateInterval(day(30), None), "本町")
    assert change.closed == ((DateInterval(day(5), None), "芝"),)
    assert change.inserted == ((DateInterval(day(5), day(30)), "芝"), (DateInterval(day(30), None), "本町"))


@given(st.lists(intervals(), max_size=5), intervals())
def test_更正の後はどの日も一つのことだけを言う(spans: list[DateInterval], interval: DateInterval) -> None:
    separate = merge(spans)
    current = [(span, str(index)) for index, span in enumerate(separate)]
    change = amend(current, interval, "新")
    after = [r for r in current if r not in change.closed] + list(change.inserted)
    assert find_overlaps(span for span, _ in after) == []
    assert days_of(*(span for span, what in after if what == "新")) == days_of(interval)
    for span, what in current:
        kept = days_of(*(s for s, w in after if w == what))
        assert kept == days_of(span) - days_of(interval)
