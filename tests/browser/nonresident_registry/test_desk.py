"""宛名管理の窓口: entering, numbers and merging in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django
import pytest
from playwright.sync_api import Page, expect

django.setup()

from tests.browser.keyboard import press  # noqa: E402
from tests.nonresident_registry.factories import publish_resident  # noqa: E402

pytestmark = pytest.mark.browser

Desk = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.mark.function("S5-1")
@pytest.mark.function("S5-2")
@pytest.mark.function("S5-3")
@pytest.mark.function("S5-4")
@pytest.mark.function("S5-5")
def test_登録から番号_真正性_名寄せと解除まで(
    desk: Desk, picture: Picture, no_barriers: Callable[[Page], None], admin_connection: Any
) -> None:
    publish_resident("000000000000078", name="見本　七海", name_kana="ミホン　ナナミ", sex="2")
    page = desk("atena1")
    page.goto("/nonresidents/new?purpose=number_management")
    page.locator("#id_name").fill("見本　七海")
    page.locator("#id_name_kana").fill("みほん　ななみ")
    page.locator("#id_sex").select_option("2")
    page.locator("#id_birth_date").fill("S60.7.14")
    page.locator("#id_prefecture").fill("埼玉県")
    page.locator("#id_municipality").fill("戸田市")
    page.locator("#id_town").fill("見本町")
    page.locator("#id_changed_on").fill("R8.11.20")
    picture(page, "nonresident-01-new")
    press(page, "F9")
    expect(page.get_by_role("heading", name="宛名の内容")).to_be_visible()
    picture(page, "nonresident-02-record")
    no_barriers(page)
    page.goto("/nonresidents/?q=ミホン")
    expect(page.locator("main tbody")).to_contain_text("000009000000016")
    picture(page, "nonresident-03-search")
    page.goto("/nonresidents/000009000000016/numbers")
    page.locator("#id_bind-number").fill("555012345677")
    page.get_by_role("button", name="番号を登録する").click()
    expect(page.locator("#id_bind-number_error")).to_contain_text("検査用数字")
    page.locator("#id_bind-number").fill("555012345676")
    page.get_by_role("button", name="番号を登録する").click()
    expect(page.locator(".k-card").first).to_contain_text("未確認")
    page.wait_for_load_state("load")
    page.locator("#id_check-name").fill("見本　七海")
    page.locator("#id_check-birth_date").fill("S60.7.14")
    page.locator("#id_check-sex").select_option("2")
    page.locator("#id_check-address").fill("埼玉県戸田市見本町")
    page.get_by_role("button", name="突き合わせて記録する").click()
    expect(page.locator(".k-card").first).to_contain_text("一致")
    picture(page, "nonresident-04-numbers")
    no_barriers(page)
    page.locator(".k-card input[name=reason]").first.fill("課税の照会回答のため")
    page.get_by_role("button", name="番号を表示する").click()
    expect(page.locator(".k-number")).to_have_text("5550 1234 5676")
    picture(page, "nonresident-05-reveal")
    page.goto("/nonresidents/numbers")
    page.locator("#q").fill("555012345676")
    press(page, "F2")
    expect(page.get_by_role("heading", name="番号紐付と名寄せ")).to_be_visible()
    _merge(page, desk, picture, no_barriers)
    shown = admin_connection.execute(
        "select count(*) from ledger.entry where act = 'view' and detail->>'reason' = '課税の照会回答のため'"
    ).fetchone()[0]
    assert shown == 1


def _merge(page: Page, desk: Desk, picture: Picture, no_barriers: Callable[[Page], None]) -> None:
    from kokunen.nonresident_registry.services.matching import propose

    assert propose() == 1
    page.goto("/nonresidents/merging")
    expect(page.locator("main tbody")).to_contain_text("氏名が同じ")
    picture(page, "nonresident-06-proposals")
    page.get_by_role("link", name="見本　七海").click()
    expect(page.locator("main table")).to_contain_text("生年月日が同じ")
    picture(page, "nonresident-07-proposal")
    no_barriers(page)
    page.locator("#id_link-reason").fill("氏名・生年月日が同じで、本人に確認した")
    press(page, "F9")
    expect(page.get_by_role("heading", name="名寄せ候補")).to_be_visible()
    other = desk("atena2")
    other.goto("/nonresidents/merging/links")
    other.get_by_role("button", name="承認する").click()
    expect(other.locator("main tbody")).to_contain_text("有効")
    picture(other, "nonresident-08-links")
    other.locator("input[name=reason]").fill("別人と分かった")
    other.get_by_role("button", name="解除を申請する").click()
    expect(other.locator("main tbody")).to_contain_text("解除の承認待ち")
    page.goto("/nonresidents/merging/links")
    page.get_by_role("button", name="解除を承認する").click()
    expect(page.get_by_text("名寄せを解除しました")).to_be_visible()
    page.goto("/nonresidents/000009000000016/numbers")
    expect(page.locator(".k-timeline")).to_contain_text("解除の承認待ち")
    picture(page, "nonresident-09-history")
