"""夜間の処理: people who reach 20, 60 or 65 soon, people who should be insured and are not, and the hand-over to
the 市民課.

Each can be run again at any time and does nothing twice. The database narrows down by birth date and by what is
recorded; which day it is, is the law's answer for each of the few who remain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months, last_of_month, reaches_age_on
from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import first_day
from kokunen.law.rules.benefits.monthly_record import PAID_LIKE, life_of
from kokunen.law.rules.benefits.voluntary import months_until_full
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.national_pension import parameters, resident_view
from kokunen.national_pension.choices import (
    CITY_TYPES,
    FIRST_KIND,
    NOT_INSURED,
    RESIDENT_EXPLAINING_LOSS_REASONS,
    VOLUNTARY_TYPES,
    WorkKind,
)
from kokunen.national_pension.deduction import Fact, Held, Plan, deduce
from kokunen.national_pension.models import (
    PensionNumber,
    QualificationHandOver,
    QualificationPeriod,
    RecordNote,
    WorkItem,
)
from kokunen.national_pension.proposals import notice_kind_of, plan_as_json
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import recording
from kokunen.national_pension.services.common import USING
from kokunen.national_pension.services.consultations import span_of
from kokunen.national_pension.services.items import create_item

_CHUNK = 500
_MISSED_MONTHS = 3  # 20歳: so far back the list looks again; who is older and without any record is 未加入の疑い


@dataclass(frozen=True, slots=True)
class Ran:
    """処理の結果: how many people were looked at and how many items are new."""

    name: str
    looked_at: int
    created: int

    def __str__(self) -> str:
        return f"{self.name}: 対象 {self.looked_at:,} 件、新規 {self.created:,} 件"


# --- ages -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _AgeJob:
    age: int
    kind: WorkKind
    name: str
    advice: tuple[str, ...]
    types: tuple[str, ...]  # whose open period ends; () for 20歳, where none begins


_TWENTY = _AgeJob(20, WorkKind.REACHED_20, "20歳到達", ("student", "exemption", "additional", "premium_payment"), ())
_SIXTY = _AgeJob(60, WorkKind.REACHED_60, "60歳到達", ("voluntary_60",), (FIRST_KIND,))
_SIXTY_FIVE = _AgeJob(
    65, WorkKind.REACHED_65, "任意加入の満了", ("old_age_claim", "special_voluntary"), VOLUNTARY_TYPES
)


def list_reached_20(day: date | None = None) -> Ran:
    """20歳到達者の一覧: residents who reach 20 until the end of the coming month and hold no period."""
    return _ages(_TWENTY, day)


def list_reached_60(day: date | None = None) -> Ran:
    """60歳到達者の一覧: 第1号 whose qualification ends by age until the end of the coming month."""
    return _ages(_SIXTY, day)


def list_reached_65(day: date | None = None) -> Ran:
    """任意加入満了者の一覧: 任意加入 that ends (or goes on as 特例任意) at 65 until the end of the coming month."""
    return _ages(_SIXTY_FIVE, day)


def _ages(job: _AgeJob, day: date | None) -> Ran:
    today = day or clock.today()
    until = last_of_month(add_months(today.replace(day=1), parameters.days("ahead_months", today)))
    looked, created = 0, 0
    for chunk in _born_for(job, today, until):
        with transaction.atomic(using=USING):
            made = [atena for atena in chunk if _age_item(job, atena, until)]
            looked, created = looked + len(chunk), created + len(made)
            _entry(job.name, made)
    return Ran(job.name, looked, created)


def _born_for(job: _AgeJob, today: date, until: date) -> Iterator[list[str]]:
    """宛名番号 in chunks: by birth date (a wide window; the law says the day) and by what is recorded."""
    last = add_months(until, -12 * job.age) + timedelta(days=2)
    if job.types:
        # whoever should have ended long ago is listed too, however often the job was missed
        first = date(1900, 1, 1)
        condition = (
            "exists (select 1 from qualification_period q where q.atena_number = r.atena_number "
            "and upper_inf(q.recorded_period) and upper_inf(q.valid_period) and q.insured_type = any(%(types)s))"
        )
    else:
        first = add_months(today.replace(day=1), -12 * job.age - _MISSED_MONTHS)
        condition = (
            "r.status = '1' and not exists (select 1 from qualification_period q where q.atena_number = r.atena_number "
            "and upper_inf(q.recorded_period))"
        )
    statement = (
        f"select r.atena_number from {resident_view.VIEW} r "
        f"where r.birth_date between %(first)s and %(last)s and {condition} order by r.atena_number"
    )
    with connections[USING].cursor() as cursor:
        cursor.execute(statement, {"first": first, "last": last, "types": list(job.types)})
        numbers = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(numbers), _CHUNK):
        yield numbers[start : start + _CHUNK]


def _age_item(job: _AgeJob, atena_number: str, until: date) -> bool:
    resident = resident_view.find(atena_number)
    if resident is None:
        return False
    reached = reaches_age_on(resident.birth_date, job.age)
    if reached > until:
        return False
    held = recording.current_held(atena_number)
    plan = _aging(resident, held, reached)
    if plan is None or plan.changes_nothing:
        return False
    item = create_item(
        kind=job.kind,
        atena_number=atena_number,
        source_key=f"age:{job.age}:{atena_number}",
        event_on=reached,
        effective_on=plan.effective_on,
        article=plan.article,
        summary=" ".join(plan.sentences),
        proposal={**plan_as_json(plan), "notice_kind": str(notice_kind_of(plan))},
        steps=list(plan.steps),
        codes=job.advice,
    )
    return item is not None


def _aging(resident: Resident, held: Sequence[Held], reached: date) -> Plan | None:
    try:
        return deduce(resident.subject, held, [], today=reached, horizon=reached)
    except KokunenError:
        return None


# --- 480月 -----------------------------------------------------------------------------------------------------------

_PLAIN_VOLUNTARY = ("4", "5", "6")  # 特例任意加入 ends with a right, not with 480 months


def list_reached_480(day: date | None = None) -> Ran:
    """任意加入の480月到達: from the record noted of 社会保険オンライン, the months since then taken as paid.

    The city holds no payment record: whoever has no note cannot be counted, and the item asks an officer to look at
    the record again before the loss is confirmed.
    """
    today = day or clock.today()
    until = last_of_month(add_months(today.replace(day=1), parameters.days("ahead_months", today)))
    numbers = list(
        QualificationPeriod.objects.current()
        .filter(insured_type__in=_PLAIN_VOLUNTARY, valid_period__endswith__isnull=True)
        .order_by("atena_number")
        .values_list("atena_number", flat=True)
    )
    looked, created = 0, 0
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        notes = {
            note.atena_number: note
            for note in RecordNote.objects.filter(atena_number__in=chunk).order_by("noted_at", "id")
        }
        with transaction.atomic(using=USING):
            made = [atena for atena, note in notes.items() if _item_480(atena, note, until)]
            looked, created = looked + len(notes), created + len(made)
            _entry("任意加入の480月到達", made)
    return Ran("任意加入の480月到達", looked, created)


def _item_480(atena_number: str, note: RecordNote, until: date) -> bool:
    spans = [span_of(row) for row in note.spans]
    if not spans:
        return False
    left = months_until_full(life_of(spans).months)
    last = max(span.last for span in spans if span.state in PAID_LIKE) if left else max(span.last for span in spans)
    reached = first_day(last + left + 1)  # the day after the month that makes 480 [期日は目安]
    resident = resident_view.find(atena_number)
    if resident is None or reached > until:
        return False
    try:
        held = recording.current_held(atena_number)
        on = max(reached, held[-1].acquired_on)
        plan = deduce(resident.subject, held, [Fact("voluntary_months_480", on)], today=on, horizon=on)
    except KokunenError:
        return False
    item = create_item(
        kind=WorkKind.REACHED_480,
        atena_number=atena_number,
        source_key=f"480:{atena_number}",
        event_on=reached,
        effective_on=plan.effective_on,
        article=plan.article,
        summary=f"{format_wareki(note.seen_on)}に確認した記録で480月まであと{left}か月です。納付を確認してください",
        proposal={**plan_as_json(plan), "notice_kind": str(notice_kind_of(plan))},
        steps=list(plan.steps),
        codes=("old_age_claim",),
    )
    return item is not None


# --- 未加入の疑い
# ------------------------------------------------------------------------------------------------------

_UNENROLLED = f"""
select r.atena_number, last.loss_reason, last.lost_on
from {resident_view.VIEW} r
left join lateral (
    select q.loss_reason, upper(q.valid_period) as lost_on
    from qualification_period q
    where q.atena_number = r.atena_number and upper_inf(q.recorded_period)
    order by q.valid_period desc limit 1
) last on true
where r.status = '1'
  and r.birth_date between %(oldest)s and %(youngest)s
  and r.resident_since <= %(since)s
  and (last.loss_reason is null or (last.loss_reason <> '' and last.loss_reason <> all(%(explained)s)))
  and not exists (select 1 from work_item w where w.source_key = 'unenrolled:' || r.atena_number
                                               or (w.atena_number = r.atena_number and w.state in ('open', 'planned')))
