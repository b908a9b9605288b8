"""社会保険オンラインの一日 (画面): registration, device, sign-in, inquiry, reconciliation, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect
from tests.browser.keyboard import press
from tests.browser.virtual_authenticator import VirtualAuthenticator
from tests.counterparts.support import PartyProcess
from tests.pension_records.conftest import BASIC

from kokunen.common_platform.passkeys.demo import DemoPasskey

pytestmark = pytest.mark.browser
_PASSWORD = "kokunen-demo-2026"


def _passkey(data: Path, name: str) -> dict[str, object]:
    """What the list of demo accounts exports."""
    return DemoPasskey((data / "keys" / "demo.passkeys").read_text().strip(), name).export("localhost")


def _password(page: Page, operator: str, password: str = _PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("操作者ID").fill(operator)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_role("heading", name="本人の確認")).to_be_visible()


def _ask(page: Page, case: str, key: str) -> None:
    page.get_by_label("相談の受付番号").fill(case)
    for words in ("年金相談", "個人番号カード", "基礎年金番号"):
        page.get_by_label(words, exact=True).check()
    page.get_by_label("番号", exact=False).last.fill(key)
    press(page, "F9")


@pytest.mark.function("S7-1")
@pytest.mark.function("S7-3")
@pytest.mark.control("CTL-021")
@pytest.mark.control("CTL-057")
def test_本人の確認をしてから照会し_照合まで終える(
    terminal: Callable[[], Page],
    terminal_data: Path,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
) -> None:
    page = terminal()
    device = VirtualAuthenticator.of(page, _passkey(terminal_data, "online1"))
    page.goto("/inquiry")
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    picture(page, "records-sign-in")
    no_barriers(page)
    _password(page, "online1")
    picture(page, "records-person")
    device.verifies(False)
    page.get_by_role("button", name="本人の確認をする").click()
    expect(page.get_by_role("status")).to_contain_text("本人の確認ができませんでした")
    page.goto("/inquiry")
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    device.verifies(True)
    _password(page, "online1")
    page.get_by_role("button", name="本人の確認をする").click()
    expect(page.get_by_role("heading", name="年金記録の照会")).to_be_visible()
    picture(page, "records-inquire")
    no_barriers(page)
    _ask(page, "R8-000123", BASIC[:9])
    expect(page.get_by_role("heading", name="年金記録の照会")).to_be_visible()
    expect(page.get_by_text("桁", exact=False).first).to_be_visible()
    picture(page, "records-inquire-refused")
    _ask(page, "R8-000123", BASIC)
    expect(page.get_by_role("heading", name="照会の結果")).to_be_visible()
    expect(page.get_by_text("髙橋　花子")).to_be_visible()
    picture(page, "records-record")
    no_barriers(page)
    number = page.locator(".k-title span").first.inner_text().removeprefix("照会番号 ")
    page.emulate_media(media="print")
    assert not page.get_by_text("髙橋　花子").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="次の照会へ").click()
    expect(page.get_by_role("heading", name="年金記録の照会")).to_be_visible()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser kept nothing that it could show again
        page.go_back()
    expect(page.get_by_text("髙橋　花子")).to_have_count(0)

    checker = terminal()
    VirtualAuthenticator.of(checker, _passkey(terminal_data, "nenkin9"))
    _password(checker, "nenkin9")
    checker.get_by_role("button", name="本人の確認をする").click()
    expect(checker.get_by_role("heading", name="照会記録の照合")).to_be_visible()
    checker.get_by_role("button", name="リストを受け取る").click()
    expect(checker.get_by_text("照会票がありません")).to_be_visible()
    picture(checker, "records-reconciliation")
    no_barriers(checker)
    checker.get_by_label("照会番号").fill(number)
    checker.get_by_label("相談の受付番号").fill("R8-000123")
    checker.get_by_label("操作者ID").fill("online1")
    checker.get_by_role("button", name="記入する").click()
    expect(checker.get_by_text("一致しています")).to_be_visible()
    checker.locator("button[data-key=F9]").click()
    expect(checker.get_by_text("相違0件")).to_be_visible()
    picture(checker, "records-checked")


@pytest.mark.function("S7-2")
@pytest.mark.control("CTL-021")
@pytest.mark.control("CTL-052")
def test_登録書から機器の登録までを終えて使い_終わればその場で使えない(
    terminal: Callable[[], Page],
    terminal_data: Path,
    office: PartyProcess,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
) -> None:
    chief = terminal()
    VirtualAuthenticator.of(chief, _passkey(terminal_data, "nenkin9"))
    _password(chief, "nenkin9")
    chief.get_by_role("button", name="本人の確認をする").click()
    expect(chief.get_by_role("heading", name="照会記録の照合")).to_be_visible()  # she is signed in before she goes on
    chief.goto("/operators")
    fields = {"職員番号": "s5", "氏名": "佐野 凪", "氏名カナ": "サノ ナギ", "所属": "国民年金課", "利用開始日": "今日"}
    for label, value in fields.items():
        chief.locator("aside").get_by_label(label, exact=False).first.fill(value) if label != "氏名カナ" else (
            chief.locator("aside").get_by_label("氏名カナ").fill(value)
        )
    chief.locator("aside").get_by_label("取扱者").check()
    chief.locator("aside button[type=submit]").first.click()
    expect(chief.get_by_text("提出済み")).to_be_visible()
    office.control.work()
    chief.get_by_role("button", name="結果を受け取る").click()
    expect(chief.get_by_role("status")).to_contain_text("受理されました")
    strong = chief.locator(".k-notice strong")
    operator_id, first = strong.nth(0).inner_text(), strong.nth(1).inner_text()
    picture(chief, "records-operators")
    no_barriers(chief)
    row = chief.get_by_role("row").filter(has_text=operator_id)
    row.get_by_role("button", name="符号を発行").click()
    expect(chief.get_by_role("status")).to_contain_text("登録の符号")
    code = chief.locator(".k-notice strong").first.inner_text()

    page = terminal()
    VirtualAuthenticator.of(page)
    page.goto("/enrol")
    page.get_by_label("操作者ID").fill(operator_id)
    page.get_by_label("今のパスワード").fill(first)
    page.get_by_label("登録の符号").fill(code)
    page.get_by_label("新しいパスワード").fill("わたしだけの長い合言葉です")
    picture(page, "records-enrol")
    no_barriers(page)
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("button", name="機器を登録する").click()
    expect(page.get_by_role("heading", name="登録しました")).to_be_visible()
    _password(page, operator_id, "わたしだけの長い合言葉です")
    page.get_by_role("button", name="本人の確認をする").click()
    expect(page.get_by_role("heading", name="年金記録の照会")).to_be_visible()
    row = chief.get_by_role("row").filter(has_text=operator_id)
    row.get_by_label("終了の理由").fill("異動")
    row.get_by_role("button", name="登録を終える").click()
    expect(chief.get_by_role("row").filter(has_text=operator_id)).to_contain_text("異動")
    page.goto("/inquiry")
    expect(page.get_by_text("登録は終了しました")).to_be_visible()
