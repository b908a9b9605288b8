"""住民票コード (worked examples J1 to J3): drawn from the stock, changed on claim, never used twice."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connections, transaction
from tests.resident_registry.factories import ALL, SAIWAI, counter, family, newcomer, notice, now

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import ResidentCode
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import EventCode
from kokunen.resident_registry.models import ResidentCodeAssignment, ResidentCodeStock
from kokunen.resident_registry.services.numbering import LOW_STOCK, register_stock

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-1"), pytest.mark.function("S2-2")]


def fill(count: int) -> None:
    register_stock([ResidentCode.complete(f"{3000000000 + place}").value for place in range(count)])


def person() -> str:
    return family(newcomer("川口　太郎", "カワグチ　タロウ", "1985-02-01", "1", "世帯主"))[0]


def claim(number: str, code: EventCode = EventCode.CODE_CHANGE_ON_CLAIM) -> services.Receipt:
    return services.give_resident_code(context=counter(), notice=notice(code, "2026-11-24"), atena_number=number)


@pytest.mark.parametrize(("code", "holds"), [("12345678903", True), ("31415926530", True), ("99999999995", True)])
def test_J_検査数字の合う住民票コードだけが在庫に入る(code: str, holds: bool) -> None:
    assert register_stock([code]) == 1
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(InputError):
        register_stock([wrong])
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(using="resident_registry"),
        connections["resident_registry"].cursor() as cursor,
    ):
        cursor.execute("insert into resident_code_stock values (%s, '2026-11-24')", [wrong])
    assert ResidentCodeStock.objects.count() == 1


def test_在庫があれば_転入した人に確認なしで付番される() -> None:
    fill(LOW_STOCK + 5)
    receipt = services.move_in(
        context=counter(),
        notice=notice(EventCode.MOVE_IN, "2026-11-20"),
        newcomers=[newcomer("幸　町子", "サイワイ　マチコ", "1990-01-01", "2", "世帯主")],
        destination=services.Destination(address=SAIWAI),
    )
    assert receipt.alerts == () and "code_stock_low" not in {found.code for found in receipt.follow_ups}
    row = now(receipt.atena_numbers[0])
    assert ResidentCode.judge(row.resident_code).valid
    assert not ResidentCodeStock.objects.filter(resident_code=row.resident_code).exists()


def test_在庫が設定数を下回ると案内し_なくなると確認を求める() -> None:
    fill(1)
    first = services.move_in(
        context=counter(),
        notice=notice(EventCode.MOVE_IN, "2026-11-20"),
        newcomers=[newcomer("幸　町子", "サイワイ　マチコ", "1990-01-01", "2", "世帯主")],
        destination=services.Destination(address=SAIWAI),
    )
    assert "code_stock_low" in {found.code for found in first.follow_ups}
    with pytest.raises(services.NeedsConfirmation) as asked:
        family_with_no_stock()
    assert [alert.code for alert in asked.value.alerts] == ["code_stock_empty"]


def family_with_no_stock() -> None:
    services.move_in(
        context=counter(),
        notice=notice(EventCode.MOVE_IN, "2026-11-20"),
        newcomers=[newcomer("青木　緑", "アオキ　ミドリ", "1990-01-01", "2", "世帯主")],
        destination=services.Destination(address=SAIWAI),
    )


def test_変更請求で新しいコードになり_古いコードは本人のまま残る() -> None:
    fill(LOW_STOCK + 5)
    number = person()
    old = now(number).resident_code
    receipt = claim(number)
    new = now(number).resident_code
    assert new != old and receipt.code == "334"
    owners = ResidentCodeAssignment.objects.filter(resident_code__in=[old, new]).values_list("atena_number", flat=True)
    assert list(owners) == [number, number]


def test_コードのない人には職権で記載し_ある人には断る() -> None:
    number = person()
    assert now(number).resident_code == ""
    with pytest.raises(InputError, match="未使用の住民票コードがありません"):
        claim(number, EventCode.CODE_ENTRY)
    fill(3)
    claim(number, EventCode.CODE_ENTRY)
    assert now(number).resident_code
    with pytest.raises(InputError, match="すでに記載されています"):
        claim(number, EventCode.CODE_ENTRY)


def test_ほかの人のコードを引き継ぐ転入は_その欄で断る() -> None:
    fill(LOW_STOCK + 5)
    code = now(person()).resident_code
    with pytest.raises(InputError) as refused:
        family(newcomer("青木　緑", "アオキ　ミドリ", "1990-01-01", "2", "世帯主", resident_code=code))
    assert (refused.value.field, refused.value.code) == ("newcomers.0.resident_code", "already_used")


def test_変更請求は除票の人には断る() -> None:
    number = person()
    services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, "2026-11-20"), atena_number=number, acknowledged=ALL
    )
    with pytest.raises(InputError, match="死亡により消除されています"):
        claim(number)
