"""画面の試験: every screen opens over real data, in the ledger; who may not is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("S1-2")]


@pytest.fixture
def sign_in(city: Register):  # type: ignore[no-untyped-def]
    """職員としてサインインした画面."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()

    def enter(number: str) -> Client:
        client = Client()
        answer = client.post("/sign-in", {"number": number, "password": demo.PASSWORD})
        assert answer.status_code == 302
        client.get("/pension/?q=&purpose=pension_qualification")
        return client

    return enter


@pytest.fixture
def leaving(city: Register) -> str:
    """海外へ転出する第1号被保険者."""
    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    give_number(atena, "1234567890")
    put_on_roll(atena)
    city.moves_abroad(atena, date(2026, 11, 20))
    city.take()
    return atena


def _item(atena: str) -> int:
    from kokunen.national_pension.models import WorkItem

    return WorkItem.objects.get(atena_number=atena).pk


def test_検索から個人の各画面が開き氏名が読める(sign_in, leaving: str) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("nenkin1")
    for query in ("カワグチ", "川口", "S49.1.15", "1234567890"):
        rows = client.get("/pension/", {"q": query, "purpose": "pension_qualification"}, HTTP_HX_REQUEST="true")
        assert rows.status_code == 200 and "川口　太郎" in rows.content.decode(), query
    for part in ("", "qualification/", "household/", "history/", "?known_on=R8.11.1", "notices/F03/", "notices/F06/"):
        page = client.get(f"/pension/people/{leaving}/{part}")
        assert page.status_code == 200 and "川口　太郎" in page.content.decode(), part


def test_事項を画面で確定し受付票が出る(sign_in, leaving: str) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("nenkin1")
    assert "国民年金法第9条第2号" in client.get(f"/pension/work/{_item(leaving)}/").content.decode()
    answer = client.post(
        f"/pension/work/{_item(leaving)}/confirm/", {"to_report": "on", "source": "resident_notice", "seen": ""}
    )
    assert answer.status_code == 302
    assert periods(leaving)[0][2] == date(2026, 11, 21)
    page = client.get(answer.url)
    assert page.status_code == 200 and "受付番号" in page.content.decode()
    assert client.get(f"{answer.url}receipt/").status_code == 200
    slip = client.get(f"{answer.url}receipt.pdf")
    assert slip["Content-Type"] == "application/pdf" and slip.content.startswith(b"%PDF")
    assert client.get("/pension/board/").status_code == 200


def test_一覧の脈は変わらない間は何も返さない(sign_in, leaving: str, city: Register) -> None:  # type: ignore[no-untyped-def]
    from kokunen.national_pension.queries.lists import work_pulse

    client = sign_in("nenkin1")
    assert "国外への転出" in client.get("/pension/work/").content.decode()
    assert client.get("/pension/work/pulse/", {"seen": work_pulse()}).status_code == 204
    seen = work_pulse()
    another = city.resident(date(1980, 1, 1), name="青木　次郎")
    insure(another, "1", date(2000, 1, 1))
    city.dies(another, date(2026, 11, 23))
    city.take()
    changed = client.get("/pension/work/pulse/", {"seen": seen})
    assert changed.status_code == 200 and "青木" not in changed.content.decode(), "the pulse names nobody"
    assert "青木　次郎" in client.get("/pension/work/rows/").content.decode()


def test_届書の見込みと登録(sign_in, city: Register) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("nenkin1")
    atena = city.resident(date(1985, 5, 12))
    typed = {"choice": "retired", "fact_on": "r081030", "received_on": "今日", "filer": "self", "to_report": "on"}
    seen = client.post(f"/pension/people/{atena}/notices/F02/preview/", typed)
    assert "令和8年10月31日" in seen.content.decode() and "期限を過ぎています" in seen.content.decode()
    refused = client.post(f"/pension/people/{atena}/notices/F02/", typed)
    assert refused.status_code == 422 and "本人確認" in refused.content.decode()
    done = client.post(f"/pension/people/{atena}/notices/F02/", {**typed, "identity_document": "driving_licence"})
    assert done.status_code == 302
    assert [row[:2] for row in periods(atena)] == [("1", date(2026, 10, 31))]


