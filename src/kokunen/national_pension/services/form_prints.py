"""届書の印刷: the form of a receipt as paper, from one layout; the serial leads back to officer and terminal."""

from __future__ import annotations

from dataclasses import replace

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import documents
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.models import ExemptionApplication, Receipt
from kokunen.national_pension.services import exemption_forms, reception, roll
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.slips import Slip


@one_case("届書の印刷")
def print_form(*, notice_id: int, office_name: str, context: AccessContext) -> Slip:
    """届書を印刷する: what it says as known now, with what the city has checked from its own registers."""
    receipt = Receipt.objects.filter(pk=notice_id).first()
    if receipt is None:
        raise InputError("この受付はありません", field="notice", code="not_found", hint="一覧を開き直してください。")
    form = form_of(receipt.kind)
    if ExemptionApplication.objects.filter(receipt=receipt).exclude(judgement={}).exclude(scheme="event").exists():
        return exemption_forms.print_forms(  # the application with the incomes it was judged by
            atena_number=receipt.atena_number,
            receipt_ids=[receipt.pk],
            context=replace(context, purpose=form.purpose),
        )
    resident = reception.resident_of(receipt.atena_number)
    serial = printing.next_serial(context.office_code)
    record(
        USING,
        context.for_case(receipt.receipt_number),
        act=Act.PRINT,
        dataset=form.name,
        atena_numbers=[receipt.atena_number],
        items=form.record_items,
        serial=serial,
    )
    content = documents.form_sheet(
        receipt,
        form,
        resident,
        number=roll.primary_number(receipt.atena_number),
        data=reception.entry_of(receipt),
        office=office_name,
        serial=serial,
        at=clock.now(),
    )
    return Slip(f"form-{receipt.kind}-{receipt.receipt_number}.pdf", content, serial)
