"""証明書, 氏名の異動, 仮登録の決裁, 一覧: the counter's other tasks by keyboard, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Callable

import django
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

django.setup()

from tests.browser.keyboard import press  # noqa: E402
from tests.resident_registry.factories import family, kawaguchi_family, newcomer, now  # noqa: E402

pytestmark = pytest.mark.browser

Desk = Callable[..., Page]
Picture = Callable[[Page, str], None]
Barriers = Callable[[Page], None]


@pytest.fixture
def people(city_url: str) -> dict[str, str]:
    return kawaguchi_family()


def text_of(page: Page) -> str:
    """The words of the sheet that the page offers to print."""
    answer = page.request.get(page.locator("iframe").get_attribute("src") or "")
    assert answer.status == 200 and answer.body().startswith(b"%PDF")
    return "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.body())).pages).replace("　", "")


@pytest.mark.function("S2-5")
def test_世帯全員の写しを本人に交付し_交付簿から再交付し_第三者には隠す項目を断る(
    desk: Desk, people: dict[str, str], picture: Picture, no_barriers: Barriers
) -> None:
    page = desk("shimin1")
    page.goto(f"/residents/{people['hanako']}?purpose=resident_certificate")
    press(page, "F8")
    expect(page.get_by_role("heading", name="証明書の交付", exact=True)).to_be_visible()
    page.get_by_label("住民票の写し（世帯連記式）").check()
    page.get_by_label("世帯主・続柄").check()
    page.locator("#id_identity_check").select_option(label="個人番号カード")
    picture(page, "registry-21-certificate")
    no_barriers(page)
    press(page, "F9")
    expect(page.locator("main")).to_contain_text("発行番号")
    picture(page, "registry-22-certificate-issued")
    sheet = text_of(page)
    for words in ("川口トメ", "青木二丁目1番1号", "世帯主", "母", "原本と相違ないことを証明する", "【省略】"):
        assert words in sheet.replace(" ", ""), words

    page.goto(f"/residents/{people['hanako']}/certificate")
    page.get_by_label("第三者", exact=True).check()
    page.get_by_label("住民票コード", exact=True).check()
    page.locator("#id_identity_check").select_option(label="運転免許証")
    page.locator("#id_requester_name").fill("戸塚　正")
    page.locator("#id_reason").fill("訴訟の提起")
    press(page, "F9")
    expect(page.locator("#id_items_error")).to_contain_text("「住民票コード」は記載できません")
    assert page.locator("#id_reason").input_value() == "訴訟の提起"
    picture(page, "registry-23-certificate-refused")

    page.goto("/residents/certificates")
    picture(page, "registry-24-certificate-log")
    expect(page.locator("main")).to_contain_text("住民票の写し（世帯連記式）")


@pytest.mark.function("S2-2")
def test_婚姻による氏名の変更と_旧氏と_帰化を_それぞれの画面で登録する(
    desk: Desk, people: dict[str, str], picture: Picture, no_barriers: Barriers
) -> None:
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import ResidenceClass

    items = services.ForeignItems(nationality="ベトナム", residence_class=ResidenceClass.SPECIAL_PERMANENT)
    (number,) = family(newcomer("NGUYEN LAN", "グエン　ラン", "1990-01-01", "2", "世帯主", foreign=items))
    page = desk("shimin9")
    page.goto(f"/residents/{people['hanako']}?purpose=resident_correction")
    picture(page, "registry-30-acts")
    page.get_by_role("link", name="氏名・本籍").click()
    page.locator("#id_event_on").fill("R8.11.20")
    page.locator("#id_cause").select_option(label="離婚")
    page.locator("#id_name").fill("戸塚 花子")
    page.locator("#id_name_kana").fill("とつか はなこ")
    page.locator("#id_remarks").fill("川口市長の通知")
    expect(page.locator("#effects")).to_contain_text("登録した後")
    picture(page, "registry-31-name")
    no_barriers(page)
    press(page, "F9")
    expect(page.get_by_role("heading", name="氏名等の職権修正を登録しました")).to_be_visible()
    assert now(people["hanako"]).name == "戸塚　花子"
    page.goto(f"/residents/{people['hanako']}/former-surname?purpose=resident_notice")
    page.locator("#id_former_surname").fill("川口")
    page.locator("#id_former_surname_kana").fill("かわぐち")
    page.locator("#id_identity_check").select_option(index=1)
    page.locator("#id_remarks").fill("戸籍謄本")
    picture(page, "registry-32-former-surname")
    press(page, "F9")
    expect(page.get_by_role("heading", name="旧氏記載を登録しました")).to_be_visible()
    page.goto(f"/residents/{number}?purpose=resident_correction")
    page.get_by_role("link", name="帰化・国籍取得").click()
    page.locator("#id_event_on").fill("R8.11.20")
    page.locator("#id_name").fill("蘭 葉子")
    page.locator("#id_name_kana").fill("らん ようこ")
    page.locator("#id_registered_domicile").fill("埼玉県川口市青木二丁目1番")
    page.locator("#id_registered_domicile_head").fill("蘭　葉子")
    page.locator("#id_remarks").fill("戸籍の通知")
    picture(page, "registry-33-naturalisation")
    press(page, "F9")
    expect(page.get_by_role("heading", name="帰化・国籍取得（日本人側）を登録しました")).to_be_visible()
    assert now(number).resident_kind == "1"


@pytest.mark.function("S2-1")
@pytest.mark.function("S2-2")
def test_仮登録を別の職員が開いて決裁する(
    desk: Desk, people: dict[str, str], picture: Picture, no_barriers: Barriers
) -> None:
    first, second = desk("shimin1"), desk("shimin2")
    first.goto(f"/residents/{people['jiro']}/relocate?purpose=resident_notice")
    first.locator("#id_event_on").fill("R8.11.20")
    first.locator("#id_address").fill("幸町3-5-12")
    first.locator("#id_identity_check").select_option(index=1)
    first.get_by_role("button", name="仮登録して決裁を待つ").click()
    expect(first.locator("main")).to_contain_text("別の職員が決裁します")
    picture(first, "registry-40-provisional")
    no_barriers(first)
    assert now(people["jiro"]).version_number == 1
    second.get_by_role("link", name="決裁待ちの仮登録").first.click()
    second.get_by_role("link", name="開いて決裁する").click()
    assert second.locator("#id_address").input_value() == "幸町3-5-12"
    expect(second.locator("#effects")).to_contain_text("幸町三丁目")
    picture(second, "registry-41-decision")
    press(second, "F9")
    done = second.get_by_role("heading", name="転居を登録しました")
    expect(done.or_(second.get_by_text("登録の前に確認してください")).first).to_be_visible()
    if not done.is_visible():
        for box in second.locator("input[name=ack]").all():
            box.check()
        press(second, "F9")
    expect(done).to_be_visible()
    assert now(people["jiro"]).town == "幸町三丁目"
    second.goto("/residents/lists/no-code?purpose=resident_inquiry")
    expect(second.locator("main")).to_contain_text("川口　次郎")
    picture(second, "registry-42-lists")
    no_barriers(second)
