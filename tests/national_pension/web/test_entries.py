"""届書の受付画面: every form of the catalogue opens, is examined, and prints; who may not is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from tests.national_pension.support import TODAY, Register, give_number, insure, put_on_roll
from tests.national_pension.web.test_screens import sign_in

from kokunen.ledger.access import AccessContext
from kokunen.national_pension.catalogue import counter_forms, form_of
from kokunen.national_pension.choices import NoticeKind
from kokunen.national_pension.forms_of_law import OFFERED_FORMS

__all__ = ["sign_in"]
pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("S1-3")]


@pytest.fixture
def visitor(city: Register) -> str:
    """第1号被保険者の来庁者"""
    atena = city.resident(date(1980, 5, 1))
    insure(atena, "1", date(2000, 4, 30))
    give_number(atena, "1234567890")
    put_on_roll(atena)
    return atena


def test_どの届書も入口があり画面が開く(sign_in: Any, visitor: str) -> None:
    client = sign_in("nenkin1")
    page = client.get(f"/pension/people/{visitor}/").content.decode()
    entries = {words: address for address, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', page)}
    for form in counter_forms():
        address = entries[form.kind.label]
        opened = client.get(address)
        assert opened.status_code == 200, form.code
        if address.endswith(f"/{form.code}/"):  # 免除などは、いくつもの届を一度に受ける画面から入る
            assert form.name in opened.content.decode(), form.code


def test_審査の結果が理由とともに出て受け付けると受付番号になる(sign_in: Any, visitor: str) -> None:
    client = sign_in("nenkin1")
    address = f"/pension/people/{visitor}/forms/F10/"
    typed = {
        "situation": "join",
        "from_month": "R8.4",
        "payment_method": "slip",
        "received_on": "今日",
        "filer": "self",
    }
    assert "さかのぼって納めることはできません" in client.post(f"{address}examine/", typed).content.decode()
    typed |= {"from_month": "R8.11", "identity_document": "driving_licence", "to_report": "on"}
    assert "受け付けられます" in client.post(f"{address}examine/", typed).content.decode()
    done = client.post(address, typed)
    assert done.status_code == 302
    shown = client.get(done.url).content.decode()
    assert "令和8年11月" in shown and "送付待" in shown
    printed = client.get(f"{done.url}form.pdf")
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF")


def _receipt(atena: str, kind: NoticeKind, officer: AccessContext) -> int:
    """A receipt of that form with every field filled, as a load from the old system brings it."""
    from django.db import transaction

    from kokunen.national_pension.choices import Filer, NoticeSource
    from kokunen.national_pension.services import receipt_flow

    form = form_of(kind)
    samples = {
        "date": "2026-11-01",
        "month": "2026-11",
        "number": 2026,
        "year": 2026,
        "yen": 120000,
        "digits": "1150",
        "flag": True,
    }
    data = {one.name: samples.get(one.type, next(iter(one.options), "記載の例")) for one in form.fields}
    situation = form.situations[0] if form.situations else None
    with transaction.atomic(using="national_pension"):
        receipt = receipt_flow.receive(
            atena_number=atena,
            kind=kind,
            source=NoticeSource.COUNTER,
            context=officer,
            received_on=TODAY,
            situation=situation.code if situation else "",
            filer=Filer.SELF,
            identity_document="driving_licence",
            identity_confirmed=True,
            missing_papers=situation.papers if situation else (),
            content=data,
        )
    return receipt.pk


@pytest.mark.control("CTL-056")
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_どの届書も一つの様式で1枚に印刷される(
    visitor: str, officer: AccessContext, kind: NoticeKind, request: pytest.FixtureRequest
) -> None:
    import io
    import os
    from pathlib import Path

    from pypdf import PdfReader

    from kokunen.national_pension.services.form_prints import print_form

    slip = print_form(notice_id=_receipt(visitor, kind, officer), office_name="国民年金課", context=officer)
    pages = PdfReader(io.BytesIO(slip.content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert len(pages) == 1
    assert slip.serial in text and form_of(kind).code in text
    for one in form_of(kind).fields:
        assert one.label.replace(" ", "")[:8] in text, one.label
    folder = os.environ.get("KOKUNEN_PICTURES")
    if folder:
        (Path(folder) / f"{kind}.pdf").write_bytes(slip.content)


def test_未完了の板は窓口と担当で絞れ一覧とCSVになる(sign_in: Any, visitor: str, officer: AccessContext) -> None:
    client = sign_in("nenkin1")
    branch = AccessContext("shiba1", "2101", "pension_qualification", screen="試験", terminal="T-11")
    _receipt(visitor, NoticeKind.DISABILITY, branch)
    _receipt(visitor, NoticeKind.NUMBER_NOTICE, officer)
    both = client.get("/pension/board/").content.decode()
    assert "芝支所 shiba1" in both and "基礎年金番号通知書再交付申請書</td>" in both
    branch_only = client.get("/pension/board/?office=2101&sort=due").content.decode()
    assert "芝支所 shiba1" in branch_only and "基礎年金番号通知書再交付申請書</td>" not in branch_only
    assert client.get("/pension/board/?warning=overdue").content.decode().count("data-open") == 0
    assert client.get("/pension/board/list.pdf").content.startswith(b"%PDF")
    listed = client.get("/pension/board/list.csv?office=2101").content.decode()
    assert "障害基礎年金" in listed and "川口　太郎" not in listed and visitor not in listed


def test_支所の職員は主管課の確認も決定の記録もできない(sign_in: Any, visitor: str, officer: AccessContext) -> None:
    client = sign_in("shiba1")
    receipt = _receipt(visitor, NoticeKind.NUMBER_NOTICE, officer)
    assert client.post(f"/pension/notices/{receipt}/check/", {}).status_code == 403
    assert client.post(f"/pension/notices/{receipt}/decide/", {}).status_code == 403


@pytest.mark.parametrize("number", ["shimin1", "zei1"])
def test_年金の役割のない職員は届書を開けない(sign_in: Any, visitor: str, number: str) -> None:
    client = sign_in(number)
    for part in ("forms/F10/", "forms/F21/"):
        assert client.get(f"/pension/people/{visitor}/{part}").status_code == 403


def test_専用の画面の届書は一般の画面からは開けない(sign_in: Any, visitor: str) -> None:
    client = sign_in("nenkin1")
    for code in (*OFFERED_FORMS, "F90", "F99"):
        assert client.get(f"/pension/people/{visitor}/forms/{code}/").status_code == 404
