"""免除期間の記録: a month has one kind; the stronger one takes it, versions are closed and added, never overwritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.law.engine.months import first_day, month_of
from kokunen.national_pension.exemption_choices import PRECEDENCE, ExemptionEnd
from kokunen.national_pension.models import ExemptionApplication, ExemptionPeriod

_TICK = timedelta(microseconds=1)
_OPEN = 10_000 * 12
_KEPT = (
    "kind",
    "application_id",
    "special_ground",
    "applied_on",
    "decided_on",
    "continue_wished",
    "school",
    "child_birth_date",
    "end_reason",
)


@dataclass(frozen=True, slots=True)
class Span:
    """月の範囲: first and last month number; `last` None while it goes on."""

    first: int
    last: int | None

    @property
    def end(self) -> int:
        """終月, far ahead while it goes on."""
        return _OPEN if self.last is None else self.last


def current(atena_number: str) -> list[ExemptionPeriod]:
    """現在の免除期間, in order of months."""
    return list(ExemptionPeriod.objects.current().filter(atena_number=atena_number).order_by("valid_period"))


def span_of(period: ExemptionPeriod) -> Span:
    """期間の月."""
    last = period.last_month
    return Span(month_of(period.first_month), None if last is None else month_of(last))


def months_of(periods: Iterable[ExemptionPeriod], until: int) -> dict[int, str]:
    """月 → 免除種類, up to the month `until`."""
    return {
        month: period.kind
        for period in periods
        for month in range(span_of(period).first, min(span_of(period).end, until) + 1)
    }


def put(
    atena_number: str,
    span: Span,
    *,
    kind: str,
    application: ExemptionApplication | None,
    staff_number: str,
    reason: str,
    facts: Mapping[str, Any],
) -> list[Span]:
    """免除期間を記録する: the months of `span` that no equal or stronger kind holds; weaker ones give way.

    Returns the months that were recorded. `facts`: the other columns of the period.
    """
    free = [span]
    for row in current(atena_number):
        held = span_of(row)
        if held.first > span.end or held.end < span.first:
            continue
        if PRECEDENCE[row.kind] <= PRECEDENCE[kind]:
            free = [left for one in free for left in _without(one, held)]
        else:
            _rewrite(row, _without(held, span), staff_number, reason, row.end_reason)
    for one in free:
        _insert(atena_number, one, staff_number, reason, {"kind": kind, "application": application, **facts})
    return free


def end(
    atena_number: str,
    *,
    kinds: Collection[str],
    after: int,
    end_reason: ExemptionEnd,
    staff_number: str,
    reason: str,
) -> int:
    """免除を終わらせる: months after `after` of these kinds are no longer exempt; returns how many periods changed."""
    changed = 0
    for row in current(atena_number):
        held = span_of(row)
        if row.kind in kinds and held.end > after:
            left = [Span(held.first, after)] if held.first <= after else []
            _rewrite(row, left, staff_number, reason, end_reason)
            changed += 1
    return changed


def take_back(application: ExemptionApplication, staff_number: str, reason: str) -> None:
    """取り消す: what was recorded from this application is closed."""
    for row in ExemptionPeriod.objects.current().filter(application=application):
        _rewrite(row, [], staff_number, reason, "")


def _without(span: Span, taken: Span) -> list[Span]:
    """The months of `span` outside `taken`."""
    parts = []
    if span.first < taken.first:
        parts.append(Span(span.first, min(span.end, taken.first - 1)))
    if span.end > taken.end:
        parts.append(Span(max(span.first, taken.end + 1), span.last))
    return parts if parts or not (span.end < taken.first or span.first > taken.end) else [span]


def _rewrite(row: ExemptionPeriod, left: Iterable[Span], staff_number: str, reason: str, end_reason: str) -> None:
    kept = {name: getattr(row, name) for name in _KEPT} | {"end_reason": end_reason}
    row.close_record(max(clock.now(), row.recorded_period.lower + _TICK))
    for span in left:
        _insert(row.atena_number, span, staff_number, reason, kept, row.recorded_period.upper)


def _insert(
    atena_number: str, span: Span, staff_number: str, reason: str, facts: Mapping[str, Any], at: Any = None
) -> None:
    upper: date | None = None if span.last is None else first_day(span.last + 1)
    ExemptionPeriod.objects.create(
        atena_number=atena_number,
        valid_period=DateRange(first_day(span.first), upper, "[)"),
        recorded_period=recorded_from(at or clock.now()),
        recorded_by=staff_number,
        recorded_reason=reason[:200],
        **facts,
    )
