"""S2-5 帳票の発行: from the request on the screen to the finished sheet and the line in the issue log."""

from __future__ import annotations

import io
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family

from kokunen.kernel.numbers import ResidentCode
from kokunen.resident_registry.models import CertificateIssue
from kokunen.resident_registry.services.numbering import register_stock

pytestmark = [pytest.mark.function("S2-5")]


@pytest.fixture
def people(sign_in: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """川口さんの世帯: 次郎 has left, 一郎 is about to leave."""
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    register_stock([ResidentCode.complete(f"{3000000000 + place}").value for place in range(20)])
    found = kawaguchi_family()
    client = sign_in("shimin1")
    for name, day in (("jiro", "R8.11.20"), ("ichiro", "R8.12.10")):
        typed = paper(movers=found[name], destination="東京都北区", event_on=day)
        assert client.post(f"/residents/{found[name]}/move-out", typed).status_code == 302
    return found


def ask(client: Client, number: str, kind: str, **more: object) -> HttpResponse:
    """証明書の請求 as sent by the screen; by the person in question unless told."""
    typed = {"kind": kind, "covered": number, "copies": "1", "request_kind": "1", "identity_check": "2", **more}
    return client.post(f"/residents/{number}/certificate", typed)  # type: ignore[return-value]


def sheet(client: Client, answer: HttpResponse) -> str:
    """刷り上がりの文字 of the sheets that the screen offers next."""
    assert answer.status_code == 302, answer.content.decode()
    place = answer.headers["Location"]
    assert client.get(place).status_code == 200
    pdf = client.get(f"{place}.pdf")
    pages = PdfReader(io.BytesIO(pdf.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(
    ("who", "kind", "words"),
    [
        ("hanako", "11", ("住民票", "川口花子", "原本と相違ない")),
        ("hanako", "12", ("世帯全員", "川口トメ", "原本と相違ない")),
        ("jiro", "13", ("除票", "川口次郎", "東京都北区")),
        ("hanako", "14", ("住民票記載事項証明書", "川口花子")),
        ("ichiro", "21", ("転出証明書", "東京都北区", "令和8年12月10日")),
        ("hanako", "41", ("住民票コード通知票", "川口花子")),
    ],
)
def test_証明書は請求の画面から刷り上がりまで進み_交付簿に番号とともに残る(
    sign_in: Desk, people: dict[str, str], ledger: Entries, who: str, kind: str, words: tuple[str, ...]
) -> None:
    client = sign_in("shimin1")
    text = sheet(client, ask(client, people[who], kind))
    issue = CertificateIssue.objects.get()
    assert (issue.kind, issue.atena_number, issue.staff_number) == (kind, people[who], "shimin1")
    for word in (*words, issue.issue_number):
        assert word in text or word in text.replace("-", ""), (word, text)
    log = client.get("/residents/certificates").content.decode()
    assert issue.issue_number in log and issue.get_kind_display() in log
    assert any(people[who] in entry["people"] for entry in ledger("print"))


def test_隠す項目は求めることのできる人が求めたときだけ出る(sign_in: Desk, people: dict[str, str]) -> None:
    client, number = sign_in("shimin1"), people["hanako"]
    assert "【省略】" in (plain := sheet(client, ask(client, number, "11"))) and "川口太郎" not in plain
    assert "川口太郎" in sheet(client, ask(client, number, "11", items=["head", "koseki"]))
    stranger = {"request_kind": "4", "requester_name": "戸塚　正", "reason": "訴訟の提起", "items": ["resident_code"]}
    refused = ask(client, number, "11", **stranger)
    assert refused.status_code == 422 and "記載できません" in refused.content.decode()
    assert "訴訟の提起" in refused.content.decode()
    assert CertificateIssue.objects.count() == 2
