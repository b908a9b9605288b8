"""前もって分かること (S1-1, S1-2): 480月, gaps, offices and their queues, events of a life, letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_claims import noted
from tests.acceptance.national_pension.test_exemption_events import _full, _receive
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-1")]


def test_任意加入の480月到達は確認した記録から前もって分かる(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.jobs import list_reached_480
    from kokunen.national_pension.models import WorkItem

    near, far, unknown = (city.resident(date(1964, 4, 20)) for _ in range(3))
    for atena in (near, far, unknown):
        insure(atena, "5", date(2024, 4, 19))
    noted(near, officer, ("1984-04", "1986-03", "unpaid", ""), ("1986-04", "2026-03", "paid", ""))
    noted(far, officer, ("1984-04", "1996-03", "unpaid", ""), ("1996-04", "2026-03", "paid", ""))
    ran = list_reached_480()
    assert (ran.looked_at, ran.created) == (2, 1), "nobody counts months that nobody has looked up"
    item = WorkItem.objects.get(kind="reached_480")
    assert (item.atena_number, item.event_on) == (near, date(2026, 4, 1))
    assert item.proposal["endings"][0]["loss_reason"] == "11"
    assert list_reached_480().created == 0


def test_説明のない空白と未加入の疑いが一覧になる(city: Register, officer: AccessContext, sign_in: Any) -> None:
    from kokunen.national_pension.jobs import list_unenrolled
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.queries.candidates import gaps

    holed, explained, never = (city.resident(date(1985, 4, 1 + n)) for n in range(3))
    insure(holed, "1", date(2005, 3, 31), date(2010, 4, 1), loss_reason="99")
    insure(holed, "1", date(2010, 9, 1))
    insure(explained, "1", date(2005, 4, 1), date(2010, 4, 1), loss_reason="04")
    insure(explained, "1", date(2012, 4, 1))
    (gap,) = gaps(context=officer).rows
    assert (gap.atena_number, gap.lost_on, gap.days) == (holed, date(2010, 4, 1), 153)
    list_unenrolled()
    assert WorkItem.objects.get(kind="unenrolled").atena_number == never
    page = sign_in("nenkin1").get("/pension/gaps/", {"purpose": "pension_qualification"}).content.decode()
    assert "153日" in page


def test_窓口ごとの仕事と主管課の確認待ち(city: Register, officer: AccessContext, sign_in: Any) -> None:
    from kokunen.national_pension.queries.candidates import check_queue, offices

    branch = replace(officer, staff_number="3001", office_code="2101")
    atena = city.resident(date(1985, 4, 1))
    insure(atena, "1", date(2005, 3, 31))
    give_number(atena, "1000000001")
    taken = [
        _receive(atena, "F11", "lost", branch, handed_booklet=what, send_to="home") for what in ("notice", "booklet")
    ]
    row = next(one for one in offices() if one.code == "2101")
    assert (row.open, row.to_check) == (2, 2)
    assert [one.pk for one, _ in check_queue(context=officer)] == [one.pk for one in taken]
    client = sign_in("nenkin1")
    page = client.get("/pension/offices/check/", {"purpose": "pension_qualification"}).content.decode()
    assert taken[0].receipt_number in page
    client.post("/pension/offices/check/", {"receipt": [one.pk for one in taken]})
    assert check_queue(context=officer) == []
    taken[0].refresh_from_db()
    assert taken[0].state == "40" and taken[0].checked_by
    assert "川口　太郎" not in client.get("/pension/offices/").content.decode(), "counts name nobody"


@pytest.mark.function("S1-4")
def test_勧奨の結果は記入でき申請があれば自動で変わる(city: Register, officer: AccessContext, sign_in: Any) -> None:
    from tests.acceptance.national_pension.test_statistics import income

    from kokunen.national_pension.models import OutreachLetter
    from kokunen.national_pension.services.outreach import make_letters, note_result

    atena = city.resident(date(1990, 3, 20))
    insure(atena, "1", date(2015, 4, 1))
    income(atena, "3", 0)
    make_letters(context=officer)
    letter = OutreachLetter.objects.get()
    with pytest.raises(InputError, match="作成日から今日まで"):
        note_result(letter_id=letter.pk, result="visited", on=date(2026, 11, 23), note="", context=officer)
    client = sign_in("nenkin1")
    assert "川口　太郎" in client.get("/pension/outreach/", {"purpose": "pension_exemption"}).content.decode()
    typed = {"result": "declined", "on": "今日", "note": "納付する"}
    assert client.post(f"/pension/outreach/{letter.pk}/result/", typed).status_code == 302
    letter.refresh_from_db()
    assert (letter.result, letter.result_note) == ("declined", "納付する")
    OutreachLetter.objects.update(result="applied")
    with pytest.raises(Conflict, match="申請を受け付けた"):
        note_result(letter_id=letter.pk, result="visited", on=date(2026, 11, 24), note="", context=officer)


@pytest.mark.function("S1-4")
def test_免除者数と交付金の件数は記録から数える(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.queries.statistics import statistics

    exempt, mother, payer = (city.resident(date(1990, 3, 20)) for _ in range(3))
    for atena in (exempt, mother, payer):
        insure(atena, "1", date(2015, 4, 1))
        put_on_roll(atena)
    _full(exempt, "2026-07", "2027-06")
    _put(mother, "50", "2026-09", "2026-12")
    _receive(payer, "F11", "lost", officer, handed_booklet="notice", send_to="home")
    found = statistics(2026)
    last = found.months[-1]
    assert (last.first_kind, last.exempted, last.paying) == (3, 1, 2), "産前産後 counts as paying"
    assert (last.exempt["全額免除"], last.exempt["産前産後・育児"]) == (1, 1)
    assert (found.exempt_summed, found.paying_twelfth) == (4, 17 // 12)
    assert dict(found.forms)["基礎年金番号通知書再交付申請書"] == 1 and dict(found.tasks)["適用等事務"] == 1


def _put(atena: str, kind: str, first: str, last: str) -> None:
    from django.db import transaction

    from kokunen.law.engine.months import parse_month
    from kokunen.national_pension.services.exemption_periods import Span, put

    with transaction.atomic(using="national_pension"):
        span = Span(parse_month(first), parse_month(last))
        put(atena, span, kind=kind, application=None, staff_number="load", reason="移行", facts={})
