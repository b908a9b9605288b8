"""異動の取消し (令12条3項, SPEC 4.6): a new event on top that brings the earlier data back. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial

from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import (
    HEAD_RELATION_CODE,
    EventCode,
    FilingKind,
    ResidentStatus,
    event_name,
    event_spec,
)
from kokunen.resident_registry.models import CONTENT_FIELDS, EventPerson, Household, ResidentEvent, ResidentVersion
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.newcomers import clear_departure
from kokunen.resident_registry.services.notice import Notice, Receipt
from kokunen.resident_registry.services.relations import normalise_relation
from kokunen.resident_registry.services.writing import carry_out

_CANCELLATION_OF = {
    1: EventCode.CANCELLATION_MINUS,  # 記載の取消し removes
    -1: EventCode.CANCELLATION_PLUS,  # 消除の取消し brings back
    0: EventCode.CANCELLATION_ZERO,
}
#: 対になる異動: the recording and the removal on the same 宛名番号 and day.
PAIRS = {
    EventCode.NATURALISATION_ENTRY: EventCode.NATURALISATION_REMOVAL,
    EventCode.NATIONALITY_LOSS_ENTRY: EventCode.NATIONALITY_LOSS_REMOVAL,
}
_NOT_CANCELLABLE = {
    EventCode.CANCELLATION_PLUS,
    EventCode.CANCELLATION_MINUS,
    EventCode.CANCELLATION_ZERO,
    EventCode.DEPARTURE_CANCELLED,
}


def cancel_event(
    *,
    context: AccessContext,
    event_id: int,
    notified_on: date | None = None,
    filing_kind: FilingKind = FilingKind.EX_OFFICIO,
    remarks: str = "",
    supervised: bool = False,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """異動の取消し (191 増, 291 減, 391 修正): everybody the event changed gets the items from before it as a new row.

    The latest event of each person goes first: one that others were built upon is refused until those are cancelled.
    People whose former household has ended, or has another address or head now, come back in a new household at the
    old address.
    """
    event = ResidentEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise InputError("取り消す異動がありません", "event_id", "not_found", "異動履歴から選び直してください。")
    persons = list(EventPerson.objects.filter(event=event).order_by("pk"))
    removal = _removal_of(event, persons)
    notice = Notice(
        EventCode.CANCELLATION_PLUS if removal else _cancelling_code(event, persons),
        ImpreciseDate.as_written(event.event_text, event.event_on)
        if event.event_imprecise
        else ImpreciseDate.of(event.event_on),
        notified_on=notified_on,
        filing_kind=filing_kind,
        remarks=remarks,
        supervised=supervised,
    )
    return carry_out(
        context=context,
        notice=notice,
        plan=partial(_plan_cancellation, event=event, persons=persons, removal=removal),
        subjects=[person.atena_number for person in persons],
        acknowledged=acknowledged,
    )


def _cancelling_code(event: ResidentEvent, persons: list[EventPerson]) -> EventCode:
    """取消しの種類: by what the event did to the population (a planned moving out has done nothing yet)."""
    sign = event_spec(event.code).population
    if sign < 0:
        after = {(p.atena_number, p.version_after) for p in persons if p.is_subject}
        rows = ResidentVersion.objects.filter(event=event, status=ResidentStatus.LIVING)
        if any((row.atena_number, row.version_number) in after for row in rows):
            return EventCode.DEPARTURE_CANCELLED
    return _CANCELLATION_OF[sign]


def _removal_of(event: ResidentEvent, persons: list[EventPerson]) -> ResidentEvent | None:
    """対になる消除 (214 of 114, 215 of 115), or None when the event is no half of a pair."""
    if event.code not in PAIRS:
        return None
    subject = next(person for person in persons if person.is_subject)
    assert subject.version_before is not None  # the recording of a pair follows the row that its removal left
    link = EventPerson.objects.select_related("event").get(
        atena_number=subject.atena_number,
        version_after=subject.version_before,
        event__code=PAIRS[EventCode(event.code)],
    )
    return link.event


def _plan_cancellation(
    desk: Desk, *, event: ResidentEvent, persons: list[EventPerson], removal: ResidentEvent | None = None
) -> None:
    if event.code in PAIRS.values():
        raise InputError(
            f"{event_name(event.code)}は、対になる記載と一緒に取り消します",
            "event_id",
            "half_of_pair",
            "異動履歴で、対になる記載（帰化・国籍取得、国籍喪失）を選んでください。",
        )
    if event.code in _NOT_CANCELLABLE:
        raise InputError(
            f"{event_name(event.code)}を取り消すことはできません",
            "event_id",
            "not_cancellable",
            "正しい異動を改めて登録してください。",
        )
    desk.open_people([person.atena_number for person in persons])
    if ResidentEvent.objects.filter(cancels=event).exists():
        raise Conflict(
            "この異動は、すでに取り消されています", "event_id", "already_cancelled", "異動履歴を確認してください。"
        )
    desk.cancels_event_id = removal.pk if removal else event.pk
    earlier = {person.atena_number: _row_before(person, removal) for person in persons}
    former = [row.household_number for row in earlier.values() if row is not None]
    desk.open_households(*former)
    for person in persons:
        row = desk.person(person.atena_number)
        if row.version_number != person.version_after:
            raise Conflict(
                f"{row.name}さんには、この異動の後に別の異動があります",
                "event_id",
                "later_event",
                "後の異動から順に取り消してください。",
            )
    for person in persons:
        before = earlier[person.atena_number]
        _bring_back(desk, person, before, event)
    _house(desk, [row for row in earlier.values() if row is not None and row.is_living], persons)
    if removal:
        desk.pair_with(EventCode.CANCELLATION_MINUS, cancels_event_id=event.pk)


def _row_before(person: EventPerson, removal: ResidentEvent | None) -> ResidentVersion | None:
    """異動の前の行: of a pair the row from before its removal."""
    version = person.version_before
    if version is None:
        return None
    if removal is not None and person.is_subject:
        version -= 1
    return (
        ResidentVersion.objects.filter(atena_number=person.atena_number, version_number=version)
        .order_by("recorded_period")
        .first()
    )


def _bring_back(desk: Desk, person: EventPerson, before: ResidentVersion | None, event: ResidentEvent) -> None:
    if before is None:
        after = desk.revise(
            person.atena_number,
            status=ResidentStatus.REMOVED,
            removal_code=str(desk.notice.code),
            removed_on=desk.rows[person.atena_number].resident_since,
        )
    else:
        after = desk.revise(person.atena_number, **{name: getattr(before, name) for name in CONTENT_FIELDS})
        if after.planned_departure_on and after.is_living and after.planned_departure_on <= desk.today:
            clear_departure(after)  # the removal on the planned day is cancelled, so the plan is off as well
    change = desk.changes[person.atena_number]
    change.subject = person.is_subject
    change.cancels_seq = person.change_seq


def _house(desk: Desk, restored: list[ResidentVersion], persons: list[EventPerson]) -> None:
    """もとの世帯へ戻す, or into a new one where that is not possible any more (SPEC 4.6)."""
    numbers = {person.atena_number for person in persons}
    for household in dict.fromkeys(row.household_number for row in restored):
        people = [row for row in restored if row.household_number == household]
        others = [row for row in desk.members(household) if row.atena_number not in numbers]
        if _fits(household, people, others):
            continue
        number = desk.new_household_number()
        for row in people:
            desk.revise(row.atena_number, household_number=number, head_atena_number="", head_name="")
        if len(people) == 1:
            desk.revise(
                people[0].atena_number, relationship=normalise_relation("世帯主"), relationship_codes=HEAD_RELATION_CODE
            )
        desk.findings.follow_up(
            "new_household", "もとの世帯に戻せないため、もとの住所で新しい世帯にします。続柄を確認してください"
        )


def _fits(household: str, people: list[ResidentVersion], others: list[ResidentVersion]) -> bool:
    ended = (
        not Household.objects.current().filter(household_number=household, valid_period__endswith__isnull=True).exists()
    )
    if ended or not others:
        return not ended
    address = {(row.town_id, row.town, row.lot, row.building) for row in (*people, *others)}
    heads = [row for row in (*people, *others) if row.relationship_codes == HEAD_RELATION_CODE]
    return len(address) == 1 and len(heads) <= 1
