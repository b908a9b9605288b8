"""登録: turns what is on the desk into rows, an event, search names, a ledger entry and a publication, in one
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, KokunenError, NotAllowed
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.resident_registry.choices import EventCode, FilingKind, ResidentStatus
from kokunen.resident_registry.linkage import RESIDENT, protected_among, resident_rows
from kokunen.resident_registry.models import (
    ALIAS,
    CONTENT_FIELDS,
    EventPerson,
    Household,
    ResidentEvent,
    ResidentVersion,
)
from kokunen.resident_registry.services import search_names
from kokunen.resident_registry.services.desk import Desk, PersonChange, changed_items, next_version
from kokunen.resident_registry.services.notice import NeedsConfirmation, Notice, Receipt
from kokunen.resident_registry.services.outbox import post_changes

DATASET_JA = "住民票"
_CANCELLATIONS = {
    EventCode.CANCELLATION_PLUS,
    EventCode.CANCELLATION_MINUS,
    EventCode.CANCELLATION_ZERO,
    EventCode.DEPARTURE_CANCELLED,
}
#: 制約の言葉: what the database refused, in words (two officers can pass every check of the program at one instant).
_CONSTRAINTS = {
    "resident_one_head_a_household": "この世帯には、すでに世帯主がいます。続柄を確認してください",
    "resident_code_of_one_person": "この住民票コードは、ほかの人に付番されています",
    "resident_code_assignment_pkey": "この住民票コードは、すでに使われています",
    "resident_no_overlap": "同じ人の記録が、ほかの職員によって同時に変更されました",
    "resident_version_once": "同じ人の記録が、ほかの職員によって同時に変更されました",
    "event_cancelled_once": "この異動は、すでに取り消されています",
}


def carry_out(
    *,
    context: AccessContext,
    notice: Notice,
    plan: Callable[[Desk], None],
    subjects: Sequence[str],
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """届出を登録する: plan, settle the households, write, publish; all of it or nothing.

    `expected` are the 履歴番号 the officer saw, by 宛名番号; `acknowledged` the codes of the alerts that were
    confirmed. A refusal is told as a KokunenError and stands in the ledger; alerts not yet confirmed raise
    NeedsConfirmation and store nothing.
    """
    try:
        with transaction.atomic(using=ALIAS):
            desk = Desk(context, notice, clock.today(), expected=expected)
            plan(desk)
            desk.settle()
            _refuse_protected(desk)
            missing = [alert for alert in desk.findings.alerts if alert.code not in acknowledged]
            if missing:
                raise NeedsConfirmation(desk.findings.alerts)
            return commit(desk)
    except NeedsConfirmation:
        raise
    except KokunenError as refused:
        _refuse(context, notice, subjects, refused)
        raise
    except IntegrityError as broken:
        conflict = Conflict(
            _constraint_in_words(broken), code="constraint", hint="検索し直して、今の記録を確認してください。"
        )
        _refuse(context, notice, subjects, conflict)
        raise conflict from broken


def _refuse_protected(desk: Desk) -> None:
    """支援措置: a notice about a protected person needs an officer who may handle it. The words do not say why."""
    if desk.notice.supervised or desk.notice.filing_kind == FilingKind.NOTIFICATION or is_system(desk.context):
        return
    subjects = [number for number, change in desk.changes.items() if change.before is not None]
    if protected_among(subjects):
        raise NotAllowed(
            "取扱いに確認が必要な人が含まれているため、登録できません",
            "movers",
            "needs_supervisor",
            "住民記録係長に引き継いでください。",
        )


def is_system(context: AccessContext) -> bool:
    """自動処理か: night work acts without an officer."""
    return context.staff_number.startswith("system:")


def _refuse(context: AccessContext, notice: Notice, subjects: Sequence[str], refused: KokunenError) -> None:
    record_refusal(
        context,
        dataset=DATASET_JA,
        reason=refused.message,
        atena_numbers=[number for number in subjects if number],
        detail={"code": refused.code, "field": refused.field, "event": str(notice.code)},
    )


def _constraint_in_words(broken: IntegrityError) -> str:
    text = str(broken)
    found = next((words for name, words in _CONSTRAINTS.items() if name in text), None)
    if found is None:
        raise broken
    return found


def preview(*, context: AccessContext, notice: Notice, plan: Callable[[Desk], None], subjects: Sequence[str]) -> Desk:
    """届出の試算: what would follow, for the right side of the notice screen. Reads, locks nothing, writes only the
    ledger.
    """
    with transaction.atomic(using=ALIAS):
        desk = Desk(context, notice, clock.today(), for_real=False)
        plan(desk)
        desk.settle()
        numbers = [number for number in desk.changes if number in desk.rows] or [
            number for number in subjects if number
        ]
        record(
            ALIAS,
            context,
            act=Act.VIEW,
            dataset="異動の試算",
            atena_numbers=numbers,
            detail={"event": str(notice.code)},
        )
    return desk


def commit(desk: Desk) -> Receipt:
    """書き込む: the rows of the desk. The recorded time is taken after the locks, so it follows every earlier
    change.
    """
    closed_at = at = clock.now()
    removed: ResidentEvent | None = None
    if desk.removal is not None:
        removed = _write_event(desk, desk.removal.code, desk.removal.cancels_event_id, closed_at)
        at += timedelta(microseconds=1)
    event = _write_event(desk, desk.notice.code, desk.cancels_event_id, at)
    _write_versions(desk, event, at, closed_at)
    if removed is not None:
        _write_removal(desk, removed, closed_at, at)
    _write_households(desk, at)
    search_names.refresh([(change.before, change.after) for change in desk.changes.values()])
    record(
        ALIAS,
        desk.context,
        act=_act_of(desk.notice.code),
        dataset=DATASET_JA,
        atena_numbers=list(desk.changes),
        items=sorted({item for change in desk.changes.values() for item in changed_items(change.before, change.after)}),
        detail={"event": str(desk.notice.code), "event_id": event.pk},
    )
    seqs = publish_changes(desk)
    post_changes(desk, event)
    EventPerson.objects.bulk_create(
        EventPerson(
            event=event,
            atena_number=number,
            is_subject=change.subject,
            version_before=_version_before(desk, change),
            version_after=change.after.version_number,
            change_seq=seqs.get(number),
        )
        for number, change in desk.changes.items()
    )
    return Receipt(
        event_id=event.pk,
        receipt_number=event.receipt_number,
        code=desk.notice.code,
        atena_numbers=tuple(number for number, change in desk.changes.items() if change.subject),
        household_numbers=tuple(desk.touched_households()),
        alerts=tuple(desk.findings.alerts),
        follow_ups=tuple(desk.findings.follow_ups),
        new_atena_numbers=tuple(number for number, change in desk.changes.items() if change.before is None),
    )


def _version_before(desk: Desk, change: PersonChange) -> int | None:
    """この異動の前の履歴番号: of a pair the row that the removal left."""
    if change.before is None:
        return None
    return change.before.version_number + (1 if desk.removal is not None and change.subject else 0)


def _act_of(code: EventCode) -> Act:
    if code in _CANCELLATIONS:
        return Act.CANCEL
    return Act.CORRECT if code.startswith("32") else Act.REGISTER


def _write_event(desk: Desk, code: EventCode, cancels: int | None, at: datetime) -> ResidentEvent:
    notice = desk.notice
    main = next((change for change in desk.changes.values() if change.subject), None)
    number = ""
    if main is not None:
        number = (main.before or main.after).household_number
    return ResidentEvent.objects.create(
        code=code,
        event_on=notice.day,
        event_text=notice.event_on.display if notice.event_on.is_imprecise else "",
        event_imprecise=notice.event_on.is_imprecise,
        notified_on=notice.filed_on(desk.today),
        filing_kind=notice.filing_kind,
        processed_on=desk.today,
        processed_at=at,
        staff_number=desk.context.staff_number,
        office_code=desk.context.office_code,
        filer=notice.filer,
        filer_name=notice.filer_name,
        identity_check=notice.identity_check,
        household_number=number,
        remarks=notice.remarks,
        cause=notice.cause,
        case_id=desk.context.case_id or "",
        cancels_id=cancels,
    )


def _write_removal(desk: Desk, event: ResidentEvent, at: datetime, until: datetime) -> None:
    """対になる消除を書く: rows that were the office's knowledge for one instant, between the old and the new ones."""
    added, links = [], []
    for number, change in desk.changes.items():
        if not change.subject or change.before is None:
            continue
        row = next_version(change.before)
        row.status, row.removal_code, row.removed_on = ResidentStatus.REMOVED, event.code, event_day(desk)
        row.event = event
        row.valid_period = DateRange(valid_from(desk, change), None, "[)")
        _stamp(row, at, desk)
        row.recorded_period = DateTimeTZRange(at, until, "[)")
        added.append(row)
        links.append(
            EventPerson(
                event=event,
                atena_number=number,
                version_before=change.before.version_number,
                version_after=row.version_number,
            )
        )
    ResidentVersion.objects.bulk_create(added)
    EventPerson.objects.bulk_create(links)


