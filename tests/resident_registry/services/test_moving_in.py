"""転入の登録: what is written when people move in; the limits of 特例転入 (S3) and of filing (D1 to D4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections
from tests.resident_registry.factories import ALL, SAIWAI, counter, family, household_now, newcomer, notice, now

from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import parse_imprecise
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import EventCode
from kokunen.resident_registry.models import ResidentVersion

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-1")]


def move_in(code: EventCode, day: str, filed: str | None = None, **more: object) -> services.Receipt:
    person = newcomer("川口　太郎", "カワグチ　タロウ", "1985-02-01", "1", "世帯主")
    return services.move_in(
        context=counter(),
        notice=notice(code, day, filed),
        newcomers=[person],
        destination=services.Destination(address=SAIWAI),
        **{"acknowledged": ALL, **more},  # type: ignore[arg-type]
    )


def test_転入した世帯は_住民となった日と住所と世帯主の氏名をもつ() -> None:
    taro, hanako = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
        day="2026-11-20",
    )
    row = now(hanako)
    assert (row.relationship, row.relationship_codes, row.head_atena_number, row.head_name) == (
        "妻",
        "12",
        taro,
        "川口　太郎",
    )
    assert row.resident_since.isoformat() == row.address_since.isoformat() == "2026-11-20"
    assert [m.atena_number for m in household_now(row.household_number)] == [taro, hanako]


@pytest.mark.parametrize(
    ("day", "last", "late"),
    [
        ("2026-04-01", "2026-04-15", "2026-04-16"),
        ("2026-04-18", "2026-05-07", "2026-05-08"),
        ("2026-09-06", "2026-09-24", "2026-09-25"),
        ("2026-12-15", "2027-01-04", "2027-01-05"),
    ],
    ids=["D1", "D2", "D3", "D4"],
)
def test_届出期間の最後の日は確認なしで受け_翌日は遅れた理由の確認を求める(
    office_day: Callable[[str], None], day: str, last: str, late: str
) -> None:
    office_day(late)
    with pytest.raises(services.NeedsConfirmation) as asked:
        move_in(EventCode.MOVE_IN, day, late, acknowledged=("code_stock_empty",))
    assert "late_filing" in [alert.code for alert in asked.value.alerts]
    office_day(last)
    receipt = move_in(EventCode.MOVE_IN, day, last, acknowledged=("code_stock_empty",))
    assert now(receipt.atena_numbers[0]).resident_since.isoformat() == day


@pytest.mark.parametrize(
    ("lives_from", "last", "late"),
    [("2026-04-10", "2026-04-24", "2026-04-25"), ("2026-04-25", "2026-05-01", "2026-05-02")],
    ids=["S3_14日", "S3_30日"],
)
def test_S3_特例転入は_2つの期限の早い日までできる(
    office_day: Callable[[str], None], lives_from: str, last: str, late: str
) -> None:
    planned = date(2026, 4, 1)
    office_day(late)
    with pytest.raises(InputError, match="特例転入の期限") as refused:
        move_in(EventCode.SPECIAL_MOVE_IN, lives_from, late, planned_out_on=planned)
    assert refused.value.field == "planned_out_on"
    office_day(last)
    receipt = move_in(EventCode.SPECIAL_MOVE_IN, lives_from, last, planned_out_on=planned)
    assert now(receipt.atena_numbers[0]).is_living


def test_S3_転出予定日のない特例転入は断る() -> None:
    with pytest.raises(InputError) as refused:
        move_in(EventCode.SPECIAL_MOVE_IN, "2026-11-20")
    assert (refused.value.field, refused.value.code) == ("planned_out_on", "missing_field")


@pytest.mark.parametrize("code", [EventCode.ADDRESS_FOUND, EventCode.EX_OFFICIO_ENTRY])
def test_職権記載は_日が不詳でも従前の住所が不明でも記載できる(code: EventCode) -> None:
    when = parse_imprecise("令和8年10月頃", date(2026, 11, 24))
    receipt = services.move_in(
        context=counter("resident_correction"),
        notice=services.ex_officio(code, when, "実態調査による"),
        newcomers=[newcomer("川口　太郎", "カワグチ　タロウ", "1985-02-01", "1", "世帯主", previous_address="不明")],
        destination=services.Destination(address=SAIWAI),
        acknowledged=ALL,
    )
    row = now(receipt.atena_numbers[0])
    assert (row.resident_since_imprecise, row.resident_since_text, row.filing_kind) == (True, when.display, "4")


def test_先の日の転入は_異動日の欄で断り_何も残さず_拒否が台帳に残る() -> None:
    with pytest.raises(InputError, match="今日（令和8年11月24日）より後です") as refused:
        move_in(EventCode.MOVE_IN, "2026-11-25")
    assert refused.value.field == "event_on"
    assert not ResidentVersion.objects.exists()
    with connections["ledger"].cursor() as cursor:
        cursor.execute("select purpose, detail ->> 'field' from ledger.entry where act = 'refuse'")
        assert cursor.fetchall() == [("resident_notice", "event_on")]


def test_再転入者は前の記録を選ばないと断り_選べば同じ宛名番号になる() -> None:
    from kokunen.kernel.numbers import ResidentCode

    code = ResidentCode.complete("3141592654").value
    person = newcomer("川口　太郎", "カワグチ　タロウ", "1985-02-01", "1", "世帯主", resident_code=code)
    number = family(person)[0]
    services.move_out(
        context=counter(),
        notice=notice(EventCode.MOVE_OUT, "2026-10-01", "2026-10-01"),
        movers=[number],
        departure=services.Departure("東京都北区", "1"),  # type: ignore[arg-type]
        acknowledged=ALL,
    )
    with pytest.raises(InputError) as refused:
        family(person, day="2026-11-20", address=SAIWAI)
    assert (refused.value.code, refused.value.field) == ("returning_resident", "newcomers.0.atena_number")
    from dataclasses import replace

    again = family(replace(person, atena_number=number), day="2026-11-20", address=SAIWAI)
    assert again == [number]
    assert (now(number).version_number, now(number).departure_code, now(number).resident_code) == (3, "", code)
