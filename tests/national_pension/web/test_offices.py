"""窓口ごとの仕事: what waits in each office, and why the Service sent things back, office by office."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.acceptance.national_pension.test_exemption_events import _receive
from tests.national_pension.support import Register, insure, put_on_roll
from tests.national_pension.web.test_screens import sign_in

from kokunen.ledger.access import AccessContext

__all__ = ["sign_in"]

pytestmark = [pytest.mark.function("S1-3"), pytest.mark.function("T9")]


def test_返戻の理由を窓口ごとに比べられる(city: Register, officer: AccessContext, sign_in: Any) -> None:
    from kokunen.national_pension.choices import NoticeState
    from kokunen.national_pension.services import receipt_flow

    atena = city.resident(date(1981, 4, 2), name="返戻　花子")
    insure(atena, "1", date(2012, 4, 1))
    put_on_roll(atena)
    receipt = _receive(atena, "F10", "join", officer, from_month="2026-11")
    with transaction.atomic(using="national_pension"):
        receipt_flow.move(receipt, NoticeState.SENT, staff_number="2001", sent_on=date(2026, 11, 24))
        receipt_flow.move(receipt, NoticeState.RETURNED, staff_number="2001", returned_reason="R12 署名なし")
    page = sign_in("nenkin9").get("/pension/offices/").content.decode()
    assert "署名なし" in page and "国民年金課" in page and "返戻　花子" not in page
