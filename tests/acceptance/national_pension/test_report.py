"""日本年金機構への報告: from the confirmed item to the Service's answer, with the Service as a process of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.counterparts.conftest import city_data, pension_service, start_party
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

from kokunen.kernel.errors import Conflict, InputError, NotAllowed

if TYPE_CHECKING:
    from kokunen.counterparts.jps.gateway import JpsGateway
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension.models import Receipt, ReportBatch

pytestmark = [pytest.mark.function("S1-3"), pytest.mark.function("T9"), pytest.mark.function("T1")]
__all__ = ["city_data", "pension_service", "start_party"]


@pytest.fixture
def gateway(pension_service: Any, city_data: Path) -> JpsGateway:
    """The city's side of the running Service."""
    from kokunen.counterparts.jps.gateway import JpsGateway

    return JpsGateway(city_data)


def _leaver(city: Register, officer: AccessContext, number: str = "1234567890") -> Receipt:
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.services.work_items import confirm

    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    put_on_roll(atena)
    if number:
        give_number(atena, number)
    city.moves_abroad(atena, date(2026, 11, 20))
    city.take()
    return confirm(item_id=WorkItem.objects.get(atena_number=atena).pk, context=officer)


def _hand_over(batch: ReportBatch, gateway: JpsGateway, first: AccessContext, second: AccessContext) -> None:
    from kokunen.national_pension.services import reporting

    reporting.sign_first(batch_id=batch.pk, carrying_case="K-03", context=first)
    reporting.sign_second(batch_id=batch.pk, writer=gateway, context=second)


def _state(notice: Receipt) -> str:
    notice.refresh_from_db()
    return notice.state


