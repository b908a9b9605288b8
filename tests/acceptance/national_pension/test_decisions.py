"""裁定結果 (S1-4, S1-3): the Service's result file carries kind and months; each row is recorded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.national_pension.test_every_form import _hand_over_all
from tests.counterparts.conftest import city_data, pension_service, start_party
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

if TYPE_CHECKING:
    from kokunen.counterparts.jps.gateway import JpsGateway

__all__ = ["city_data", "pension_service", "start_party"]
pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("S1-3"), pytest.mark.function("T9")]


@pytest.fixture
def gateway(pension_service: Any, city_data: Path) -> JpsGateway:
    """The city's side of the running Service."""
    from kokunen.counterparts.jps.gateway import JpsGateway

    return JpsGateway(city_data)


@pytest.fixture
def desk() -> AccessContext:
    """免除の担当"""
    return AccessContext("2001", "1101", "pension_exemption", screen="試験", terminal="T-01")


def _insured(city: Register, number: str, **items: Any) -> str:
    atena = city.resident(
        date(1990, 4, 1 + int(number[-1])), name_kana=f"カワグチ　{chr(0x30A2 + int(number[-1]) * 2)}", **items
    )
    insure(atena, "1", date(2020, 4, 1))
    give_number(atena, number)
    put_on_roll(atena)
    return atena


def _apply(atena: str, desk: AccessContext, cycle: str = "general-2026") -> Any:
    from kokunen.national_pension.services.exemptions import Sitting, apply

    sitting = Sitting((cycle,), received_on=date(2026, 11, 24), identity_document="my_number_card")
    return apply(atena_number=atena, sitting=sitting, context=desk)[0]


def _periods(atena: str) -> list[tuple[str, str, str]]:
    from kokunen.national_pension.services.exemption_periods import current

    return [
        (row.kind, f"{row.first_month:%Y-%m}", f"{row.last_month:%Y-%m}" if row.last_month else "")
        for row in current(atena)
    ]


