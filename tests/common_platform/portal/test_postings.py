"""所属と異動の試験"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from kokunen.common_platform.portal import queries
from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.models import Posting, Staff
from kokunen.common_platform.portal.services import staff
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.errors import Conflict, InputError

pytestmark = [pytest.mark.function("S3-4"), pytest.mark.control("CTL-052")]
SignIn = Callable[..., Client]


@pytest.fixture
def officer(accounts: str, monkeypatch: pytest.MonkeyPatch) -> Staff:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    return Staff.objects.get(number="nenkin1")


def test_前もって登録した異動はその日の零時から効く(
    officer: Staff, administrator: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.staff_transfer(
        officer, office_code="3010", roles=[Role.TAX_OFFICER], on=date(2026, 12, 1), context=administrator
    )
    client = sign_in("nenkin1")
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-30")
    assert "国民年金課" in client.get("/").content.decode()
    assert [p.office_id for p in queries.find_postings(officer.pk)] == ["2010"]
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-01")
    home = client.get("/").content.decode()
    assert "市民税課" in home and "個人住民税担当" in home and "国民年金課" not in home


def test_所属が終わると開いている画面も次の要求で終わる(
    officer: Staff, administrator: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("nenkin1")
    posting = queries.find_postings(officer.pk)[0]
    staff.posting_end(posting, ends_before=date(2026, 12, 1), context=administrator, reason="退職")
    assert client.get("/").status_code == 200
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-01")
    answer = client.get("/")
    assert answer.status_code == 401
    assert "今日の所属が登録されていない" in answer.content.decode()


def test_前の記録は閉じるだけで消えない(officer: Staff, administrator: Any) -> None:
    before = Posting.objects.current().get(staff=officer)
    staff.staff_transfer(
        officer, office_code="2101", roles=[Role.PENSION_BRANCH], on=date(2027, 4, 1), context=administrator
    )
    rows = list(Posting.objects.filter(staff=officer).order_by("pk"))
    assert len(rows) == 3
    assert rows[0].pk == before.pk and rows[0].recorded_period.upper is not None
    assert rows[0].valid_period.upper is None
    assert [(r.office_id, r.valid_period.lower, r.valid_period.upper) for r in rows[1:]] == [
        ("2010", date(2020, 4, 1), date(2027, 4, 1)),
        ("2101", date(2027, 4, 1), None),
    ]
    assert {r.recorded_by for r in rows[1:]} == {"kanri1"}


def test_同じ部署の重なる所属は画面でもデータベースでも断られる(officer: Staff, administrator: Any) -> None:
    with pytest.raises(Conflict, match="すでに同じ部署の所属があります"):
        staff.posting_begin(
            officer, office_code="2010", roles=[Role.PENSION_CHIEF], begins_on=date(2026, 12, 1), context=administrator
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            staff=officer,
            office_id="2010",
            roles=["pension_chief"],
            valid_period=DateRange(date(2026, 12, 1), None, "[)"),
            recorded_period=recorded_from(),
            recorded_by="x",
        )


def test_役割のない所属や知らない役割は断られる(officer: Staff, administrator: Any) -> None:
    for roles in ([], ["god"]):
        with pytest.raises(InputError, match="役割"):
            staff.posting_begin(
                officer, office_code="2101", roles=roles, begins_on=date(2026, 12, 1), context=administrator
            )


def test_兼務の職員は所属を選び_権限もその所属のものになる(officer: Staff, administrator: Any, sign_in: SignIn) -> None:
    staff.posting_begin(
        officer,
        office_code="1020",
        roles=[Role.ADMINISTRATOR],
        begins_on=date(2026, 11, 1),
        is_main=False,
        context=administrator,
    )
    client = sign_in("nenkin1")
    assert client.get("/staff").status_code == 403
    assert "所属を切り替える" in client.get("/").content.decode()
    assert client.post("/my/posting", {"office": "1020"}).status_code == 302
    assert client.get("/staff").status_code == 200
    assert "情報政策課" in client.get("/").content.decode()
    client.post("/my/posting", {"office": "9999"})
    assert client.get("/staff").status_code == 200
    client.post("/my/posting", {"office": "2010"})
    assert client.get("/staff").status_code == 403


def test_管理者は画面から異動を登録できる(officer: Staff, sign_in: SignIn) -> None:
    client = sign_in("kanri1")
    answer = client.post(
        "/staff/nenkin1/transfer", {"on": "R9.4.1", "office": "2102", "roles": ["resident_officer", "pension_branch"]}
    )
    assert answer.status_code == 302
    detail = client.get("/staff/nenkin1").content.decode()
    assert "新郷支所" in detail and "令和9年4月1日" in detail and "令和9年4月1日 の前日" in detail
    bad = client.post("/staff/nenkin1/transfer", {"on": "R1.4.30", "office": "", "roles": []})
    text = bad.content.decode()
    assert bad.status_code == 422
    assert "平成31年4月30日" in text and "部署を選んでください。" in text and "役割を選んでください。" in text


def test_部署は評価書の八つの使用部署を含む(accounts: str) -> None:
    using = [office.name for office in queries.find_offices() if office.uses_pension_file]
    assert using == [
        "国民年金課",
        "芝支所",
        "新郷支所",
        "神根支所",
        "安行支所",
        "東川口駅前行政センター",
        "鳩ヶ谷支所",
        "川口駅前行政センター",
    ]
