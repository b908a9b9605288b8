"""転出 (住基法24条): planned, carried out on its day, confirmed by the new city, or called off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import filing_deadline
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import ImpreciseDate, format_wareki
from kokunen.law.rules.filing_deadline import removal_date
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import (
    DestinationKind,
    EventCode,
    Filer,
    FilingKind,
    ResidentStatus,
    event_spec,
)
from kokunen.resident_registry.models import EventPerson, ResidentVersion
from kokunen.resident_registry.models.resident import LIVING
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.household_rules import look_after_those_who_stay
from kokunen.resident_registry.services.newcomers import clear_departure
from kokunen.resident_registry.services.notice import HOLIDAYS_KNOWN_FROM, Notice, Receipt, check_dates
from kokunen.resident_registry.services.relocation import note_order_of_events, open_movers
from kokunen.resident_registry.services.writing import carry_out

MOVE_OUT_CODES = frozenset(
    {EventCode.MOVE_OUT, EventCode.SPECIAL_MOVE_OUT, EventCode.MOVE_OUT_ABROAD, EventCode.LATE_MOVE_OUT}
)


@dataclass(frozen=True, slots=True)
class Departure:
    """転出先: the place (a city name alone is enough, SPEC 4.1.3.0.2; abroad: the country)."""

    place: str
    kind: DestinationKind


def move_out(
    *,
    context: AccessContext,
    notice: Notice,
    movers: Sequence[str],
    departure: Departure,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """転出: `notice.event_on` is 転出予定年月日 (or the day they left).

    A day after today is a plan: the people stay residents until then. Today or earlier: removed at once from that
    day. Filed later than the limit of 14 days: recorded ex officio (204, SPEC 4.1.3.0.1).
    """
    asked, notice = notice, effective_notice(notice, clock.today())
    plan = partial(
        plan_move_out,
        movers=movers,
        departure=departure,
        asked=asked,
        new_head=new_head,
        staying_relations=staying_relations,
    )
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=movers, expected=expected, acknowledged=acknowledged
    )


def effective_notice(notice: Notice, today: date) -> Notice:
    """届出の扱い: the notice itself, or 204 when it comes after the limit."""
    known = notice.day.year >= HOLIDAYS_KNOWN_FROM
    late = not known or notice.filed_on(today) > filing_deadline(notice.day).deadline
    return notice.as_code(EventCode.LATE_MOVE_OUT) if late else notice


def plan_move_out(
    desk: Desk,
    *,
    movers: Sequence[str],
    departure: Departure,
    asked: Notice | None = None,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
) -> None:
    """転出の判定."""
    notice = desk.notice
    if notice.code not in MOVE_OUT_CODES:
        raise InputError(
            f"異動事由{notice.code}は転出ではありません", "code", "invalid_value", "異動事由を選び直してください。"
        )
    check_dates(notice, desk.today, notice_may_precede=True)
    if not departure.place.strip():
        raise InputError(
            "転出先が入力されていません",
            "destination",
            "missing_field",
            "国外のときは国名を入力してください。"
            if departure.kind == DestinationKind.ABROAD
            else "市区町村名だけでも登録できます。",
        )
    if (asked or notice).code == EventCode.MOVE_OUT_ABROAD and departure.kind != DestinationKind.ABROAD:
        raise InputError(
            "転出（国外）の転出先が国内になっています", "destination", "inconsistent", "国名を入力してください。"
        )
    people = open_movers(desk, movers)
    for row in people:
        _refuse_second_departure(row)
    note_order_of_events(desk, people)
    if notice.code == EventCode.LATE_MOVE_OUT:
        desk.findings.alert(
            "late_move_out",
            f"転出した日から14日（{format_wareki(filing_deadline(notice.day).deadline)}）を過ぎているため、職権による転出（204）として登録します。"
            "転出証明書に準ずる証明書か除票の写しを交付してください",
            "event_on",
        )
    planned = notice.day > desk.today
    for row in people:
        items: dict[str, Any] = {
            "departure_code": str(notice.code),
            "planned_departure_on": notice.day,
            "planned_destination": departure.place.strip(),
            "destination_kind": departure.kind,
            "notified_on": notice.filed_on(desk.today),
            "filing_kind": notice.filing_kind,
        }
        desk.revise(row.atena_number, **items)
        if not planned:
            remove(desk, row.atena_number, code=notice.code, on=notice.event_on)
    number = people[0].household_number
    if not planned:
        look_after_those_who_stay(desk, number, new_head=new_head, relations=staying_relations)
    else:
        _note_future_household(desk, number, people, new_head)
    _follow_ups(desk, departure)


def _refuse_second_departure(row: ResidentVersion) -> None:
    if row.planned_departure_on:
        raise Conflict(
            f"{row.name}さんは、{format_wareki(row.planned_departure_on)}に{row.planned_destination}へ転出する届出がすでにあります",
            "movers",
            "already_departing",
            "内容を変えるときは、転出取消を登録してから届け出てください。",
        )


def _note_future_household(desk: Desk, number: str, people: Sequence[ResidentVersion], new_head: str | None) -> None:
    if new_head is not None:
        raise InputError(
            "転出日が先の届出では、新しい世帯主を同時に登録できません",
            "new_head",
            "inconsistent",
            "世帯主変更届を別に登録するか、転出日に登録してください。",
        )
    leaving = {row.atena_number for row in people}
    staying = [row for row in desk.members(number) if row.atena_number not in leaving and not row.planned_departure_on]
    if any(row.is_head for row in people) and len(staying) > 1:
        desk.findings.alert(
            "head_leaves",
            f"転出日に世帯主がいなくなり、{len(staying)}人が残ります。先に世帯主変更を届け出てもらってください",
            "movers",
        )


def _follow_ups(desk: Desk, departure: Departure) -> None:
    code = desk.notice.code
    if departure.kind == DestinationKind.ABROAD:
        desk.findings.follow_up(
            "pension_abroad", "国民年金: 転出日の翌日に資格を喪失します。海外からの任意加入を案内してください"
        )
        desk.findings.follow_up(
            "card_abroad", "個人番号カード: 国外転出後も使えます。継続利用の手続きを案内してください"
        )
    elif code == EventCode.MOVE_OUT:
        desk.findings.follow_up("certificate", "転出証明書を交付してください")
    elif code == EventCode.SPECIAL_MOVE_OUT:
        desk.findings.follow_up("special", "転出証明書は交付しません。転出証明書情報を住基ネットへ送信します")


def remove(desk: Desk, atena_number: str, *, code: EventCode, on: ImpreciseDate) -> None:
    """消除する: the record becomes a 除票 on that day (never before its last row began when the day is unknown in
    part).
    """
    before = desk.rows[atena_number]
    day = on.sortable
    if on.is_imprecise:
        day = max(day, before.valid_period.lower if before.valid_period else day)
    if not before.birth_imprecise and day < before.birth_date:
        raise InputError(
            f"{desk.notice.name}の日が、{before.name}さんの生年月日（{format_wareki(before.birth_date)}）より前です",
            "event_on",
            "out_of_range",
            "日付を確認してください。",
        )
    if not on.is_imprecise and not before.resident_since_imprecise and day < before.resident_since:
        raise InputError(
            f"{desk.notice.name}の日が、{before.name}さんの住民となった日（{format_wareki(before.resident_since)}）より前です",
            "event_on",
            "out_of_range",
            "日付を確認してください。住民となった日の誤りのときは、誤記修正を先に行ってください。",
        )
    desk.revise(
        atena_number,
        status=event_spec(code).removes_as or ResidentStatus.REMOVED,
        removal_code=str(code),
        removed_on=day,
        removed_text=on.display if on.is_imprecise else "",
        removed_imprecise=on.is_imprecise,
    )


# --- what comes later ------------------------------------------------------------------------------------------------


def cancel_departure(
    *,
    context: AccessContext,
    atena_numbers: Sequence[str],
    notified_on: date | None = None,
    remarks: str = "",
    supervised: bool = False,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """転出取消 (901): the plan is called off before its day. After the removal, cancel the event itself
    (`cancellation.cancel_event`).
    """
    planned = ResidentVersion.objects.filter(
        LIVING, atena_number__in=atena_numbers, planned_departure_on__isnull=False
    ).first()
    day = planned.planned_departure_on if planned else clock.today()
    notice = Notice(
        EventCode.DEPARTURE_CANCELLED,
        ImpreciseDate.of(day),
        notified_on=notified_on,
        filing_kind=FilingKind.REQUEST,
        remarks=remarks,
        supervised=supervised,
    )
    return carry_out(
        context=context,
        notice=notice,
        plan=partial(_plan_cancel_departure, atena_numbers=atena_numbers),
        subjects=atena_numbers,
        acknowledged=acknowledged,
    )


def _plan_cancel_departure(desk: Desk, *, atena_numbers: Sequence[str]) -> None:
    people = open_movers(desk, atena_numbers)
    for row in people:
        if not row.planned_departure_on:
            raise InputError(
                f"{row.name}さんには転出の予定がありません", "movers", "not_departing", "異動者を確認してください。"
            )
        event, seq = _departure_event(row)
        if event is not None and desk.cancels_event_id is None:
            desk.cancels_event_id = event
        after = desk.revise(row.atena_number)
        clear_departure(after)
        desk.changes[row.atena_number].cancels_seq = seq


def _departure_event(row: ResidentVersion) -> tuple[int | None, int | None]:
    """転出の届出: the event that planned it and the change it published."""
    found = (
        EventPerson.objects.filter(
            atena_number=row.atena_number,
            is_subject=True,
            event__code=row.departure_code,
            event__cancelled_by__isnull=True,
        )
        .order_by("-event_id")
        .values_list("event_id", "change_seq")
        .first()
    )
    return found if found else (None, None)


def receive_arrival_notice(
    *,
    context: AccessContext,
    atena_number: str,
    arrived_on: date,
    destination: str,
    received_on: date | None = None,
    remarks: str = "",
    expected: Mapping[str, int] | None = None,
) -> Receipt:
    """転入通知の受理 (902, 住基法9条1項): confirmed day and place stand beside the planned ones.

    The removal date is the earlier of the planned day and the day of moving in (SPEC 1.1.5): somebody who is still here
    is removed now, somebody removed later than that gets the earlier day.
    """
    notice = Notice(
        EventCode.ARRIVAL_NOTICE,
        ImpreciseDate.of(arrived_on),
        notified_on=received_on,
        filing_kind=FilingKind.NOTIFICATION,
        filer=Filer.OFFICE,
        remarks=remarks,
    )
    plan = partial(plan_arrival, atena_number=atena_number, destination=destination)
    return carry_out(context=context, notice=notice, plan=plan, subjects=[atena_number], expected=expected)


def plan_arrival(desk: Desk, *, atena_number: str, destination: str) -> None:
    """転入通知の判定."""
    arrived_on = desk.notice.day
    check_dates(desk.notice, desk.today, notice_may_precede=True)
    if not destination.strip():
        raise InputError(
            "転入した住所が入力されていません", "destination", "missing_field", "転入通知のとおりに入力してください。"
        )
    row = desk.open_people([atena_number])[0]
    if row.departure_code not in MOVE_OUT_CODES:
        raise InputError(
            f"{row.name}さんの転出の届出がありません。転入通知は記載できません",
            "atena_number",
            "not_departing",
            "転出の届出か職権消除を先に登録してください。",
        )
    desk.revise(
        atena_number,
        confirmed_departure_on=arrived_on,
        confirmed_destination=destination.strip(),
        arrival_notified_on=desk.notice.filed_on(desk.today),
    )
    day = removal_date(row.planned_departure_on or arrived_on, arrived_on) or arrived_on
    code = EventCode(row.departure_code)
    if row.is_living:
        remove(desk, atena_number, code=code, on=ImpreciseDate.of(day))
        look_after_those_who_stay(desk, row.household_number, new_head=None, relations=None)
        desk.findings.alerts.clear()  # nobody stands at the counter: the request letter is the way (SPEC 4.0.5)
    elif row.removed_on and day < row.removed_on:
        remove(desk, atena_number, code=code, on=ImpreciseDate.of(day))


def remove_departed(*, context: AccessContext, atena_numbers: Sequence[str]) -> Receipt:
    """転出予定日の到来: people of one household whose planned day has come become 除票 (SPEC 1.1.5). Nobody is
    asked.
    """
    first = ResidentVersion.objects.filter(LIVING, atena_number__in=atena_numbers).order_by("atena_number").first()
    if first is None or first.planned_departure_on is None:
        raise InputError("転出の予定がありません", "atena_number", "not_departing", "")
    notice = Notice(
        EventCode(first.departure_code),
        ImpreciseDate.of(first.planned_departure_on),
        notified_on=first.notified_on,
        filing_kind=FilingKind(first.filing_kind),
        filer=Filer.OFFICE,
    )
    return carry_out(
        context=context,
        notice=notice,
        plan=partial(_plan_remove_departed, atena_numbers=atena_numbers),
        subjects=atena_numbers,
    )


def _plan_remove_departed(desk: Desk, *, atena_numbers: Sequence[str]) -> None:
    people = open_movers(desk, atena_numbers)
    for row in people:
        if row.planned_departure_on is None or row.planned_departure_on > desk.today:
            raise InputError(f"{row.name}さんの転出予定日はまだ来ていません", "event_on", "not_yet", "")
        remove(
            desk, row.atena_number, code=EventCode(row.departure_code), on=ImpreciseDate.of(row.planned_departure_on)
        )
    look_after_those_who_stay(desk, people[0].household_number, new_head=None, relations=None)
    desk.findings.alerts.clear()  # the head's request letter is among the follow-ups
