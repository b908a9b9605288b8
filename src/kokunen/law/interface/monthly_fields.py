"""月ごとの記録の項目 (fields of a monthly record): the spans of a life that several benefits look at."""

from __future__ import annotations

from kokunen.law.engine.months import month_text
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Day, Enum, List, Month, Object, Record
from kokunen.law.rules.benefits.monthly_record import MonthState, Span, overlapping

SPANS = List(
    name="spans",
    label="月ごとの記録",
    required=True,
    high=240,
    item=Object(
        name="span",
        label="期間",
        fields=(
            Month(name="from", label="期間の初月", required=True),
            Month(name="to", label="期間の終月", required=True),
            Enum(name="state", label="月の状態", required=True, values=tuple(MonthState)),
            Day(name="known_on", label="納付日または申請日"),
        ),
    ),
)


def spans_of(record: Record) -> list[Span]:
    """月ごとの記録 of a line with ``spans``."""
    return [Span(one["from"], one["to"], MonthState(one["state"]), one.get("known_on")) for one in record["spans"]]


def check_spans(record: Record) -> None:
    """期間の前後と重なり: a span does not end before it begins, and no month is named twice."""
    for one in record["spans"]:
        if one["to"] < one["from"]:
            one.refuse("to", Code.INCONSISTENT, "期間の終月は初月以後の年月で指定してください")
    month = overlapping(spans_of(record))
    if month is not None:
        record.refuse("spans", Code.INCONSISTENT, f"月ごとの記録の{month_text(month)}が重なっています")
