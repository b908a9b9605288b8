"""免除の照会: the months that were exempt, the applications on their way, and what the month grid shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.exemption_choices import LETTERS, ExemptionKind
from kokunen.national_pension.models import AdditionalPremiumPeriod, ExemptionApplication, ExemptionPeriod
from kokunen.national_pension.month_grid import Mark
from kokunen.national_pension.queries.common import BASIC, looked_at, looking

ITEMS = (BASIC, "R3 付加情報", "R5 免除情報")


@dataclass(frozen=True, slots=True)
class Exemptions:
    """免除の記録: periods latest first, applications latest first, 付加."""

    periods: tuple[ExemptionPeriod, ...]
    applications: tuple[ExemptionApplication, ...]
    additional: tuple[AdditionalPremiumPeriod, ...]


def exemptions_of(atena_number: str, *, context: AccessContext) -> Exemptions:
    """免除の記録 of one person, as known now."""
    with looked_at(context, "個人照会（免除）", [atena_number], items=ITEMS):
        return Exemptions(
            tuple(ExemptionPeriod.objects.current().filter(atena_number=atena_number).order_by("-valid_period")),
            tuple(
                ExemptionApplication.objects.filter(atena_number=atena_number)
                .select_related("receipt")
                .order_by("-receipt_id")
            ),
            tuple(
                AdditionalPremiumPeriod.objects.current().filter(atena_number=atena_number).order_by("-valid_period")
            ),
        )


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