def test_確定から引渡しと処理結果まで(
    city: Register, officer: AccessContext, second_officer: AccessContext, pension_service: Any, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import reporting, results

    notice = _leaver(city, officer)
    arrival = city.resident(date(1998, 1, 1), announce="103", on=date(2026, 11, 16), name="山田　花子", sex="2")
    city.take()
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.services.work_items import confirm

    arrived = confirm(item_id=WorkItem.objects.get(atena_number=arrival).pk, context=officer)
    assert (_state(notice), _state(arrived)) == ("40", "40")
    batch = reporting.build(writer=gateway, context=officer)
    assert (batch.line_count, batch.serial, sum(batch.counts.values())) == (2, 1, 2)
    assert (gateway.outbox / batch.media_path).exists()
    assert [file.role for file in batch.files.order_by("role")] == ["cover", "list"]
    with pytest.raises(InputError):
        reporting.build(writer=gateway, context=officer)
    _hand_over(batch, gateway, officer, second_officer)
    assert (_state(notice), notice.sent_on) == ("50", date(2026, 11, 24))
    pension_service.control.work()
    intake = results.take_in(writer=gateway, context=officer)
    assert (intake.files, intake.accepted, intake.returned, intake.unmatched) == (1, 2, 0, 0)
    assert (_state(notice), _state(arrived)) == ("90", "90")
    from kokunen.national_pension.services.roll import primary_number

    assert len(primary_number(arrival)) == 10, "the Service gave a number to whoever had none"
    assert results.take_in(writer=gateway, context=officer).files == 0


def test_同じ職員は引渡しに二度署名できない(city: Register, officer: AccessContext, gateway: JpsGateway) -> None:
    from kokunen.national_pension.services import reporting

    _leaver(city, officer)
    batch = reporting.build(writer=gateway, context=officer)
    with pytest.raises(Conflict):
        reporting.sign_second(batch_id=batch.pk, writer=gateway, context=officer)
    reporting.sign_first(batch_id=batch.pk, carrying_case="K-03", context=officer)
    with pytest.raises(NotAllowed):
        reporting.sign_second(batch_id=batch.pk, writer=gateway, context=officer)


def test_作り直しは同じ内容で再発行と記録される(city: Register, officer: AccessContext, gateway: JpsGateway) -> None:
    from kokunen.national_pension.services import reporting

    _leaver(city, officer)
    batch = reporting.build(writer=gateway, context=officer)
    first = (gateway.outbox / batch.media_path).read_bytes()
    issue = reporting.write_again(batch_id=batch.pk, writer=gateway, context=officer)
    assert issue.is_reissue and (gateway.outbox / batch.media_path).read_bytes() == first
    one = reporting.issue_paper(batch_id=batch.pk, role="list", context=officer)
    again = reporting.issue_paper(batch_id=batch.pk, role="list", context=officer)
    assert one.content == again.content and not one.issue.is_reissue and again.issue.is_reissue


def test_媒体に載らない届書は理由とともに保留される(
    city: Register, officer: AccessContext, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import reporting

    good, held = _leaver(city, officer), _leaver(city, officer, number="")
    closing = reporting.closing(writer=gateway, context=officer)
    assert [notice.pk for notice in closing.ready] == [good.pk]
    assert [one.notice.pk for one in closing.held_back] == [held.pk]
    assert "基礎年金番号" in closing.held_back[0].reasons[0]
    assert reporting.build(writer=gateway, context=officer).line_count == 1
    assert _state(held) == "40"


def test_作成後に取り下げた届書を含む媒体は渡せず廃棄して作り直す(
    city: Register, officer: AccessContext, second_officer: AccessContext, gateway: JpsGateway
) -> None:
    from kokunen.national_pension.services import reporting
    from kokunen.national_pension.services.corrections import cancel_notice

    kept, wrong = _leaver(city, officer), _leaver(city, officer, number="2234567890")
    batch = reporting.build(writer=gateway, context=officer)
    cancel_notice(notice_id=wrong.pk, reason="別人", context=officer)
    with pytest.raises(Conflict, match="取り下げられた"):
        _hand_over(batch, gateway, officer, second_officer)
    reporting.discard(batch_id=batch.pk, reason="取り下げを含むため", context=officer)
    again = reporting.build(writer=gateway, context=officer)
    assert (again.serial, again.line_count) == (batch.serial + 1, 1)
    _hand_over(again, gateway, officer, second_officer)
    assert (_state(kept), _state(wrong)) == ("50", "80")


def test_返戻は補正して同じ受付番号で再送できる(
    city: Register, officer: AccessContext, second_officer: AccessContext, pension_service: Any, gateway: JpsGateway
) -> None:
    """A second loss for one number comes back; it is answered and sent again under its own number."""
    from kokunen.national_pension.services import receipt_acts, reporting, results

    first, second = _leaver(city, officer), _leaver(city, officer)
    batch = reporting.build(writer=gateway, context=officer)
    _hand_over(batch, gateway, officer, second_officer)
    pension_service.control.work()
    intake = results.take_in(writer=gateway, context=officer)
    assert intake.accepted + intake.returned == 2 and intake.returned >= 1
    returned = next(one for one in (first, second) if _state(one) == "60")
    assert returned.returned_reason
    with pytest.raises(InputError):
        receipt_acts.send_again(notice_id=returned.pk, note="", context=officer)
    receipt_acts.send_again(notice_id=returned.pk, note="番号を確認した", context=officer)
    again = reporting.build(writer=gateway, context=officer)
    line = again.lines.get()
    assert line.is_resend and line.notice.receipt_number == returned.receipt_number


def test_夜に市民課へ渡すのは資格情報だけで予定の喪失は渡さない(
    city: Register, officer: AccessContext, admin_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.national_pension.jobs import hand_over_qualifications
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.services.work_items import confirm

    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    city.moves_abroad(atena, date(2026, 12, 10))
    city.take()
    confirm(item_id=WorkItem.objects.get().pk, context=officer)
    assert periods(atena)[0][2] == date(2026, 12, 11)
    assert hand_over_qualifications().created == 1
    assert hand_over_qualifications().created == 0
    told = "select insured_type, lost_on from integrated.pension_qualification where atena_number = %s"
    assert admin_connection.execute(told, [atena]).fetchone() == ("1", None)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-11")
    assert hand_over_qualifications().created == 1
    assert admin_connection.execute(told, [atena]).fetchone() == ("1", date(2026, 12, 11))