# --- rows in two times -----------------------------------------------------------------------------------------------


def valid_from(desk: Desk, change: PersonChange) -> date:
    """有効期間の始まり: the day from which the new row holds.

    A removal holds from the day of the removal, even when it comes to light late. Everything else holds from 異動日,
    but not before the row it continues (whose items it repeats).
    """
    after, before = change.after, change.before
    if before is None:
        return after.resident_since
    if not after.is_living and after.removed_on is not None and before.removed_on != after.removed_on:
        return after.removed_on
    began: date = before.valid_period.lower
    return max(event_day(desk), began)  # a planned moving out is known from today on


def event_day(desk: Desk) -> date:
    """異動日 for periods and publication: never later than today; a wholly unknown day counts from today."""
    if desk.notice.event_on == ImpreciseDate.unknown():
        return desk.today
    return min(desk.notice.day, desk.today)


def _write_versions(desk: Desk, event: ResidentEvent, at: datetime, closed_at: datetime) -> None:
    """行を加える: close what the new rows replace, then add everything in one statement (the household check looks
    then).
    """
    added: list[ResidentVersion] = []
    closed: list[ResidentVersion] = []
    standing = _standing_rows([number for number, change in desk.changes.items() if change.before is not None])
    for number, change in desk.changes.items():
        start = valid_from(desk, change)
        for row in standing.get(number, []):
            if row.valid_period.upper is not None and row.valid_period.upper <= start:
                continue
            closed.append(row)
            if row.valid_period.lower < start:
                added.append(_shortened(row, start, at, desk))
        after = change.after
        after.event = event
        after.valid_period = DateRange(start, None, "[)")
        _stamp(after, at, desk)
        added.append(after)
    if closed:
        _close(closed, closed_at)
    ResidentVersion.objects.bulk_create(added)


