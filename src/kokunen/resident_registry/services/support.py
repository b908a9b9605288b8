"""支援措置 (住民基本台帳事務処理要領 第5-10; SPEC 3.1, 3.4): begin, extend, release. Each is published, so that
every screen masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months
from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.filing_deadline import support_period
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.resident_registry.choices import SupportKind, SupportReason
from kokunen.resident_registry.linkage import RESIDENT, resident_rows
from kokunen.resident_registry.models import ALIAS, ResidentVersion, SupportMeasure
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services.outbox import post_support

DATASET_JA = "支援措置"


@dataclass(frozen=True, slots=True)
class SupportRequest:
    """支援措置の申出: applicant and those named with the applicant (併せて支援を求める者), all at one address."""

    applicant: str
    covered: Sequence[str]
    kind: SupportKind
    reason: SupportReason
    starts_on: date
    requested_on: date
    consulted_agency: str = ""
    abuser: str = ""


def begin_support(*, context: AccessContext, request: SupportRequest) -> None:
    """支援措置の開始: one year from the start (end = the day before the same day of the next year)."""
    people = list(dict.fromkeys((request.applicant, *request.covered)))
    try:
        with transaction.atomic(using=ALIAS):
            rows = _living(people)
            today = clock.today()
            if request.requested_on > today or request.starts_on > today:
                raise InputError("申出日・開始日は今日までの日を入力してください", "starts_on", "out_of_range", "")
            if len({row.household_number for row in rows}) > 1 and len({row.address for row in rows}) > 1:
                raise InputError(
                    "併せて支援を求める者は、申出者と同じ住所の家族に限られます", "covered", "inconsistent", ""
                )
            if in_force(people):
                raise Conflict(
                    "すでに支援措置の対象になっている人がいます",
                    "covered",
                    "already_protected",
                    "延長または解除を選んでください。",
                )
            for number in people:
                _add(context, request, number)
            _publish_and_record(context, Act.REGISTER, people)
    except KokunenError as refused:
        record_refusal(context, dataset=DATASET_JA, reason=refused.message, atena_numbers=people)
        raise


def extend_support(*, context: AccessContext, applicant: str, on: date | None = None) -> date:
    """支援措置の延長: from one month before the end; the new year begins the day after. Gives the new last day."""
    today = on or clock.today()
    rows = _of_applicant(applicant)
    try:
        with transaction.atomic(using=ALIAS):
            if not rows:
                raise InputError("延長する支援措置がありません", "applicant", "not_found", "")
            opens = add_months(rows[0].ends_on, -1)  # the day law.rules.filing_deadline calls extension_from
            if today < opens:
                raise InputError(
                    f"延長の申出は、終了日の1か月前（{format_wareki(opens)}）から受け付けます",
                    "applicant",
                    "too_early",
                    "",
                )
            period = support_period(rows[0].ends_on + timedelta(days=1))
            at = clock.now()
            for row in rows:
                row.close_record(at)
                row.pk, row._state.adding = None, True
                row.recorded_period, row.recorded_by = DateTimeTZRange(at, None, "[)"), context.staff_number
                row.recorded_reason = "延長"
                row.starts_on, row.ends_on = period.start, period.end
                row.save()
            _publish_and_record(context, Act.REGISTER, [row.atena_number for row in rows])
            return rows[0].ends_on
    except KokunenError as refused:
        record_refusal(context, dataset=DATASET_JA, reason=refused.message, atena_numbers=[applicant])
        raise


def release_support(*, context: AccessContext, applicant: str, reason: str) -> None:
    """支援措置の解除: by a responsible person, never by the passing of the day."""
    if not reason.strip():
        raise InputError(
            "解除の理由が入力されていません", "reason", "missing_field", "申出、期間満了などを入力してください。"
        )
    rows = _of_applicant(applicant)
    with transaction.atomic(using=ALIAS):
        if not rows:
            raise InputError("解除する支援措置がありません", "applicant", "not_found", "")
        at, today = clock.now(), clock.today()
        for row in rows:
            row.close_record(at)
            row.pk, row._state.adding = None, True
            row.recorded_period, row.recorded_by = DateTimeTZRange(at, None, "[)"), context.staff_number
            row.recorded_reason, row.released_on = reason.strip()[:200], today
            if row.valid_period.lower < today:
                row.valid_period = DateRange(row.valid_period.lower, today, "[)")
                row.save()
        _publish_and_record(context, Act.CANCEL, [row.atena_number for row in rows])


def in_force(atena_numbers: Sequence[str]) -> dict[str, SupportMeasure]:
    """有効な支援措置 of these people (also past its last day: nothing ends by itself)."""
    rows = SupportMeasure.objects.current().filter(
        atena_number__in=list(atena_numbers), valid_period__endswith__isnull=True
    )
    return {row.atena_number: row for row in rows}


def _of_applicant(applicant: str) -> list[SupportMeasure]:
    return list(
        SupportMeasure.objects.current().filter(applicant_atena_number=applicant, valid_period__endswith__isnull=True)
    )


def _living(numbers: Sequence[str]) -> list[ResidentVersion]:
    rows = {row.atena_number: row for row in ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers)}
    for number in numbers:
        if number not in rows:
            raise InputError(f"宛名番号{number}の住民票はありません", "covered", "not_found", "検索し直してください。")
    return list(rows.values())


def _add(context: AccessContext, request: SupportRequest, number: str) -> None:
    SupportMeasure.objects.create(
        atena_number=number,
        applicant_atena_number=request.applicant,
        kind=request.kind,
        reason=request.reason,
        requested_on=request.requested_on,
        starts_on=request.starts_on,
        ends_on=support_period(request.starts_on).end,
        consulted_agency=request.consulted_agency,
        abuser=request.abuser,
        valid_period=DateRange(request.starts_on, None, "[)"),
        recorded_period=DateTimeTZRange(clock.now(), None, "[)"),
        recorded_by=context.staff_number,
        recorded_reason=SupportKind(request.kind).label,
    )


def _publish_and_record(context: AccessContext, act: Act, numbers: Sequence[str]) -> None:
    rows = ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers)
    record(ALIAS, context, act=act, dataset=DATASET_JA, atena_numbers=numbers, items=["支援措置"])
    publish(ALIAS, RESIDENT, resident_rows(rows), ChangeNote("update", None, clock.today()))
    post_support(rows, stop=act is not Act.CANCEL)
