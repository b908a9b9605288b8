"""免除の画面: takes three cycles in, prints them, records the decision; who may not is refused."""

from __future__ import annotations

import pytest
from tests.national_pension.services.test_exemptions import _sent, household
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
