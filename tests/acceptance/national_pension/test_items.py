"""別添1 R1〜R10: every item is stored in a column, comes through the feed or is shown, and is kept in two times."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_claims import noted, received
from tests.acceptance.national_pension.test_exemption_events import _full
from tests.national_pension.services.test_exemptions import declare
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-2")]


def test_別添1のすべての項目に格納先か連携の列がある(city: Register) -> None:
    from kokunen.assessment.document import load_document
    from kokunen.common_platform.assessment_desk.storage import stored_items
    from kokunen.common_platform.integration.datasets import datasets

    kept = set(stored_items()) | {
        column.item for dataset in datasets().values() for column in dataset.columns if column.item
    }
    groups = load_document().record_groups()
    wanted = {f"R{number}/{leaf.value}" for number, group in enumerate(groups.values(), 1) for leaf in group}
    assert {_plain(one) for one in wanted} - {_plain(one) for one in kept} == set()


def _plain(item: str) -> str:
    return item.replace("(", "（").replace(")", "）")


@pytest.mark.function("S1-6")
def test_裁定受付情報は二つの時間で残る(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.models import ClaimRecord
    from kokunen.national_pension.services.receipt_acts import correct_entry, withdraw
    from kokunen.national_pension.services.reception import entry_of

    atena = city.resident(date(1988, 4, 20))
    noted(atena, officer, ("2008-04", "2026-11", "paid", ""))
    data = {"illness": "（傷病名）", "first_visit_on": "2025-02-12", "certificate": "4", "pension_code": "5350"}
    receipt = received(atena, "F21", "on_day", data, officer)
    row = ClaimRecord.objects.current().get(receipt=receipt)
    assert (row.claim_kind, row.pension_code, row.diagnosis, row.first_visit_on) == (
        "02",
        "5350",
        "4",
        date(2025, 2, 12),
    )
    corrected = entry_of(receipt) | {"certificate": "6"}
    correct_entry(notice_id=receipt.pk, data=corrected, reason="診断書を確認した", context=officer)
    assert ClaimRecord.objects.current().get(receipt=receipt).diagnosis == "6"
    withdraw(notice_id=receipt.pk, reason="請求しない", context=officer)
    versions = ClaimRecord.objects.filter(receipt=receipt).order_by("recorded_period")
    assert [(one.diagnosis, one.result) for one in versions] == [("4", ""), ("6", ""), ("6", "取下げ")]


@pytest.mark.function("S1-6")
def test_遺族の請求者と老齢福祉の証書番号が残り画面に出る(city: Register, officer: AccessContext, sign_in: Any) -> None:
    husband = city.resident(date(1963, 5, 20))
    city.dies(husband, date(2026, 11, 15))
    wife = city.resident(date(1965, 8, 30), sex="2", name="川口　花子")
    noted(husband, officer, ("1983-05", "2023-04", "paid", ""))
    said = {"deceased_name": "川口　太郎", "died_on": "2026-11-15", "relation": "1"}
    received(wife, "F24", "survivor", said, officer, husband)
    aged = city.resident(date(1915, 4, 1))
    _welfare(aged, officer)
    client = sign_in("nenkin1")
    page = client.get(f"/pension/people/{wife}/claims/", {"purpose": "pension_benefit"}).content.decode()
    assert "川口　花子" in page and "配偶者" in page
    assert "証書番号 12345" in client.get(f"/pension/people/{aged}/claims/").content.decode()


def _welfare(atena: str, officer: AccessContext) -> None:
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import Entry, receive

    entry = Entry(
        kind=NoticeKind.OLD_AGE_WELFARE,
        situation="income",
        data={"certificate_number": "12345"},
        received_on=date(2026, 11, 24),
        identity_document="my_number_card",
    )
    receive(atena_number=atena, entry=entry, context=officer)


def test_基本情報と免除の記録は画面で読め_過去の日の記録も読める(
    city: Register, officer: AccessContext, sign_in: Any, admin_connection: Any
) -> None:
    atena = city.resident(date(1985, 4, 1), telephone="048-000-0000", alias="通称　名")
    insure(atena, "1", date(2005, 3, 31))
    give_number(atena, "1000000001")
    put_on_roll(atena)
    _full(atena, "2026-07", "2027-06")
    client = sign_in("nenkin1")
    page = client.get(f"/pension/people/{atena}/qualification/").content.decode()
    for words in ("048-000-0000", "通称　名", "平成27年4月1日", "1000-000001", "平成17年3月31日"):
        assert words in page, words
    page = client.get(f"/pension/people/{atena}/exemptions/", {"purpose": "pension_exemption"}).content.decode()
    assert "全額免除" in page and "令和8年7月" in page
    past = client.get(f"/pension/people/{atena}/exemptions/", {"known_on": "R8.11.1"}).content.decode()
    assert "全額免除" not in past.split("申請・届")[0].split("改める前")[0]


@pytest.mark.function("T3")
def test_付加情報は区分_加入日_辞退日とも画面に出て_過去の日の記録も読める(city: Register, sign_in: Any) -> None:
    from django.db import transaction

    from kokunen.national_pension.exemption_choices import AdditionalDivision
    from kokunen.national_pension.services import additional_premiums

    atena = city.resident(date(1985, 4, 1))
    insure(atena, "1", date(2005, 3, 31))
    client = sign_in("nenkin1")

    def shown(**query: str) -> str:
        return str(client.get(f"/pension/people/{atena}/exemptions/", query).content.decode())

    def take(month: date, on: date, *, leaves: bool) -> None:
        with transaction.atomic(using="national_pension"):
            additional_premiums.take(atena, month, leaves=leaves, on=on, staff_number="2001", reason="試験")

    take(date(2026, 10, 1), date(2026, 10, 5), leaves=False)
    assert f"{AdditionalDivision.JOINED.label} 令和8年10月5日から" in shown(purpose="pension_exemption")
    take(date(2026, 11, 1), date(2026, 11, 24), leaves=True)
    assert f"{AdditionalDivision.LEFT.label} 令和8年10月5日から 令和8年11月24日辞退" in shown()
    assert "令和8年10月5日から" not in shown(known_on="R8.10.1")


INCOME = {
    "general_dependants": (1, "一般扶養数</dt><dd>1人"),
    "elderly_dependants": (2, "老人扶養数</dt><dd>2人"),
    "specific_dependants": (3, "特定扶養数</dt><dd>3人"),
    "spouse_kind": ("2", "控除対象配偶者</dt><dd>老人"),
    "disabled_dependants": (4, "障害者扶養数</dt><dd>4人"),
    "special_disabled_dependants": (5, "特別障害者扶養数</dt><dd>5人"),
    "young_dependants": (6, "年少扶養数</dt><dd>6人"),
    "own_disability": ("2", "本人障害者区分</dt><dd>特別障害者"),
    "widow_kind": ("1", "本人寡婦（夫）区分</dt><dd>寡婦"),
    "working_student": ("1", "本人勤労学生区分</dt><dd>該当"),
    "public_pension_receipts": (1_001, "公的年金収入</dt><dd>1,001円"),
    "public_pension_income": (1_002, "公的年金等雑所得</dt><dd>1,002円"),
    "total_income": (1_003, "合計所得金額</dt><dd>1,003円"),
    "deduction_total": (1_004, "控除の合計額</dt><dd>1,004円"),
    "income_after_deduction": (1_005, "控除後の所得額</dt><dd>1,005円"),
    "net_loss": (1_006, "純損失</dt><dd>1,006円"),
    "casualty_deduction": (1_007, "雑損控除</dt><dd>1,007円"),
    "medical_deduction": (1_008, "医療費控除</dt><dd>1,008円"),
    "social_insurance_deduction": (1_009, "社会保険料控除</dt><dd>1,009円"),
    "spouse_special_deduction": (1_010, "配偶者特別控除</dt><dd>1,010円"),
    "widow_special": ("1", "寡婦特例</dt><dd>該当"),
}


def test_所得情報の21項目がすべて画面に出る(city: Register, sign_in: Any) -> None:
    atena = city.resident(date(1985, 4, 1))
    insure(atena, "1", date(2005, 3, 31))
    values = {name: value for name, (value, _) in INCOME.items()}
    declare(atena, 2026, values.pop("total_income"), **values)
    page = sign_in("nenkin1").get(f"/pension/people/{atena}/household/", {"purpose": "pension_exemption"})
    text = page.content.decode()
    assert [words for _, words in INCOME.values() if words not in text] == []


def test_転出先と任意加入の項目が画面に出る(city: Register, sign_in: Any) -> None:
    atena = city.resident(date(1964, 2, 10), destination="東京都北区王子一丁目", departure_on=date(2026, 11, 20))
    insure(atena, "5", date(2024, 4, 1), date(2026, 11, 1), acquisition_reason="12", loss_reason="09")
    put_on_roll(atena)
    address = f"/pension/people/{atena}/qualification/"
    page = sign_in("nenkin1").get(address, {"purpose": "pension_qualification"}).content.decode()
    for words in (
        "任意加入",
        "令和6年4月1日",
        "令和8年11月1日",
        "令和8年11月20日 東京都北区王子一丁目",
        "続柄・世帯主",
    ):
        assert words in page, words
