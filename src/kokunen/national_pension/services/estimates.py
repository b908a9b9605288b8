"""届書に添える目安: what a 任意加入 would bring, from the record as it was noted from the terminal (System 7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.kernel.calendar import reaches_age_on
from kokunen.law.engine.months import first_day, month_of, parse_month
from kokunen.law.rules.benefits.monthly_record import MonthState, Span, life_of
from kokunen.law.rules.benefits.months import Months
from kokunen.law.rules.qualification import InsuredType
from kokunen.national_pension import money, month_grid
from kokunen.national_pension.choices import VOLUNTARY_TYPES
from kokunen.national_pension.models import RecordNote
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import recording
from kokunen.national_pension.services.consultations import span_of

_UNTIL_AGE = {"4": 60, "5": 65, "6": 65}
NOT_NOTED = "社会保険オンラインの確認を「相談・照会」に記入すると、満額までの月数と年金額の目安が出ます"


def noted_spans(atena_number: str) -> list[Span]:
    """確認した記録 of a person, the latest note; [] while nothing was noted."""
    note = RecordNote.objects.filter(atena_number=atena_number).order_by("-noted_at", "-id").first()
    return [span_of(row) for row in note.spans] if note else []


def paid_months(atena_number: str) -> frozenset[int]:
    """納付済の月 as noted: the months that were paid, not those that count as paid without payment."""
    return frozenset(
        month
        for span in noted_spans(atena_number)
        if span.state is MonthState.PAID
        for month in range(span.first, span.last + 1)
    )


def voluntary(resident: Resident, plan: dict[str, Any], today: date) -> list[str]:
    """任意加入の目安: [] for a plan that begins none; one sentence on what is missing while nothing was noted."""
    begun = next((one for one in plan["beginnings"] if one["insured_type"] in VOLUNTARY_TYPES), None)
    if begun is None or begun["insured_type"] not in _UNTIL_AGE or not begun.get("first_month"):
        return []
    spans = noted_spans(resident.atena_number)
    if not spans:
        return [NOT_NOTED]
    first = parse_month(begun["first_month"])
    life = life_of(spans)
    between = _still_due(resident.atena_number, max(span.last for span in spans) + 1, first)
    months = Months(life.months.paid + between, life.months.until_2009_03, life.months.after_2009_04)
    limit = month_of(reaches_age_on(resident.birth_date, _UNTIL_AGE[begun["insured_type"]]))
    told = money.of_voluntary(months, first, limit - first, today.year - (today.month < 4))
    if between:
        told.insert(0, f"{money.month_ja(first - 1)}までの第1号の{between}か月を納めるものとして計算しています")
    return told


def _still_due(atena_number: str, begin: int, end: int) -> int:
    """確認した記録の後の第1号の月: months from `begin` up to the one before `end` that are to be paid as 第1号."""
    insured = month_grid.months_as(recording.current_held(atena_number), InsuredType.FIRST, first_day(end))
    return sum(begin <= month < end for month in insured)
