"""裁定請求の物語 (V10, V11): the record noted by hand, months judged, amounts and reasons shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.national_pension.support import Register, insure

pytestmark = [
    pytest.mark.browser,
    pytest.mark.function("S1-6"),
    pytest.mark.function("S1-2"),
    pytest.mark.function("T7"),
]

V11 = """H20.4~H24.3 厚年
H24.4~H30.3 未納
H30.4~R5.6 全額
R5.7~R5.12 未納
R6.1~R6.6 納付
R6.7~R6.12 全額 R7.1.20
R7.1~R8.6 未納
R8.7~R8.11 全額"""


def test_V11_記録を写し初診日を入れると月ごとの判定が出る(
    desk: Callable[..., Page],
    city: Register,
    city_url: str,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
) -> None:
    atena = city.resident(date(1988, 4, 20))
    insure(atena, "2", date(2008, 4, 1), date(2012, 4, 1), loss_reason="21", acquisition_reason="21")
    insure(atena, "1", date(2012, 4, 1), acquisition_reason="02")
    page = desk("nenkin1")
    page.goto(f"/pension/people/{atena}/talks/?purpose=pension_benefit")
    page.get_by_label("月ごとの記録").fill(V11)
    page.get_by_role("button", name="記録を登録する").click()
    expect(page.get_by_text("確認した記録を登録しました")).to_be_visible()
    picture(page, "claims-talks")
    no_barriers(page)
    page.goto(f"/pension/people/{atena}/")
    expect(page.get_by_text("社会保険オンラインで確認した内容")).to_be_visible()
    picture(page, "claims-person")
    page.goto(f"/pension/people/{atena}/claims/")
    picture(page, "claims-guide")
    no_barriers(page)
    page.get_by_role("link", name="病気やけがで障害がある").click()
    page.get_by_role("link", name="障害基礎年金").first.click()
    page.get_by_label("初診日").fill("r070212")
    result = page.locator("#claim-result")
    expect(result.get_by_text("123/201月（必要134月）")).to_be_visible()
    expect(result.get_by_text("847,300円")).to_be_visible()
    expect(result.get_by_text("5350")).to_be_visible()
    picture(page, "claims-disability")
    no_barriers(page)
    page.get_by_label("初診日").fill("h220601")
    expect(result.get_by_text("年金事務所で受け付ける請求です")).to_be_visible()
    picture(page, "claims-elsewhere")


def test_V10_亡くなった夫の記録から寡婦年金と死亡一時金を比べる(
    desk: Callable[..., Page], city: Register, city_url: str, picture: Callable[[Page, str], None]
) -> None:
    husband = city.resident(date(1963, 5, 20))
    wife = city.resident(date(1965, 8, 30), sex="2", name="川口　花子", name_kana="カワグチ　ハナコ")
    city.dies(husband, date(2026, 11, 15))
    page = desk("nenkin1")
    page.goto(f"/pension/people/{husband}/talks/?purpose=pension_benefit")
    page.get_by_label("月ごとの記録").fill("S58.5~H26.4 納付\nH26.5~H30.4 全額\nH30.5~R5.4 未納\nR6.4~R8.10 納付付加")
    page.get_by_role("button", name="記録を登録する").click()
    expect(page.get_by_text("確認した記録を登録しました")).to_be_visible()
    page.goto(f"/pension/people/{wife}/claims/F23/")
    page.get_by_label("亡くなった方の宛名番号").fill(husband)
    page.get_by_label("婚姻日").fill("h020610")
    result = page.locator("#claim-result")
    expect(result.get_by_text("565,308円")).to_be_visible()
    expect(result.get_by_text("国民年金法第52条の6").first).to_be_visible()
    picture(page, "claims-widow")
    page.goto(f"/pension/people/{wife}/claims/F24/")
    page.get_by_label("亡くなった方の宛名番号").fill(husband)
    expect(result.get_by_text("270,000円")).to_be_visible()
    expect(result.get_by_text("令和10年11月15日").first).to_be_visible()
