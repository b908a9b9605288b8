"""窓口の受付: 資格取得 by keyboard within its figure, a form of the catalogue from entry to print, the board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

pytestmark = [pytest.mark.browser, pytest.mark.function("S1-1"), pytest.mark.function("T1"), pytest.mark.function("T3")]


@pytest.fixture
def visitor(city: Register, city_url: str) -> str:
    """第1号被保険者の来庁者"""
    atena = city.resident(date(1981, 4, 2))
    insure(atena, "1", date(2012, 4, 1))
    give_number(atena, "1234567890")
    put_on_roll(atena)
    return atena


class Keys:
    """打鍵: counts every key, and apart from them what the visitor alone knows."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        """One keystroke each."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def visitor_says(self, text: str) -> None:
        """What the city does not know: typed, not counted."""
        self.page.keyboard.type(text)


def test_資格取得は市の知らないこと以外25打鍵までで済む(
    desk: Callable[..., Page], city: Register, city_url: str, picture: Callable[[Page, str], None]
) -> None:
    atena = city.resident(date(1985, 5, 12))
    page = desk("nenkin1")
    page.goto(f"/pension/people/{atena}/notices/F01/?purpose=pension_qualification")
    keys = Keys(page)
    page.get_by_label("届出の理由").focus()
    keys.press("ArrowDown", "ArrowDown", "Enter")
    keys.visitor_says("r081030")
    keys.press("Enter", "Enter", "Enter", "Enter")
    focused = page.evaluate("document.activeElement.name")
    assert focused == "identity_document"
    keys.press("ArrowDown", "ArrowDown", "F9")
    expect(page.get_by_text("登録しました")).to_be_visible()
    keys.press("F8")
    expect(page.locator("iframe")).to_be_visible()
    assert keys.pressed <= 25
    assert [row[:2] for row in periods(atena)] == [("1", date(2026, 10, 31))]
    picture(page, "forms-acquisition-receipt")


def test_付加の申出を受け付けて印刷し板に載る(
    desk: Callable[..., Page],
    visitor: str,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
) -> None:
    page = desk("nenkin1")
    page.goto(f"/pension/people/{visitor}/?purpose=pension_qualification")
    page.get_by_text("記録・付加・再交付").click()
    picture(page, "forms-person")
    page.get_by_role("link", name="付加保険料納付・納付辞退申出書").click()
    month = page.get_by_label("開始する月・やめる月")
    expect(month).to_have_value("R8.11")
    month.fill("R8.4")
    expect(page.get_by_text("さかのぼって納めることはできません")).to_be_visible()
    picture(page, "forms-refused")
    month.fill("R8.11")
    expect(page.get_by_text("受け付けられます")).to_be_visible()
    page.get_by_label("本人確認書類").select_option("driving_licence")
    picture(page, "forms-entry")
    no_barriers(page)
    press(page, "F9")
    expect(page.get_by_text("受け付けました")).to_be_visible()
    picture(page, "forms-receipt")
    no_barriers(page)
    page.get_by_role("link", name="届書を印刷する").click()
    expect(page.locator("iframe")).to_be_visible()
    page.goto("/pension/board/?sort=due")
    expect(page.get_by_role("cell", name="付加保険料納付・納付辞退申出書")).to_be_visible()
    picture(page, "forms-board")
    no_barriers(page)
