"""一覧: each list has whom it is about and nobody else, pages by key, masks who is protected, leaves its entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.resident_registry.desks import Desk, Entries
from tests.resident_registry.factories import ALL, counter, kawaguchi_family, notice

from kokunen.resident_registry import list_queries, services
from kokunen.resident_registry.choices import DestinationKind, EventCode, SupportKind, SupportReason
from kokunen.resident_registry.list_queries import ListKind
from kokunen.resident_registry.perms import Sight

pytestmark = [pytest.mark.function("S2-3"), pytest.mark.function("S2-4")]


@pytest.fixture
def people(sign_in: Desk) -> dict[str, str]:
    return kawaguchi_family()


def _leave(number: str, day: str, *, abroad: bool = False) -> None:
    code = EventCode.MOVE_OUT_ABROAD if abroad else EventCode.MOVE_OUT
    kind = DestinationKind.ABROAD if abroad else DestinationKind.DOMESTIC
    services.move_out(
        context=counter(),
        notice=notice(code, day),
        movers=[number],
        departure=services.Departure("カナダ" if abroad else "東京都北区", kind),
        acknowledged=ALL,
    )


def names(kind: ListKind, after: str = "") -> list[str]:
    found = list_queries.find_list(context=counter("resident_inquiry"), kind=kind, sight=Sight(True), after=after)
    return [line.view.row.name for line in found.lines]


def test_転入通知の来ない国内転出者だけが載り_通知が届くと消える(
    people: dict[str, str], office_day: Callable[[str], None]
) -> None:
    office_day("2026-09-01")
    _leave(people["ichiro"], "2026-09-01")
    _leave(people["jiro"], "2026-09-01", abroad=True)
    office_day("2026-09-30")
    assert names(ListKind.NO_ARRIVAL) == []
    office_day("2026-10-01")
    assert names(ListKind.NO_ARRIVAL) == ["川口　一郎"] and list_queries.count_no_arrival() == 1
    services.receive_arrival_notice(
        context=counter(),
        atena_number=people["ichiro"],
        arrived_on=date(2026, 9, 1),
        destination="東京都北区王子一丁目",
    )
    assert names(ListKind.NO_ARRIVAL) == []


def test_世帯主のいない世帯_コードのない人_期間の終わる支援措置(
    sign_in: Desk, people: dict[str, str], ledger: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.register_death(
        context=counter(),
        notice=notice(EventCode.DEATH, "2026-11-20"),
        atena_number=people["taro"],
        acknowledged=ALL,
    )
    assert len(names(ListKind.NO_HEAD)) == 4 and len(names(ListKind.NO_CODE)) == 4
    monkeypatch.setattr(list_queries, "PAGE", 3)
    found = list_queries.find_list(context=counter("resident_inquiry"), kind=ListKind.NO_HEAD, sight=Sight(True))
    assert (len(found.lines), found.total) == (3, 4)
    assert len(names(ListKind.NO_HEAD, found.next_key)) == 1
    services.begin_support(
        context=counter("support_measure"),
        request=services.SupportRequest(
            people["tome"], [], SupportKind.FULL, SupportReason.DOMESTIC_VIOLENCE, date(2025, 12, 1), date(2025, 12, 1)
        ),
    )
    assert names(ListKind.SUPPORT_ENDING) == ["川口　トメ"]
    page = sign_in("shimin1").get("/residents/lists/support-ending").content.decode()
    assert "川口　トメ" in page and "青木二丁目" not in page
    entry = ledger("search")[-1]
    assert (entry["staff"], entry["dataset"], entry["people"]) == ("shimin1", "支援措置の期間一覧", [people["tome"]])


def test_住民記録の役割のない職員は一覧を開けず_ない一覧は見つからない(sign_in: Desk, ledger: Entries) -> None:
    for number in ("nenkin1", "zei1"):
        assert sign_in(number).get("/residents/lists/no-arrival").status_code == 403
    assert ledger("refuse")[-1]["staff"] == "zei1"
    assert sign_in("shimin1").get("/residents/lists/everybody").status_code == 404
