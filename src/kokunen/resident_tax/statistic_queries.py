"""課税状況調の照会: tables, cross-checks, and the people of a cell for whoever may."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import RunKind
from kokunen.resident_tax.models import StatisticCell, StatisticPerson, TaxRun
from kokunen.resident_tax.resident_view import Resident
from kokunen.resident_tax.statistic_tables import (
    TOTAL,
    Table,
    column_marks,
    definition,
    families,
    label,
    table,
)

USING = "resident_tax"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Check:
    """突合の一件: what is compared, both figures."""

    words: str
    one: int
    other: int

    @property
    def agrees(self) -> bool:
        """一致."""
        return self.one == self.other


@dataclass(frozen=True, slots=True)
class Survey:
    """課税状況調: the tables of a tax year, the cross-checks and the run that counted them."""

    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    run: TaxRun | None


def survey(tax_year: int) -> Survey:
    """表と突合: figures name nobody."""
    values: dict[str, dict[tuple[str, str], int]] = {}
    for cell in StatisticCell.objects.filter(tax_year=tax_year):
        values.setdefault(cell.family, {})[(cell.row, cell.column)] = cell.value
    tables = tuple(table(family, values.get(code, {})) for code, family in families().items())
    by_code = {one.family.code: one for one in tables}
    checks = tuple(
        Check(words, _exact(by_code[a[0]], a[1], a[2]), _exact(by_code[b[0]], b[1], b[2]))
        for a, b, words in definition()["checks"]
    )
    run = TaxRun.objects.filter(kind=RunKind.STATISTICS, tax_year=tax_year).order_by("-started_at").first()
    return Survey(tables, checks, run)


def _exact(one: Table, row: str, column: str) -> int:
    return dict(one.exact)[row][one.family.columns.index(column)]


def people_of(
    tax_year: int, family: str, row: str, column: str, *, context: AccessContext, after: str = ""
) -> list[tuple[str, Resident | None]]:
    """欄の納税者: who counts in a cell, by 宛名番号; the total of a table is the people of all its rows."""
    known = families().get(family)
    if known is None or row not in (*known.rows, TOTAL) or column not in known.columns or family == "09":
        raise InputError("この欄はありません", field="row", code="not_found", hint="表から開いてください。")
    found = StatisticPerson.objects.filter(tax_year=tax_year, atena_number__gt=after)
    found = found.filter(marks__overlap=list(known.rows)) if row == TOTAL else found.filter(marks__contains=[row])
    if column in column_marks():
        found = found.filter(marks__contains=[column])
    with transaction.atomic(using=USING):
        numbers = list(found.order_by("atena_number").values_list("atena_number", flat=True)[:PAGE])
        record(
            USING, context, act=Act.VIEW, dataset=f"課税状況調の納税者（{known.title}・{label(row)}）",
            atena_numbers=numbers, items=("R10 所得情報",), detail={"tax_year": tax_year, "column": column},
        )  # fmt: skip
        people = resident_view.by_numbers(numbers)
    return [(number, people.get(number)) for number in numbers]
