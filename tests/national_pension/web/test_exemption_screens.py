"""免除の画面: takes three cycles in, prints them, records the decision; who may not is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.national_pension.services.test_exemptions import _sent, declare, household
from tests.national_pension.support import Register
from tests.national_pension.web.test_screens import sign_in

__all__ = ["household", "sign_in"]

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("T5")]

_PAPER = {
    "cycles": ["general-2024", "general-2025", "general-2026"],
    "identity_document": "my_number_card",
    "filer": "self",
    "ground": "job_loss",
    "ground_person": "applicant",
    "ground_on": "R6.11.30",
    "wished": [
        "full_exemption",
        "deferral",
        "three_quarter_exemption",
        "half_exemption",
        "quarter_exemption",
    ],
    "papers": ["離職票または雇用保険受給資格者証"],
    "received_on": "R8.11.24",
}


def test_三年度を一度に受け付け_印刷し_裁定を記録する(  # type: ignore[no-untyped-def]
    sign_in, household: dict[str, str], city: Register
) -> None:
    from kokunen.national_pension.models import Receipt

    man = household["man"]
    client = sign_in("nenkin1")
    page = client.get(f"/pension/people/{man}/exemptions/new/").content.decode()
    assert "令和6年12月から令和7年6月まで 7か月" in page and "3" in page
    seen = client.post(f"/pension/people/{man}/exemptions/preview/", _PAPER).content.decode()
    assert "全額免除" in seen and "判定保留" in seen and "未申告" in seen and "国民年金法第90条第1項" in seen
    answer = client.post(f"/pension/people/{man}/exemptions/new/", _PAPER)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert client.get(answer.url).status_code == 200
    receipts = list(Receipt.objects.filter(atena_number=man).order_by("pk"))
    assert len(receipts) == 3
    query = "&".join(f"receipt={one.pk}" for one in receipts)
    pdf = client.get(f"/pension/people/{man}/exemptions/forms.pdf?{query}")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")
    _sent(receipts[0])
    result = client.post(
        f"/pension/exemptions/{receipts[0].pk}/result/",
        {"result": "1", "kind": "20", "first": "R6.12.1", "last": "R7.6.1", "decided_on": "R8.11.24", "note": ""},
    )
    assert result.status_code == 302, result.content.decode()[:3000]
    tab = client.get(f"/pension/people/{man}/exemptions/").content.decode()
    assert "全額免除" in tab and "令和6年12月" in tab
    assert "日本年金機構の裁定" in client.get(f"/pension/people/{man}/").content.decode()


def test_見込みを繰り返しても閲覧記録は新しいものを見たときだけ増える(  # type: ignore[no-untyped-def]
    sign_in, household: dict[str, str], admin_connection: Any
) -> None:
    man, client = household["man"], sign_in("nenkin1")
    count = "select count(*) from ledger.entry where dataset = '免除の審査（所得）'"

    def looks() -> int:
        return int(admin_connection.execute(count).fetchone()[0])

    def mark(page: Any) -> str:
        found = re.search(r'name="shown" value="([0-9a-f]{64})"', page.content.decode())
        assert found is not None
        return found[1]

    address = f"/pension/people/{man}/exemptions/"
    first = mark(client.get(f"{address}new/"))
    assert looks() == 1
    live = client.post(f"{address}preview/", _PAPER | {"shown": first})
    assert "判定保留" in live.content.decode() and mark(live) == first
    for _ in range(3):
        pulse = client.post(f"{address}again/", _PAPER | {"shown": first})
        assert (pulse.status_code, pulse.content) == (204, b"")
    assert looks() == 1, "one look, however often the page asks"
    declare(household["wife"], 2025, 650_000)
    news = client.post(f"{address}again/", _PAPER | {"shown": first})
    assert "納付猶予" in news.content.decode() and mark(news) != first
    assert looks() == 2, "something new was shown"
    assert client.post(f"{address}again/", _PAPER | {"shown": "0" * 64}).status_code == 200
    other = sign_in("nenkin9")
    assert other.post(f"{address}again/", _PAPER | {"shown": mark(news)}).status_code == 200
    assert looks() == 4, "a mark that was made up, and another officer's, are looks of their own"


def test_誤りは欄に言葉で示される(sign_in, household: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("nenkin1")
    page = client.post(
        f"/pension/people/{household['man']}/exemptions/new/", _PAPER | {"ground_on": "", "identity_document": ""}
    )
    assert page.status_code == 422 and "事由の日を入力してください" in page.content.decode()


def test_権限のない職員は開けない(sign_in, household: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("shimin1")
    assert client.get(f"/pension/people/{household['man']}/exemptions/").status_code == 403
    branch = sign_in("shiba1")
    assert branch.post("/pension/exemptions/1/result/", {}).status_code == 403