def test_報告の画面と訂正の画面が開く(sign_in, leaving: str, tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("nenkin9")
    for path in ("/pension/report/", "/pension/results/", "/pension/corrections/", "/"):
        assert client.get(path).status_code == 200, path
    period = periods(leaving)
    assert period
    from kokunen.national_pension.services.recording import current_periods

    one = current_periods(leaving)[0]
    assert client.get(f"/pension/people/{leaving}/qualification/{one.pk}/correct/").status_code == 200


@pytest.mark.parametrize("number", ["shimin1", "zei1", "kanri1"])
def test_年金の役割のない職員は開けない(sign_in, leaving: str, number: str) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(number)
    for path in (
        f"/pension/people/{leaving}/",
        "/pension/work/",
        f"/pension/work/{_item(leaving)}/",
        "/pension/report/",
    ):
        assert client.get(path).status_code == 403, path


def test_支所の職員は報告と取消ができない(sign_in, leaving: str) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("shiba1")
    assert client.get("/pension/work/").status_code == 200
    assert client.get("/pension/report/").status_code == 403
    assert client.post("/pension/notices/1/cancel/", {"reason": "誤り"}).status_code == 403


def test_すべてのアドレスに権限がある(city: Register) -> None:
    from kokunen.national_pension.web.urls import urlpatterns

    for pattern in urlpatterns:
        access = pattern.callback.kokunen_access  # type: ignore[union-attr]
        assert access.permission, pattern.name
        counts_only = pattern.name in ("statistics", "offices")  # names nobody
        assert access.polling or access.personal or counts_only, pattern.name


def test_入力の途中の見込みは一度の閲覧として一行だけ残る(sign_in, leaving: str, admin_connection) -> None:  # type: ignore[no-untyped-def]
    """Sliders of a claim, fields of any form: one look, one entry each of the person and of what follows."""
    import re

    client = sign_in("nenkin1")

    def looks() -> int:
        return int(admin_connection.execute("select count(*) from ledger.entry where act = 'view'").fetchone()[0])

    def marks(page) -> str:  # type: ignore[no-untyped-def]
        found = re.search(r'name="shown" value="([0-9a-f ]*)"', page.content.decode())
        assert found is not None
        return found[1]

    typed = {"choice": "abroad", "fact_on": "R8.11.20", "received_on": "R8.11.24", "filer": "self"}
    address = f"/pension/people/{leaving}/notices/F03/preview/"
    before = looks()
    first = client.post(address, typed)
    assert looks() == before + 2 and len(marks(first).split()) == 2
    for day in ("R8.11.21", "R8.11.22"):
        assert marks(client.post(address, typed | {"fact_on": day, "shown": marks(first)})) == marks(first)
    assert looks() == before + 2, "one look, whatever is typed"
    client.post(address, typed | {"shown": "0" * 64})
    assert looks() == before + 4, "a mark that was made up is no look"
    paper = f"/pension/people/{leaving}/forms/F10/examine/"
    typed = {"situation": "join", "from_month": "R8.4", "received_on": "R8.11.24", "filer": "self"}
    before = looks()
    waiting = client.post(paper, {})
    assert looks() == before + 1 and "左の欄を入力する" in waiting.content.decode()
    first = client.post(paper, typed | {"shown": marks(waiting)})
    assert looks() == before + 2 and len(marks(first).split()) == 2, "the person stood there already"
    for month in ("R8.10", "R8.11"):
        assert marks(client.post(paper, typed | {"from_month": month, "shown": marks(first)})) == marks(first)
    assert looks() == before + 2
    assert client.post(paper.replace("F10", "F12"), {"shown": marks(first)}).status_code == 200
    assert looks() == before + 3, "another purpose is another look"
    claim = f"/pension/people/{leaving}/claims/F20/result/"
    client.get("/pension/?q=&purpose=pension_benefit")
    opened = client.post(claim, {"claim_age": "780"})
    before = looks()
    assert client.post(claim, {"claim_age": "792", "shown": marks(opened)}).status_code == 200
    assert looks() == before


def test_同じ期限なら届いたばかりの異動が一覧の上に来る(sign_in, leaving: str, city: Register) -> None:  # type: ignore[no-untyped-def]
    from kokunen.national_pension.models import WorkItem

    other = city.resident(date(1975, 1, 15), name="川口　次郎")
    insure(other, "1", date(1995, 1, 14))
    city.moves_abroad(other, date(2026, 11, 20))
    city.take()
    early, late = WorkItem.objects.order_by("id")
    assert early.due_on == late.due_on
    page = sign_in("nenkin1").get("/pension/work/").content.decode()
    assert page.index("川口　次郎") < page.index("川口　太郎")