order by r.atena_number
"""


def list_unenrolled(day: date | None = None) -> Ran:
    """未加入の疑い: residents of 20 to 59 without a period in force and without a loss that explains it.

    The city may simply not know of a 2号 or 3号 period: the item asks an officer to check, it proposes nothing.
    """
    today = day or clock.today()
    grace = timedelta(days=parameters.days("unenrolled_grace_days", today))
    values: dict[str, Any] = {
        "oldest": add_months(today, -12 * 60) + timedelta(days=1),
        "youngest": add_months(today - grace, -12 * 20),
        "since": today - grace,
        "explained": list(RESIDENT_EXPLAINING_LOSS_REASONS),
    }
    with connections[USING].cursor() as cursor:
        cursor.execute(_UNENROLLED, values)
        rows = cursor.fetchall()
    created = 0
    for start in range(0, len(rows), _CHUNK):
        with transaction.atomic(using=USING):
            made = [
                atena
                for atena, loss_reason, lost_on in rows[start : start + _CHUNK]
                if create_item(
                    kind=WorkKind.UNENROLLED,
                    atena_number=atena,
                    source_key=f"unenrolled:{atena}",
                    event_on=lost_on,
                    effective_on=None,
                    article="国民年金法第7条第1項第1号",
                    summary=_why_unenrolled(loss_reason, lost_on),
                    proposal={},
                    steps=[],
                    codes=("exemption",),
                )
            ]
            created += len(made)
            _entry("未加入の疑い", made)
    return Ran("未加入の疑い", len(rows), created)


def _why_unenrolled(loss_reason: str | None, lost_on: date | None) -> str:
    if not loss_reason or lost_on is None:
        return "20歳以上60歳未満の住民ですが、市に資格の記録がありません。厚生年金・扶養の加入を確認してください"
    return f"{format_wareki(lost_on)}に資格を失った後、国内にお住まいですが、資格の記録がありません"


# --- hand-over to the 市民課
# --------------------------------------------------------------------------------------------


def hand_over_qualifications(day: date | None = None) -> Ran:
    """資格情報の移転 (flow.out2): to the 市民課 for the 行政欄, once a day, only 第1号 and 任意 and only what changed.

    A loss that lies ahead is not told before its day: what is handed over is the state of the business day.
    """
    today = day or clock.today()
    from kokunen.national_pension.linkage import PENSION_QUALIFICATION

    looked, sent = 0, 0
    for numbers in _with_city_periods():
        with transaction.atomic(using=USING):
            rows = _rows_for(numbers, today)
            known = dict(
                QualificationHandOver.objects.filter(atena_number__in=numbers).values_list(
                    "atena_number", "fingerprint"
                )
            )
            changed = [row for row in rows if known.get(row["atena_number"]) != _fingerprint(row)]
            if changed:
                publish(USING, PENSION_QUALIFICATION, changed, ChangeNote("update", None, today))
                QualificationHandOver.objects.bulk_create(
                    [QualificationHandOver(row["atena_number"], _fingerprint(row), today) for row in changed],
                    update_conflicts=True,
                    update_fields=["fingerprint", "handed_on"],
                    unique_fields=["atena_number"],
                )
                _entry("資格情報の移転（市民課）", [row["atena_number"] for row in changed], Act.EXPORT, "flow.out2")
            looked, sent = looked + len(numbers), sent + len(changed)
    return Ran("資格情報の移転", looked, sent)


def _with_city_periods() -> Iterator[list[str]]:
    """Whoever is or was 第1号 or 任意, and whoever was told of to the 市民課 before, in chunks by key."""
    after = ""
    while True:
        insured = (
            QualificationPeriod.objects.current()
            .filter(insured_type__in=CITY_TYPES, atena_number__gt=after)
            .order_by("atena_number")
            .values_list("atena_number", flat=True)
            .distinct()[:_CHUNK]
        )
        told = (
            QualificationHandOver.objects.filter(atena_number__gt=after)
            .order_by("atena_number")
            .values_list("atena_number", flat=True)[:_CHUNK]
        )
        numbers = sorted({*insured, *told})[:_CHUNK]
        if not numbers:
            return
        yield numbers
        after = numbers[-1]


def _rows_for(numbers: Sequence[str], today: date) -> list[dict[str, Any]]:
    """The latest city period that has begun, as it stands today; 未加入 for whoever was told of and has none any
    more.
    """
    latest: dict[str, QualificationPeriod] = {}
    periods = QualificationPeriod.objects.current().filter(
        atena_number__in=numbers,
        insured_type__in=CITY_TYPES,
        valid_period__startswith__lte=today,
    )
    for period in periods.order_by("valid_period"):
        latest[period.atena_number] = period
    primary = dict(
        PensionNumber.objects.current()
        .filter(atena_number__in=numbers, role=PensionNumber.Role.PRIMARY)
        .values_list("atena_number", "number")
    )
    told = QualificationHandOver.objects.filter(atena_number__in=numbers).values_list("atena_number", flat=True)
    gone = [_withdrawn(atena) for atena in told if atena not in latest]
    return [_row(period, primary.get(atena), today) for atena, period in latest.items()] + gone


def _withdrawn(atena_number: str) -> dict[str, Any]:
    """資格がなかったことになった方: the acquisition that was told has been cancelled."""
    return {
        "atena_number": atena_number,
        "basic_pension_number": None,
        "insured_type": NOT_INSURED,
        "acquired_on": None,
        "acquisition_reason": None,
        "lost_on": None,
        "loss_reason": None,
    }


def _row(period: QualificationPeriod, number: str | None, today: date) -> dict[str, Any]:
    valid: DateRange = period.valid_period
    ended = valid.upper is not None and valid.upper <= today
    return {
        "atena_number": period.atena_number,
        "basic_pension_number": number,
        "insured_type": period.insured_type,
        "acquired_on": valid.lower,
        "acquisition_reason": period.acquisition_reason,
        "lost_on": valid.upper if ended else None,
        "loss_reason": period.loss_reason if ended else None,
    }


def _fingerprint(row: dict[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()


def _entry(what: str, atena_numbers: Sequence[str], act: Act = Act.SYSTEM, flow: str = "") -> None:
    if atena_numbers:
        record(
            USING,
            system_context("national_pension.jobs"),
            act=act,
            dataset=what,
            atena_numbers=list(atena_numbers),
            items=("R2 資格情報",),
            detail={"flow": flow} if flow else {},
        )


def find_outreach_results(day: date | None = None) -> Ran:
    """勧奨の結果: letters whose people have applied since."""
    from kokunen.national_pension.services.outreach import take_results

    found = take_results()
    return Ran("勧奨の結果", found, found)


def warn_of_late_receipts(day: date | None = None) -> Ran:
    """期限を過ぎた受付: the chiefs are told, once a day."""
    from kokunen.national_pension.services.late_receipts import tell_chiefs

    late, posted = tell_chiefs(day or clock.today(), system_context("national_pension"))
    return Ran("期限を過ぎた受付の知らせ", late, posted)


def run_nightly(day: date | None = None) -> list[Ran]:
    """夜間処理の一式, in order; safe to run again."""
    return [
        list_reached_20(day),
        list_reached_60(day),
        list_reached_65(day),
        list_reached_480(day),
        list_unenrolled(day),
        hand_over_qualifications(day),
        find_outreach_results(day),
        warn_of_late_receipts(day),
    ]


def open_items_of(kind: WorkKind) -> int:
    """残っている件数 of one list."""
    return WorkItem.objects.filter(kind=kind, state__in=("open", "planned")).count()


DAILY = (
    list_reached_20,
    list_reached_60,
    list_reached_65,
    list_reached_480,
    list_unenrolled,
    hand_over_qualifications,
    find_outreach_results,
    warn_of_late_receipts,
)
"""日次処理: what the platform runs once a business day, each a step of the section's net."""
