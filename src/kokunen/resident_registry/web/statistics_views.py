"""統計の画面: population and movements as of any day, with a chart, and the same table as CSV, Excel and PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import WarekiDateField, add_error
from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import format_short
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry import perms, statistic_tables, statistics
from kokunen.resident_registry.documents import statistics as sheets
from kokunen.resident_registry.statistic_tables import Table

LOOK: dict[str, Any] = {"permission": perms.STATISTICS_VIEW, "purpose": "resident_inquiry"}
_OF_A_DAY: dict[str, tuple[str, Callable[[statistics.Population], Table]]] = {
    "age": ("年齢（5歳階級）", statistic_tables.ages),
    "age1": ("年齢（各歳）", lambda found: statistic_tables.ages(found, 1)),
    "towns": ("町丁字", statistic_tables.towns),
    "households": ("世帯人員", statistic_tables.households),
    "nationality": ("国籍・地域", statistic_tables.nationalities),
    "status": ("在留資格", statistic_tables.residence_statuses),
}
_OF_A_PERIOD: dict[str, tuple[str, Callable[[statistics.Movements], Table]]] = {
    "causes": ("異動（事由）", statistic_tables.causes),
    "months": ("異動（月）", statistic_tables.months),
    "town_movements": ("異動（町）", statistic_tables.town_movements),
}
_BAR, _GAP, _SIDE = 14, 4, 260
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatisticsForm(forms.Form):
    """統計の条件: a table, the day (or the last day of the period) and what is counted by."""

    table = forms.ChoiceField(
        label="表", choices=[(key, words) for key, (words, _) in (*_OF_A_DAY.items(), *_OF_A_PERIOD.items())]
    )
    first = WarekiDateField(label="期間の始め（異動の表）", required=False)
    on = WarekiDateField(label="基準日・期間の終わり", required=False)
    basis = forms.ChoiceField(label="数える基準", choices=[(one.value, one.label) for one in statistics.Basis])


def _asked(request: StaffRequest) -> StatisticsForm:
    today = clock.today()
    facts = {
        "table": "age",
        "first": format_short(today.replace(day=1)),
        "on": format_short(today),
        "basis": statistics.Basis.PROCESSED.value,
    }
    return StatisticsForm({**facts, **{name: value for name, value in request.GET.items() if value}})


def _table(context: AccessContext, form: StatisticsForm) -> Table:
    """Raises KokunenError when the days make no sense."""
    today = clock.today()
    asked = form.cleaned_data
    on: date = asked["on"] or today
    first: date = asked["first"] or on.replace(day=1)
    basis = statistics.Basis(asked["basis"])
    key = asked["table"]
    if key in _OF_A_DAY:
        return _OF_A_DAY[key][1](statistics.population(context=context, on=on, basis=basis))
    found = statistics.movements(context=context, first=first, last=on, basis=basis)
    return _OF_A_PERIOD[key][1](found)


@page(**LOOK)
def show(request: StaffRequest) -> HttpResponse:
    """統計の画面."""
    form, table = _asked(request), None
    if form.is_valid():
        try:
            table = _table(request.access_context, form)
        except KokunenError as error:
            add_error(form, error)
    context = {
        "form": form,
        "table": table,
        "chart": _chart(table) if table and table.bars else None,
        "body": table.rows[: len(table.rows) - table.total_rows] if table else (),
        "totals": table.rows[len(table.rows) - table.total_rows :] if table else (),
        "query": request.GET.urlencode(),
    }
    return render(request, "resident_registry/statistics.html", context, status=200 if table else 422)


@page(**LOOK)
def output(request: StaffRequest, form_of_output: str) -> HttpResponse:
    """統計の出力: the table of the screen as csv, xlsx or pdf."""
    form = _asked(request)
    if not form.is_valid() or form_of_output not in ("csv", "xlsx", "pdf"):
        return show(request)
    table = _table(request.access_context, form)
    name = f"{table.key}-{clock.today():%Y%m%d}.{form_of_output}"
    if form_of_output == "pdf":
        return responses.pdf(sheets.as_pdf(table, context=request.access_context), name)
    make, kind = (sheets.as_csv, "text/csv; charset=utf-8") if form_of_output == "csv" else (sheets.as_excel, _EXCEL)
    answer = HttpResponse(make(table, context=request.access_context), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _chart(table: Table) -> dict[str, Any]:
    """図: bars to the left and right of a middle line (a pyramid), lowest at the bottom for ages; plain SVG numbers."""
    bars = list(reversed(table.bars)) if table.key.startswith("age") else list(table.bars)
    highest = max((max(left, right) for _, left, right in bars), default=0) or 1
    step = 7 if table.key == "age1" else _BAR + _GAP
    size = 5 if table.key == "age1" else _BAR
    lines = []
    for index, (label, left, right) in enumerate(bars):
        a, b = round(_SIDE * left / highest), round(_SIDE * right / highest)
        lines.append(
            {
                "label": label if table.key != "age1" or index % 10 == len(bars) % 10 - 1 else "",
                "y": index * step + 20,
                "text_y": index * step + 20 + size - 2,
                "left_x": _SIDE - a,
                "left": a,
                "right": b,
                "words": f"{label} {table.bar_sides[0]}{left:,} {table.bar_sides[1]}{right or ''}",
            }
        )
    return {
        "lines": lines,
        "height": len(bars) * step + 30,
        "size": size,
        "sides": table.bar_sides,
        "highest": f"{highest:,}",
    }
