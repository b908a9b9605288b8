"""画面の試験: every screen opens over real data, in the ledger; who may not is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from pypdf import PdfReader
from tests.resident_tax.support import TaxOffice, decision

from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S6-5"), pytest.mark.function("S6-4"), pytest.mark.function("S6-6")]


@pytest.fixture
def sign_in(city: TaxOffice) -> Callable[[str], Client]:
    """職員としてサインインした画面."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()

    def enter(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    return enter


@pytest.fixture
def family(city: TaxOffice, officer: AccessContext) -> tuple[str, str]:
    """給与の人と、所得が上限を超える扶養の配偶者."""
    father, wife = city.resident(date(1985, 5, 1)), city.resident(date(1986, 3, 3), sex="2", name="川口　花子")
    city.document(father, salary_receipts=4_500_000, social_insurance=660_000, main=True, payer_number="1000001")
    city.document(wife, salary_receipts=2_000_000)
    city.claims(father, wife, "01")
    city.assess(officer)
    return father, wife


def _seen(atena: str) -> list[tuple[str, str]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute("select act, dataset from ledger.entry order by entry_id desc limit 3")
        return cursor.fetchall()


def test_照会の画面は税額とその理由と履歴を示し閲覧が残る(
    sign_in: Callable[[str], Client], family: tuple[str, str]
) -> None:
    client = sign_in("zei1")
    rows = client.get("/tax/", {"q": "カワグチ"}, HTTP_HX_REQUEST="true").content.decode()
    assert "川口　太郎" in rows
    shown = client.get(f"/tax/people/{family[0]}/?year=2026").content.decode()
    for words in ("年税額", "課税標準額", "地方税法第314条の3", "給与支払報告書", "第1版", "174,000円"):
        assert words in shown, words
    assert ("view", "個人住民税の照会（2026年度）") in _seen(family[0])


def test_市民税課でない職員は断られる(sign_in: Callable[[str], Client], family: tuple[str, str]) -> None:
    client = sign_in("nenkin1")
    for path in (f"people/{family[0]}/", "runs/", "files/", "checks/", "changes/"):
        assert client.get(f"/tax/{path}").status_code == 403, path
    assert sign_in("zei1").post("/tax/runs/start/", {"tax_year": 2026}).status_code == 403


def test_試算から起案し係長が決定し通知書と決議書が出る(
    sign_in: Callable[[str], Client], family: tuple[str, str]
) -> None:
    father = family[0]
    client, chief = sign_in("zei1"), sign_in("zei9")
    played = client.post(f"/tax/people/{father}/2026/play/result/", {"social_insurance": "1,000,000"})
    assert "減額" in played.content.decode() and decision(father).total_tax == 174_000
    assert client.get(f"/tax/people/{father}/2026/play/").status_code == 200
    wrong = client.post(f"/tax/people/{father}/2026/change/", {"social_insurance": "百万", "reason": "14", "note": "x"})
    assert wrong.status_code == 422 and "円の数字" in wrong.content.decode()
    form = {"social_insurance": "1,000,000", "reason": "14", "note": "控除証明書を確認"}
    assert client.post(f"/tax/people/{father}/2026/change/", form).status_code == 302
    listed = chief.get("/tax/changes/").content.decode()
    assert "控除証明書を確認" in listed and "決定する" in listed
    from kokunen.resident_tax.models import TaxChange

    change = TaxChange.objects.get()
    assert client.post(f"/tax/changes/{change.pk}/approve/").status_code == 403
    assert chief.post(f"/tax/changes/{change.pk}/approve/").status_code == 302
    assert decision(father).version == 2 and decision(father).total_tax < 174_000
    assert chief.get(f"/tax/changes/{change.pk}/resolution.pdf").content.startswith(b"%PDF")
    (sheet,) = PdfReader(BytesIO(chief.get(f"/tax/people/{father}/2026/papers/notice.pdf").content)).pages
    for words in ("税額変更通知書", "変更前", "174,000円", f"{decision(father).total_tax:,}円", "審査請求"):
        assert words in sheet.extract_text()
    assert "第2版" in client.get(f"/tax/people/{father}/?year=2026").content.decode()


@pytest.mark.parametrize("paper", ["tax", "income"])
def test_証明書が出て通し番号が残り未申告の方には出ない(
    sign_in: Callable[[str], Client], family: tuple[str, str], city: TaxOffice, officer: AccessContext, paper: str
) -> None:
    client = sign_in("zei1")
    assert client.get(f"/tax/people/{family[0]}/2026/papers/{paper}/").status_code == 200
    assert client.get(f"/tax/people/{family[0]}/2026/papers/{paper}.pdf").content.startswith(b"%PDF")
    assert _seen(family[0])[0][0] == "print"
    silent = city.resident(date(1990, 1, 1))
    city.assess(officer)
    refused = client.get(f"/tax/people/{silent}/2026/papers/{paper}.pdf")
    assert refused.status_code == 409 and "申告がない" in refused.content.decode()


def test_一件入力とファイル取込の画面(sign_in: Callable[[str], Client], family: tuple[str, str]) -> None:
    client, (father, _) = sign_in("zei1"), family
    assert "給与収入" in client.get(f"/tax/people/{father}/documents/11/").content.decode()
    wrong = client.post(f"/tax/people/{father}/documents/11/", {"salary_receipts": "あ"})
    assert wrong.status_code == 422
    entered = {"tax_year": 2026, "received_on": "R8.3.1", "social_insurance": "700000"}
    assert client.post(f"/tax/people/{father}/documents/22/", entered).status_code == 302
    upload = SimpleUploadedFile("年報.csv", "宛名番号\n1".encode())
    told = client.post("/tax/files/", {"tax_year": 2026, "kind": "12", "file": upload})
    assert told.status_code == 422 and "並びが違います" in told.content.decode()
    right = SimpleUploadedFile(
        "年報.csv",
        f"宛名番号,氏名カナ,生年月日,支払者番号,支払金額,社会保険料の金額\n{father},,,N1,800000,\n,,,N1,1,".encode(),
    )
    answer = client.post("/tax/files/", {"tax_year": 2026, "kind": "12", "file": right})
    listed = client.get(answer.url).content.decode()
    assert "補正リスト" in listed and "本人が見つかりません" in listed


def test_扶養の突合は所得の超過を名指しする(sign_in: Callable[[str], Client], family: tuple[str, str]) -> None:
    shown = sign_in("zei1").get("/tax/checks/?year=2026&what=over_income").content.decode()
    assert "川口　花子" in shown and "1,320,000円" in shown
    from kokunen.resident_tax.queries import check_counts

    assert check_counts(2026) == {
        "over_income": 1, "claims_too": 0, "dead": 0, "unknown": 0, "age": 0, "apart": 1, "employee": 0
    }  # fmt: skip


def test_当初課税を画面から始めると進み具合が見える(
    sign_in: Callable[[str], Client], family: tuple[str, str], city: TaxOffice
) -> None:
    from kokunen.common_platform.operations.executing import execute_step
    from kokunen.common_platform.operations.models import StepRun

    chief = sign_in("zei9")
    assert chief.post("/tax/runs/taxpayers/", {"tax_year": 2026}).status_code == 302
    assert chief.post("/tax/runs/start/", {"tax_year": 2026}).status_code == 302
    step = StepRun.objects.select_related("run").get(run__net="TXR010")
    assert execute_step(step.pk, step.attempt)
    step.refresh_from_db()
    assert step.return_code == 0 and step.done == step.total
    assert "完了" in chief.get("/tax/runs/pulse/").content.decode()
    assert chief.get("/tax/runs/").status_code == 200
