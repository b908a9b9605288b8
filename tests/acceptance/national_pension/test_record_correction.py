"""記録の訂正 (T2): what is said to be wrong, evidence, forwarding and result; the city's own wrong report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.national_pension.test_every_form import _hand_over_all, _visitor
from tests.counterparts.conftest import city_data, pension_service, start_party
from tests.national_pension.support import Register

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext

if TYPE_CHECKING:
    from kokunen.counterparts.jps.gateway import JpsGateway

__all__ = ["city_data", "pension_service", "start_party"]
pytestmark = [pytest.mark.function("T2"), pytest.mark.function("S1-1")]
PAPER = "訂正の資料（給与明細・領収証書など）"
SAID = {
    "item": "6",
    "from_month": "2003-04",
    "to_month": "2003-09",
    "before": "未納（平成15年4月から9月）",
    "after": "納付済",
    "reason": "領収証書がある",
    "evidence": "領収証書6枚（写し）",
}


@pytest.fixture
def gateway(pension_service: Any, city_data: Path) -> JpsGateway:
    """The city's side of the running Service."""
    from kokunen.counterparts.jps.gateway import JpsGateway

    return JpsGateway(city_data)


def _claim(atena: str, situation: str, officer: AccessContext, papers: tuple[str, ...] = (PAPER,), **said: Any) -> Any:
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import Entry, receive

    entry = Entry(
        kind=NoticeKind.CORRECTION,
        situation=situation,
        data=SAID | said,
        received_on=date(2026, 11, 24),
        identity_document="my_number_card",
        papers=papers,
    )
    return receive(atena_number=atena, entry=entry, context=officer)


def test_訂正請求は資料とともに地方厚生局へ回り_その結果で終わる(
    city: Register, officer: AccessContext, second_officer: AccessContext, pension_service: Any, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import receipt_acts, results
    from kokunen.national_pension.services.reception import entry_of

    receipt = _claim(_visitor(city, 1), "claim", officer)
    assert entry_of(receipt)["evidence"] == "領収証書6枚（写し）" and receipt.attachments == [PAPER]
    assert _hand_over_all(gateway, officer, second_officer) == 1
    pension_service.control.work()
    results.take_in(writer=gateway, context=officer)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.waiting_at) == ("50", "地方厚生局長"), "accepted is not decided"
    told = receipt.report_lines.get().record["details"]
    assert (told["item"], told["before"], told["after"]) == ("6", SAID["before"], "納付済")
    with pytest.raises(InputError, match="却下の理由"):
        receipt_acts.take_decision(notice_id=receipt.pk, granted=False, on=date(2026, 11, 24), note="", context=officer)
    receipt_acts.take_decision(
        notice_id=receipt.pk, granted=True, on=date(2026, 11, 24), note="6か月を納付済に訂正", context=officer
    )
    receipt.refresh_from_db()
    assert (receipt.state, receipt.result_note) == ("90", "6か月を納付済に訂正")
    states = [step.state for step in receipt.steps.all()]
    assert states[0] == "10" and states[-2:] == ["70", "90"] and "50" in states


def test_市の報告の誤りは機構の受理で終わる(
    city: Register, officer: AccessContext, second_officer: AccessContext, pension_service: Any, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import results

    receipt = _claim(_visitor(city, 2), "report", officer, (), item="1", before="令和8年4月1日", after="令和8年3月31日")
    _hand_over_all(gateway, officer, second_officer)
    pension_service.control.work()
    results.take_in(writer=gateway, context=officer)
    receipt.refresh_from_db()
    assert receipt.state == "90"


@pytest.mark.parametrize(("wrong", "told"), [({"evidence": ""}, "資料を入力"), ({"item": "7"}, "訂正する事項を選んで")])
def test_何が誤りで何が資料かがなければ受け付けない(
    city: Register, officer: AccessContext, wrong: dict[str, str], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        _claim(_visitor(city, 3), "claim", officer, **wrong)


def test_資料が後から来れば不足書類として待つ(city: Register, officer: AccessContext) -> None:
    receipt = _claim(_visitor(city, 4), "claim", officer, ())
    assert receipt.state == "20" and receipt.missing_papers == [PAPER] and receipt.papers_due_on is not None
