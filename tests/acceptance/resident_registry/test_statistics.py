"""統計 (S2-6): the worked month, totals that close on both bases, a loaded city counted a second way."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.resident_registry import factories as make

from kokunen.kernel.calendar import age_on
from kokunen.resident_registry import services, statistic_tables, statistics
from kokunen.resident_registry.choices import Cause, DestinationKind, EventCode
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.models.resident import LIVING
from kokunen.resident_registry.statistics import Basis

pytestmark = pytest.mark.function("S2-6")


def _movements(first: str, last: str, basis: Basis) -> statistics.Movements:
    return statistics.movements(
        context=make.counter("resident_inquiry"),
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        basis=basis,
    )


def _line(table: statistic_tables.Table, name: str, word: str = "") -> tuple[Any, ...]:
    return next(row for row in table.rows if name in row[:2] and word in ("", row[0]))


@pytest.fixture
def month(city_database: str, office_day: Callable[[str], None]) -> dict[str, str]:
    """11月の異動: in, out (planned and late), born, dead, moved inside, and one cancelled."""
    office_day("2026-10-31")
    people = make.kawaguchi_family()
    foreigner = _foreigner_in_october()
    office_day("2026-11-10")
    make.family(
        make.newcomer(
            "大宮　一", "オオミヤ　ハジメ", "1990-01-01", "1", "世帯主", previous_address="埼玉県さいたま市大宮区1番"
        ),
        make.newcomer(
            "大宮　春", "オオミヤ　ハル", "1991-01-01", "2", "妻", previous_address="埼玉県さいたま市大宮区1番"
        ),
        day="2026-10-28",
    )
    services.register_death(
        context=make.counter(), notice=make.notice(EventCode.DEATH, "2026-11-05"), atena_number=people["tome"],
        acknowledged=make.ALL,
    )  # fmt: skip
    services.relocate(
        context=make.counter(), notice=make.notice(EventCode.RELOCATION, "2026-11-06"), movers=[people["jiro"]],
        destination=services.Destination(address=make.SAIWAI), relations={people["jiro"]: "世帯主"},
        acknowledged=make.ALL,
    )  # fmt: skip
    services.move_out(
        context=make.counter(), notice=make.notice(EventCode.MOVE_OUT, "2026-12-10"), movers=[people["ichiro"]],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC), acknowledged=make.ALL,
    )  # fmt: skip
    services.move_out(
        context=make.counter(), notice=make.notice(EventCode.MOVE_OUT_ABROAD, "2026-11-08"), movers=[foreigner],
        departure=services.Departure("大韓民国", DestinationKind.ABROAD), acknowledged=make.ALL,
    )  # fmt: skip
    office_day("2026-11-24")
    return {**people, "foreigner": foreigner}


def _foreigner_in_october() -> str:
    person = make.newcomer(
        "LEE MINA", "", "1995-03-03", "2", "世帯主", registered_domicile="", registered_domicile_head="",
        previous_address="大韓民国",
        foreign=services.ForeignItems(nationality="大韓民国", residence_class="2", card_number="AB12345678CD"),
    )  # fmt: skip
    return make.family(person, day="2026-10-20", code=EventCode.FOREIGN_MOVE_IN)[0]


def test_処理日による異動集計は閉じる(month: dict[str, str]) -> None:
    found = _movements("2026-11-01", "2026-11-30", Basis.PROCESSED)
    assert found.closes()
    table = statistic_tables.causes(found)
    assert _line(table, "前の人口")[-1] == 6 and _line(table, "人口")[-1] == 6
    assert _line(table, "転入（県内）")[2:5] == (1, 1, 2), "filed late: counted when it was entered"
    assert _line(table, "死亡")[4] == 1 and _line(table, "転出（国外）")[7] == 1
    assert _line(table, "転出（県外）")[-1] == 0, "a plan is no movement"
    assert _line(table, "転居")[-1] == 1
    towns = statistic_tables.town_movements(found)
    for row in towns.rows:
        assert row[1] + row[2] - row[3] + row[4] - row[5] == row[6], row


def test_異動日による異動集計は事実の月に数える(month: dict[str, str]) -> None:
    october = _movements("2026-10-01", "2026-10-31", Basis.EVENT)
    november = _movements("2026-11-01", "2026-11-30", Basis.EVENT)
    assert october.closes() and november.closes()
    assert _line(statistic_tables.causes(october), "転入（県内）")[-1] == 2
    assert _line(statistic_tables.causes(november), "転入（県内）")[-1] == 0
    assert october.after.total == 8 and november.after.total == 6


def test_取消しは処理日では取消しに異動日では無かったことになる(month: dict[str, str]) -> None:
    from kokunen.resident_registry.models import ResidentEvent

    death = ResidentEvent.objects.get(code=EventCode.DEATH)
    services.cancel_event(context=make.counter(), event_id=death.pk, remarks="誤り", acknowledged=make.ALL)
    processed = _movements("2026-11-01", "2026-11-30", Basis.PROCESSED)
    assert processed.closes()
    assert _line(statistic_tables.causes(processed), "異動の取消し", "増")[-1] == 1
    event = _movements("2026-11-01", "2026-11-30", Basis.EVENT)
    assert event.closes() and event.after.total == 7


def test_S10_月の異動は日本人と外国人のそれぞれで閉じ_帰化と国籍取得は別の行になる(
    city_database: str, office_day: Callable[[str], None]
) -> None:
    """The worked month of the register at a tenth of its start (100 and 10), every movement as it stands there."""
    office_day("2026-10-31")
    home, abroad = _crowd(100), _crowd(10, foreign=True)
    office_day("2026-11-20")
    _crowd(20, day="2026-11-10")
    _crowd(8, foreign=True, day="2026-11-10")
    for people in (home[85:], abroad[5:]):
        services.move_out(
            context=make.counter(), notice=make.notice(EventCode.MOVE_OUT, "2026-11-11"), movers=people,
            departure=services.Departure("東京都北区", DestinationKind.DOMESTIC), acknowledged=make.ALL,
        )  # fmt: skip
    for parent, number in ((home[0], 6), (abroad[0], 1)):
        for _ in range(number):
            _birth(parent)
    for number in home[76:85]:
        services.register_death(
            context=make.counter(), notice=make.notice(EventCode.DEATH, "2026-11-12"), atena_number=number,
            acknowledged=make.ALL,
        )  # fmt: skip
    for number, cause in ((abroad[1], Cause.NATURALISED), (abroad[2], Cause.NATIONALITY_ACQUIRED)):
        services.become_japanese(
            context=make.counter(), notice=make.notice(EventCode.NATURALISATION_ENTRY, "2026-11-13", cause=cause),
            atena_number=number, acknowledged=make.ALL,
            items=services.JapaneseItems("帰化　一", "キカ　ハジメ", "埼玉県川口市青木1番", "帰化　一"),
        )  # fmt: skip
    services.remove_ex_officio(
        context=make.counter(), notice=make.notice(EventCode.EX_OFFICIO_REMOVAL, "2026-11-14", remarks="実態調査"),
        atena_number=abroad[3], acknowledged=make.ALL,
    )  # fmt: skip
    for basis in Basis:
        found = _movements("2026-11-01", "2026-11-30", basis)
        assert found.closes(), basis
        assert (found.before.of("1"), found.before.of("2")) == (100, 10)
        assert (found.after.of("1"), found.after.of("2"), found.after.total) == (104, 11, 115)
    table = statistic_tables.causes(_movements("2026-11-01", "2026-11-30", Basis.PROCESSED))
    lines = {(row[0], row[1]): (row[4], row[7]) for row in table.rows}
    assert lines["増", "転入（県外）"] == (20, 8) and lines["減", "転出（県外）"] == (15, 5)
    assert lines["増", "出生"] == (6, 1) and lines["減", "死亡"] == (9, 0) and lines["減", "職権消除等"] == (0, 1)
    assert lines["増", "帰化"] == lines["増", "国籍取得"] == (1, 0)
    assert lines["減", "帰化"] == lines["減", "国籍取得"] == (0, 1)


def _crowd(number: int, *, foreign: bool = False, day: str = "2026-10-20") -> list[str]:
    """So many people of one household, moved in from Tokyo."""
    items = services.ForeignItems(nationality="ベトナム", residence_class="2") if foreign else None
    origin = {"registered_domicile": "", "registered_domicile_head": ""} if foreign else {}
    return make.family(
        *(
            make.newcomer(f"見本　{day}{foreign}{n}", "ミホン　タ", "1980-01-01", "1", "同居人" if n else "世帯主",
                          foreign=items, **origin)
            for n in range(number)
        ),
        day=day,
    )  # fmt: skip


def _birth(parent: str) -> None:
    row = make.now(parent)
    child = services.Newborn("", "", "2", "子", parent, "不明", row.name, nationality=row.nationality)
    services.register_birth(
        context=make.counter(), notice=make.notice(EventCode.BIRTH, "2026-11-09"), child=child, acknowledged=make.ALL
    )


def test_過去の日の人口は当時の記録で数えられる(month: dict[str, str]) -> None:
    for basis in Basis:
        found = statistics.population(context=make.counter("resident_inquiry"), on=date(2026, 10, 31), basis=basis)
        assert found.total == (6 if basis is Basis.PROCESSED else 8)
        assert sum(size * n for size, n in found.households_by_size.items()) == found.total


def test_模擬都市の人口を別の方法で数えても同じになる(city_database: str, office_day: Callable[[str], None]) -> None:
    from kokunen.city import generate
    from kokunen.city.loading import load_city

    day = date(2026, 11, 24)
    load_city(generate(600, 7, day))
    found = statistics.population(context=make.counter("resident_inquiry"), on=day)
    rows = list(ResidentVersion.objects.filter(LIVING))
    assert found.total == len(rows)
    by_age: dict[int, int] = {}
    for row in rows:
        by_age[age_on(row.birth_date, day)] = by_age.get(age_on(row.birth_date, day), 0) + 1
    counted = {age: sum(n for (a, _, _), n in found.by_age.items() if a == age) for age in by_age}
    assert counted == by_age
    assert found.households == len({row.household_number for row in rows})
    for table in (
        statistic_tables.ages(found), statistic_tables.ages(found, 1), statistic_tables.towns(found),
        statistic_tables.households(found),
    ):  # fmt: skip
        column = table.header.index("計") if "計" in table.header else 2
        assert table.rows[-1][column] == found.total, table.title
    for basis in Basis:
        assert _movements("2026-01-01", "2026-11-24", basis).closes(), basis


def test_画面と出力は同じ数になる(month: dict[str, str]) -> None:
    from django.test import Client
    from openpyxl import load_workbook

    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    client = Client()
    client.post("/sign-in", {"number": "shimin1", "password": demo.PASSWORD})
    for table in ("age", "age1", "towns", "households", "nationality", "status", "causes", "months", "town_movements"):
        page = client.get("/residents/statistics", {"table": table, "first": "R8.11.1", "on": "R8.11.30"})
        assert page.status_code == 200, table
    asked = {"table": "causes", "first": "R8.11.1", "on": "R8.11.30"}
    rows = list(csv.reader(io.StringIO(client.get("/residents/statistics/csv", asked).content.decode("utf-8-sig"))))
    assert rows[2][:2] == ["", "前の人口"] and rows[2][-1] == "6"
    sheet = load_workbook(io.BytesIO(client.get("/residents/statistics/xlsx", asked).content)).active
    assert ["" if cell.value is None else str(cell.value) for cell in sheet[4]] == rows[2]
    assert client.get("/residents/statistics/pdf", asked).content.startswith(b"%PDF")
    wrong = client.get("/residents/statistics", {**asked, "first": "R8.12.1"})
    assert wrong.status_code == 422 and "期間の終わり" in wrong.content.decode()
    other = Client()
    other.post("/sign-in", {"number": "nenkin1", "password": demo.PASSWORD})
    assert other.get("/residents/statistics").status_code == 403
