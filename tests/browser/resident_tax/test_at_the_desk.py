"""市民税課の机: a figure is played, a change drawn up by keys alone, decided at the chief's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press
from tests.resident_tax.support import TaxOffice

from kokunen.ledger.access import AccessContext


@pytest.mark.function("S6-4")
@pytest.mark.function("S6-5")
def test_試算し更正を起案し係長が決定する(
    city: TaxOffice, officer: AccessContext, desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    atena = city.resident(date(1985, 5, 1))
    city.document(atena, salary_receipts=4_500_000, social_insurance=660_000, main=True, payer_number="1000001")
    city.assess(officer)
    page = desk("zei1")
    page.goto(f"/tax/people/{atena}/?year=2026")
    expect(page.get_by_role("rowheader", name="課税標準額")).to_be_visible()
    picture(page, "tax-person")
    page.keyboard.press("?")
    expect(page.get_by_text("地方税法第314条の6").first).to_be_visible()
    picture(page, "tax-why")
    page.goto(f"/tax/people/{atena}/documents/11/")
    picture(page, "tax-document")
    page.goto(f"/tax/people/{atena}/2026/change/")
    page.get_by_label("変更の内容と確認した資料").fill("控除証明書を確認")
    page.get_by_label("社会保険料", exact=True).fill("900000")
    expect(page.locator("#compared").get_by_text("減額")).to_be_visible()
    picture(page, "tax-change")
    press(page, "F9")
    expect(page.get_by_role("heading", name="承認待ちの更正")).to_be_visible()
    chief = desk("zei9")
    chief.goto("/tax/changes/")
    picture(chief, "tax-changes")
    chief.get_by_role("button", name="決定する").click()
    expect(chief.get_by_text("第2版").first).to_be_visible()
    chief.goto("/tax/runs/")
    picture(chief, "tax-runs")
    chief.goto("/tax/checks/?what=over_income")
    picture(chief, "tax-checks")
