"""出来事による免除: 法定・産前産後・育児・取消 and 付加, from the form to the months of the record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.national_pension.support import Register, insure, put_on_roll

from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-4")]


def _receive(atena: str, kind: str, situation: str, context: AccessContext, **data: Any):  # type: ignore[no-untyped-def]
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import Entry, receive

    entry = Entry(
        kind=NoticeKind(kind),
        situation=situation,
        data=data,
        received_on=date(2026, 11, 24),
        identity_document="my_number_card",
        papers=("年金証書または保護受給証明書（公簿で確認できないとき）",),
    )
    return receive(atena_number=atena, entry=entry, context=context)


def _accepted(receipt, context: AccessContext) -> None:  # type: ignore[no-untyped-def]
    """送付し、日本年金機構が受理した."""
    from kokunen.national_pension.choices import NoticeState
    from kokunen.national_pension.handlers.registry import handler_of
    from kokunen.national_pension.services import receipt_flow

    with transaction.atomic(using="national_pension"):
        receipt_flow.move(receipt, NoticeState.SENT, staff_number="2001", sent_on=date(2026, 11, 24))
        receipt_flow.accept(receipt, on=date(2026, 11, 24), staff_number="2001")
        handler_of(receipt.kind).resulted(receipt, context)


def _months(atena: str) -> list[tuple[str, str, str]]:
    from kokunen.national_pension.services.exemption_periods import current

    return [
        (row.kind, f"{row.first_month:%Y-%m}", f"{row.last_month:%Y-%m}" if row.last_month else "")
        for row in current(atena)
    ]


@pytest.fixture
def woman(city: Register) -> str:
    """第1号の女性: 31歳、全額免除 2026-07〜2027-06."""
    atena = city.resident(date(1995, 7, 19), sex="2")
    insure(atena, "1", date(2019, 4, 1))
    put_on_roll(atena)
    return atena


def _full(atena: str, first: str, last: str) -> None:
    from kokunen.law.engine.months import parse_month
    from kokunen.national_pension.services.exemption_periods import Span, put

    with transaction.atomic(using="national_pension"):
        span = Span(parse_month(first), parse_month(last))
        put(atena, span, kind="20", application=None, staff_number="load", reason="移行", facts={})


@pytest.mark.function("T5")
def test_産前産後と育児は全額免除に優先し_月は一つの種類だけに属す(woman: str, officer: AccessContext) -> None:
    _full(woman, "2026-07", "2027-06")
    born = "2026-10-31"
    _accepted(_receive(woman, "F15", "after", officer, born_on=born), officer)
    childcare = {"child_name": "川口　一子", "child_kana": "カワグチ　イチコ", "child_birth": born, "event_on": born}
    _accepted(_receive(woman, "F16", "register", officer, care_kind="51", **childcare), officer)
    assert _months(woman) == [
        ("20", "2026-07", "2026-08"),
        ("50", "2026-09", "2026-12"),
        ("51", "2027-01", "2027-09"),
    ]


def test_父は実母の区分では届け出られず_その他の養育者として12か月になる(
    city: Register, officer: AccessContext
) -> None:
    father = city.resident(date(1993, 12, 5), sex="1")
    insure(father, "1", date(2018, 1, 1))
    put_on_roll(father)
    told = {
        "child_name": "川口　一子",
        "child_kana": "カワグチ　イチコ",
        "child_birth": "2026-10-31",
        "event_on": "2026-10-31",
    }
    with pytest.raises(KokunenError, match="52"):
        _receive(father, "F16", "register", officer, care_kind="51", **told)
    _accepted(_receive(father, "F16", "register", officer, care_kind="52", **told), officer)
    assert _months(father) == [("52", "2026-10", "2027-09")]


def test_出産後の届出に出産予定日は使えない(woman: str, officer: AccessContext) -> None:
    with pytest.raises(KokunenError, match="出産後の届出は出産日によります"):
        _receive(woman, "F15", "after", officer, due_on="2026-11-08")


def test_届出は出産予定日の6か月前から_任意加入の人は対象外(city: Register, woman: str, officer: AccessContext) -> None:
    with pytest.raises(KokunenError, match="6か月前"):
        _receive(woman, "F15", "before", officer, due_on="2027-06-30")
    voluntary = city.resident(date(1964, 3, 3), sex="2")
    insure(voluntary, "5", date(2024, 3, 2), acquisition_reason="12")
    with pytest.raises(KokunenError, match="任意加入"):
        _receive(voluntary, "F15", "before", officer, due_on="2027-01-10")


@pytest.mark.function("T6")
def test_法定免除は該当の前月から消滅の月まで(woman: str, officer: AccessContext) -> None:
    with pytest.raises(KokunenError, match="終わらせる法定免除"):
        _receive(woman, "F14", "end", officer, ground="2", event_on="2026-10-31", end_reason="1")
    _accepted(_receive(woman, "F14", "begin", officer, ground="2", event_on="2026-07-10"), officer)
    assert _months(woman) == [("11", "2026-06", "")]
    with pytest.raises(KokunenError, match="すでに該当"):
        _receive(woman, "F14", "begin", officer, ground="1", event_on="2026-08-01")
    _accepted(_receive(woman, "F14", "end", officer, ground="2", event_on="2026-10-31", end_reason="1"), officer)
    assert _months(woman) == [("11", "2026-06", "2026-10")]


@pytest.mark.function("T3")
def test_免除中の付加は断られ_取消しの後に加入できる(woman: str, officer: AccessContext) -> None:
    _full(woman, "2026-07", "2027-06")
    with pytest.raises(KokunenError, match="免除・猶予を受けている月は付加保険料を納められません"):
        _receive(woman, "F10", "join", officer, from_month="2026-11", payment_method="slip")
    with pytest.raises(KokunenError, match="前月（令和8年10月）以後"):
        _receive(woman, "F12b", "cancel", officer, from_month="2026-09")
    _accepted(_receive(woman, "F12b", "cancel", officer, from_month="2026-11"), officer)
    assert _months(woman) == [("20", "2026-07", "2026-10")]
    _accepted(_receive(woman, "F10", "join", officer, from_month="2026-11", payment_method="slip"), officer)
    from kokunen.national_pension.models import AdditionalPremiumPeriod

    (row,) = AdditionalPremiumPeriod.objects.current().filter(atena_number=woman)
    assert row.valid_period.lower == date(2026, 11, 1) and row.valid_period.upper is None


@pytest.mark.function("T3")
@pytest.mark.parametrize("sent", [False, True])
def test_取消しが戻れば付加の申出も自ら止まる(woman: str, officer: AccessContext, sent: bool) -> None:
    """An F10 beside a 取消し that comes back or is taken back: 補正依頼 while here, 返戻 once it was sent."""
    from kokunen.national_pension.choices import NoticeState
    from kokunen.national_pension.handlers.registry import handler_of
    from kokunen.national_pension.models import Receipt
    from kokunen.national_pension.services import receipt_flow
    from kokunen.national_pension.services.receipt_acts import withdraw

    _full(woman, "2026-07", "2027-06")
    cancelling = _receive(woman, "F12b", "cancel", officer, from_month="2026-11")
    joining = _receive(woman, "F10", "join", officer, from_month="2026-11")
    with transaction.atomic(using="national_pension"):
        for one in (cancelling, joining) if sent else ():
            receipt_flow.move(one, NoticeState.SENT, staff_number="2001", sent_on=date(2026, 11, 24))
        if sent:
            why = {"returned_reason": "R99 署名なし"}
            receipt_flow.move(cancelling, NoticeState.RETURNED, staff_number="2001", **why)
            handler_of("F12b").returned(cancelling, officer)
    if not sent:
        withdraw(notice_id=cancelling.pk, reason="本人が取りやめた", context=officer)
    joining.refresh_from_db()
    assert joining.state == (NoticeState.RETURNED if sent else NoticeState.SUPPLEMENT)
    assert f"受付番号 {cancelling.receipt_number}" in joining.returned_reason
    assert Receipt.objects.get(pk=joining.pk).is_open


@pytest.mark.function("T3")
def test_免除のままの月の付加は受理されても記録しない(woman: str, officer: AccessContext) -> None:
    _full(woman, "2026-07", "2027-06")
    _receive(woman, "F12b", "cancel", officer, from_month="2026-11")
    joining = _receive(woman, "F10", "join", officer, from_month="2026-11")
    with pytest.raises(KokunenError, match="令和8年11月は免除の月のままです"):
        _accepted(joining, officer)
