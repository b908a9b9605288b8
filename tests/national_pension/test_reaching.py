"""20歳到達者の一覧: by the day of the law, month by month, with what is recorded already."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.national_pension.support import Register, insure

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("S1-2")]
CONTEXT = AccessContext("nenkin1", "1001", "pension_qualification", screen="試験", terminal="T-1")


def test_誕生日の前日の月に載り_一日生まれは前の月になる(city: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.national_pension.jobs import list_reached_20
    from kokunen.national_pension.queries import reaching

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    first = city.resident(date(2006, 12, 1))  # reaches 20 on 30 November
    last = city.resident(date(2006, 12, 31))
    new_year = city.resident(date(2007, 1, 1))  # reaches 20 on 31 December
    city.resident(date(2007, 1, 2))
    city.resident(date(2006, 12, 10), status="2", removed_on=date(2026, 4, 1), removal_code="201")
    insure(last, "2", date(2025, 4, 1))
    found = reaching.reaching_20(context=CONTEXT)
    assert [(row.resident.atena_number, row.reached_on) for row in found.rows] == [
        (last, date(2026, 12, 30)),
        (new_year, date(2026, 12, 31)),
    ]
    assert [row.insured for row in found.rows] == ["第2号", ""]
    assert [(one.label, one.people, one.without) for one in found.months[:3]] == [
        ("令和8年11月", 1, 1), ("令和8年12月", 2, 1), ("令和9年1月", 1, 1),
    ]  # fmt: skip
    assert len(found.months) == 13
    list_reached_20(date(2026, 11, 24))
    (november,) = reaching.reaching_20(context=CONTEXT, month=date(2026, 11, 1)).rows
    assert (november.resident.atena_number, november.item_state) == (first, "予定") and november.item_id
    monkeypatch.setattr(reaching, "PAGE", 1)
    page = reaching.reaching_20(context=CONTEXT)
    following = reaching.reaching_20(context=CONTEXT, after=page.next_key)
    assert (page.total, following.rows[0].resident.atena_number, following.next_key) == (2, new_year, "")
    with pytest.raises(InputError, match="12か月先まで"):
        reaching.reaching_20(context=CONTEXT, month=date(2028, 1, 1))


def test_一覧の画面は閲覧記録を残し_年金の役割のない職員は開けない(
    city: Register, monkeypatch: pytest.MonkeyPatch, admin_connection: object
) -> None:
    from kokunen.common_platform.portal import demo

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    atena = city.resident(date(2006, 12, 20))
    demo.create_accounts()

    def get(number: str, query: str = "") -> tuple[int, str]:
        client = Client()
        client.post("/sign-in", {"number": number, "password": demo.PASSWORD})
        answer = client.get(f"/pension/reaching-20/{query}")
        return answer.status_code, answer.content.decode()

    status, text = get("nenkin1")
    assert status == 200 and "令和8年12月19日" in text and "川口　太郎" in text
    entry = admin_connection.execute(  # type: ignore[attr-defined]
        "select staff_number, atena_numbers from ledger.entry where dataset = '20歳到達者一覧' order by entry_id desc"
    ).fetchone()
    assert entry == ("nenkin1", [atena])
    assert get("nenkin1", "?month=2026-13")[0] == 422
    assert get("shimin1")[0] == 403 and get("zei1")[0] == 403
