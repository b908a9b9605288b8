"""S6-7 統計処理: 課税状況調 adds up, agrees with itself, comes out as Excel, and leads from a cell to its people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from openpyxl import load_workbook
from tests.resident_tax.support import TaxOffice, decision

from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.function("S6-7")


@pytest.fixture
def counted(city: TaxOffice, officer: AccessContext) -> dict[str, str]:
    """課税4人（給与2・事業1・株式1）、均等割のみ1人、非課税1人、未申告1人、その集計."""
    from kokunen.resident_tax.services import statistics

    people = {
        "clerk": city.resident(date(1985, 5, 1)), "clerk2": city.resident(date(1986, 5, 1), sex="2"),
        "shop": city.resident(date(1975, 5, 1)), "stock": city.resident(date(1970, 5, 1)),
        "flat": city.resident(date(1971, 5, 1)), "exempt": city.resident(date(1990, 5, 1)),
        "silent": city.resident(date(1991, 5, 1)),
    }  # fmt: skip
    city.document(people["clerk"], salary_receipts=3_000_000, social_insurance=450_000, main=True, payer_number="1")
    city.document(people["clerk2"], salary_receipts=4_500_000, social_insurance=660_333, main=True, payer_number="1")
    city.document(people["shop"], "21", business_income=12_345_678, social_insurance=800_000, medical_paid=350_000)
    city.document(people["stock"], "21", listed_stock_income=2_000_000, salary_receipts=1_500_000)
    city.document(people["flat"], "21", business_income=1_500_000, loss_carried_forward=1_200_000)
    city.document(people["exempt"], "22", salary_receipts=900_000)
    city.assess(officer)
    run = statistics.start(tax_year=2026, context=officer)
    while run.state != "3":
        run = statistics.carry_on(run.pk, context=officer, chunk=2, chunks=1)
    assert run.done == 7
    return people


def _table(code: str) -> dict[str, dict[str, int]]:
    from kokunen.resident_tax.statistic_queries import survey

    (one,) = [one for one in survey(2026).tables if one.family.code == code]
    return {row: dict(zip(one.family.columns, figures, strict=True)) for row, figures in one.rows}


def test_人数と額は納税者と合い_突合はすべて一致する(counted: dict[str, str]) -> None:
    from kokunen.resident_tax.statistic_queries import survey

    payers = _table("01")
    assert payers["both"] == {"persons": 4, "male": 3, "female": 1, "ordinary": 2, "salary": 2}
    assert payers["flat_only"]["persons"] == 1 and payers["total"]["persons"] == 5
    kinds = _table("02")
    assert [kinds[f"kind.{kind}"]["persons"] for kind in ("salary", "business", "other", "separate")] == [2, 1, 0, 1]
    assert all(check.agrees for check in survey(2026).checks)
    exempt = _table("06")
    assert exempt["exempt.per_capita_limit"]["persons"] == 1 and exempt["undeclared"]["persons"] == 1
    assert _table("07")["listed_stock"]["persons"] == 1 and _table("04")["deductions.medical"]["persons"] == 1
    assert _table("05")["adjustment_credit"]["persons"] == 4


def test_税額の計は賦課決定と一円まで合う(counted: dict[str, str]) -> None:
    from kokunen.resident_tax.models import StatisticCell

    whole = sum(
        decision(counted[name]).city_tax + decision(counted[name]).prefecture_tax - 4_000
        for name in ("clerk", "clerk2", "shop", "stock")
    )
    for family in ("02", "03"):
        cells = StatisticCell.objects.filter(tax_year=2026, family=family, column="levy")
        assert sum(cell.value for cell in cells) == whole


def test_端数は最も大きい欄で調整し計と合う() -> None:
    from kokunen.resident_tax.statistic_tables import adjusted, thousands

    for figures in ([1_499, 1_499, 1_499], [500, 500, 500, 900_000], [0, 0], [999, 1], [123_456_789, 1_500]):
        assert sum(adjusted(figures)) == thousands(sum(figures))
        assert all(abs(cell * 1_000 - figure) <= 500 + 1_000 * len(figures) for cell, figure in
                   zip(adjusted(figures), figures, strict=True))  # fmt: skip
    assert adjusted([1_499, 1_499, 1_499]) == [2, 1, 1]


def test_Excelは表ごとに並び_行番号と列番号と千円の値を持つ(
    counted: dict[str, str], sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("zei1")
    book = load_workbook(BytesIO(client.get("/tax/survey/2026.xlsx").content))
    assert len(book.sheetnames) == 10 and book.sheetnames[-1] == "突合"
    sheet = book[next(name for name in book.sheetnames if "段階別" in name)]
    assert "川口市" in sheet["A2"].value and sheet["C4"].value == "人数（人）" and sheet["C5"].value == "(1)"
    rows = {sheet.cell(row, 1).value: [sheet.cell(row, place).value for place in range(3, 10)] for row in range(6, 16)}
    total = rows.pop("計")
    assert total == [sum(column) for column in zip(*rows.values(), strict=True)]
    lines = client.get("/tax/survey/2026.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("表,表の名") and any("調整控除" in line for line in lines)


def test_欄から納税者を開けるのは係長だけで_開いたことが残る(
    counted: dict[str, str], sign_in: Callable[[str], Client]
) -> None:
    clerk, chief = sign_in("zei1"), sign_in("zei9")
    assert clerk.get("/tax/survey/?year=2026").status_code == 200
    assert clerk.get("/tax/survey/2026/01/both/male/").status_code == 403
    assert clerk.post("/tax/survey/count/", {"year": 2026}).status_code == 403
    shown = chief.get("/tax/survey/2026/01/both/male/").content.decode()
    assert all(counted[name] in shown for name in ("clerk", "shop", "stock")) and counted["clerk2"] not in shown
    shown = chief.get("/tax/survey/2026/06/undeclared/persons/").content.decode()
    assert counted["silent"] in shown and counted["clerk"] not in shown
    assert chief.get("/tax/survey/2026/01/nothing/male/").status_code >= 400
    with connections["ledger"].cursor() as cursor:
        cursor.execute("select count(*) from ledger.entry where dataset like '課税状況調の納税者%' and act = 'view'")
        assert cursor.fetchone()[0] == 2
    screen: Any = chief.get("/tax/survey/?year=2026").content.decode()
    assert "不一致" not in screen and "均等割と所得割を納める者" in screen
