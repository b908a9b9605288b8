"""市民課の窓口: the counter's tasks by keyboard, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import django
import pytest
from playwright.sync_api import Page, expect

django.setup()

from tests.browser.keyboard import press  # noqa: E402
from tests.resident_registry.factories import kawaguchi_family, now  # noqa: E402

pytestmark = pytest.mark.browser

Desk = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.fixture
def people(city_url: str) -> dict[str, str]:
    return kawaguchi_family()


@pytest.mark.function("S2-3")
@pytest.mark.function("S2-4")
def test_半端なカナで探し_転出国外を登録し_受付票を印刷する(
    desk: Desk, people: dict[str, str], picture: Picture
) -> None:
    page = desk("shimin1")
    page.goto("/residents/?purpose=resident_notice")
    page.get_by_label("検索", exact=True).press_sequentially("カワグチ　ジ")
    page.wait_for_selector("table a:has-text('川口　次郎')")
    picture(page, "registry-01-search")
    page.get_by_role("link", name="川口　次郎").click()
    expect(page.get_by_role("heading", name="住民票の記載事項")).to_be_visible()
    picture(page, "registry-02-person")
    page.get_by_role("link", name="転出（国外）").click()
    page.locator("#id_event_on").fill("R8.11.20")
    page.locator("#id_destination").fill("カナダ")
    page.locator("#id_identity_check").select_option(label="旅券")
    page.wait_for_selector("#effects :text('消除')")
    expect(page.locator("#effects")).to_contain_text("翌日に資格を喪失")
    picture(page, "registry-03-move-out-abroad")
    press(page, "F9")
    expect(page.get_by_role("heading", name="転出（国外）を登録しました")).to_be_visible()
    picture(page, "registry-04-registered")
    press(page, "F8")
    expect(page.get_by_role("heading", name="受付票")).to_be_visible()
    assert page.request.get(page.locator("iframe").get_attribute("src") or "").body().startswith(b"%PDF")
    picture(page, "registry-05-receipt")
    assert now(people["jiro"]).status == "2"


@pytest.mark.function("S2-3")
def test_世帯主の死亡は_確認を求めてから登録する(desk: Desk, people: dict[str, str], picture: Picture) -> None:
    page = desk("shimin1")
    page.goto(f"/residents/{people['taro']}/death?purpose=resident_notice")
    page.locator("#id_event_on").fill("R8.11.25")
    page.locator("#id_identity_check").select_option(index=1)
    press(page, "F9")
    expect(page.locator("#id_event_on_error")).to_contain_text("今日（令和8年11月24日）より後")
    assert page.locator("#id_event_on").input_value() == "R8.11.25"
    picture(page, "registry-06-error")
    page.locator("#id_event_on").fill("R8.11.20")
    press(page, "F9")
    page.wait_for_selector("text=登録の前に確認してください")
    picture(page, "registry-07-alerts")
    page.locator("#id_new_head").select_option(label="川口　花子")
    with page.expect_navigation():  # what is asked now stood on the screen before
        press(page, "F9")
    for box in page.locator("input[name=ack]").all():
        box.check()
    press(page, "F9")
    expect(page.get_by_role("heading", name="死亡を登録しました")).to_be_visible()
    assert now(people["tome"]).relationship == "夫の母"


@pytest.mark.function("S2-2")
def test_2人の職員が同じ世帯を変えると_後の人は変わった所を見て_入力を失わない(
    desk: Desk, people: dict[str, str], picture: Picture
) -> None:
    first, second = desk("shimin1"), desk("shimin2")
    for page in (first, second):
        page.goto(f"/residents/{people['taro']}/relocate?purpose=resident_notice")
        page.locator("#id_event_on").fill("R8.11.20")
        page.locator("#id_identity_check").select_option(index=1)
        for box in page.locator("input[name=movers]").all():
            box.check()
    expect(second.locator("main")).to_contain_text("編集中です")
    first.locator("#id_address").fill("青木2-3-4")
    press(first, "F9")
    expect(first.get_by_role("heading", name="転居を登録しました")).to_be_visible()
    second.locator("#id_address").fill("幸町3-5-12 さいわいハイツ201")
    press(second, "F9")
    expect(second.locator("main")).to_contain_text("ほかの職員がこの世帯を変更しました")
    assert second.locator("#id_address").input_value() == "幸町3-5-12 さいわいハイツ201"
    picture(second, "registry-08-conflict")
    assert now(people["hanako"]).lot == "3番4号"


@pytest.mark.function("S2-1")
def test_国外からの転入を家族で登録する(desk: Desk, city_url: str, picture: Picture) -> None:
    page = desk("shimin1")
    page.goto("/residents/move-in")
    page.locator("#id_event_on").fill("R8.11.20")
    page.locator("#id_kind").select_option(label="転入（国外）")
    page.locator("#id_address").fill("青木2-1-1")
    page.locator("#id_previous_address").fill("アメリカ合衆国")
    page.locator("#id_identity_check").select_option(label="旅券")
    page.locator("#id_p-0-name").fill("安行　桜")
    page.locator("#id_p-0-name_kana").fill("あんぎょう さくら")
    page.locator("#id_p-0-birth").fill("S60.4.1")
    page.locator("#id_p-0-sex").select_option(label="女")
    page.locator("#id_p-0-domicile").fill("埼玉県川口市青木二丁目1番")
    page.get_by_role("button", name="1人追加する").click()
    page.locator("#id_p-1-name").fill("安行　葵")
    page.locator("#id_p-1-name_kana").fill("アンギョウ アオイ")
    page.locator("#id_p-1-birth").fill("H30.5.5")
    page.locator("#id_p-1-sex").select_option(label="男")
    page.locator("#id_p-1-relationship").fill("子")
    picture(page, "registry-09-move-in")
    press(page, "F9")
    page.wait_for_selector("text=登録の前に確認してください")
    for box in page.locator("input[name=ack]").all():
        box.check()
    press(page, "F9")
    expect(page.get_by_role("heading", name="転入（国外）を登録しました")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("安行　葵")


@pytest.mark.function("S2-4")
def test_世帯_履歴_職権_支援措置の画面が開く(desk: Desk, people: dict[str, str], picture: Picture) -> None:
    page = desk("shimin9")
    number = people["hanako"]
    for path, words in (
        (f"{number}/household?purpose=resident_inquiry", "世帯員 5人"),
        (f"{number}/history", "異動履歴"),
        (f"{number}/household/change", "世帯変更届"),
        (f"{number}/birth", "出生"),
        (f"{number}/move-out", "転出届"),
        (f"{number}/correct", "職権修正"),
        (f"{number}/remove", "職権消除"),
        (f"{number}/support", "支援措置"),
        ("departures", "転出予定者"),
    ):
        page.goto(f"/residents/{path}")
        expect(page.locator("main")).to_contain_text(words)
        picture(page, "registry-10-" + path.split("?")[0].replace(number, "p").replace("/", "-"))


@pytest.mark.function("S2-4")
@pytest.mark.control("CTL-060")
def test_支援措置の対象者の届出は_担当では扱えない(desk: Desk, people: dict[str, str], picture: Picture) -> None:
    chief = desk("shimin9")
    chief.goto(f"/residents/{people['hanako']}?purpose=support_measure")
    chief.get_by_role("link", name="支援措置").click()
    chief.locator("#id_consulted_agency").fill("警察署")
    press(chief, "F9")
    expect(chief.locator(".k-band")).to_contain_text("支援措置")
    officer = desk("shimin1")
    officer.goto(f"/residents/{people['hanako']}?purpose=resident_inquiry")
    expect(officer.locator(".k-band")).to_contain_text("要確認")
    expect(officer.locator("body")).not_to_contain_text("青木二丁目")
    picture(officer, "registry-11-masked")
    answer = officer.goto(f"/residents/{people['taro']}/move-out")
    assert answer is not None and answer.status == 403
    expect(officer.locator("body")).to_contain_text("取扱いに確認が必要な人")
