"""課税状況調の出力: the tables as Excel in the arrangement of the survey, one sheet a table; the same as CSV."""

from __future__ import annotations

import csv
import io

from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.documents.papers import year_words
from kokunen.resident_tax.statistic_queries import Survey
from kokunen.resident_tax.statistic_tables import COUNTS, Table, label

USING = "resident_tax"
_LINE = Border(*(Side(style="thin"),) * 4)
_FIRST_ROW = 6


def as_excel(survey: Survey, tax_year: int, *, context: AccessContext) -> bytes:
    """Excel: 表番号, 団体, 列番号 above and 行番号 beside the figures, persons and thousand yen as numbers."""
    _note(context, tax_year, "xlsx")
    book = Workbook()
    book.remove(book.active)
    for one in survey.tables:
        _sheet(book, one, tax_year)
    checks = book.create_sheet("突合")
    checks.append(["突合", "一方", "他方", "一致"])
    for check in survey.checks:
        checks.append([check.words, check.one, check.other, "○" if check.agrees else "×"])
    checks.column_dimensions["A"].width = 50
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: Workbook, one: Table, tax_year: int) -> None:
    family = one.family
    sheet = book.create_sheet(f"{family.number} {family.title}"[:31].replace("/", "・"))
    sheet["A1"], sheet["A1"].font = f"{family.number}　{family.title}", Font(bold=True, size=12)
    sheet["A2"] = f"{year_words(tax_year)}　都道府県 埼玉県　市町村 川口市（112038）　7月1日現在"
    sheet["A3"] = "単位: 人、千円"
    heads = ["区分", "行番号", *(f"{label(column)}{_unit(column)}" for column in family.columns)]
    for place, words in enumerate(heads, start=1):
        cell = sheet.cell(_FIRST_ROW - 2, place, words)
        cell.font, cell.border, cell.alignment = Font(bold=True), _LINE, Alignment(horizontal="center", wrap_text=True)
        number = sheet.cell(_FIRST_ROW - 1, place, f"({place - 2})" if place > 2 else "")
        number.border, number.alignment = _LINE, Alignment(horizontal="center")
        sheet.column_dimensions[get_column_letter(place)].width = 34 if place == 1 else 16
    for offset, (row, figures) in enumerate(one.rows):
        values = [label(row), f"{offset + 1:02}", *figures]
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(_FIRST_ROW + offset, place, value)
            cell.border = _LINE
            if isinstance(value, int):
                cell.number_format = "#,##0"
            if row == "total":
                cell.font = Font(bold=True)
    sheet.freeze_panes = f"C{_FIRST_ROW}"


def _unit(column: str) -> str:
    return "（人）" if column in COUNTS else "（千円）"


def as_csv(survey: Survey, tax_year: int, *, context: AccessContext) -> bytes:
    """CSV with a byte order mark: one line a cell, exact yen beside what is handed in."""
    _note(context, tax_year, "csv")
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["表", "表の名", "行", "列", "提出値（人・千円）", "実数（人・円）"])
    for one in survey.tables:
        for (row, shown), (_, exact) in zip(one.rows, one.exact, strict=True):
            for column, value, figure in zip(one.family.columns, shown, exact, strict=True):
                writer.writerow([one.family.number, one.family.title, label(row), label(column), value, figure])
    return stream.getvalue().encode("utf-8-sig")


def _note(context: AccessContext, tax_year: int, form: str) -> None:
    with transaction.atomic(using=USING):
        record(USING, context, act=Act.EXPORT, dataset="課税状況調", count=0,
               detail={"tax_year": tax_year, "form": form})  # fmt: skip
