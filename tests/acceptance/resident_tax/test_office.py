"""S6-6, S6-2 扶養・専従者と特別徴収義務者の画面: registered, refused with reason, taken back, readable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.resident_tax.support import TaxOffice, decision

from kokunen.ledger.access import AccessContext


@pytest.mark.function("S6-6")
def test_扶養と専従者を登録し_二重と年齢違いは断られ_取消は残る(
    city: TaxOffice, officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from kokunen.resident_tax.models import DependantClaim

    father, mother = city.resident(date(1980, 5, 1)), city.resident(date(1981, 3, 3), sex="2")
    child = city.resident(date(2015, 6, 1), name="川口　子")
    for parent in (father, mother):
        city.document(parent, "21", business_income=3_000_000)
    client = sign_in("zei1")

    def send(claimant: str, dependant: str, kind: str, **more: str) -> str:
        form = {"tax_year": 2026, "dependant": dependant, "kind": kind, "disability": "0", "lives_together": "on"}
        answer = client.post(f"/tax/people/{claimant}/family/", form | more, follow=True)
        return answer.content.decode()

    assert "15歳の方です" in send(father, mother, "11")
    assert "本人を扶養にはできません" in send(father, father, "13")
    assert "見つかりません" in send(father, "000000000000000", "11")
    assert "登録しました" in send(father, child, "11")
    assert "他の納税義務者の扶養になっています" in send(mother, child, "11")
    assert "登録しました" in send(father, mother, "21")
    city.assess(officer)
    assert decision(father).inputs["relatives"][0]["birth_date"] == "2015-06-01"
    assert len(decision(father).inputs["relatives"]) == 1, "a family employee is no dependant"
    claim = DependantClaim.objects.get(dependant_atena_number=child)
    shown = client.post(f"/tax/people/{father}/family/{claim.pk}/withdraw/", {"year": 2026}, follow=True)
    assert "取り消しました" in shown.content.decode() and "川口　子" in shown.content.decode()
    assert "登録しました" in send(mother, child, "11")
    again = client.post(f"/tax/people/{father}/family/{claim.pk}/withdraw/", {"year": 2026}, follow=True)
    assert "すでに取り消されています" in again.content.decode()
    assert sign_in("nenkin1").get(f"/tax/people/{father}/family/").status_code == 403


@pytest.mark.function("S6-2")
def test_特別徴収義務者を登録すると報告書が取り込め_従業員と月割が見える(
    city: TaxOffice, officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from kokunen.resident_tax.choices import DocumentKind
    from kokunen.resident_tax.services import files

    clerk = city.resident(date(1985, 5, 1), name="社員　一")
    head = (
        "宛名番号,氏名カナ,生年月日,指定番号,支払金額,給与所得控除後の金額,社会保険料等の金額,小規模企業共済等掛金,"
        "新生命保険料,介護医療保険料,新個人年金保険料,地震保険料,主たる給与,退職,前職分を含む"
    )
    content = f"{head}\n{clerk},,,7654321,3000000,2020000,450000,,,,,,1,0,0\n".encode()

    def take(content: bytes) -> tuple[int, int, int]:
        file = files.take_in(content=content, name="給報.csv", tax_year=2026, kind=DocumentKind.SALARY_REPORT,
                             context=officer)  # fmt: skip
        return file.taken, file.known, file.refused

    assert take(content) == (0, 0, 1)
    client = sign_in("zei1")
    assert client.post("/tax/agents/", {"number": "12a", "name": "x"}).status_code == 422
    form = {"number": "7654321", "name": "株式会社鳩ヶ谷", "address": "川口市鳩ヶ谷本町"}
    assert "登録しました" in client.post("/tax/agents/", form, follow=True).content.decode()
    assert take(content + b"\n") == (1, 0, 0)
    city.assess(officer)
    listed = client.get("/tax/agents/", {"text": "鳩ヶ谷", "year": 2026}).content.decode()
    assert "7654321" in listed and "1人" in listed and f"{decision(clerk).total_tax:,}" in listed
    shown = client.get("/tax/agents/7654321/?year=2026").content.decode()
    assert "社員　一" in shown and f"{decision(clerk).instalments[0]:,}" in shown
    assert sign_in("nenkin1").get("/tax/agents/7654321/").status_code == 403
