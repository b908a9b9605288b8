"""統計表の出力: one table as CSV, Excel or a printed list (A4 landscape). The same numbers as on the screen."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.models import ALIAS
from kokunen.resident_registry.statistic_tables import Table

LAYOUT = Path(__file__).parent / "statistics.typ"
DATASET_JA = "人口・異動の統計"


def as_csv(table: Table, *, context: AccessContext) -> bytes:
    """CSV with a byte order mark, as the city's spreadsheet opens it."""
    _note(context, Act.EXPORT, table, "csv")
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([table.title, table.note])
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return stream.getvalue().encode("utf-8-sig")


def as_excel(table: Table, *, context: AccessContext) -> bytes:
    """Excel: title, header that stays when one scrolls, numbers as numbers."""
    _note(context, Act.EXPORT, table, "xlsx")
    book = Workbook()
    sheet = book.active
    sheet.title = table.title[:31]
    sheet.append([table.title])
    sheet.append([table.note])
    sheet.append(list(table.header))
    for row in table.rows:
        sheet.append(list(row))
    bold = Font(bold=True)
    last = sheet.max_row
    for number in (1, 3, *range(last - table.total_rows + 1, last + 1)):
        for cell in sheet[number]:
            cell.font = bold
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            if isinstance(cell.value, int):
                cell.number_format = "#,##0"
    for index, name in enumerate(table.header, 1):
        sheet.column_dimensions[get_column_letter(index)].width = max(10, 2 * len(name) + 2)
    sheet.freeze_panes = "B4"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_pdf(table: Table, *, context: AccessContext) -> bytes:
    """印刷: the table over as many sheets as it needs, its serial on each."""
    with transaction.atomic(using=ALIAS):
        serial = printing.next_serial(context.office_code)
        record(
            ALIAS,
            context,
            act=Act.PRINT,
            dataset=DATASET_JA,
            count=0,
            serial=serial,
            detail={"table": table.key, "note": table.note},
        )
    today = clock.today()
    data = {
        "title": table.title,
        "note": table.note,
        "serial": serial,
        "header": list(table.header),
        "rows": [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in table.rows],
        "totals": table.total_rows,
        "printed_on": format_wareki(today),
        "dated": [today.year, today.month, today.day],
    }
    return printing.render(LAYOUT, data, at=clock.now())


def _note(context: AccessContext, act: Act, table: Table, form: str) -> None:
    with transaction.atomic(using=ALIAS):
        record(
            ALIAS,
            context,
            act=act,
            dataset=DATASET_JA,
            count=0,
            detail={"table": table.key, "note": table.note, "form": form},
        )
