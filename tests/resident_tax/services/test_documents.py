"""課税資料の試験: entered, corrected, withdrawn; files with faults; the rules of 合算."""

from __future__ import annotations

from datetime import date

import pytest
from tests.resident_tax.support import TaxOffice, decision

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.function("S6-2")

HEAD = ("宛名番号,氏名カナ,生年月日,指定番号,支払金額,給与所得控除後の金額,社会保険料等の金額,小規模企業共済等掛金,"
        "新生命保険料,介護医療保険料,新個人年金保険料,地震保険料,主たる給与,退職,前職分を含む\n")  # fmt: skip


@pytest.fixture
def employer(city: TaxOffice) -> str:
    """特別徴収義務者"""
    from kokunen.resident_tax.models import WithholdingAgent

    return str(WithholdingAgent.objects.create(number="1000001", name="模擬製作所").pk)


def test_ファイルの良い記録だけが入り誤りは番号と理由で残る(
    city: TaxOffice, officer: AccessContext, employer: str
) -> None:
    from kokunen.resident_tax.choices import DocumentKind
    from kokunen.resident_tax.models import TaxDocument
    from kokunen.resident_tax.services import files

    good, named = city.resident(date(1985, 5, 1)), city.resident(date(1971, 2, 3))
    lines = [
        f"{good},,,1000001,3000000,2020000,450000,,,,,,1,0,0",
        ",カワグチ タロウ,S46.2.3,1000001,1000000,,,,,,,,0,0,0",
        f"{good},,,1000001,3000000,2020001,,,,,,,1,0,0",
        f"{good},,,9999999,3000000,,,,,,,,1,0,0",
        ",ヤマダ ハナコ,S40.1.1,1000001,500000,,,,,,,,0,0,0",
        f"{good},,,1000001,-5,,,,,,,,1,0,0",
        f"{good},,,1000001,たくさん,,,,,,,,1,0,0",
    ]
    content = (HEAD + "\n".join(lines)).encode("cp932")
    found = files.take_in(
        content=content, name="給報.csv", tax_year=2026, kind=DocumentKind.SALARY_REPORT, context=officer
    )
    assert (found.records, found.taken, found.known, found.refused) == (7, 2, 0, 5)
    faults = {fault.record_number: fault.reason for fault in found.faults.all()}
    assert "正: 2,020,000" in faults[3] and "登録されていません" in faults[4] and "見つかりません" in faults[5]
    assert "範囲の外" in faults[6] and "円の数字" in faults[7]
    assert {one.atena_number for one in TaxDocument.objects.all()} == {good, named}
    again = files.take_in(
        content=content, name="再送.csv", tax_year=2026, kind=DocumentKind.SALARY_REPORT, context=officer
    )
    assert again.pk == found.pk and TaxDocument.objects.count() == 2
    more = files.take_in(
        content=(HEAD + lines[0]).encode(), name="一部.csv", tax_year=2026, kind=DocumentKind.SALARY_REPORT,
        context=officer,
    )  # fmt: skip
    assert (more.taken, more.known) == (0, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00\x81", "文字コード"), ("氏名,金額\nあ,1".encode(), "並びが違います")],
    ids=["文字コード", "並び"],
)
def test_読めないファイルは何も残さない(city: TaxOffice, officer: AccessContext, content: bytes, words: str) -> None:
    from kokunen.resident_tax.choices import DocumentKind
    from kokunen.resident_tax.models import TaxDocumentFile
    from kokunen.resident_tax.services import files

    with pytest.raises(Conflict, match=words):
        files.take_in(content=content, name="x", tax_year=2026, kind=DocumentKind.SALARY_REPORT, context=officer)
    assert not TaxDocumentFile.objects.exists()


def test_一件の登録は訂正と取消も資料として残す(city: TaxOffice, officer: AccessContext, employer: str) -> None:
    from kokunen.resident_tax.choices import DocumentKind
    from kokunen.resident_tax.services import documents

    atena = city.resident(date(1985, 5, 1))
    given = {
        "atena_number": atena, "tax_year": 2026, "kind": DocumentKind.SALARY_REPORT, "payer_number": employer,
        "received_on": date(2026, 1, 20), "context": officer,
    }  # fmt: skip
    first = documents.enter(**given, figures={"salary_receipts": 3_000_000})  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="同じ内容"):
        documents.enter(**given, figures={"salary_receipts": 3_000_000})  # type: ignore[arg-type]
    right = documents.enter(**given, figures={"salary_receipts": 3_600_000}, replaces=first.pk)  # type: ignore[arg-type]
    city.assess(officer)
    assert decision(atena).total_income == 2_440_000
    documents.withdraw(document_id=right.pk, context=officer)
    city.assess(officer)
    assert decision(atena).state == "4"


@pytest.mark.parametrize(
    ("figures", "words"),
    [({"salary_receipts": -1}, "0以上"), ({"dividend_credit": 1}, "配当控除は"), ({"salary_receipts": 10**12}, "以下")],
    ids=["負", "扱わない控除", "過大"],
)
def test_ありえない額と扱わない項目は断る(
    city: TaxOffice, officer: AccessContext, figures: dict[str, int], words: str
) -> None:
    from kokunen.resident_tax.choices import DocumentKind
    from kokunen.resident_tax.services import documents

    with pytest.raises(InputError, match=words):
        documents.enter(
            atena_number=city.resident(date(1985, 5, 1)), tax_year=2026, kind=DocumentKind.DECLARATION,
            figures=figures, received_on=date(2026, 3, 1), context=officer,
        )  # fmt: skip


def test_合算は確定申告書を単独で使い申告書は述べたことだけが優先する(city: TaxOffice, officer: AccessContext) -> None:
    returned, declared, summed = (city.resident(date(1980, 1, day)) for day in (2, 3, 4))
    city.document(returned, salary_receipts=9_000_000, main=True, payer_number="1")
    city.document(returned, "21", business_income=1_000_000)
    city.document(returned, "21", business_income=1_500_000, received_on=date(2026, 4, 1))
    city.document(declared, salary_receipts=3_000_000, social_insurance=100_000, main=True, payer_number="1")
    city.document(declared, "22", social_insurance=450_000)
    city.document(summed, salary_receipts=2_000_000, main=True, includes_previous=True, payer_number="1")
    city.document(summed, salary_receipts=500_000, retired=True, payer_number="2")
    city.document(summed, salary_receipts=300_000, payer_number="3")
    city.document(summed, "12", pension_receipts=700_000)
    city.assess(officer)
    assert decision(returned).inputs["facts"] == {"birth_date": "1980-01-02", "business_income": 1_500_000}
    assert decision(declared).total_tax == 116_500
    assert decision(summed).inputs["facts"]["salary_receipts"] == 2_300_000
    assert decision(summed).inputs["facts"]["pension_receipts"] == 700_000
