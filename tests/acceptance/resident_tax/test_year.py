"""S6-1 to S6-5 一年の仕事: 賦課期日の住民, 資料, 当初課税, 更正, 証明書; every bad input is told at its record."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader
from tests.resident_tax.support import TaxOffice, decision

from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext

HEAD = (
    "宛名番号,氏名カナ,生年月日,指定番号,支払金額,給与所得控除後の金額,社会保険料等の金額,小規模企業共済等掛金,新生命保険料,"
    "介護医療保険料,新個人年金保険料,地震保険料,主たる給与,退職,前職分を含む"
)


@pytest.mark.function("S6-1")
def test_賦課期日の住民はバッチマスタの世代から作られ_その後の異動に動かされない(
    city: TaxOffice, officer: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.common_platform.batch_master.models import GenerationUse
    from kokunen.common_platform.batch_master.services import take_snapshot
    from kokunen.resident_tax.models import Taxpayer
    from kokunen.resident_tax.services import assessing

    living = city.resident(date(1980, 1, 1))
    late = city.resident(date(1980, 1, 2), resident_since=date(2026, 1, 2))
    gone = city.resident(date(1980, 1, 3), removed_on=date(2025, 12, 31), status="2")
    dead = city.resident(date(1980, 1, 4))
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-01-05")
    take_snapshot()
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-03-01")
    city.dies(dead, date(2026, 2, 1))
    unknown_then = city.resident(date(1990, 1, 1))
    assert assessing.take_taxpayers(tax_year=2026, context=officer) == 2
    assert assessing.take_taxpayers(tax_year=2026, context=officer) == 0
    found = set(Taxpayer.objects.values_list("atena_number", flat=True))
    assert found == {living, dead} and not {late, gone, unknown_then} & found
    (used,) = GenerationUse.objects.filter(subsystem="resident_tax", batch="taxpayers")
    run = assessing.start(tax_year=2026, context=officer)
    assert run.totals["snapshot"] == f"バッチマスタ G{used.generation_id:06d}"


@pytest.mark.function("S6-3")
def test_当初課税は途中で殺されても_続きから終わり_結果は同じである(city: TaxOffice, officer: AccessContext) -> None:
    """The process that works on it is killed between two chunks or inside one; what it had committed stands, once."""
    from kokunen.resident_tax.models import TaxDecision, TaxRun
    from kokunen.resident_tax.services import assessing

    for number in range(24):
        person = city.resident(date(1970, 1, 1 + number))
        city.document(person, "21", business_income=1_500_000 + 10_000 * number)
    assessing.take_taxpayers(tax_year=2026, context=officer)
    run = assessing.start(tax_year=2026, context=officer)
    work = (
        "import django; django.setup()\n"
        "from kokunen.ledger.access import AccessContext\n"
        "from kokunen.resident_tax.services import assessing\n"
        "officer = AccessContext('3001', '3010', 'tax_assessment', screen='試験')\n"
        f"for _ in range(99): print(assessing.carry_on({run.pk}, context=officer, chunk=1, chunks=1).done, flush=True)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", work], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 5:
                break
        process.kill()
    run = TaxRun.objects.get(pk=run.pk)
    assert 5 <= run.done < 24 and run.done == TaxDecision.objects.current().count() and run.ended_at is None
    run = assessing.carry_on(run.pk, context=officer)
    assert (run.done, run.totals["people"], run.totals["written"]) == (24, 24, 24)
    assert run.totals["total_tax"] == sum(TaxDecision.objects.values_list("total_tax", flat=True))
    assert TaxDecision.objects.count() == 24 and run.totals["snapshot"]


@pytest.mark.function("S6-2")
def test_誤りのある記録は番号と理由で示され_良い記録だけが入り_二度目は何も変わらない(
    city: TaxOffice, officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from kokunen.resident_tax.models import TaxDocument, TaxDocumentFault, WithholdingAgent

    WithholdingAgent.objects.create(number="1000001", name="株式会社川口商店")
    good, twin = city.resident(date(1985, 5, 1)), city.resident(date(1985, 5, 1))
    rest = "450000,,,,,,1,0,0"
    lines = {
        1: f"{good},,,1000001,3000000,2020000,{rest}",
        2: f"{good},,,1000001,3000000,2020001,{rest}",
        3: f"{good},,,9999999,3000000,2020000,{rest}",
        4: f"000000000000000,,,1000001,3000000,2020000,{rest}",
        5: f",カワグチ　タロウ,S60.5.1,1000001,3000000,2020000,{rest}",
        6: f"{good},,,1000001,-3000000,0,{rest}",
        7: f"{good},,,1000001,9999999999999,,{rest}",
        8: f"{good},,,1000001,三百万,,{rest}",
        9: f"{good},,,,3000000,2020000,{rest}",
        10: f"{good},,,1000001,3000000,2020000,450000,,,,,,2,0,0",
    }
    content = "\n".join([HEAD, *lines.values()]).encode("cp932")
    client = sign_in("zei1")

    def send(data: bytes, name: str = "給報.csv") -> str:
        form = {"tax_year": 2026, "kind": "11", "file": SimpleUploadedFile(name, data)}
        return client.post("/tax/files/", form, follow=True).content.decode()

    shown = send(content)
    told = {fault.record_number: fault.reason for fault in TaxDocumentFault.objects.all()}
    assert TaxDocument.objects.count() == 1 and sorted(told) == list(range(2, 11))
    for number, words in {2: "正: 2,020,000", 3: "登録されていません", 4: "宛名番号", 5: "2人います", 6: "範囲の外",
                          7: "範囲の外", 8: "円の数字", 9: "指定番号がありません", 10: "0か1"}.items():  # fmt: skip
        assert words in told[number], number
        assert words in shown
    assert twin and TaxDocument.objects.get().atena_number == good
    send(content)
    send(content + b"\n", "同じ内容.csv")
    assert TaxDocument.objects.count() == 1
    assert "見出しがありません" in send(b"a,b\n1,2") and "文字コード" in send(b"\xff\xfe\x00\x81")
    assert TaxDocument.objects.count() == 1


@pytest.mark.function("S6-2")
@pytest.mark.function("S6-6")
def test_一人を二人が扶養する申告は断られ_負の額は項目で示される(
    city: TaxOffice, officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from kokunen.resident_tax.choices import DependantKind
    from kokunen.resident_tax.services import dependants

    father, mother, child = (city.resident(day) for day in (date(1980, 1, 1), date(1981, 1, 1), date(2015, 1, 2)))
    claim = {"dependant": child, "tax_year": 2026, "kind": DependantKind.UNDER_16, "context": officer}
    dependants.claim(atena_number=father, **claim)
    with pytest.raises(Conflict, match="すでに他の納税義務者の扶養"):
        dependants.claim(atena_number=mother, **claim)
    form = {"tax_year": 2026, "received_on": "R8.3.1", "salary_receipts": "-1"}
    answer = sign_in("zei1").post(f"/tax/people/{father}/documents/22/", form)
    assert answer.status_code == 422 and "0以上" in answer.content.decode()


@pytest.mark.function("S6-3")
@pytest.mark.function("S6-4")
@pytest.mark.function("S6-5")
def test_当初課税から更正と証明書まで_前の決定は読める(
    city: TaxOffice, officer: AccessContext, second_officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from kokunen.resident_tax.choices import DecisionReason
    from kokunen.resident_tax.models import TaxDecision
    from kokunen.resident_tax.services import changes

    atena, silent = city.resident(date(1985, 5, 1)), city.resident(date(1985, 5, 2))
    city.document(atena, salary_receipts=3_000_000, social_insurance=450_000, main=True, payer_number="1")
    city.assess(officer)
    first = decision(atena)
    assert first.total_tax == 116_500
    change = changes.propose(
        atena_number=atena, tax_year=2026, changed={"social_insurance": 500_000},
        reason=DecisionReason.REPORT_CORRECTED, note="控除証明書を確認", context=officer,
    )  # fmt: skip
    after = changes.approve(change_id=change.pk, context=second_officer)
    assert after.version == 2 and after.total_tax == 111_500 and sum(after.instalments) == 111_500
    old = TaxDecision.objects.known_on(first.recorded_period.lower).get(atena_number=atena)
    assert old.total_tax == 116_500 and old.version == 1
    client = sign_in("zei1")
    shown = client.get(f"/tax/people/{atena}/?year=2026").content.decode()
    assert "第2版" in shown and "第1版" in shown and "111,500円" in shown
    pages = PdfReader(BytesIO(client.get(f"/tax/people/{atena}/2026/papers/tax.pdf").content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert "課税証明書" in text and "111,500円" in text and "500,000円" in text
    refused = client.get(f"/tax/people/{silent}/2026/papers/tax.pdf")
    assert refused.status_code >= 400, "nobody knows the income of who has not declared"