def _standing_rows(atena_numbers: Iterable[str]) -> dict[str, list[ResidentVersion]]:
    rows = ResidentVersion.objects.filter(atena_number__in=list(atena_numbers), recorded_period__endswith__isnull=True)
    ordered = sorted(rows, key=lambda row: (row.atena_number, row.valid_period.lower))
    return {number: list(group) for number, group in groupby(ordered, key=lambda row: row.atena_number)}


def _close(rows: Sequence[ResidentVersion], at: datetime) -> None:
    from django.db import connections

    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "update resident_version set recorded_period = tstzrange(lower(recorded_period), %s) where id = any(%s)",
            [at, [row.pk for row in rows]],
        )


def _shortened(row: ResidentVersion, until: date, at: datetime, desk: Desk) -> ResidentVersion:
    """同じ履歴番号で期間だけ短い行."""
    copy = ResidentVersion(
        atena_number=row.atena_number,
        version_number=row.version_number,
        event_id=row.event_id,
        valid_period=DateRange(row.valid_period.lower, until, "[)"),
        **{name: getattr(row, name) for name in CONTENT_FIELDS},
    )
    _stamp(copy, at, desk)
    return copy


def _stamp(row: ResidentVersion | Household, at: datetime, desk: Desk) -> None:
    row.recorded_period = DateTimeTZRange(at, None, "[)")
    row.recorded_by = desk.context.staff_number
    row.recorded_reason = desk.notice.name


def _write_households(desk: Desk, at: datetime) -> None:
    """世帯の始まりと終わり: a number begins with its first member and ends with its last, and never comes back."""
    start = event_day(desk)
    for number in desk.new_households:
        row = Household(household_number=number, valid_period=DateRange(start, None, "[)"))
        _stamp(row, at, desk)
        row.save()
    emptied = [
        number
        for number in desk.touched_households()
        if number not in desk.new_households and desk.members_before(number) and not desk.members(number)
    ]
    for row in Household.objects.filter(household_number__in=emptied, recorded_period__endswith__isnull=True):
        if row.valid_period.upper is not None:
            continue
        row.close_record(at)
        if row.valid_period.lower < start:
            ended = Household(
                household_number=row.household_number,
                valid_period=DateRange(row.valid_period.lower, start, "[)"),
                de_facto_head=row.de_facto_head,
            )
            _stamp(ended, at, desk)
            ended.save()


# --- publication -----------------------------------------------------------------------------------------------------


def publish_changes(desk: Desk) -> dict[str, int]:
    """公開する: the rows as they now stand, each with why and when; followers carry 世帯主変更, not the mover's own
    reason. Neighbours in the feed with the same reason and day go out together: the feed is held for a moment only.
    """
    rows = {row["atena_number"]: row for row in resident_rows(change.after for change in desk.changes.values())}
    seqs: dict[str, int] = {}
    for note, numbers in groupby(desk.changes, key=lambda number: _note(desk, desk.changes[number])):
        together = list(numbers)
        told = publish(ALIAS, RESIDENT, [rows[number] for number in together], note)
        seqs.update(zip(together, told, strict=True))
    return seqs


def _note(desk: Desk, change: PersonChange) -> ChangeNote:
    day = desk.notice.day if desk.notice.day > desk.today else event_day(desk)
    if change.after.removed_on and change.before is not None and change.before.is_living:
        day = change.after.removed_on
    if change.cancels_seq is not None or desk.cancels_event_id is not None:
        # to the neighbours a pair is one change of the person, so its cancellation is one too
        code = EventCode.CANCELLATION_ZERO if desk.removal is not None else desk.notice.code
        return ChangeNote("cancel", str(code), day, change.cancels_seq)
    if not change.subject:
        return ChangeNote("update", str(EventCode.HEAD_CHANGE), day)
    if change.before is None or (not change.before.is_living and change.after.is_living):
        return ChangeNote("register", str(desk.notice.code), day)
    if change.before.is_living and not change.after.is_living:
        return ChangeNote("remove", str(desk.notice.code), day)
    return ChangeNote("update", str(desk.notice.code), day)