def test_申請は受理されてから裁定され_区分と期間が記録になる(
    city: Register,
    desk: AccessContext,
    officer: AccessContext,
    second_officer: AccessContext,
    pension_service: Any,
    gateway: JpsGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kokunen.national_pension.models import ReportResultLine
    from kokunen.national_pension.services import results

    parted, refused, waiting = (_apply(_insured(city, f"123456789{n}"), desk) for n in range(3))
    _hand_over_all(gateway, officer, second_officer)
    parts = [
        {"decision": "1", "kind": "20", "from": "2026-07", "to": "2026-12"},
        {"decision": "1", "kind": "22", "from": "2027-01", "to": "2027-03"},
        {"decision": "3", "from": "2027-04", "to": "2027-06", "reason": "世帯主の変更後の所得"},
    ]
    pension_service.control.command("decide", receipt_number=parted.receipt_number, parts=parts)
    no = [{"decision": "3", "reason": "所得が限度額を超える"}]
    pension_service.control.command("decide", receipt_number=refused.receipt_number, parts=no)
    pension_service.control.work()
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-26")
    first = results.take_in(writer=gateway, context=officer)
    assert (first.accepted, first.decided) == (3, 0)
    pension_service.control.work()
    second = results.take_in(writer=gateway, context=officer)
    assert (second.accepted, second.decided, second.unmatched) == (0, 2, 0)
    assert _periods(parted.atena_number) == [("20", "2026-07", "2026-12"), ("22", "2027-01", "2027-03")]
    for receipt, result, state in ((parted, "2", "90"), (refused, "3", "90"), (waiting, "7", "50")):
        receipt.refresh_from_db()
        receipt.exemption_application.refresh_from_db()
        assert (receipt.exemption_application.result, receipt.state) == (result, state)
    rows = parted.exemption_application.decisions.order_by("row_number")
    assert [(row.result, row.kind, row.first_month.month, row.note) for row in rows] == [
        ("1", "20", 7, ""),
        ("1", "22", 1, ""),
        ("3", "", 4, "世帯主の変更後の所得"),
    ]
    assert rows[0].source.startswith("処理結果 K")
    lines = ReportResultLine.objects.filter(receipt_number=parted.receipt_number).order_by("id")
    assert [(line.decision, line.exemption_kind, line.match) for line in lines][1:] == [
        ("1", "20", "agreed"),
        ("1", "22", "agreed"),
        ("3", "", "agreed"),
    ]
    again = results.take_in(writer=gateway, context=officer)
    assert (again.files, again.decided) == (0, 0)


@pytest.mark.function("T6")
def test_事実による届は受理とともに免除種類が返る(
    city: Register,
    desk: AccessContext,
    officer: AccessContext,
    second_officer: AccessContext,
    pension_service: Any,
    gateway: JpsGateway,
) -> None:
    from tests.acceptance.national_pension.test_exemption_events import _receive

    from kokunen.national_pension.models import ReportResultLine
    from kokunen.national_pension.services import results

    mother = _insured(city, "1234567893", sex="2")
    receipts = [
        _receive(mother, "F15", "after", desk, born_on="2026-11-15", child_name="川口　空"),
        _receive(_insured(city, "1234567894"), "F14", "begin", desk, ground="1", event_on="2026-08-14"),
    ]
    _hand_over_all(gateway, officer, second_officer)
    pension_service.control.work()
    intake = results.take_in(writer=gateway, context=officer)
    assert (intake.accepted, intake.unmatched) == (2, 0)
    kinds = [ReportResultLine.objects.get(receipt_number=receipt.receipt_number).exemption_kind for receipt in receipts]
    assert kinds == ["50", "10"]
    assert _periods(mother) == [("50", "2026-10", "2027-01")], "E15"
    assert _periods(receipts[1].atena_number) == [("10", "2026-07", "")], "E17"


def test_記録と合わない裁定は取り込まず職員に示す(
    city: Register,
    desk: AccessContext,
    officer: AccessContext,
    second_officer: AccessContext,
    pension_service: Any,
    gateway: JpsGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kokunen.national_pension.queries.lists import unsettled_results
    from kokunen.national_pension.services import results

    receipt, other = (_apply(_insured(city, f"123456789{n}"), desk) for n in (5, 6))
    _hand_over_all(gateway, officer, second_officer)
    outside = [{"decision": "1", "kind": "20", "from": "2025-07", "to": "2026-06"}]
    pension_service.control.command("decide", receipt_number=receipt.receipt_number, parts=outside)
    pension_service.control.command(
        "decide", receipt_number=other.receipt_number, parts=[{"decision": "1", "kind": "30"}]
    )
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-26")
    for _ in range(2):
        pension_service.control.work()
        intake = results.take_in(writer=gateway, context=officer)
    assert (intake.decided, intake.unmatched) == (1, 1), "one line refused, the rest of the file is taken in"
    (line,) = unsettled_results(context=officer)
    assert (line.match, line.reason) == ("different", "裁定された期間が、申請した期間の外にあります")
    receipt.refresh_from_db()
    assert receipt.state == "50" and _periods(receipt.atena_number) == []


def test_裁定の行は画面から期間ごとに入力でき_過去の記録も読める(
    city: Register, desk: AccessContext, sign_in: Any
) -> None:
    from tests.national_pension.services.test_exemptions import _sent

    atena = _insured(city, "1234567897")
    receipt = _apply(atena, desk)
    _sent(receipt)
    client = sign_in("nenkin1")
    client.get("/pension/", {"purpose": "pension_exemption"})
    address = f"/pension/exemptions/{receipt.pk}/result/"
    rows = {"decided_on": "今日", "result": "1", "kind": "20", "first": "R8.7.1", "last": "R8.12.31"}
    overlap = rows | {"result2": "1", "kind2": "22", "first2": "R8.12.1", "last2": "R9.6.30"}
    wrong = client.post(address, overlap)
    assert wrong.status_code == 422 and "2つの行に入っています" in wrong.content.decode()
    done = client.post(address, overlap | {"first2": "R9.1.1"})
    assert done.status_code == 302
    page = client.get(f"/pension/people/{atena}/exemptions/").content.decode()
    assert "承認 全額免除" in page and "承認 半額免除" in page
    assert "月8,960円・月9,150円" in page, "what is to be paid changes with the fiscal year"
    with pytest.raises(Conflict, match="すでに記録"):
        from kokunen.national_pension.exemption_choices import ExemptionResult
        from kokunen.national_pension.services.exemptions import DecisionRow, take_rows

        take_rows(
            receipt_id=receipt.pk,
            rows=[DecisionRow(ExemptionResult.GRANTED, "20")],
            decided_on=date(2026, 11, 24),
            source="試験",
            context=desk,
        )


def test_却下は再申請でき_前の申請が残る(city: Register, desk: AccessContext) -> None:
    from tests.national_pension.services.test_exemptions import _sent

    from kokunen.national_pension.exemption_choices import ExemptionResult
    from kokunen.national_pension.services.exemptions import DecisionRow, take_rows

    atena = _insured(city, "1234567898")
    first = _apply(atena, desk)
    _sent(first)
    with pytest.raises(InputError, match="承認されない免除種類"):
        take_rows(
            receipt_id=first.pk,
            rows=[DecisionRow(ExemptionResult.GRANTED, "40")],
            decided_on=date(2026, 11, 24),
            source="試験",
            context=desk,
        )
    take_rows(
        receipt_id=first.pk,
        rows=[DecisionRow(ExemptionResult.REFUSED_INCOME, note="所得超過")],
        decided_on=date(2026, 11, 24),
        source="試験",
        context=desk,
    )
    second = _apply(atena, desk)
    assert second.pk != first.pk and second.exemption_application.result == "7"


@pytest.mark.function("T3")
def test_取消しが送れないうちは付加も送らず_食い違った受理は記録が整えば職員が取り込める(
    city: Register,
    officer: AccessContext,
    second_officer: AccessContext,
    pension_service: Any,
    gateway: JpsGateway,
    sign_in: Any,
) -> None:
    from django.db import transaction
    from tests.acceptance.national_pension.test_exemption_events import _accepted, _full, _receive

    from kokunen.national_pension.choices import NoticeState
    from kokunen.national_pension.models import AdditionalPremiumPeriod
    from kokunen.national_pension.queries.lists import unsettled_results
    from kokunen.national_pension.services import receipt_flow, reporting, results

    cancels, joins = _insured(city, "1234567893"), _insured(city, "1234567895")
    _full(cancels, "2026-07", "2027-06")
    cancelling = _receive(cancels, "F12b", "cancel", officer, from_month="2026-11")
    beside = _receive(cancels, "F10", "join", officer, from_month="2026-11", payment_method="slip")
    assert reporting.closing(writer=gateway, context=officer).held_back == ()
    with transaction.atomic(using="national_pension"):
        receipt_flow.move(cancelling, NoticeState.SUPPLEMENT, staff_number="2001", note="署名がない")
    (held,) = reporting.closing(writer=gateway, context=officer).held_back
    assert held.notice == beside and cancelling.receipt_number in held.reasons[0]

    joining = _receive(joins, "F10", "join", officer, from_month="2026-11", payment_method="slip")
    _hand_over_all(gateway, officer, second_officer)
    _full(joins, "2026-07", "2027-06")  # decided while the 申出 was on its way
    pension_service.control.work()
    assert results.take_in(writer=gateway, context=officer).unmatched == 1
    (line,) = unsettled_results(context=officer)
    client = sign_in("nenkin9")
    again = f"/pension/results/{line.pk}/take/"
    refused = client.post(again, follow=True).content.decode()
    assert "令和8年11月は免除の月のままです" in refused and "あらためて取り込む" in refused
    _accepted(_receive(joins, "F12b", "cancel", officer, from_month="2026-11"), officer)
    assert "取り込みました" in client.post(again, follow=True).content.decode()
    joining.refresh_from_db()
    assert (joining.state, unsettled_results(context=officer)) == (NoticeState.DONE, [])
    assert AdditionalPremiumPeriod.objects.current().filter(atena_number=joins).count() == 1
    with pytest.raises(Conflict, match="あらためて取り込むものではありません"):
        results.take_up(result_line_id=line.pk, context=officer)
    assert sign_in("shimin1").post(again).status_code == 403
