"""台帳 (画面): a leak from the register to its printed report, looked at in the browser."""

from __future__ import annotations

from collections.abc import Callable

import django
import pytest

django.setup()

from playwright.sync_api import Page, expect  # noqa: E402
from tests.browser.keyboard import press  # noqa: E402


@pytest.mark.control("CTL-110")
def test_漏えい等の登録から初動まで画面で進む(
    desk: Callable[..., Page], picture: Callable[[Page, str], None], no_barriers: Callable[[Page], None]
) -> None:
    page = desk("kaiji1")
    page.goto("/safeguards/kinds/leak/new?purpose=disclosure")
    picture(page, "leak-new")
    page.get_by_label("件名").fill("媒体の紛失")
    page.get_by_label("認知した日").fill("R8.11.20")
    page.get_by_label("認知した部署・職員").fill("国民年金課")
    page.get_by_label("概要").fill("搬送中に媒体を紛失した")
    no_barriers(page)
    press(page, "F9")
    expect(page.locator("h1")).to_contain_text("漏えい等の対応 漏2026-00001")
    expect(page.locator("main")).to_contain_text("速報の期限 令和8年11月24日")
    page.get_by_label("止めたこと・保全したこと").fill("捜索した")
    page.get_by_label("連絡した相手").fill("警察署")
    press(page, "F9")
    expect(page.locator("main")).to_contain_text("捜索した")  # written down; the word on the button stood there before
    picture(page, "leak-entry")
    no_barriers(page)
    page.goto("/safeguards/")
    expect(page.locator("main")).to_contain_text("漏2026-00001")
    picture(page, "registers")
    no_barriers(page)
