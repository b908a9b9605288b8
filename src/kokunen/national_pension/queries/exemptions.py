"""免除の照会: the months that were exempt, the applications on their way, and what the month grid shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import month_of
from kokunen.law.rules.premiums import Part, known_months, premium_of
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.exemption_choices import LETTERS, ExemptionKind
from kokunen.national_pension.models import (
    AdditionalPremiumPeriod,
    ExemptionApplication,
    ExemptionDecision,
    ExemptionPeriod,
)
from kokunen.national_pension.month_grid import Mark
from kokunen.national_pension.queries.common import BASIC, end_of_day, looked_at, looking

ITEMS = (BASIC, "R3 付加情報", "R5 免除情報")


@dataclass(frozen=True, slots=True)
class Exemptions:
    """免除の記録: periods latest first, applications latest first with their decisions, 付加; `versions` every row that
    was ever recorded and is no longer what the office knows.
    """

    periods: tuple[ExemptionPeriod, ...]
    applications: tuple[ExemptionApplication, ...]
    additional: tuple[AdditionalPremiumPeriod, ...]
    versions: tuple[ExemptionPeriod, ...]


def exemptions_of(atena_number: str, *, context: AccessContext, known_on: date | None = None) -> Exemptions:
    """免除の記録 of one person, as known now or at the end of a day."""

    def known(model: type[Any]) -> Any:
        rows = model.objects.current() if known_on is None else model.objects.known_on(end_of_day(known_on))
        return rows.filter(atena_number=atena_number).order_by("-valid_period")

    with looked_at(context, "個人照会（免除）", [atena_number], items=ITEMS):
        return Exemptions(
            tuple(known(ExemptionPeriod).select_related("application__receipt")),
            tuple(
                ExemptionApplication.objects.filter(atena_number=atena_number)
                .select_related("receipt")
                .prefetch_related(Prefetch("decisions", ExemptionDecision.objects.order_by("row_number")))
                .order_by("-receipt_id")
            ),
            tuple(known(AdditionalPremiumPeriod)),
            tuple(
                ExemptionPeriod.objects.filter(
                    atena_number=atena_number, recorded_period__endswith__isnull=False
                ).order_by("-recorded_period")[:50]
            ),
        )


_PAYABLE = {
    ExemptionKind.THREE_QUARTER: Part.THREE_QUARTER,
    ExemptionKind.HALF: Part.HALF,
    ExemptionKind.QUARTER: Part.QUARTER,
}


def payable_of(period: ExemptionPeriod) -> str:
    """納める額 of a part exemption, month by month where it changes within the period; "" when nothing is to be paid or
    the premium is not laid down yet (法87条, 90条の2).
    """
    part = _PAYABLE.get(ExemptionKind(period.kind))
    if part is None:
        return ""
    first, last = month_of(period.first_month), month_of(period.last_month or period.first_month)
    known_from, known_to = known_months()
    amounts = dict.fromkeys(
        premium_of(month, part=part) for month in range(max(first, known_from), min(last, known_to) + 1)
    )
    return "・".join(f"月{amount:,}円" for amount in amounts)


def get_application(receipt_id: int, *, context: AccessContext) -> ExemptionApplication:
    """申請1件. InputError when the receipt has none."""
    with looking() as note:
        found = ExemptionApplication.objects.select_related("receipt").filter(receipt_id=receipt_id).first()
        if found is None:
            raise InputError("この受付には免除の申請がありません", field="notice", code="not_found")
        note(context.for_case(found.receipt.receipt_number), "免除の申請", [found.atena_number], items=ITEMS)
        return found


def exemption_marks(periods: Iterable[ExemptionPeriod]) -> list[Mark]:
    """月の印: one a period; a period that goes on is drawn to this month."""
    return [_mark(period) for period in periods]


def _mark(period: ExemptionPeriod) -> Mark:
    letter, state = LETTERS[ExemptionKind(period.kind)]
    ongoing: date = max(period.first_month, clock.today().replace(day=1))
    return Mark(
        period.first_month,
        period.last_month or ongoing,
        letter,
        state,
        str(ExemptionKind(period.kind).label),
        "日本年金機構の裁定" if period.decided_on else "届出・移行データ",
        period.decided_on,
    )
