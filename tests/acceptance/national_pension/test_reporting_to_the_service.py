"""日本年金機構への報告 (S1-3, T9): from the residents' change to the answer, with the Service as a real process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.counterparts.support import PartyProcess
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.counterparts.jps.gateway import JpsGateway, connect, party_folder
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-3"), pytest.mark.function("T9")]


class Desk:
    """国民年金課の報告の机: the services of the section, the gateway, and the Service behind it."""

    def __init__(
        self, city: Register, service: PartyProcess, gateway: JpsGateway, officers: list[AccessContext]
    ) -> None:
        self.city, self.service, self.gateway = city, service, gateway
        self.officer, self.second = officers
        self._numbers = iter(range(1_234_000_001, 1_235_000_000))

    def moved_abroad(self, **resident: Any) -> Any:
        """A resident moves abroad and the officer confirms the loss: a notice in 送付待."""
        from kokunen.national_pension.models import WorkItem
        from kokunen.national_pension.services.work_items import confirm

        number = next(self._numbers)
        atena = self.city.resident(date(1986, 5, 10), **resident)
        insure(atena, "1", date(2006, 5, 9))
        give_number(atena, str(number))
        put_on_roll(atena)
        self.city.moves_abroad(atena, date(2026, 11, 20))
        self.city.take()
        item = WorkItem.objects.get(atena_number=atena, state="open")
        return confirm(item_id=item.pk, context=self.officer)

    def build(self) -> Any:
        from kokunen.national_pension.services.reporting import build

        return build(writer=self.gateway, context=self.officer)

    def hand_over(self, batch: Any) -> Any:
        from kokunen.national_pension.services.reporting import sign_first, sign_second

        sign_first(batch_id=batch.pk, carrying_case="K-03", context=self.officer)
        return sign_second(batch_id=batch.pk, writer=self.gateway, context=self.second)

    def send(self) -> Any:
        return self.hand_over(self.build())

    def take_in(self) -> Any:
        from kokunen.national_pension.services.results import take_in

        return take_in(writer=self.gateway, context=self.officer)

    def serviced(self) -> dict[str, Any]:
        return self.service.control.work()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PartyProcess]:
    """日本年金機構 — works only when asked."""
    arguments = ["-m", "kokunen.counterparts.jps", "--interval", "600", "--grace", "600"]
    party = PartyProcess(arguments, party_folder(tmp_path), {"KOKUNEN_TODAY": "2026-11-25"})
    party.start()
    yield party
    if party.process is not None and party.process.poll() is None:
        party.kill()


@pytest.fixture
def desk(
    city: Register, service: PartyProcess, tmp_path: Path, officer: AccessContext, second_officer: AccessContext
) -> Desk:
    return Desk(city, service, connect(tmp_path), [officer, second_officer])


def _state(notice: Any) -> str:
    notice.refresh_from_db()
    return str(notice.state)


@pytest.mark.control("CTL-081")
@pytest.mark.control("CTL-117")
def test_海外転出から受理まで(desk: Desk) -> None:
    notices = [desk.moved_abroad() for _ in range(2)]
    batch = desk.send()
    assert [_state(notice) for notice in notices] == ["50", "50"]
    assert (batch.line_count, batch.sent_on, batch.state) == (2, date(2026, 11, 24), "handed_over")
    assert sum(batch.manifest["counts"].values()) == batch.line_count
    assert {file.role for file in batch.files.all()} == {"list", "cover"}
    assert desk.serviced()["processed"] == 1
    intake = desk.take_in()
    assert (intake.files, intake.accepted, intake.returned, intake.unmatched) == (1, 2, 0, 0)
    assert [_state(notice) for notice in notices] == ["90", "90"]
    batch.refresh_from_db()
    assert batch.state == "settled"
    assert list((desk.gateway.tray / "out").iterdir()) == []


def test_引渡しには二人の職員が要る(desk: Desk) -> None:
    from kokunen.national_pension.services.reporting import sign_first, sign_second

    notice = desk.moved_abroad()
    batch = desk.build()
    sign_first(batch_id=batch.pk, carrying_case="K-03", context=desk.officer)
    with pytest.raises(NotAllowed, match="別の職員"):
        sign_second(batch_id=batch.pk, writer=desk.gateway, context=desk.officer)
    assert _state(notice) == "40"
    assert desk.serviced()["processed"] == 0


@pytest.mark.control("CTL-113")
@pytest.mark.control("CTL-117")
def test_引渡しは媒体台帳に同じ二人の署名で残り_台帳になければ記録もできない(desk: Desk, admin_connection: Any) -> None:
    import psycopg
    from tests.common_platform.safeguards.conftest import officer

    from kokunen.common_platform.safeguards.services.register import open_entry
    from kokunen.national_pension.services.reporting import discard, sign_first, sign_second

    desk.moved_abroad()
    batch = desk.build()
    forged = (
        "update national_pension.report_batch set state = 'handed_over', first_officer = 'a', second_officer = 'b', "
        "carrying_case = 'K', sent_on = '2026-11-24', medium_number = '媒2026-00001'"
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="媒体台帳に"):
        admin_connection.execute(forged)
    with pytest.raises(InputError, match="媒体台帳にありません"):
        sign_first(batch_id=batch.pk, carrying_case="K-03", medium="M-9", context=desk.officer)
    content = {"serial": "M-9", "type": "CD-R", "place": "金庫1"}
    entry = open_entry("medium", title="M-9", content=content, context=officer("nenkin9"))
    sign_first(batch_id=batch.pk, carrying_case="K-03", medium="M-9", context=desk.officer)
    with pytest.raises(psycopg.errors.CheckViolation, match="媒体台帳に"):
        admin_connection.execute(forged)
    sign_second(batch_id=batch.pk, writer=desk.gateway, context=desk.second)
    steps = [(step.action, step.signed_by) for step in entry.steps.order_by("sequence")]
    one, two = desk.officer.staff_number, desk.second.staff_number
    assert steps == [(name, one) for name in ("issue", "write", "carry", "hand_over")] + [("witness", two)]

    desk.moved_abroad()
    other = desk.build()
    with pytest.raises(Conflict, match="立会済"):
        sign_first(batch_id=other.pk, carrying_case="K-03", medium="M-9", context=desk.officer)
    number = sign_first(batch_id=other.pk, carrying_case="K-03", context=desk.officer).medium_number
    discard(batch_id=other.pk, reason="宛先の誤り", context=desk.officer)
    last = admin_connection.execute(
        "select s.action from common_platform.register_step s join common_platform.register_entry e "
        "on e.id = s.entry_id where e.number = %s order by s.sequence desc limit 1", [number],
    ).fetchone()  # fmt: skip
    assert number != entry.number and last == ("withdraw",)


def test_作り直しても同じバイトで_控えには再発行と残る(desk: Desk) -> None:
    from kokunen.national_pension.services.reporting import write_again

    desk.moved_abroad()
    batch = desk.build()
    image = desk.gateway.find(batch.fiscal_year, batch.serial)
    assert image is not None
    before = image.path.read_bytes()
    image.path.unlink()
    issue = write_again(batch_id=batch.pk, writer=desk.gateway, context=desk.officer)
    assert image.path.read_bytes() == before
    assert (issue.sha256, issue.is_reissue) == (batch.media_sha256, True)


def test_返戻は理由とともに戻り_同じ受付番号で再送して受理される(desk: Desk) -> None:
    from kokunen.national_pension.models import ReportLine
    from kokunen.national_pension.services.receipt_acts import send_again

    notice = desk.moved_abroad()
    desk.service.control.command("return", receipt_number=notice.receipt_number, reason="添付書類の不足")
    first = desk.send()
    desk.serviced()
    assert desk.take_in().returned == 1
    assert _state(notice) == "60"
    assert "添付書類の不足" in notice.returned_reason
    send_again(notice_id=notice.pk, note="書類を添えた", context=desk.officer)
    second = desk.send()
    desk.serviced()
    assert desk.take_in().accepted == 1
    assert _state(notice) == "90"
    lines = list(ReportLine.objects.filter(notice=notice).order_by("batch_id"))
    assert [(line.batch_id, line.is_resend) for line in lines] == [(first.pk, False), (second.pk, True)]


def test_媒体に載らない届書は保留され_ほかは送られ_黙って消えない(desk: Desk) -> None:
    from kokunen.national_pension.services.reporting import closing

    good, held = desk.moved_abroad(), desk.moved_abroad(name="鷗　太郎")
    found = closing(writer=desk.gateway, context=desk.officer)
    assert [one.notice.pk for one in found.held_back] == [held.pk]
    assert "鷗（U+9DD7）" in found.held_back[0].reasons[0]
    assert desk.send().line_count == 1
    assert (_state(good), _state(held)) == ("50", "40")
    with pytest.raises(InputError, match="保留 1件"):
        desk.build()


@pytest.mark.parametrize("trouble", ["fail", "delay"])
def test_機構が閉まっていても遅れても_届書は結果待ちのまま待ち_後で一度だけ片付く(desk: Desk, trouble: str) -> None:
    notice = desk.moved_abroad()
    desk.service.control.order(trouble)
    desk.send()
    desk.serviced()
    assert desk.take_in().files == 0
    assert _state(notice) == "50"
    desk.service.control.heal()
    desk.serviced()
    assert desk.take_in().accepted == 1
    assert desk.take_in().files == 0
    assert _state(notice) == "90"


def test_結果が二重に届いても一度だけ取り込む(desk: Desk) -> None:
    from kokunen.national_pension.models import ReportResult

    notice = desk.moved_abroad()
    desk.service.control.order("repeat")
    desk.send()
    desk.serviced()
    assert len(list((desk.gateway.tray / "out").iterdir())) == 2
    assert desk.take_in().accepted == 1
    assert desk.take_in().accepted == 0
    assert (ReportResult.objects.count(), _state(notice)) == (1, "90")


def test_壊れた結果は職員に告げられ_正しい結果が来れば片付く(desk: Desk) -> None:
    notice = desk.moved_abroad()
    desk.service.control.order("garble")
    desk.send()
    desk.serviced()
    assert len(desk.take_in().unreadable) == 1
    assert _state(notice) == "50"
    desk.service.control.heal()
    desk.serviced()
    assert desk.take_in().accepted == 1
    assert _state(notice) == "90"


def test_運搬中に壊れた媒体は丸ごと返り_作り直して送れば受理される(desk: Desk) -> None:
    from kokunen.national_pension.services.receipt_acts import send_again

    notice = desk.moved_abroad()
    batch = desk.send()
    laid = desk.gateway.tray / "in" / batch.media_path
    data = laid.read_bytes()
    laid.write_bytes(data[:-100] + bytes([data[-100] ^ 1]) + data[-99:])
    assert desk.serviced()["refused"] == 1
    intake = desk.take_in()
    assert (len(intake.refused), intake.returned) == (1, 1)
    assert _state(notice) == "60"
    send_again(notice_id=notice.pk, note="媒体の破損", context=desk.officer)
    desk.send()
    desk.serviced()
    assert desk.take_in().accepted == 1


def test_書きかけの媒体は待たれ_書き終わってから処理される(desk: Desk) -> None:
    notice = desk.moved_abroad()
    batch = desk.send()
    laid = desk.gateway.tray / "in" / batch.media_path
    whole = laid.read_bytes()
    laid.write_bytes(whole[: len(whole) // 2])
    assert desk.serviced()["waiting"] == 1
    assert desk.take_in().files == 0
    laid.write_bytes(whole)
    assert desk.serviced()["processed"] == 1
    assert desk.take_in().accepted == 1
    assert _state(notice) == "90"


@pytest.mark.parametrize("point", ["deciding", "decided", "answered"])
def test_機構が途中で死んでも_失わず二重にもしない(desk: Desk, point: str) -> None:
    from kokunen.national_pension.models import ReportResult, ReportResultLine

    notice = desk.moved_abroad()
    desk.send()
    desk.service.control.order("die", at=point)
    with pytest.raises(InputError, match="動いていません"):
        desk.serviced()
    assert desk.service.end() == -9
    before = desk.take_in().accepted  # the answer may have been laid down already
    desk.service.start()
    desk.serviced()
    after = desk.take_in().accepted
    assert before + after == 1
    assert (ReportResult.objects.count(), ReportResultLine.objects.count()) == (1, 1)
    assert _state(notice) == "90"
    assert desk.service.control.state()["notices"] == 1


def test_取り込んでから受け皿を片付ける前に止まっても_二度目は何も変えない(desk: Desk) -> None:
    notice = desk.moved_abroad()
    desk.send()
    desk.serviced()
    (path,) = (desk.gateway.tray / "out").iterdir()
    answer = path.read_bytes()
    assert desk.take_in().accepted == 1
    for taken in (desk.gateway.inbox / "taken").iterdir():
        taken.unlink()
    path.write_bytes(answer)  # as if the stop had come before the answer was taken out of the tray
    intake = desk.take_in()
    assert (intake.files, intake.repeated, intake.accepted) == (0, 1, 0)
    assert _state(notice) == "90"


def test_作ったが渡していない媒体は廃棄でき_届書は次の通番で送られる(desk: Desk) -> None:
    from kokunen.national_pension.services.reporting import discard

    notice = desk.moved_abroad()
    batch = desk.build()
    discard(batch_id=batch.pk, reason="盤面の傷", context=desk.officer)
    again = desk.send()
    assert again.serial == batch.serial + 1
    desk.serviced()
    assert desk.take_in().accepted == 1
    assert _state(notice) == "90"


def test_引き渡した報告は二度引き渡せない(desk: Desk) -> None:
    from kokunen.national_pension.services.reporting import sign_second

    desk.moved_abroad()
    batch = desk.send()
    with pytest.raises(Conflict, match="すでに"):
        sign_second(batch_id=batch.pk, writer=desk.gateway, context=desk.second)


def test_送付済みの異動が取り消されれば_取下げが報告され受理される(desk: Desk) -> None:
    from kokunen.national_pension.models import Receipt, WorkItem
    from kokunen.national_pension.services.work_items import confirm

    notice = desk.moved_abroad()
    desk.send()
    desk.serviced()
    desk.take_in()
    item = WorkItem.objects.get(atena_number=notice.atena_number, kind="loss_abroad")
    desk.city.cancels_departure(notice.atena_number, item.source_seq, date(2026, 11, 24))
    desk.city.take()
    withdrawal = WorkItem.objects.get(atena_number=notice.atena_number, kind="withdrawal", state="open")
    confirm(item_id=withdrawal.pk, context=desk.officer)
    assert desk.send().line_count == 1
    desk.serviced()
    intake = desk.take_in()
    assert (intake.accepted, intake.returned) == (1, 0)
    told = Receipt.objects.exclude(pk=notice.pk).get(atena_number=notice.atena_number)
    assert str(told.state) == "90"


def test_だれの届書がいつ送られたかは閲覧記録に残る(desk: Desk, admin_connection: Any) -> None:
    notice = desk.moved_abroad()
    desk.send()
    desk.serviced()
    desk.take_in()
    rows = admin_connection.execute("select act, dataset from ledger.entry order by entry_id").fetchall()
    datasets = {dataset for _, dataset in rows}
    assert {"日本年金機構への報告（媒体の作成）", "報告の引渡し（立会者の署名）", "日本年金機構の処理結果"} <= datasets
    assert _state(notice) == "90"
