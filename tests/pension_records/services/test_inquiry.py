"""照会の試験: one whole number, one case, in the log before it leaves (S7-1)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.counterparts.support import PartyProcess
from tests.pension_records.conftest import BASIC, INDIVIDUAL, NOBODY, Desk

pytestmark = pytest.mark.function("S7-1")


def test_基礎年金番号でも個人番号でも同じ人の記録が見え_台帳に残る(
    desk: Desk, office: PartyProcess, ledger: Callable[[], list[Any]]
) -> None:
    page = desk.sign_in().inquire()
    text = page.content.decode()
    assert page.status_code == 200
    assert "髙橋　花子" in text and "学生納付特例" in text and "第2号（厚生年金）" in text
    again = desk.inquire(key_kind="individual", key="1234 5678 9018").content.decode()
    assert "髙橋　花子" in again and INDIVIDUAL not in again
    staff, act, case, detail = ledger()[-1]
    assert (staff, act, case, detail["key"]) == ("s1", "view", "R8-000123", "個人番号")


@pytest.mark.control("CTL-020")
@pytest.mark.parametrize(
    "changes",
    [
        {"key": "髙橋　花子"},
        {"key": "1990-04-01"},
        {"key": BASIC[:9]},
        {"key": BASIC + "1"},
        {"key": "12345678%"},
        {"key": "123456789*"},
        {"key": f"{BASIC} {NOBODY}"},
        {"key_kind": "individual", "key": "123456789012"},
        {"key_kind": "individual", "key": INDIVIDUAL[:11]},
        {"key_kind": "name", "key": BASIC},
        {"key": "", "name": "髙橋"},
        {"name": "髙橋"},
        {"birth_date": "1990-04-01"},
    ],
    ids=str,
)
def test_番号の全桁以外では尋ねられない(
    desk: Desk, office: PartyProcess, changes: dict[str, str], ledger: Callable[[], list[Any]]
) -> None:
    from kokunen.pension_records.models import Inquiry

    refused = desk.sign_in().inquire(**changes)
    assert refused.status_code == 400
    assert Inquiry.objects.count() == 0 and office.control.state()["inquiries"] == 0
    assert ledger()[-1][1] == "refuse"
    typed = changes.get("key", "")
    assert not typed or f'value="{typed}"' not in refused.content.decode()


@pytest.mark.control("CTL-020")
def test_一覧や氏名で引く入口はない() -> None:
    """No route takes a name, and the line has no kind of message that does."""
    from kokunen.counterparts.framework.messages import load_layout
    from kokunen.pension_records.web.forms import InquiryForm

    asked = load_layout("kokunen.counterparts.terminal_controller").kinds["0201"]
    assert {item.name for item in asked.items} == {"operator_id", "case_number", "key_kind", "key"}
    fields = {"case_number", "reason", "identity_check", "key_kind", "key", "number"}
    assert set(InquiryForm.base_fields) == fields


@pytest.mark.control("CTL-016")
@pytest.mark.parametrize(
    "changes",
    [{"case_number": ""}, {"case_number": "?"}, {"reason": ""}, {"reason": "curiosity"}, {"identity_check": ""}],
)
def test_受付番号と事由と本人確認のない照会は断られる(
    desk: Desk, office: PartyProcess, changes: dict[str, str], ledger: Callable[[], list[Any]]
) -> None:
    assert desk.sign_in().inquire(**changes).status_code == 400
    assert office.control.state()["inquiries"] == 0
    assert ledger()[-1][1] == "refuse"


@pytest.mark.control("CTL-016")
def test_一件の相談で照会できるのは一人(desk: Desk, office: PartyProcess) -> None:
    desk.sign_in()
    assert desk.inquire().status_code == 200
    refused = desk.inquire(key=NOBODY)
    assert refused.status_code == 409 and "1件の相談で照会できるのは1人です" in refused.content.decode()
    assert office.control.state()["inquiries"] == 1
    assert desk.inquire(key=NOBODY, case_number="R8-000124").status_code == 200


@pytest.mark.control("CTL-020")
def test_該当のない番号が続くと照会は停止し_管理者が解く(desk: Desk, supervisor: Desk, office: PartyProcess) -> None:
    desk.sign_in()
    for turn in range(5):
        page = desk.inquire(key=f"99990000{turn:02}", case_number=f"R8-00020{turn}")
        assert "年金記録はありません" in page.content.decode()
    assert desk.inquire(case_number="R8-000300").status_code == 403
    assert office.control.state()["inquiries"] == 5
    supervisor.sign_in().client.post("/operators/T0001/unlock")
    assert desk.inquire(case_number="R8-000300").status_code == 200


@pytest.mark.control("CTL-020")
def test_短い時間に多くは照会できない(desk: Desk, office: PartyProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.pension_records import limits

    monkeypatch.setattr(limits, "INQUIRIES", 3)
    desk.sign_in()
    assert [desk.inquire(case_number=f"R8-00040{n}").status_code for n in range(4)] == [200, 200, 200, 403]


def test_台帳に書けないときは何も尋ねない(desk: Desk, office: PartyProcess, admin_connection: Any) -> None:
    desk.sign_in()
    desk.client.raise_request_exception = False
    admin_connection.execute(
        "create function ledger.stop() returns trigger language plpgsql as $$ begin raise 'full'; end $$; "
        "create trigger stop before insert on ledger.entry for each row execute function ledger.stop()"
    )
    assert desk.inquire().status_code == 500
    assert office.control.state()["inquiries"] == 0


def test_番号も記録もこの端末に残らない(desk: Desk, office: PartyProcess, admin_connection: Any) -> None:
    desk.sign_in()
    desk.inquire()
    desk.inquire(key_kind="individual", key=INDIVIDUAL)
    tables = admin_connection.execute("select tablename from pg_tables where schemaname = 'pension_records'").fetchall()
    kept = ""
    for (table,) in tables:
        kept += str(admin_connection.execute(f'select t::text from pension_records."{table}" t').fetchall())
    kept += str(admin_connection.execute("select e::text from ledger.entry e").fetchall())
    for secret in (BASIC, INDIVIDUAL, "髙橋", "学生納付特例"):
        assert secret not in kept


@pytest.mark.parametrize("trouble", ["fail", "garble", "repeat"])
def test_回線の障害のあとは同じ照会番号で送り直せて一度だけ数える(
    desk: Desk, office: PartyProcess, trouble: str
) -> None:
    from kokunen.pension_records.models import Inquiry

    desk.sign_in()
    desk.inquire(case_number="R8-000500")  # what a repeating line will bring again
    office.control.order(trouble)
    refused = desk.inquire()
    assert refused.status_code == 503 and "同じ番号で送り直してください" in refused.content.decode()
    waiting = Inquiry.objects.get(state="asked")
    office.control.heal()
    offered = desk.client.get("/inquiry", {"repeat": waiting.number}).content.decode()
    assert waiting.number in offered and BASIC not in offered
    assert desk.inquire(number=waiting.number, key=NOBODY).status_code == 409  # another number under the same question
    page = desk.inquire(number=waiting.number)
    assert page.status_code == 200 and "髙橋　花子" in page.content.decode()
    assert Inquiry.objects.count() == 2 and office.control.state()["inquiries"] == 2
    assert desk.inquire(number=waiting.number).status_code == 409  # it is over


def test_遅れた答えは待って受け取る(desk: Desk, office: PartyProcess) -> None:
    desk.sign_in()
    office.control.order("delay", seconds=None)
    answers: list[int] = []

    def ask() -> None:
        from django.db import connections

        try:
            answers.append(desk.inquire().status_code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    while office.control.state()["inquiries"] == 0:
        assert thread.is_alive()
    assert answers == []
    office.control.heal()
    thread.join()
    assert answers == [200]


def test_年金事務所に登録のない操作者は断られる(make_desk: Callable[..., Desk], office: PartyProcess) -> None:
    refused = make_desk("T0002", "s2").sign_in().inquire()
    assert refused.status_code == 403 and "登録されていません" in refused.content.decode()


def test_管理者は照会できない(supervisor: Desk, office: PartyProcess) -> None:
    assert supervisor.sign_in().inquire().status_code == 403
    assert office.control.state()["inquiries"] == 0
