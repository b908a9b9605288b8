"""受付票: the visitor's proof of what was received when; its serial leads back to officer and terminal (CTL-056)."""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import advice, documents, resident_view
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import NoticeKind
from kokunen.national_pension.forms_of_law import OFFERED_FORMS, options
from kokunen.national_pension.models import Receipt
from kokunen.national_pension.registry_events import MEANINGS
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import reception
from kokunen.national_pension.services.common import USING, one_case

_TOLD_ON_SLIP = ("date", "month", "year")
"""受付票に載せる記載: days and months only; names and accounts stay on the form."""


@dataclass(frozen=True, slots=True)
class Slip:
    """受付票: the file and the serial printed on it."""

    filename: str
    content: bytes
    serial: str


@one_case("受付票の印刷")
def issue_receipt(*, notice_id: int, office_name: str, context: AccessContext) -> Slip:
    """受付票を出す: each copy has a serial of its own, which stands in the ledger with who printed it where."""
    notice = Receipt.objects.filter(pk=notice_id).first()
    if notice is None:
        raise InputError("この受付はありません", field="notice", code="not_found")
    resident = resident_view.find(notice.atena_number)
    now = clock.now()
    serial = printing.next_serial(context.office_code)
    record(
        USING,
        context.for_case(notice.receipt_number),
        act=Act.PRINT,
        dataset="受付票",
        atena_numbers=[notice.atena_number],
        items=("R1 氏名情報", "R2 資格情報"),
        serial=serial,
    )
    said = reception.entry_of(notice)
    content = documents.receipt_slip(
        notice,
        name=resident.name if resident else "",
        office=office_name,
        staff=context.staff_number,
        serial=serial,
        advice=advice.for_visitor(line["code"] for line in advice_for(notice, resident)),
        told=[
            (one.label, one.shown(value))
            for one in form_of(notice.kind).fields
            if one.type in _TOLD_ON_SLIP and (value := said.get(one.name))
        ],
        at=now,
    )
    return Slip(f"receipt-{notice.receipt_number}.pdf", content, serial)


def advice_for(notice: Receipt, resident: Resident | None = None) -> list[dict[str, str]]:
    """あわせて確認 of a receipt: by the fact it told, as the form or the register's event has it, and by nationality
    (脱退一時金 for foreign residents, 任意加入 abroad for Japanese nationals).
    """
    if not notice.fact:
        return advice.lines(advice.AFTER_FORM.get(str(notice.kind), ()))
    kind = NoticeKind(notice.kind)
    told = options(kind) if kind in OFFERED_FORMS else ()
    codes = [code for one in told if one.fact == notice.fact for code in one.advice]
    codes += [code for meaning in MEANINGS.values() if meaning.fact == notice.fact for code in meaning.advice]
    whose = resident or resident_view.find(notice.atena_number)
    return advice.lines(advice.fitting(codes, foreign=whose is not None and whose.is_foreign))
