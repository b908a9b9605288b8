"""異動の取消し (SPEC 4.6; worked example S12): append only, the earlier data come back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections
from tests.resident_registry.factories import (
    ALL,
    SAIWAI,
    counter,
    family,
    household_now,
    kawaguchi_family,
    newcomer,
    notice,
    now,
)

from kokunen.kernel.errors import Conflict
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import DestinationKind, EventCode
from kokunen.resident_registry.models import EventPerson, ResidentEvent, ResidentVersion
from kokunen.resident_registry.services.desk import content_of

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-3")]


def correct_name(number: str, name: str, kana: str) -> None:
    services.correct_items(
        context=counter("resident_correction"),
        notice=notice(EventCode.NAME_CORRECTION, "2026-11-02"),
        atena_number=number,
        items={"name": name, "name_kana": kana},
        acknowledged=ALL,
    )


def test_S12_誤った死亡の取消しは_前の行と同じ内容の新しい行になり_どちらの行も残る() -> None:
    number = kawaguchi_family()["tome"]
    for name, kana in (
        ("川口　とめ", "カワグチ　トメ"),
        ("川口　登女", "カワグチ　トメ"),
        ("川口　留", "カワグチ　トメ"),
    ):
        correct_name(number, name, kana)
    died = services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, "2026-11-20"), atena_number=number, acknowledged=ALL
    )
    assert now(number).version_number == 5
    receipt = services.cancel_event(context=counter("resident_correction"), event_id=died.event_id)
    assert receipt.code == EventCode.CANCELLATION_PLUS
    assert now(number).version_number == 6
    first = {
        row.version_number: row
        for row in ResidentVersion.objects.filter(atena_number=number).order_by("-recorded_period")
    }
    assert sorted(first) == [1, 2, 3, 4, 5, 6]
    assert content_of(first[6]) == content_of(first[4])
    assert first[5].status == "3"
    seqs = dict(EventPerson.objects.filter(atena_number=number).values_list("event_id", "change_seq"))
    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(
            "select kind, reason_code, event_on, cancels from integrated.resident__change order by seq desc limit 1"
        )
        assert cursor.fetchone() == ("cancel", "191", date(2026, 11, 20), seqs[died.event_id])


def test_世帯主の死亡の取消しで_世帯員の続柄と世帯主ももどる() -> None:
    people = kawaguchi_family()
    before = {number: content_of(now(number)) for number in people.values()}
    died = services.register_death(
        context=counter(),
        notice=notice(EventCode.DEATH, "2026-11-20"),
        atena_number=people["taro"],
        new_head=people["hanako"],
        acknowledged=ALL,
    )
    services.cancel_event(context=counter("resident_correction"), event_id=died.event_id)
    assert {number: content_of(now(number)) for number in people.values()} == before
    with pytest.raises(Conflict, match="すでに取り消されています"):
        services.cancel_event(context=counter("resident_correction"), event_id=died.event_id)


def test_転入の取消しで新しい人は消除され_番号は残る() -> None:
    receipt = services.move_in(
        context=counter(),
        notice=notice(EventCode.MOVE_IN, "2026-11-20"),
        newcomers=[newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主")],
        destination=services.Destination(address=SAIWAI),
        acknowledged=ALL,
    )
    services.cancel_event(context=counter("resident_correction"), event_id=receipt.event_id)
    row = now(receipt.atena_numbers[0])
    assert (row.status, row.removal_code, row.removed_on) == ("4", "291", date(2026, 11, 20))


def test_転居の取消しで_もとの世帯がなくなっていれば_もとの住所の新しい世帯にもどる() -> None:
    taro, hanako = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
    )
    old = now(taro)
    moved = services.relocate(
        context=counter(),
        notice=notice(EventCode.RELOCATION, "2026-11-10"),
        movers=[hanako],
        destination=services.Destination(address=SAIWAI),
        acknowledged=ALL,
    )
    services.move_out(
        context=counter(),
        notice=notice(EventCode.MOVE_OUT, "2026-11-15"),
        movers=[taro],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC),
        acknowledged=ALL,
    )
    services.cancel_event(context=counter("resident_correction"), event_id=moved.event_id)
    back = now(hanako)
    assert back.address == old.address and back.household_number not in (old.household_number, "")
    assert [row.relationship for row in household_now(back.household_number)] == ["世帯主"]


def test_後の異動がある異動は_順に取り消すよう案内して断る() -> None:
    number = kawaguchi_family()["tome"]
    correct_name(number, "川口　とめ", "カワグチ　トメ")
    first = EventPerson.objects.filter(atena_number=number).earliest("event_id").event_id
    with pytest.raises(Conflict, match="後の異動から順に取り消してください"):
        services.cancel_event(context=counter("resident_correction"), event_id=first)


def test_転出予定日に消除された人の取消しは_予定も消す(office_day: object) -> None:
    from kokunen.resident_registry import jobs

    number = kawaguchi_family()["jiro"]
    office_day("2026-12-01")  # type: ignore[operator]
    services.move_out(
        context=counter(),
        notice=notice(EventCode.MOVE_OUT, "2026-12-10"),
        movers=[number],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC),
        acknowledged=ALL,
    )
    office_day("2026-12-10")  # type: ignore[operator]
    assert jobs.remove_planned_departures() == 1
    removal = ResidentEvent.objects.latest("id")
    services.cancel_event(context=counter("resident_correction"), event_id=removal.pk)
    assert now(number).is_living and now(number).planned_departure_on is None
    assert jobs.remove_planned_departures() == 0
