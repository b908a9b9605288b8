"""転出の登録: plan, removal on the day, confirmation by the new city, calling off (住基法24条, worked examples S1,
S2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections
from tests.resident_registry.factories import ALL, counter, family, household_now, newcomer, notice, now

from kokunen.kernel.errors import Conflict, InputError
from kokunen.resident_registry import jobs, services
from kokunen.resident_registry.choices import DestinationKind, EventCode
from kokunen.resident_registry.models import ResidentEvent

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-3")]

KITA = services.Departure("東京都北区", DestinationKind.DOMESTIC)
CANADA = services.Departure("カナダ", DestinationKind.ABROAD)


def one() -> str:
    return family(newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"))[0]


def move_out(number: str, day: str, *, filed: str | None = None, to: services.Departure = KITA) -> services.Receipt:
    code = EventCode.MOVE_OUT_ABROAD if to.kind == DestinationKind.ABROAD else EventCode.MOVE_OUT
    return services.move_out(
        context=counter(), notice=notice(code, day, filed), movers=[number], departure=to, acknowledged=ALL
    )


def feed(number: str) -> list[tuple[str, str | None, date | None]]:
    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(
            "select kind, reason_code, event_on from integrated.resident__change where atena_number = %s order by seq",
            [number],
        )
        return list(cursor.fetchall())


def published(number: str) -> dict[str, object]:
    with connections["resident_registry"].cursor() as cursor:
        cursor.execute("select * from integrated.resident where atena_number = %s", [number])
        return dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))


def test_S1_先の日の転出は予定のまま住民であり_転入通知の日に消除される(office_day: Callable[[str], None]) -> None:
    number = one()
    office_day("2026-03-20")
    move_out(number, "2026-04-01", filed="2026-03-20")
    office_day("2026-03-25")
    planned = now(number)
    assert planned.is_living and planned.planned_departure_on == date(2026, 4, 1)
    assert planned.planned_destination == "東京都北区"
    office_day("2026-03-30")
    services.receive_arrival_notice(
        context=counter(), atena_number=number, arrived_on=date(2026, 3, 28), destination="東京都北区王子一丁目1番1号"
    )
    removed = now(number)
    assert (removed.status, removed.removed_on) == ("2", date(2026, 3, 28))
    assert (removed.planned_departure_on, removed.confirmed_departure_on) == (date(2026, 4, 1), date(2026, 3, 28))
    assert removed.planned_destination == "東京都北区" and removed.confirmed_destination == "東京都北区王子一丁目1番1号"


def test_S1_通知がなければ予定日に消除される(office_day: Callable[[str], None]) -> None:
    number = one()
    office_day("2026-03-20")
    move_out(number, "2026-04-01")
    office_day("2026-03-31")
    assert jobs.remove_planned_departures() == 0
    assert now(number).is_living
    office_day("2026-04-01")
    assert jobs.remove_planned_departures() == 1
    assert jobs.remove_planned_departures() == 0
    assert (now(number).status, now(number).removed_on) == ("2", date(2026, 4, 1))
    assert feed(number)[1:] == [("update", "201", date(2026, 4, 1)), ("remove", "201", date(2026, 4, 1))]


@pytest.mark.parametrize(("filed", "code"), [("2026-04-15", "201"), ("2026-04-16", "204")])
def test_S2_14日を過ぎた届出は職権による転出になる(office_day: Callable[[str], None], filed: str, code: str) -> None:
    number = one()
    office_day(filed)
    receipt = move_out(number, "2026-04-01")
    assert ResidentEvent.objects.get(pk=receipt.event_id).code == code
    assert now(number).removal_code == code
    assert now(number).removed_on == date(2026, 4, 1)


def test_転出国外は消除として公開され_転出先が国外と分かる() -> None:
    number = one()
    move_out(number, "2026-11-20", to=CANADA)
    assert feed(number)[-1] == ("remove", "203", date(2026, 11, 20))
    row = published(number)
    assert (row["status"], row["destination"], row["destination_abroad"]) == ("2", "カナダ", True)
    assert row["removed_on"] == row["departure_on"] == date(2026, 11, 20)


def test_世帯主が転出して1人が残れば_その人が世帯主になり通知書を案内する() -> None:
    taro, hanako = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
    )
    receipt = move_out(taro, "2026-11-20")
    assert (now(hanako).relationship, now(hanako).head_name) == ("世帯主", "川口　花子")
    assert "auto_head" in {found.code for found in receipt.follow_ups}
    assert feed(hanako)[-1] == ("update", "314", date(2026, 11, 20))


def test_世帯主が転出して2人以上残るときは_確認を求め_世帯主未設定で登録できる() -> None:
    numbers = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
        newcomer("川口　一郎", "カワグチ　イチロウ", "1985-04-04", "1", "子"),
    )
    with pytest.raises(services.NeedsConfirmation) as asked:
        services.move_out(
            context=counter(), notice=notice(EventCode.MOVE_OUT, "2026-11-20"), movers=numbers[:1], departure=KITA
        )
    assert [alert.code for alert in asked.value.alerts] == ["head_leaves"]
    assert now(numbers[0]).is_living
    move_out(numbers[0], "2026-11-20")
    staying = household_now(now(numbers[1]).household_number)
    assert [row.head_atena_number for row in staying] == ["", ""]
    assert [row.relationship for row in staying] == ["妻", "子"]


def test_転出した人の転出は_消除の日と事由を示して断り_台帳に残る() -> None:
    number = one()
    move_out(number, "2026-11-10")
    with pytest.raises(InputError, match="令和8年11月10日に転出（国内）により消除されています") as refused:
        move_out(number, "2026-11-20")
    assert refused.value.field == "movers"
    with connections["ledger"].cursor() as cursor:
        cursor.execute(
            "select atena_numbers, detail from ledger.entry where act = 'refuse' order by entry_id desc limit 1"
        )
        numbers, detail = cursor.fetchone()
    assert numbers == [number] and "消除されています" in str(detail)


def test_転出予定のある人の2度目の届出は断る() -> None:
    number = one()
    move_out(number, "2026-12-01")
    with pytest.raises(Conflict, match="令和8年12月1日に東京都北区へ転出する届出がすでにあります"):
        move_out(number, "2026-12-20")


def test_転出取消で予定が消え_取り消した変更の番号が公開される() -> None:
    number = one()
    move_out(number, "2026-12-01")
    services.cancel_departure(context=counter(), atena_numbers=[number])
    assert now(number).planned_departure_on is None and now(number).is_living
    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(
            "select seq, kind, cancels from integrated.resident__change where atena_number = %s order by seq", [number]
        )
        rows = cursor.fetchall()
    assert rows[-1][1:] == ("cancel", rows[-2][0])


@pytest.mark.parametrize(
    ("departure", "code", "message"),
    [
        (services.Departure("", DestinationKind.DOMESTIC), EventCode.MOVE_OUT, "転出先が入力されていません"),
        (
            services.Departure("東京都北区", DestinationKind.DOMESTIC),
            EventCode.MOVE_OUT_ABROAD,
            "転出先が国内になっています",
        ),
    ],
)
def test_転出先の誤りは断る(departure: services.Departure, code: EventCode, message: str) -> None:
    number = one()
    with pytest.raises(InputError, match=message) as refused:
        services.move_out(context=counter(), notice=notice(code, "2026-11-20"), movers=[number], departure=departure)
    assert refused.value.field == "destination"
    assert now(number).is_living


def test_住民となる前の日の転出は断る() -> None:
    number = one()
    with pytest.raises(InputError, match="住民となった日（令和2年4月1日）より前"):
        move_out(number, "2020-03-01", filed="2020-03-01")
