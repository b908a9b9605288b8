"""住基ネット (S2-7): every change goes out once and in order, whatever happens to the line; what comes in is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.resident_registry import factories as make
from tests.resident_registry.desks import Desk, Entries

from kokunen.kernel.errors import InputError
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import ArrivedState, DestinationKind, EventCode, SendState
from kokunen.resident_registry.models import ArrivedMessage, LineCondition, OutgoingMessage, ResidentCodeStock
from kokunen.resident_registry.services.line_arrivals import settle
from kokunen.resident_registry.services.line_sending import give_up, send_again
from kokunen.resident_registry.services.numbering import register_stock
from kokunen.resident_registry.services.outbox import request_codes

pytestmark = pytest.mark.function("S2-7")


@pytest.fixture
def line(open_line: Callable[[str], Any]) -> Any:
    """住基ネットの回線, and some unused 住民票コード in the stock."""
    from kokunen.kernel.numbers import ResidentCode

    register_stock([ResidentCode.complete(f"{2_000_000_000 + number:010}").value for number in range(20)])
    return open_line("juki_cs")


def _family() -> list[str]:
    return make.family(
        make.newcomer("青木　一", "アオキ　ハジメ", "1980-05-05", "1", "世帯主"),
        make.newcomer("青木　春", "アオキ　ハル", "1982-06-06", "2", "妻"),
        day="2026-11-20",
    )


def _sent(kind: str = "0101") -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.filter(party="juki_cs", kind=kind).order_by("id"))


def test_転入は本人確認情報と転入通知になる(line: Any) -> None:
    first, second = _family()
    assert [(m.subject, m.items["update"], m.items["reason_code"]) for m in _sent()] == [
        (first, "1", "101"),
        (second, "1", "101"),
    ]
    assert line.send().sent == 4
    assert (line.accepted("0101"), line.accepted("0401"), line.waiting()) == (2, 2, 0)
    assert all(m.receipt.startswith("CS") for m in _sent())


def test_世帯だけの異動は送らない(line: Any) -> None:
    first, second = _family()
    line.send()
    services.change_head(
        context=make.counter(),
        notice=make.notice(EventCode.HEAD_CHANGE, "2026-11-24"),
        household_number=make.now(first).household_number,
        new_head=second,
        relations={first: "夫"},
        acknowledged=make.ALL,
    )
    assert line.waiting() == 0


@pytest.mark.parametrize("trouble", ["fail", "garble", "repeat", "deciding", "decided"])
def test_回線の障害で失われず重ならない(line: Any, trouble: str) -> None:
    """Cut, damaged, stale answers, and the party killed before and after it has decided."""
    _family()
    if trouble in ("deciding", "decided"):
        line.process.control.order("die", at=trouble)
    else:
        line.process.control.order(trouble)
    failed = line.send()
    condition = LineCondition.objects.get(party="juki_cs")
    if trouble == "repeat":  # the first answer has nothing older to be confused with, the second is seen through
        assert failed.sent == 1
    else:
        assert failed.sent == 0
    assert failed.trouble and condition.failures == 1 and condition.next_try_at is not None
    if trouble in ("deciding", "decided"):
        line.restart()
    else:
        line.process.control.heal()
    line.send()
    assert line.waiting() == 0
    state = line.state()
    assert state["received"]["0101"] == {"accepted": 2, "refused": 0}
    assert state["received"]["0401"] == {"accepted": 2, "refused": 0}
    assert state["living"] == 2


def test_応答しない間は休み方が長くなり休みの間は送らない(line: Any) -> None:
    from kokunen.resident_registry.services.line_sending import send_waiting

    _family()
    line.process.control.order("fail")
    rests = []
    for _ in range(3):
        line.send()
        condition = LineCondition.objects.get(party="juki_cs")
        rests.append(condition.failures)
    assert rests == [1, 2, 3]
    line.process.control.heal()
    assert send_waiting(line.party, line.carrier).sent == 0
    assert line.send().sent == 4
    assert LineCondition.objects.get(party="juki_cs").failures == 0


def test_遅れた応答は待ちその間に市は二度登録しない(line: Any) -> None:
    _family()
    line.process.control.order("delay", seconds=0.2)
    assert line.send().sent == 4
    assert line.state()["repeats"] == 0


def test_拒否は本人の後の電文だけを止め作り直して送れる(line: Any) -> None:
    _family()
    line.process.control.command("refuse", kind="0101", code="E90")
    done = line.send()
    refused = _sent()[0]
    assert refused.state == SendState.REFUSED and "全国サーバー" in refused.faults[0]["message"]
    assert done.refused == 1 and done.sent == 2, "the other person's messages went"
    assert line.waiting() == 1, "the same person's 転入通知 waits"
    with pytest.raises(InputError):
        send_again(context=make.counter(), message_id=refused.pk, reason=" ")
    fresh = send_again(context=make.counter(), message_id=refused.pk, reason="全国サーバーの回復を確認")
    assert fresh.sequence == 3 and fresh.items["resend"] is True
    line.send()
    assert line.waiting() == 0 and line.state()["living"] == 2
    refused.refresh_from_db()
    assert refused.state == SendState.RESENT and refused.settled_by == "9101"


def test_住民票コードがない人の電文は送信できない内容になり送信しないこともできる(
    open_line: Callable[[str], Any],
) -> None:
    line = open_line("juki_cs")
    make.family(make.newcomer("青木　一", "アオキ　ハジメ", "1980-05-05", "1", "世帯主"), day="2026-11-20")
    line.send()
    unsendable = _sent()[0]
    assert unsendable.state == SendState.UNSENDABLE and "住民票コードがありません" in unsendable.faults[0]["message"]
    give_up(context=make.counter(), message_id=unsendable.pk, reason="手作業で通知した")
    line.send()
    assert line.waiting() == 0


def test_住民票コードを要求して在庫に入れる(open_line: Callable[[str], Any]) -> None:
    line = open_line("juki_cs")
    request_codes(120)
    line.send()
    assert line.take() == 1
    assert ResidentCodeStock.objects.count() == 120
    assert line.take() == 0 and ResidentCodeStock.objects.count() == 120


def _leave(number: str) -> None:
    services.move_out(
        context=make.counter(),
        notice=make.notice(EventCode.SPECIAL_MOVE_OUT, "2026-11-30"),
        movers=[number],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC),
        acknowledged=make.ALL,
    )


def test_特例転出は転出証明書情報になり転入通知で消除される(line: Any, office_day: Callable[[str], None]) -> None:
    first, second = _family()
    _leave(second)
    (certificate,) = _sent("0301")
    assert [person["name"] for person in certificate.items["people"]] == ["青木　春"]
    line.send()
    code = make.now(second).resident_code
    office_day("2026-11-26")
    items = {
        "resident_code": code, "name": "青木　春", "birth_date": "1982-06-06", "address": "東京都北区王子一丁目1番",
        "arrived_on": "2026-11-25",
    }  # fmt: skip
    line.process.control.command("queue", kind="0402", items=items)
    line.process.control.order("die", at="taken")
    assert line.take() == 1, "stored before the party was told; the party dies noting it"
    line.restart()
    assert line.take() == 0
    row = make.now(second)
    assert (row.status, row.removed_on, row.planned_departure_on) == ("2", date(2026, 11, 25), date(2026, 11, 30))
    assert row.confirmed_destination == "東京都北区王子一丁目1番"
    assert ArrivedMessage.objects.get(kind="0402").state == ArrivedState.APPLIED
    line.send()
    assert [m.items["update"] for m in _sent() if m.subject == second] == ["1", "2"]
    assert make.now(first).status == "1"


def test_記録と合わない転入通知は理由とともに一覧に残る(line: Any) -> None:
    first, _ = _family()
    items = {
        "resident_code": make.now(first).resident_code, "name": "青木　一", "birth_date": "1980-05-05",
        "address": "東京都北区", "arrived_on": "2026-11-23",
    }  # fmt: skip
    line.process.control.command("queue", kind="0402", items=items)
    line.process.control.command("queue", kind="0402", items={**items, "resident_code": "99999999995"})
    line.take()
    problems = list(ArrivedMessage.objects.order_by("id").values_list("state", "problem"))
    assert problems[0][0] == problems[1][0] == ArrivedState.TO_CHECK
    assert "転出の届出がありません" in problems[0][1] and "この市の記録にありません" in problems[1][1]
    assert make.now(first).status == "1"
    settle(context=make.counter(), message_id=ArrivedMessage.objects.latest("id").pk, reason="発信元の誤り")
    assert ArrivedMessage.objects.latest("id").state == ArrivedState.CLOSED


def test_届いた転出証明書情報は特例転入の登録で済みになる(line: Any) -> None:
    person = {
        "resident_code": "12345678903", "name": "北　花子", "name_kana": "キタ　ハナコ", "birth_date": "1990-01-01",
        "sex": "2", "relationship": "世帯主",
    }  # fmt: skip
    items = {
        "from_city": "東京都北区",
        "address": "東京都北区王子一丁目",
        "planned_on": "2026-11-20",
        "people": [person],
    }
    line.process.control.command("queue", kind="0302", items=items)
    line.take()
    arrived = ArrivedMessage.objects.get(kind="0302")
    assert arrived.state == ArrivedState.READY
    services.move_in(
        context=make.counter(),
        notice=make.notice(EventCode.SPECIAL_MOVE_IN, "2026-11-21"),
        newcomers=[make.newcomer("北　花子", "キタ　ハナコ", "1990-01-01", "2", "世帯主", resident_code="12345678903")],
        destination=services.Destination(address=make.AOKI),
        planned_out_on=date(2026, 11, 20),
        acknowledged=make.ALL,
    )
    arrived.refresh_from_db()
    assert arrived.state == ArrivedState.APPLIED and arrived.settled_by == "9101"


def test_整合性確認は違いだけを一覧にし_送り直すか理由を付けて片づける(
    sign_in: Desk, ledger: Entries, line: Any
) -> None:
    from kokunen.counterparts.juki_cs.service import _digest
    from kokunen.resident_registry.line_content import compared_items, digest_of
    from kokunen.resident_registry.models import ConsistencyCheck, ConsistencyDifference
    from kokunen.resident_registry.services.consistency import extract_asked

    first, second = _family()
    line.send()
    stranger = "99999999995"
    changed = {**_sent()[0].items, "name": "青木　壱", "sequence": 2, "update": "3", "resend": True}
    kinds = {
        stranger: {**changed, "resident_code": stranger, "update": "1"},
        make.now(first).resident_code: changed,
    }
    for number, items in enumerate(kinds.values()):
        answer = line.carrier.send(
            number=f"112038-juki_cs-9{number:011d}", kind="0101", items=items, created_at="2026-11-24T09:00:00+09:00"
        )
        assert answer.accepted
    assert digest_of(make.now(second)) == _digest(compared_items(make.now(second))), "both sides count alike"
    (third,) = make.family(make.newcomer("戸塚　次", "トツカ　ツギ", "1970-01-01", "1", "世帯主"), day="2026-11-23")
    OutgoingMessage.objects.filter(subject=third).update(state=SendState.CLOSED)

    chief = sign_in("shimin9")
    assert sign_in("shimin1").post("/residents/consistency").status_code == 403
    assert chief.post("/residents/consistency").status_code == 302
    assert chief.post("/residents/consistency").status_code == 422, "one at a time"
    assert extract_asked() == 1 and extract_asked() == 0
    (part,) = _sent("0102")
    assert len(part.items["people"]) == 3 and "青木" not in str(part.items)
    line.send()
    assert line.process.control.work()["compared"] == 1
    line.take()
    check = ConsistencyCheck.objects.get()
    assert (check.state, check.people, check.held, check.differing) == ("3", 3, 3, 3)
    found = {one.kind: one for one in ConsistencyDifference.objects.all()}
    assert (found["1"].atena_number, found["2"].resident_code, found["3"].atena_number) == (third, stranger, first)
    page = chief.get(f"/residents/consistency/{check.pk}").content.decode()
    assert "氏名: 青木　一 ／ 青木　壱" in page and "住基ネットに記録がない" in page

    for kind in ("1", "3"):
        chief.post(f"/residents/consistency/{check.pk}", {"act": f"send:{found[kind].pk}"})
    assert chief.post(f"/residents/consistency/{check.pk}", {"act": f"close:{found['2'].pk}"}).status_code == 422
    again = chief.post(f"/residents/consistency/{check.pk}", {"act": f"send:{found['2'].pk}"})
    assert again.status_code == 422 and "市の記録にいません" in again.content.decode()
    chief.post(f"/residents/consistency/{check.pk}", {"act": f"close:{found['2'].pk}", "reason": "都道府県に照会した"})
    check.refresh_from_db()
    assert check.state == "4" and ledger("export")[-1]["dataset"] == "住基ネットとの整合性確認"
    assert line.send().refused == 0
    chief.post("/residents/consistency")
    extract_asked()
    line.send()
    line.process.control.work()
    line.take()
    assert [one.kind for one in ConsistencyCheck.objects.latest("pk").differences.all()] == ["2"], "the stranger stays"
