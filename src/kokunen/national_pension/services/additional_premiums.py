"""付加保険料の記録: months with 付加 begin and end as the Service accepted them; versions are closed and added."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.national_pension.exemption_choices import AdditionalDivision
from kokunen.national_pension.models import AdditionalPremiumPeriod

_TICK = timedelta(microseconds=1)


def take(atena_number: str, month: date, *, leaves: bool, on: date, staff_number: str, reason: str) -> None:
    """付加を記録する: from `month` on, or (`leaves`) ending with the month before it; twice changes nothing."""
    rows = [
        row
        for row in AdditionalPremiumPeriod.objects.current().filter(atena_number=atena_number)
        if row.valid_period.upper is None or row.valid_period.upper > month
    ]
    at = clock.now()
    if not leaves:
        if not rows:
            _insert(
                atena_number, DateRange(month, None, "[)"), AdditionalDivision.JOINED, on, None, staff_number, reason
            )
        return
    for row in rows:
        row.close_record(max(at, row.recorded_period.lower + _TICK))
        if row.valid_period.lower < month:
            kept = DateRange(row.valid_period.lower, month, "[)")
            _insert(atena_number, kept, AdditionalDivision.LEFT, row.joined_on, on, staff_number, reason)


def _insert(
    atena_number: str,
    months: DateRange,
    division: AdditionalDivision,
    joined_on: date,
    left_on: date | None,
    staff_number: str,
    reason: str,
) -> None:
    AdditionalPremiumPeriod.objects.create(
        atena_number=atena_number,
        valid_period=months,
        recorded_period=recorded_from(clock.now() + _TICK),
        recorded_by=staff_number,
        recorded_reason=reason[:200],
        division=division,
        joined_on=joined_on,
        left_on=left_on,
    )
