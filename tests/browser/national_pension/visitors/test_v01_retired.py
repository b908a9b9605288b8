"""来庁者1: left the company on a Friday; the wife was 第3号; both ask for 失業特例."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press
from tests.browser.national_pension.visitors.hall import (
    QUALIFICATION,
    Visit,
    all_closed,
    declare,
    exempt,
    receipts_of,
)
from tests.national_pension.support import Register, give_number, insure, periods

pytestmark = [
    pytest.mark.browser,
    *(pytest.mark.function(one) for one in ("S1-1", "S1-3", "S1-4", "S6-5", "S3-1", "T1", "T5", "T9")),
    *(pytest.mark.control(f"CTL-{one}") for one in ("010", "013", "017", "032")),
]


def test_V01_退職した夫と第3号の妻が失業特例まで一度で済む(
    visit: Visit, city: Register, picture: Callable[[Page, str], None]
) -> None:
    page = visit.page
    man = city.resident(date(1985, 5, 12), name="退職　一郎", name_kana="タイショク　イチロウ", head_name="退職　一郎")
    home = {"household_number": man, "head_atena_number": man, "head_name": "退職　一郎"}
    city.rows[man] |= home
    wife = city.resident(
        date(1988, 3, 3), sex="2", relationship="妻", name="退職　春子", name_kana="タイショク　ハルコ", **home
    )
    city.resident(date(2018, 7, 7), relationship="子", name="退職　空", name_kana="タイショク　ソラ", **home)
    insure(man, "2", date(2010, 4, 1), acquisition_reason="21")
    insure(wife, "3", date(2015, 6, 10), acquisition_reason="22")
    give_number(man, "1101000001")
    give_number(wife, "1101000002")
    declare(man, 2026, 3_720_000, social_insurance_deduction=780_000, spouse_kind="1", young_dependants=1)
    declare(wife, 2026, 550_000)

    page.goto(f"/pension/?purpose={QUALIFICATION}&q=")
    visit.press("/")
    page.keyboard.type("タイショク イチロウ")  # what the visitor says
    expect(page.get_by_role("link", name="退職　一郎")).to_be_visible()
    picture(page, "v01-search")
    visit.press("ArrowDown", "ArrowDown", "Enter")
    visit.sees("第2号")
    picture(page, "v01-person")
    page.get_by_role("link", name="種別変更届").click()
    page.get_by_label("退職日").fill("r081030")
    visit.sees("令和8年10月31日", "令和8年10月", "令和8年11月16日", "期限を過ぎています", "8日", within="#effects")
    visit.identity()
    page.get_by_label("離職票または資格喪失連絡票").check()
    page.get_by_label("届書に書かれた取得日・喪失日").fill("R8.11.1")
    with page.expect_navigation():  # the prospect beside the form says the same words
        press(page, "F9")
    expect(page.get_by_text("届書の令和8年11月1日では登録できません").first).to_be_visible()
    picture(page, "v01-wrong-day")
    page.get_by_label("届書に書かれた取得日・喪失日").fill("")
    visit.registers("登録しました")
    picture(page, "v01-notice")

    visit.hint("第3号の配偶者")
    visit.sees("令和8年10月31日", "退職　春子")
    picture(page, "v01-spouse-item")
    visit.registers("確定しました")
    assert [row[:2] for row in periods(wife)] == [("3", date(2015, 6, 10)), ("1", date(2026, 10, 31))]

    for atena, whose in ((man, "applicant"), (wife, "spouse")):
        visit.opens(atena, QUALIFICATION, "exemptions/new/")
        visit.identity()
        page.get_by_label("特例の事由").select_option("job_loss")
        page.get_by_label("事由のある方").select_option(whose)
        page.locator("#id_ground_on").fill("R8.10.30")
        page.get_by_label("離職票または雇用保険受給資格者証").check()
        visit.sees("全額免除", "9か月", "却下" if whose == "applicant" else "見込み", within="#judgement")
        visit.sees("保険料162,390円のうち納める額は0円", "年7,943円少なく", within="#judgement")
        page.get_by_label("翌年度以降の継続審査を希望する").check()
        visit.sees("この年度では希望できません", within="#judgement")
        page.get_by_label("翌年度以降の継続審査を希望する").uncheck()
        picture(page, f"v01-exemption-{whose}")
        visit.registers("1件の申請を受け付けました")
    picture(page, "v01-print")

    paper = visit.papers_of(man, wife)
    assert paper.count("国民年金受付票（お客様控）") == 4 and "令和8年10月31日" in paper
    assert "550,000円" in paper and "3,720,000円" in paper, "the incomes stand in the applications"
    visit.hall.close_the_day()
    for one in receipts_of(man, wife):
        if one.kind == "F12":
            visit.decided(one.pk, "20")
    assert exempt(man) == exempt(wife) == [("20", "2026-10", "2027-06")]
    assert all_closed(man, wife)
