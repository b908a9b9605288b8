"""資格の記録: the only place that writes qualification periods.

An act closes versions and adds versions; nothing is overwritten. What it closed and added is kept as its lines, so that
the act can be undone to the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.choices import ActKind, LineRole
from kokunen.national_pension.deduction import Held, Plan
from kokunen.national_pension.models import QualificationAct, QualificationActLine, QualificationPeriod
from kokunen.national_pension.services.common import lock_person, savepoint

_TICK = timedelta(microseconds=1)


def current_periods(atena_number: str) -> list[QualificationPeriod]:
    """現在の記録: the person's periods as the office knows them now, in order of time."""
    return list(QualificationPeriod.objects.current().filter(atena_number=atena_number).order_by("valid_period"))


def held(periods: Iterable[QualificationPeriod]) -> list[Held]:
    """記録から導出の形へ."""
    return [
        Held(
            insured_type=period.insured_type,
            acquired_on=period.valid_period.lower,
            acquisition_reason=period.acquisition_reason,
            lost_on=period.valid_period.upper,
            loss_reason=period.loss_reason,
            id=period.pk,
        )
        for period in periods
    ]


def current_held(atena_number: str) -> list[Held]:
    """現在の記録 in the shape of the deduction."""
    return held(current_periods(atena_number))


def apply_plan(
    *,
    atena_number: str,
    plan: Plan,
    source: str,
    reason: str = "",
    context: AccessContext,
) -> QualificationAct:
    """処理案を記録する: in the caller's transaction, under the person's lock.

    Raises Conflict when a version that the plan ends is no longer what the office knows (somebody was faster), or
    when the database refuses an overlap.
    """
    lock_person(atena_number)
    at = _instant(atena_number)
    fact = plan.facts[0] if plan.facts else None
    act = QualificationAct.objects.create(
        atena_number=atena_number,
        kind=ActKind.REGISTER,
        fact=fact.kind if fact else "",
        fact_on=fact.on if fact else None,
        article=plan.article,
        explanation=list(plan.steps),
        reason=reason,
        acted_at=at,
        acted_by=context.staff_number,
    )
    for ending in plan.endings:
        period = _still_current(ending.held)
        _close(period, at, act)
        _add(act, at, context, source, _ended(ending.held, ending.lost_on, ending.loss_reason))
    for beginning in plan.beginnings:
        _add(act, at, context, source, beginning.as_held())
    return act


def replace_versions(
    *,
    atena_number: str,
    kind: ActKind,
    close: Sequence[QualificationPeriod],
    add: Sequence[Held],
    source: str,
    reason: str,
    explanation: Sequence[dict[str, Any]] = (),
    undoes: QualificationAct | None = None,
    approved_by: str = "",
    staff_number: str,
) -> QualificationAct:
    """版を置き換える (訂正, 取消, 復元): close these versions and add those, as one act."""
    lock_person(atena_number)
    at = _instant(atena_number)
    act = QualificationAct.objects.create(
        atena_number=atena_number,
        kind=kind,
        reason=reason,
        explanation=list(explanation),
        undoes=undoes,
        acted_at=at,
        acted_by=staff_number,
        approved_by=approved_by,
    )
    for period in close:
        _close(period, at, act)
    for one in add:
        _add_row(act, at, staff_number, source, one)
    return act


def _ended(period: Held, lost_on: date, loss_reason: str) -> Held:
    return Held(period.insured_type, period.acquired_on, period.acquisition_reason, lost_on, loss_reason)


def _still_current(period: Held) -> QualificationPeriod:
    found: QualificationPeriod | None = QualificationPeriod.objects.current().filter(pk=period.id).first()
    if found is None:
        raise Conflict(
            "画面を開いた後に、この方の資格がほかの職員によって変更されました",
            code="changed_meanwhile",
            hint="画面を開き直し、内容を確認してください。",
        )
    return found


def _instant(atena_number: str) -> datetime:
    """The moment of the act: later than every version it may close, also within one transaction."""
    newest = (
        QualificationPeriod.objects.filter(atena_number=atena_number)
        .order_by("-recorded_period__startswith")
        .values_list("recorded_period", flat=True)
        .first()
    )
    at = clock.now()
    return at if newest is None or newest.lower < at else newest.lower + _TICK


def _close(period: QualificationPeriod, at: datetime, act: QualificationAct) -> None:
    period.close_record(at)
    QualificationActLine.objects.create(act=act, period=period, role=LineRole.CLOSED)


def _add(act: QualificationAct, at: datetime, context: AccessContext, source: str, one: Held) -> None:
    _add_row(act, at, context.staff_number, source, one)


def _add_row(act: QualificationAct, at: datetime, staff_number: str, source: str, one: Held) -> None:
    with savepoint():
        period = QualificationPeriod.objects.create(
            atena_number=act.atena_number,
            insured_type=one.insured_type,
            acquisition_reason=one.acquisition_reason,
            loss_reason=one.loss_reason,
            source=source,
            act=act,
            valid_period=DateRange(one.acquired_on, one.lost_on, "[)"),
            recorded_period=recorded_from(at),
            recorded_by=staff_number,
            recorded_reason=act.get_kind_display(),
        )
    QualificationActLine.objects.create(act=act, period=period, role=LineRole.ADDED)
