"""T4, T9: a form of the catalogue goes from the counter through the medium to its end, with a real Service."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.counterparts.conftest import city_data, pension_service, start_party
from tests.national_pension.support import TODAY, Register, give_number, insure, put_on_roll

from kokunen.ledger.access import AccessContext
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import NoticeKind

if TYPE_CHECKING:
    from kokunen.counterparts.jps.gateway import JpsGateway
    from kokunen.national_pension.models import Receipt

__all__ = ["city_data", "pension_service", "start_party"]
pytestmark = [pytest.mark.function(one) for one in ("S1-3", "T4", "T9")]

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
    assert {line.record["individual_number"] for line in lines} == {""}, "not declared as provided (decision 0013)"
