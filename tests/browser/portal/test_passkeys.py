"""パスキー (画面): with the exported key of the demo list, and with a device of one's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.virtual_authenticator import VirtualAuthenticator

pytestmark = pytest.mark.function("S3-4")


def test_一覧のパスキーで確認し_自分の機器を登録して次からはそれで入る(
    desk: Callable[..., Page],
    city_url: str,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
) -> None:
    from kokunen.common_platform.portal.demo import PASSWORD, list_accounts

    row = next(one for one in list_accounts() if one["username"] == "kanri1")
    page = desk()
    device = VirtualAuthenticator.of(page, row["passkey"])
    address = city_url.replace("127.0.0.1", "localhost")

    def password(button: str) -> None:
        page.goto(f"{address}/sign-in")
        page.get_by_label("職員番号").fill("kanri1")
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name=button).click()

    password("パスキーでも確認する")
    expect(page.get_by_role("heading", name="パスキーの確認")).to_be_visible()
    picture(page, "passkey-check")
    no_barriers(page)
    device.verifies(False)
    page.get_by_role("button", name="パスキーで確認する").click()
    expect(page.get_by_role("status")).to_contain_text("本人の確認ができませんでした")
    device.verifies(True)
    page.get_by_role("button", name="パスキーで確認する").click()
    expect(page.get_by_role("heading", name="業務メニュー")).to_be_visible()
    page.goto(f"{address}/my/passkeys")
    page.get_by_label("機器の名前").fill("窓口3番の指紋認証")
    page.locator("aside").get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="次へ").click()
    picture(page, "passkey-device")
    device.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device.number})
    other = VirtualAuthenticator.of(page)
    page.get_by_role("button", name="機器を登録する").click()
    expect(page.get_by_role("cell", name="窓口3番の指紋認証")).to_be_visible()
    picture(page, "passkeys")
    no_barriers(page)
    page.locator(".k-head__staff > summary").click()
    page.get_by_role("button", name="サインアウトする").click()
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    password("サインインする")
    expect(page.get_by_role("heading", name="パスキーの確認")).to_be_visible()
    other.verifies(True)
    page.get_by_role("button", name="パスキーで確認する").click()
    expect(page.get_by_role("heading", name="業務メニュー")).to_be_visible()


def test_数字のアドレスでは使える名前を知らせる(
    desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    from kokunen.common_platform.portal.demo import PASSWORD

    page = desk()
    page.goto("/sign-in")
    page.get_by_label("職員番号").fill("kanri1")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="パスキーでも確認する").click()
    expect(page.get_by_role("status")).to_contain_text("localhost")
    expect(page.get_by_role("button", name="パスキーで確認する")).to_be_disabled()
