"""付加保険料 (T3): refused, with the reason and the article, to whoever may not pay it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.national_pension.support import TODAY, Register, insure

from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.choices import NoticeKind

pytestmark = [pytest.mark.function("T3"), pytest.mark.function("S1-1")]


def _apply(atena: str, officer: AccessContext, situation: str = "join", **data: Any) -> Any:
    from kokunen.national_pension.services.reception import Entry, receive

    entry = Entry(
        kind=NoticeKind.ADDITIONAL,
        situation=situation,
        data={"from_month": "2026-11", **data},
        received_on=TODAY,
        identity_document="driving_licence",
    )
    return receive(atena_number=atena, entry=entry, context=officer)


def test_第1号の方は申出の月から納められる(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1981, 4, 2))
    insure(atena, "1", date(2012, 4, 1))
    receipt = _apply(atena, officer)
    assert (receipt.state, receipt.content["class"], receipt.content["from_month"]) == ("40", "1", "2026-11")


@pytest.mark.parametrize(
    ("insured_type", "data", "words"),
    [
        ("1", {"fund_member": True}, "国民年金基金の加入員"),
        ("1", {"from_month": "2026-04"}, "さかのぼって納めることはできません"),
        ("7", {}, "特例任意"),
        ("2", {}, "第2号"),
        ("", {}, "資格なし"),
    ],
)
def test_納められない方は理由と条文を示して断る(
    city: Register, officer: AccessContext, insured_type: str, data: dict[str, Any], words: str
) -> None:
    atena = city.resident(date(1981, 4, 2))
    if insured_type:
        insure(atena, insured_type, date(2012, 4, 1))
    with pytest.raises(KokunenError, match="第87条の2") as told:
        _apply(atena, officer, **data)
    assert words in str(told.value)


def test_辞退は申出の前月からできる(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1981, 4, 2))
    insure(atena, "1", date(2012, 4, 1))
    with pytest.raises(KokunenError, match="前月"):
        _apply(atena, officer, "leave", from_month="2026-09")
    assert _apply(atena, officer, "leave", from_month="2026-10").content["class"] == "2"
