"""T1〜T9: every form that is only received goes from the counter through the medium to its end, with a real Service."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.counterparts.conftest import city_data, pension_service, start_party
from tests.national_pension.support import TODAY, Register, give_number, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.catalogue import counter_forms, form_of
from kokunen.national_pension.choices import NoticeKind
from kokunen.national_pension.forms_of_law import OFFERED_FORMS
from kokunen.national_pension.handlers.registry import OWN

if TYPE_CHECKING:
    from kokunen.counterparts.jps.gateway import JpsGateway
    from kokunen.national_pension.models import Receipt

__all__ = ["city_data", "pension_service", "start_party"]
pytestmark = [pytest.mark.function(one) for one in ("S1-3", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9")]

# Forms with their own rules are proved with them; here stand those of the common reception and of this section.
RECEIVED = [
    form.kind
    for form in counter_forms()
    if form.kind not in OFFERED_FORMS and OWN.get(form.kind, ("additional",))[0] in ("additional", "number_notice")
]
SAMPLES = {"date": "2026-11-20", "number": 2026, "yen": 120000, "digits": "1150", "kana": "カワグチ　ハナ"}


@pytest.fixture
def gateway(pension_service: Any, city_data: Path) -> JpsGateway:
    """The city's side of the running Service."""
    from kokunen.counterparts.jps.gateway import JpsGateway

    return JpsGateway(city_data)


def _visitor(city: Register, number: int) -> str:
    kana = f"カワグチ　{chr(0x30A2 + number * 2)}"
    atena = city.resident(date(1981, 4, 2 + number), name_kana=kana)
    insure(atena, "1", date(2012, 4, 1))
    give_number(atena, f"12345678{number:02d}")
    put_on_roll(atena)
    return atena


def _received(atena: str, kind: NoticeKind, officer: AccessContext) -> Receipt:
    """The form with its required fields, every paper seen."""
    from kokunen.national_pension.services.reception import Entry, begin, receive

    form, situation = form_of(kind), form_of(kind).situations[0]
    known = {name: one.value for name, one in begin(atena_number=atena, kind=kind, context=officer).items()}
    asked = {
        one.name: SAMPLES.get(one.type, next(iter(one.options), "2026-11" if one.type == "month" else "記載の例"))
        for one in form.fields
        if one.required
    }
    entry = Entry(
        kind=kind,
        situation=situation.code,
        data=asked | known,
        received_on=TODAY,
        identity_document="driving_licence",
        papers=situation.papers,
    )
    return receive(atena_number=atena, entry=entry, context=officer)


def _hand_over_all(gateway: JpsGateway, first: AccessContext, second: AccessContext) -> int:
    from kokunen.national_pension.services import reporting

    batch = reporting.build(writer=gateway, context=first)
    reporting.sign_first(batch_id=batch.pk, carrying_case="K-03", context=first)
    reporting.sign_second(batch_id=batch.pk, writer=gateway, context=second)
    return batch.line_count


def test_どの届書も媒体で送られ結果で完了し決定を待つものは残る(
    city: Register, officer: AccessContext, second_officer: AccessContext, pension_service: Any, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import reporting, results
    from kokunen.national_pension.services.receipt_acts import take_decision

    receipts = [_received(_visitor(city, number), kind, officer) for number, kind in enumerate(RECEIVED)]
    assert {one.state for one in receipts} == {"40"}
    held = reporting.closing(writer=gateway, context=officer).held_back
    assert [(one.notice.kind, one.reasons) for one in held] == []
    assert _hand_over_all(gateway, officer, second_officer) == len(RECEIVED)
    worked = pension_service.control.work()
    assert worked["processed"] == 1, worked
    intake = results.take_in(writer=gateway, context=officer)
    assert (intake.refused, intake.unreadable) == ([], [])
    assert (intake.accepted, intake.returned, intake.unmatched) == (len(RECEIVED), 0, 0)
    for receipt in receipts:
        receipt.refresh_from_db()
        if form_of(receipt.kind).ends_with_decision(receipt.situation):
            assert (receipt.state, bool(receipt.waiting_at)) == ("50", True), receipt
            with pytest.raises(InputError):
                take_decision(notice_id=receipt.pk, granted=False, on=TODAY, note="", context=officer)
            done = take_decision(
                notice_id=receipt.pk, granted=False, on=TODAY, note="要件を満たさない", context=officer
            )
            assert [step.state for step in done.steps.all()][-2:] == ["71", "90"]
            assert (done.state, done.result_note, done.waiting_at) == ("90", "要件を満たさない", "")
        else:
            assert (receipt.state, receipt.result_on, receipt.closed_on) == ("90", TODAY, TODAY), receipt
            with pytest.raises(Conflict):
                take_decision(notice_id=receipt.pk, granted=True, on=TODAY, note="", context=officer)


@pytest.mark.control("CTL-081")
def test_返戻は同じ受付番号で再送され最初の送付も残る(
    city: Register, officer: AccessContext, second_officer: AccessContext, pension_service: Any, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import results
    from kokunen.national_pension.services.receipt_acts import correct_entry, send_again

    first = _received(_visitor(city, 1), NoticeKind.NUMBER_NOTICE, officer)
    _hand_over_all(gateway, officer, second_officer)
    pension_service.control.work()
    results.take_in(writer=gateway, context=officer)
    first.refresh_from_db()
    assert first.state == "90"
    returned = _received(_visitor(city, 2), NoticeKind.NUMBER_NOTICE, officer)
    give_number(returned.atena_number, "1234567801")  # a number that is another person's: the Service returns it
    _hand_over_all(gateway, officer, second_officer)
    pension_service.control.work()
    results.take_in(writer=gateway, context=officer)
    returned.refresh_from_db()
    assert returned.state == "60" and returned.returned_reason
    give_number(returned.atena_number, "1234567899")
    data = {"handed_booklet": "notice", "send_to": "home"}
    correct_entry(notice_id=returned.pk, data=data, reason="番号を確認した", context=officer)
    send_again(notice_id=returned.pk, note="番号を確認した", context=officer)
    _hand_over_all(gateway, officer, second_officer)
    pension_service.control.work()
    results.take_in(writer=gateway, context=officer)
    returned.refresh_from_db()
    assert (returned.state, returned.received_on) == ("90", TODAY)
    lines = list(returned.report_lines.order_by("id"))
    assert [line.is_resend for line in lines] == [False, True]
    assert lines[0].record["basic_pension_number"] != lines[1].record["basic_pension_number"]
    assert lines[0].record["receipt_number"] == lines[1].record["receipt_number"]
