"""市全体の仕事の机: withholding, print runs, survey, employers and dependants as the chief sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.resident_tax.support import TaxOffice

from kokunen.ledger.access import AccessContext


@pytest.mark.function("S6-7")
@pytest.mark.function("S6-8")
def test_係長は集計し印刷を確かめ年金特別徴収の状況を見る(
    city: TaxOffice, officer: AccessContext, desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    from kokunen.common_platform.operations import clock
    from kokunen.resident_tax.choices import PrintKind
    from kokunen.resident_tax.models import PensionExchange, PensionWithholding, WithholdingAgent
    from kokunen.resident_tax.services import print_runs, statistics, withholding

    WithholdingAgent.objects.create(number="1000001", name="株式会社川口商店", address="川口市本町一丁目1番1号")
    shop, wife = city.resident(date(1980, 1, 1), name="店主　一"), city.resident(date(1982, 1, 1), sex="2")
    city.document(shop, "21", business_income=2_020_000, social_insurance=450_000)
    pensioner = city.resident(date(1955, 5, 1), name="年金　花子", protected=True)
    city.document(pensioner, "12", pension_receipts=2_400_000, social_insurance=150_000)
    clerk = city.resident(date(1985, 1, 1), name="社員　二")
    city.document(clerk, salary_receipts=3_000_000, main=True, payer_number="1000001")
    city.claims(shop, wife, "01")
    city.assess(officer)
    PensionWithholding.objects.create(
        tax_year=2026, payer_code="001", pension_number="1234567890", pension_code="1150", atena_number=pensioner,
        name="年金　花子", kana="ネンキン ハナコ", birth_date=date(1955, 5, 1), sex="1", yearly_pension=2_400_000,
        care_premium=72_000, state="9", moved_at=clock.now(),
    )  # fmt: skip
    withholding.plan(tax_year=2026, context=officer)
    withholding.request(tax_year=2026, context=officer)
    PensionExchange.objects.create(
        way="2", number="EL1", content_code="00", file_name="EL20260525-00-001.dat", state="4",
        problem="件数が合いません",
        made_at=clock.now(), made_by="3001",
    )  # fmt: skip
    run = statistics.start(tax_year=2026, context=officer)
    statistics.carry_on(run.pk, context=officer)
    prints = print_runs.start(kind=PrintKind.ORDINARY, tax_year=2026, context=officer)
    print_runs.carry_on(prints.pk, context=officer)
    chief = desk("zei9")
    chief.goto("/tax/withholding/?year=2026&state=4")
    expect(chief.get_by_text("送信待ち").first).to_be_visible()
    picture(chief, "tax-withholding")
    chief.goto("/tax/prints/")
    picture(chief, "tax-prints")
    chief.goto(f"/tax/prints/{prints.pk}/")
    expect(chief.get_by_text("すべて合っています")).to_be_visible()
    picture(chief, "tax-print-run")
    chief.goto("/tax/survey/?year=2026")
    expect(chief.get_by_text("一致").first).to_be_visible()
    picture(chief, "tax-survey")
    chief.get_by_role("row", name="均等割と所得割を納める者").get_by_role("link").first.click()
    expect(chief.get_by_role("link", name="社員　二")).to_be_visible()
    chief.goto("/tax/agents/1000001/?year=2026")
    picture(chief, "tax-agent")
    chief.goto(f"/tax/people/{shop}/family/?year=2026")
    picture(chief, "tax-family")
    chief.goto(f"/tax/people/{pensioner}/?year=2026")
    expect(chief.get_by_text("年金特別徴収（本徴収）")).to_be_visible()
    notice = chief.request.get(f"/tax/people/{pensioner}/2026/papers/notice.pdf")
    assert notice.ok and "年金特別徴収（本徴収） 10月" in PdfReader(BytesIO(notice.body())).pages[0].extract_text()
