"""住民異動の到着: the right item, once; the roll follows; what is no matter of the section passes by."""

from __future__ import annotations

from datetime import date

import pytest
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("T1")]


def _items(atena: str) -> list[tuple[str, str]]:
    from kokunen.national_pension.models import WorkItem

    return list(WorkItem.objects.filter(atena_number=atena).order_by("id").values_list("kind", "state"))


def test_国外転出で喪失の事項ができ資格はまだ変わらない(city: Register) -> None:
    from kokunen.national_pension.models import WorkItem

    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    put_on_roll(atena)
    city.moves_abroad(atena, date(2026, 11, 20))
    assert city.take() > 0
    item = WorkItem.objects.get(atena_number=atena)
    assert (item.kind, item.state, item.effective_on) == ("loss_abroad", "open", date(2026, 11, 21))
    assert item.article == "国民年金法第9条第2号"
    assert item.proposal["endings"][0]["last_month"] == "2026-10"
    assert [line["code"] for line in item.advice][:1] == ["voluntary_abroad"]
    assert periods(atena) == [("1", date(1994, 1, 14), None, "01", "")]


def test_将来の転出は予定として届き実際の転出でもう一つはできない(city: Register) -> None:
    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    city.moves_abroad(atena, date(2026, 12, 10))
    city.take()
    assert _items(atena) == [("loss_abroad", "planned")]
    city.event(atena, "203", date(2026, 12, 10), status="2", removed_on=date(2026, 12, 10), removal_code="203")
    city.take()
    assert _items(atena) == [("loss_abroad", "planned")]


def test_国内の転入転出転居では資格も事項も動かない(city: Register) -> None:
    atena = city.resident(date(1990, 3, 20))
    insure(atena, "1", date(2015, 4, 1))
    give_number(atena, "1234567890")
    put_on_roll(atena)
    city.event(atena, "301", date(2026, 11, 10), address="栄町2丁目2番2号")
    city.event(atena, "201", date(2026, 11, 15), status="2", removed_on=date(2026, 11, 15), removal_code="201")
    city.take()
    assert _items(atena) == []
    assert periods(atena) == [("1", date(2015, 4, 1), None, "01", "")]
    from kokunen.national_pension.services.roll import current

    row = current(atena)
    assert row is not None and row.address == "栄町2丁目2番2号"
    assert (row.on_roll, row.ceased_resident_on, row.move_code) == (False, date(2026, 11, 15), "02")


def test_海外からの転入は取得の候補になる(city: Register) -> None:
    from kokunen.national_pension.models import WorkItem

    atena = city.resident(date(1998, 1, 1), announce="105", on=date(2026, 11, 16), resident_kind="2")
    city.take()
    item = WorkItem.objects.get(atena_number=atena)
    begun = item.proposal["beginnings"][0]
    assert (begun["acquired_on"], begun["first_month"], begun["acquisition_reason"]) == ("2026-11-16", "2026-11", "09")
    assert item.article == "国民年金法第8条第2号"


@pytest.mark.parametrize("birth", [date(2010, 1, 1), date(1960, 1, 1)], ids=["20歳前", "60歳以上"])
def test_年齢の外の転入には事項がない(city: Register, birth: date) -> None:
    atena = city.resident(birth, announce="103", on=date(2026, 11, 16))
    city.take()
    assert _items(atena) == []


def test_死亡は喪失と遺族の案内になる(city: Register) -> None:
    from kokunen.national_pension.models import WorkItem

    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    city.dies(atena, date(2026, 11, 15))
    city.take()
    item = WorkItem.objects.get(atena_number=atena)
    assert (item.effective_on, item.proposal["endings"][0]["last_month"]) == (date(2026, 11, 16), "2026-10")
    assert {line["code"] for line in item.advice} >= {"survivor_basic", "widow", "death_lump_sum", "unpaid_pension"}


def test_氏名の変更は変更前の氏名とともに届く(city: Register) -> None:
    from kokunen.national_pension.models import WorkItem

    atena = city.resident(date(1990, 3, 20), name="山田　花子", name_kana="ヤマダ　ハナコ", sex="2")
    insure(atena, "1", date(2015, 4, 1))
    put_on_roll(atena)
    city.event(atena, "321", date(2026, 11, 3), name="佐藤　花子", name_kana="サトウ　ハナコ")
    city.take()
    item = WorkItem.objects.get(atena_number=atena)
    assert (item.kind, item.proposal["content"]) == ("name", {"old_name": "山田　花子", "old_kana": "ヤマダ　ハナコ"})


def test_第2号の国外転出は勤務先の手続きなので事項がない(city: Register) -> None:
    atena = city.resident(date(1980, 5, 5))
    insure(atena, "2", date(2005, 4, 1), acquisition_reason="21")
    city.moves_abroad(atena, date(2026, 11, 20))
    city.take()
    assert _items(atena) == []


def test_一括登録の通知では何も起きない(city: Register) -> None:
    for _ in range(3):
        city.resident(date(1998, 1, 1))
    assert city.take() == 3
    from kokunen.national_pension.models import WorkItem

    assert not WorkItem.objects.exists()
