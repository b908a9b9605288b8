"""送受信管理: files numbered, sent until answered, settled row by row; the server is a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.counterparts.support import PartyProcess
from tests.unified_atena.people import FIRST, SECOND, follow, income, resident, unified

from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.usefixtures("city_database")

Work = Callable[[], None]


def _states(interface: str) -> list[tuple[int, str, int, int]]:
    from kokunen.unified_atena.models import SendBatch

    rows = SendBatch.objects.filter(interface=interface).order_by("serial")
    return [(row.serial, row.state, row.accepted, row.rejected) for row in rows]


def _people() -> None:
    resident(FIRST, "n1", name="髙橋　花子")
    resident(SECOND, "n2", protected=True)
    income(FIRST)
    follow()


@pytest.mark.function("S4-1")
def test_番号が先に登録され続いて特定個人情報が届く(work: Work, server: PartyProcess) -> None:
    _people()
    work()
    assert _states("IF_FGU_20215") == [(1, "3", 2, 0)]
    assert _states("IF_DBM_20113") == [(1, "3", 3, 0)]
    assert _states("IF_DBM_50123") == [(1, "3", 1, 0)]
    state = server.control.state()
    assert (state["living"], state["records"], state["stopped"]) == (2, 3, 1)
    income(FIRST, total_income=9)
    follow()
    work()
    assert _states("IF_DBM_20113") == [(1, "3", 3, 0), (2, "3", 1, 0)]
    assert server.control.state()["records"] == 3


@pytest.mark.function("S4-2")
def test_送れない文字は置き換えられ一覧に残る(work: Work) -> None:
    from kokunen.unified_atena.models import SendBatch
    from kokunen.unified_atena.queries import find_characters

    _people()
    work()
    rows = SendBatch.objects.get(interface="IF_FGU_20215").content["rows"]
    assert {row["name"] for row in rows} >= {"高橋　花子"}
    (one,) = find_characters()
    assert (one.character, one.replaced_by, one.by_rule, one.times) == ("髙", "高", "文字変換辞書", 1)


@pytest.mark.function("S4-1")
@pytest.mark.parametrize("trouble", ["fail", "garble", "repeat"])
def test_回線の障害のあと同じ番号で送り直し二重にならない(trouble: str, work: Work, server: PartyProcess) -> None:
    from kokunen.unified_atena.models import SendBatch

    _people()
    server.control.order(trouble)
    work()
    assert SendBatch.objects.exclude(state="3").exists()
    server.control.heal()
    work()
    assert not SendBatch.objects.exclude(state="3").exists()
    assert server.control.state()["living"] == 2


@pytest.mark.function("S4-1")
@pytest.mark.parametrize("point", ["deciding", "decided", "taken"])
def test_相手方がどこで止まっても失わず二重にならない(point: str, work: Work, server: PartyProcess) -> None:
    from kokunen.unified_atena.models import SendBatch

    _people()
    server.control.order("die", at=point)
    work()
    assert server.end() != 0
    server.start()
    work()
    assert not SendBatch.objects.exclude(state="3").exists()
    state = server.control.state()
    assert (state["living"], state["records"]) == (2, 3)


@pytest.mark.function("S4-1")
def test_拒否された行だけが残り送り直せる(work: Work, server: PartyProcess, officer: AccessContext) -> None:
    from kokunen.unified_atena.models import SendItem
    from kokunen.unified_atena.services.sending import send_item_again

    _people()
    server.control.command("reject", kind="IF_DBM_20113", row=2, code="E40")
    work()
    assert _states("IF_DBM_20113") == [(1, "3", 2, 1)]
    item = SendItem.objects.get(state="4")
    assert (item.fault_code, item.fault) == ("E40", "内容に誤りがあります")
    with pytest.raises(InputError):
        send_item_again(context=officer, item_id=item.pk, reason="")
    send_item_again(context=officer, item_id=item.pk, reason="内容を確認した")
    work()
    assert _states("IF_DBM_20113") == [(1, "3", 2, 1), (2, "3", 1, 0)]
    with pytest.raises(Conflict):
        send_item_again(context=officer, item_id=item.pk, reason="もう一度")


@pytest.mark.function("S4-1")
def test_ファイルごと拒否されたら作り直して新しい通番で送る(
    work: Work, server: PartyProcess, officer: AccessContext
) -> None:
    from kokunen.unified_atena.models import SendBatch
    from kokunen.unified_atena.services.sending import make_again

    _people()
    server.control.command("refuse", kind="IF_FGU_20215", code="E11")
    work()
    batch = SendBatch.objects.get(state="4")
    assert batch.faults[0]["code"] == "E11"
    assert make_again(context=officer, batch_id=batch.pk, reason="様式を確認した") == 2
    work()
    assert [(serial, state) for serial, state, _, _ in _states("IF_FGU_20215")] == [(1, "5"), (2, "3")]
    assert server.control.state()["records"] == 3


def test_基本情報のない人は送らず理由とともに残る(work: Work) -> None:
    from tests.unified_atena.people import bind

    from kokunen.unified_atena.models import SendItem

    bind(FIRST, "n1")
    resident(SECOND, "n2")
    follow()
    work()
    item = SendItem.objects.get(state="5")
    assert (item.unified_number, item.fault_code) == (unified(FIRST), "base_missing")
    assert _states("IF_FGU_20215") == [(1, "3", 1, 0)]


@pytest.mark.function("S4-1")
def test_両者の件数を照合する(work: Work, server: PartyProcess, officer: AccessContext) -> None:
    from kokunen.unified_atena.models import Reconciliation, SendItem
    from kokunen.unified_atena.services.reconciliation import ask_comparison

    _people()
    work()
    ask_comparison(officer)
    work()
    first = Reconciliation.objects.get()
    assert (first.agrees, first.differences) == (True, [])
    assert first.own["numbers"]["count"] == 2
    SendItem.objects.filter(interface="IF_DBM_20113", kind="local_tax").update(state="4")
    ask_comparison(officer)
    work()
    second = Reconciliation.objects.order_by("-pk").first()
    assert second is not None
    assert (second.agrees, len(second.differences)) == (False, 1)
    assert "当市 0件、中間サーバー 1件" in second.differences[0]


def test_合わない結果は確認待ちになり件の状態を変えない(work: Work, server: PartyProcess) -> None:
    from kokunen.unified_atena.models import ArrivedFile

    _people()
    work()
    server.control.command(
        "queue",
        kind="IF_DBM_20314",
        items={"serial": 9, "accepted": 1, "rejected": 0, "results": [{"row": 1, "result": "1"}]},
    )
    work()
    file = ArrivedFile.objects.get(state="3")
    assert file.problem == "通番9の送信データはありません"


def test_合計の合わない送信データは終われない() -> None:
    from django.utils import timezone

    from kokunen.unified_atena.models import SendBatch

    wrong = SendBatch(
        interface="IF_DBM_20113", serial=1, content={}, row_count=2, sha256="0", made_at=timezone.now(), state="3",
        receipt="IS1", sent_at=timezone.now(), answered_at=timezone.now(), accepted=1,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(using="unified_atena"):
        wrong.save()


@pytest.mark.function("S4-1")
def test_業務は宛名番号で照会し宛名番号で答えを受け取る(
    work: Work, server: PartyProcess, officer: AccessContext
) -> None:
    from kokunen.unified_atena.services.inquiries import ask, find_answers

    _people()
    work()
    ask(context=officer, work_id="010", atena_number=FIRST, body_code="131016", kind="local_tax")
    work()
    server.control.work()
    work()
    (answer,) = find_answers(context=officer, work_id="010", atena_number=FIRST)
    assert (answer.state, answer.atena_number, answer.answer["result"] in ("1", "2")) == ("3", FIRST, True)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"work_id": "015"}, NotAllowed),
        ({"work_id": "999"}, NotAllowed),
        ({"kind": "medical"}, NotAllowed),
        ({"atena_number": SECOND}, InputError),
        ({"atena_number": "000000000000079"}, InputError),
        ({"body_code": "131017"}, InputError),
    ],
    ids=["国民年金", "知らない業務", "定めのない種類", "番号のない人", "検査数字", "団体コードの検査数字"],
)
def test_定めのない照会は断られ台帳に残る(
    change: dict[str, str], refused: type[Exception], officer: AccessContext, admin_connection: Any
) -> None:
    from kokunen.unified_atena.services.inquiries import ask

    resident(FIRST, "n1")
    resident(SECOND)
    follow()
    asked = {"work_id": "010", "atena_number": FIRST, "body_code": "131016", "kind": "local_tax", **change}
    with pytest.raises(refused):
        ask(context=officer, **asked)
    assert admin_connection.execute(
        "select count(*) from ledger.entry where act = 'refuse' and dataset = '情報照会'"
    ).fetchone() == (1,)
