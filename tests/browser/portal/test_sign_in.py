"""サインインと業務メニュー (画面)"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.function("S3-4")


def test_サインインして業務メニューを見てサインアウトする(
    desk: Callable[..., Page], picture: Callable[[Page, str], None], no_barriers: Callable[[Page], None]
) -> None:
    from kokunen.common_platform.portal.demo import PASSWORD

    page = desk()
    page.goto("/my/sessions")
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    picture(page, "sign-in")
    no_barriers(page)
    page.get_by_label("職員番号").fill("kanri1")
    page.get_by_label("パスワード").fill("違うパスワード")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("職員番号またはパスワードが違います")
    picture(page, "sign-in-refused")
    no_barriers(page)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="サインインの状況")).to_be_visible()
    page.get_by_role("link", name="国年システム").click()
    expect(page.get_by_role("link", name="職員・所属")).to_be_visible()
    page.locator(".k-head__staff > summary").click()
    picture(page, "home-staff-menu")
    page.get_by_role("button", name="サインアウトする").click()
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
