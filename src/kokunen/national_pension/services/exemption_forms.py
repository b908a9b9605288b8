"""申請書の印刷: the forms of one visit as one file, with the incomes that were read when they were received."""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import resident_view
from kokunen.national_pension.documents.exemption_papers import exemption_forms
from kokunen.national_pension.models import ExemptionApplication
from kokunen.national_pension.services import roll
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.slips import Slip


@one_case("免除の申請書の印刷")
def print_forms(*, atena_number: str, receipt_ids: Sequence[int], context: AccessContext) -> Slip:
    """申請書を印刷する: InputError for a receipt that is not an application of this person."""
    applications = list(
        ExemptionApplication.objects.select_related("receipt")
        .filter(receipt_id__in=receipt_ids, atena_number=atena_number)
        .order_by("first_month")
    )
    resident = resident_view.find(atena_number)
    if resident is None or not applications or len(applications) != len(set(receipt_ids)):
        raise InputError(
            "印刷する申請がありません", field="receipt", code="not_found", hint="一覧から選び直してください。"
        )
    others = [one for a in applications for one in (a.spouse_atena_number, a.head_atena_number) if one]
    now = clock.now()
    serial = printing.next_serial(context.office_code)
    record(
        USING,
        context.for_case(applications[0].receipt.receipt_number),
        act=Act.PRINT,
        dataset="免除等の申請書",
        atena_numbers=[atena_number, *others],
        items=("R1 基本情報", "R5 免除情報", "R10 所得情報"),
        serial=serial,
    )
    content = exemption_forms(
        applications, resident=resident, number=roll.primary_number(atena_number), serial=serial, at=now
    )
    return Slip(f"exemption-{applications[0].receipt.receipt_number}.pdf", content, serial)
