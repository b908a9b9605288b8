"""統合宛名と共通データの窓口: one person over all works, a hold, the line, the dictionaries, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import django
import pytest
from playwright.sync_api import Page, expect

django.setup()

from tests.browser.keyboard import press  # noqa: E402
from tests.unified_atena.people import FIRST, SECOND, THIRD, bind, follow, income, outsider, resident  # noqa: E402

pytestmark = pytest.mark.browser

Desk = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.mark.function("S4-1")
@pytest.mark.function("S4-2")
def test_統合宛名の照会から保留と送受信まで(desk: Desk, picture: Picture, no_barriers: Callable[[Page], None]) -> None:
    from kokunen.unified_atena.services.batches import make_batches

    resident(FIRST, "n1", name="髙橋　花子", name_kana="タカハシ　ハナコ", birth_date=date(1991, 11, 5))
    outsider(THIRD, name="高橋　花子", name_kana="タカハシ　ハナコ")
    bind(THIRD, "n1")
    income(FIRST)
    resident(SECOND, "n1", name="高橋　華子", birth_date=date(1992, 11, 5))
    follow()
    make_batches()
    page = desk("atena1")
    page.goto("/unified/")
    page.locator("#q").fill(FIRST)
    press(page, "F2")
    expect(page.locator("main")).to_contain_text("紐付が保留になっています")
    picture(page, "unified-01-held")
    resident(SECOND, name="高橋　華子", birth_date=date(1991, 11, 5))
    follow()
    page.locator("#q").fill(FIRST)
    press(page, "F2")
    expect(page.get_by_role("heading", name="宛名紐付")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("紐付が保留になっています")
    picture(page, "unified-02-person")
    no_barriers(page)
    make_batches()
    page.goto("/unified/sending")
    expect(page.locator("main tbody")).to_contain_text("符号取得依頼")
    picture(page, "unified-03-sending")
    no_barriers(page)
    page.goto("/unified/sending/characters")
    expect(page.locator("main tbody")).to_contain_text("髙")
    picture(page, "unified-04-characters")
    page.goto("/data/")
    page.get_by_role("link", name="町字・郵便番号").click()
    expect(page.locator("main tbody").first).to_contain_text("町")
    picture(page, "data-01-towns")
    no_barriers(page)
