"""キーと入力 (画面): the practice page carries every part."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press

pytestmark = pytest.mark.function("S3-4")


def test_日付は打つそばから和暦と曜日で読み返される(
    desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = desk("nenkin1")
    page.goto("/practice")
    day, echo = page.get_by_label("異動日"), page.locator("#id_event_on_echo")
    for typed, read in (
        ("081124", "令和8年11月24日(火)"),
        ("R8.11.24", "令和8年11月24日(火)"),
        ("8/11/24", "令和8年11月24日(火)"),
        ("20261124", "令和8年11月24日(火)"),
        ("Ｒ８．１１．２０", "令和8年11月20日(金)"),
        ("今日", "令和8年11月24日(火)"),
        ("-3", "令和8年11月21日(土)"),
    ):
        day.fill(typed)
        expect(echo).to_have_text(read)
        expect(echo).to_have_attribute("data-state", "good")
    day.fill("R1.4.30")
    expect(echo).to_contain_text("平成31年4月30日")
    expect(echo).to_have_attribute("data-state", "bad")
    day.fill("R9.1.1")
    expect(echo).to_contain_text("今日より後")
    picture(page, "date-refused")
    page.get_by_label("生年月日").fill("S55.4.-")
    expect(page.locator("#id_birth_echo")).to_contain_text("昭和55年4月")


def test_窓口の入力は手をキーから離さずに終わる(
    desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = desk("nenkin1")
    page.goto("/practice")
    keys = page.keyboard
    page.get_by_label("異動日").focus()
    keys.type("r081120")
    keys.press("Enter")
    expect(page.get_by_label("生年月日")).to_be_focused()
    keys.press("Shift+Enter")
    expect(page.get_by_label("異動日")).to_be_focused()
    keys.press("Enter")
    keys.type("S60.5.12")
    keys.press("Enter")
    keys.type("れんしゅう　ﾀﾛｳ")
    keys.press("Enter")
    expect(page.get_by_label("氏名カナ")).to_have_value("レンシュウ　タロウ")
    keys.type("990000000000018")
    expect(page.locator("#id_number_echo")).to_have_text("検査数字が合っています")
    keys.press("Enter")
    keys.press("Space")
    expect(page.get_by_label("国外へ転出")).to_be_checked()
    expect(page.locator("#effects")).to_contain_text("令和8年11月20日(金) から 資格なし")
    expect(page.locator("#effects")).to_contain_text("令和8年12月4日(金)")
    picture(page, "practice-filled")
    keys.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("このように読み取りました")
    expect(page.locator("dl.k-facts")).to_contain_text("令和8年11月20日(金)")
    picture(page, "practice-done")


def test_誤りのまとめから項目に飛び_打ったものは残る(
    desk: Callable[..., Page], picture: Callable[[Page, str], None], no_barriers: Callable[[Page], None]
) -> None:
    page = desk("nenkin1")
    page.goto("/practice")
    page.get_by_label("異動日").fill("R8.2.30")
    page.get_by_label("宛名番号").fill("990000000000011")
    press(page, "F9")
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("入力を確かめてください(4件)")
    picture(page, "practice-errors")
    no_barriers(page)
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("異動日")).to_be_focused()
    expect(page.get_by_label("異動日")).to_have_value("R8.2.30")
    expect(page.get_by_label("宛名番号")).to_have_attribute("aria-invalid", "true")


def test_一覧と見出し札と理由と使い方がキーで動く(
    desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = desk("nenkin1")
    page.goto("/practice")
    page.keyboard.press("Alt+2")
    page.wait_for_url("**/practice/parts")
    page.keyboard.press("?")
    expect(page.locator("[data-why]")).to_have_attribute("open", "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("tr[aria-selected=true]")).to_contain_text("見本 花子")
    press(page, "F1")
    expect(page.locator("#k-help")).to_be_visible()
    picture(page, "help")
    page.keyboard.press("Escape")
    expect(page.locator("#k-help")).to_be_hidden()
    page.keyboard.press("ArrowUp")
    expect(page.locator("tr[aria-selected=true]")).to_contain_text("練習 太郎")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practice")
    page.keyboard.press("Escape")
    page.wait_for_url("**/")
    expect(page.locator("#k-keys")).to_contain_text("F1")


def test_打ちかけは下書きに残り開き直すと戻る(desk: Callable[..., Page], picture: Callable[[Page, str], None]) -> None:
    page = desk("nenkin1")
    page.goto("/practice")
    page.get_by_label("備考").fill("窓口で聞いたこと")
    page.get_by_label("会社を退職").check()
    expect(page.locator(".k-draft")).to_contain_text("下書きを保存しました")
    page.keyboard.press("Escape")
    page.wait_for_url("**/")
    expect(page.get_by_role("heading", name="入力の途中(下書き)")).to_be_visible()
    page.goto("/practice")
    expect(page.locator(".k-draft")).to_contain_text("から続けています")
    expect(page.get_by_label("備考")).to_have_value("窓口で聞いたこと")
    expect(page.get_by_label("会社を退職")).to_be_checked()
    picture(page, "draft")
    page.get_by_role("button", name="下書きを捨てる").click()
    expect(page.get_by_label("備考")).to_have_value("")
    other = desk("nenkin2")
    other.goto("/practice")
    expect(other.get_by_label("備考")).to_have_value("")
