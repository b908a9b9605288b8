"""照会票の印刷: the slips that the Service has still to answer, on one sheet, with its ledger entry."""

from __future__ import annotations

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import documents, resident_view
from kokunen.national_pension.choices import InquiryState
from kokunen.national_pension.models import InquirySlip, PensionNumber
from kokunen.national_pension.queries.lists import office_name_of
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.slips import Slip

MOST = 200


@one_case("照会票の印刷")
def print_slips(*, office_name: str, context: AccessContext) -> Slip:
    """照会票を印刷する: what was sent and not answered; Conflict when there is none."""
    slips = list(InquirySlip.objects.filter(state=InquiryState.SENT).order_by("sent_at", "id")[:MOST])
    if not slips:
        raise Conflict(
            "年金事務所の回答を待つ照会票がありません",
            code="nothing",
            hint="先に「年金事務所へ照会する」を押してください。",
        )
    numbers = [one.atena_number for one in slips]
    serial = printing.next_serial(context.office_code)
    record(
        USING,
        context,
        act=Act.PRINT,
        dataset="照会票（年金事務所）",
        atena_numbers=numbers,
        items=("R1 基本情報",),
        serial=serial,
    )
    residents = resident_view.by_numbers(numbers)
    pension = dict(
        PensionNumber.objects.current()
        .filter(atena_number__in=numbers, role=PensionNumber.Role.PRIMARY)
        .values_list("atena_number", "number")
    )
    rows = [
        (one, residents[one.atena_number], pension.get(one.atena_number, ""), office_name_of(one.office_code))
        for one in slips
        if one.atena_number in residents
    ]
    content = documents.inquiry_sheet(
        rows, office=office_name, staff=context.staff_number, serial=serial, at=clock.now()
    )
    return Slip(f"inquiries-{clock.today():%Y%m%d}.pdf", content, serial)
