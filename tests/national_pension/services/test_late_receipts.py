"""期限を過ぎた受付の知らせ: the chiefs learn of it without looking, once a day; it names nobody."""

from __future__ import annotations

from datetime import date

import pytest
from tests.acceptance.national_pension.test_exemption_events import _receive
from tests.national_pension.support import Register, insure, put_on_roll

from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-3"), pytest.mark.function("T9")]


def test_期限を過ぎると係長に一日一度知らせる(
    city: Register, officer: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.common_platform.portal.services.notices import notices_for
    from kokunen.national_pension.jobs import warn_of_late_receipts

    atena = city.resident(date(1981, 4, 2), name="引出　花子")
    insure(atena, "1", date(2012, 4, 1))
    put_on_roll(atena)
    _receive(atena, "F10", "join", officer, from_month="2026-11")
    assert warn_of_late_receipts().looked_at == 0, "nothing is late on the day itself"
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-09")  # 送付期限は12月8日
    assert (warn_of_late_receipts().created, warn_of_late_receipts().created) == (1, 0)
    (notice,) = notices_for("1101", ["pension_chief"])
    assert notice.is_important and "1件（最長15日）" in notice.body and "引出" not in notice.body
    assert not notices_for("1101", ["pension_officer"])
