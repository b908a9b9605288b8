"""照会 (社会保険オンライン): operators, the log of a day and what it is compared with. Never the record of a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from kokunen.pension_records.models import DayCheck, Inquiry, OfficeLine, Operator, RegistrationForm, Slip


def find_operator(operator_id: str) -> Operator | None:
    """操作者: by ID."""
    return Operator.objects.filter(operator_id=operator_id).first()


def find_operators() -> list[Operator]:
    """操作者の一覧: those in use first."""
    return list(Operator.objects.prefetch_related("credentials").order_by("ended_at", "operator_id"))


def find_forms() -> list[RegistrationForm]:
    """登録書の一覧: newest first."""
    return list(RegistrationForm.objects.order_by("-submitted_at")[:200])


def inquiries_of(day: date) -> list[Inquiry]:
    """その日の照会: in order of time."""
    return list(Inquiry.objects.select_related("operator").filter(asked_at__date=day).order_by("asked_at"))


def own_inquiries(operator: Operator, day: date) -> list[Inquiry]:
    """自分の照会: of that day, newest first."""
    return list(Inquiry.objects.filter(operator=operator, asked_at__date=day).order_by("-asked_at"))


def find_open_inquiry(operator: Operator, number: str) -> Inquiry | None:
    """応答待ちの照会: one's own."""
    return Inquiry.objects.filter(operator=operator, number=number, state="asked").first()


def office_lines(day: date) -> dict[str, OfficeLine]:
    """処理結果リスト: by 照会番号."""
    return {line.number: line for line in OfficeLine.objects.filter(day=day)}


def slips_of(numbers: Collection[str]) -> dict[str, Slip]:
    """照会票: by 照会番号."""
    return {slip.number: slip for slip in Slip.objects.filter(number__in=list(numbers))}


def slips_entered_on(day: date) -> list[Slip]:
    """その日に記入した照会票."""
    return list(Slip.objects.filter(entered_at__date=day).order_by("number"))


def is_known(number: str) -> bool:
    """照会の記録があるか: on whatever day."""
    return Inquiry.objects.filter(number=number).exists()


def find_checks(day: date) -> list[DayCheck]:
    """照合の記録: newest first."""
    return list(DayCheck.objects.select_related("checked_by").filter(day=day).order_by("-checked_at"))
