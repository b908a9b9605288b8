"""別添1 R1〜R10: every item is stored in a column, comes through the feed or is shown, and is kept in two times."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_claims import noted, received
from tests.acceptance.national_pension.test_exemption_events import _full
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
