"""全ての画面を見て回る: each page of the portal at 1366 x 768 and at 200 % zoom, without barriers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.browser.keyboard import press

pytestmark = pytest.mark.function("S3-4")

PAGES = {
    "home": "/",
    "my-sessions": "/my/sessions",
    "password": "/password",
    "practice": "/practice",
    "practice-parts": "/practice/parts",
    "staff-list": "/staff",
    "staff-new": "/staff/new",
    "staff-detail": "/staff/nenkin1",
    "sessions": "/sessions",
    "not-found": "/no-such-page",
}


def test_どの画面にも障壁がなく横にはみ出さない(
    desk: Callable[..., Page], picture: Callable[[Page, str], None], no_barriers: Callable[[Page], None]
) -> None:
    page = desk("kanri1")
    for name, path in PAGES.items():
        page.goto(path)
        picture(page, name)
        no_barriers(page)
        _assert_fits(page, name)
    page.set_viewport_size({"width": 683, "height": 384})  # what 200 % leaves of 1366 x 768
    for name, path in PAGES.items():
        page.goto(path)
        picture(page, f"{name}-200")
        _assert_fits(page, name)


def test_役割にない画面は断られて次にすることが書いてある(
    desk: Callable[..., Page], picture: Callable[[Page, str], None], no_barriers: Callable[[Page], None]
) -> None:
    page = desk("nenkin1")
    answer = page.goto("/staff")
    assert answer is not None and answer.status == 403
    picture(page, "refused")
    no_barriers(page)
    assert "システム管理者に役割の登録を依頼" in page.inner_text("main")


def _assert_fits(page: Page, name: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"


@pytest.mark.parametrize("number", ["shimin1", "nenkin9", "shiba1", "kansa1", "unyo1"])
def test_業務メニューは役割ごとに開く(
    desk: Callable[..., Page], picture: Callable[[Page, str], None], no_barriers: Callable[[Page], None], number: str
) -> None:
    page = desk(number)
    picture(page, f"home-{number}")
    no_barriers(page)
    _assert_fits(page, number)
    assert "今は数字を表示できません" not in page.inner_text("main")


def test_業務メニューから検索箱で探し始められる(
    desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = desk("nenkin1")
    page.keyboard.press("/")
    page.keyboard.type("やまだ")
    assert page.inner_text("[data-search-kind]") == "カナとして検索"
    assert page.get_by_label("利用目的").input_value() == "pension_qualification", "the first one of her role, seen"
    picture(page, "home-search")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pension/?q=*")
    page.get_by_label("利用目的").select_option("pension_exemption")
    press(page, "F2")
    page.wait_for_url("**purpose=pension_exemption*")
    page.goto("/")
    assert page.get_by_label("利用目的").input_value() == "pension_exemption", "the one used last"
