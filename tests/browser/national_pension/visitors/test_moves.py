"""来庁者5 and 12: off to a country in the south, and then not; newly arrived, and someone else has her name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.browser.national_pension.visitors.hall import (
    EXEMPTION,
    QUALIFICATION,
    Visit,
    all_closed,
    receipts_of,
)
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

Take = Callable[[Page, str], None]
pytestmark = [
    pytest.mark.browser,
    *(pytest.mark.function(one) for one in ("S1-1", "S1-3", "T1", "T9")),
]


@pytest.mark.function("S3-1")
@pytest.mark.control("CTL-010")
@pytest.mark.control("CTL-033")
def test_V05_国外転出に任意加入を続け_転出の取消しで両方が戻る(
    visit: Visit, city: Register, today: Callable[[date], None], picture: Take
) -> None:
    page = visit.page
    man = city.resident(date(1974, 1, 15), name="南方　三郎", name_kana="ナンポウ　サブロウ")
    insure(man, "1", date(1994, 1, 14))
    give_number(man, "1105000001")
    put_on_roll(man)
    city.take()
    seq = city.moves_abroad(man, date(2026, 12, 10))
    city.take()
    visit.notes_record(man, "S69.1~S69.10 未納".replace("S69", "H6") + "\nH6.11~R8.10 納付")
    visit.opens(man, QUALIFICATION)
    page.locator("aside").get_by_role("link", name="海外転出").first.click()
    visit.sees("令和8年12月11日", "令和8年11月", "国民年金法第9条第2号")
    picture(page, "v05-item")
    visit.registers("確定しました")
    visit.hint("海外にいる間も任意加入できます")
    expect(page.get_by_label("申出日")).to_have_value("R8.12.11")
    page.get_by_label("申出日").fill("今日")
    visit.sees("このままでは登録できません", within="#effects")
    page.get_by_label("申出日").fill("R8.12.11")
    visit.sees("令和8年12月", within="#effects")
    visit.sees("令和8年12月から令和16年10月まで95か月納めると年847,300円", "480月に達します", within="#effects")
    page.get_by_label("国内協力者の氏名").fill("南方　四郎")
    page.get_by_label("国内協力者の住所").fill("埼玉県蕨市中央1丁目1番1号")
    for paper in ("口座振替申出書", "期間を確認できる書類"):
        page.get_by_label(paper).check()
    visit.identity()
    picture(page, "v05-voluntary")
    visit.registers("登録しました")
    visit.sees("南方　四郎", "口座振替")
    picture(page, "v05-notice")
    assert [row[:3] for row in periods(man)] == [
        ("1", date(1994, 1, 14), date(2026, 12, 11)),
        ("6", date(2026, 12, 11), None),
    ]
    visit.hall.close_the_day()
    assert all_closed(man)

    today(date(2026, 12, 8))
    city.cancels_departure(man, seq, date(2026, 12, 8))
    city.take()
    assert [row[:3] for row in periods(man)] == [("1", date(1994, 1, 14), None)], "as if it had never been prepared"
    visit.opens(man, QUALIFICATION)
    picture(page, "v05-cancelled")
    while page.locator("aside").get_by_role("link", name="取下げ").count():
        page.locator("aside").get_by_role("link", name="取下げ").first.click()
        visit.sees("取り下げる届書")
        visit.registers("確定しました")
        visit.opens(man, QUALIFICATION)
    assert [one for one in receipts_of(man) if one.kind == "F90"]
    visit.hall.close_the_day()
    assert all_closed(man)
    visit.opens(man, QUALIFICATION, "history/")
    visit.sees("南方　三郎", "取消")
    picture(page, "v05-history")


@pytest.mark.function("S1-2")
@pytest.mark.control("CTL-023")
@pytest.mark.control("CTL-032")
@pytest.mark.control("CTL-037")
def test_V12_来日した方を同じ氏名の方と取り違えず取得と免除を受け付ける(
    visit: Visit, city: Register, today: Callable[[date], None], picture: Take
) -> None:
    page = visit.page
    named = {
        "sex": "2",
        "resident_kind": "2",
        "name": "SANTOS MARIA",
        "name_kana": "サントス　マリア",
        "head_name": "SANTOS MARIA",
    }
    other = city.resident(date(1998, 1, 1), **named)
    insure(other, "1", date(2023, 5, 10), acquisition_reason="09")
    give_number(other, "1112000001")
    visitor = city.resident(
        date(1998, 1, 1), announce="105", on=date(2026, 11, 16), **named | {"resident_since": date(2026, 11, 16)}
    )
    city.take()
    page.goto(f"/pension/?purpose={QUALIFICATION}&q=サントス　マリア")
    expect(page.get_by_text("同姓同名・同生年月日")).to_have_count(2)
    picture(page, "v12-search")
    visit.opens(visitor, QUALIFICATION)
    page.locator("aside").get_by_role("link", name="取得").first.click()
    visit.sees("令和8年11月16日", "在留カードの在留資格を確認してください", "外国語の案内")
    picture(page, "v12-item")
    visit.registers("確定しました")
    picture(page, "v12-notice")
    visit.sees("脱退一時金")
    assert [row[:2] for row in periods(visitor)] == [("1", date(2026, 11, 16))]
    assert [row[:2] for row in periods(other)] == [("1", date(2023, 5, 10))]
    visit.opens(other, QUALIFICATION, "notices/F01/")
    page.get_by_label("届出の理由").select_option("from_abroad")
    page.get_by_label("転入した日").fill("R8.11.16")
    visit.sees("すでに第1号", within="#effects")
    picture(page, "v12-wrong-person")

    visit.opens(visitor, EXEMPTION, "exemptions/new/")
    visit.identity("residence_card")
    visit.sees("判定保留", "令和8年11月 〜 令和9年6月", within="#judgement")
    expect(page.locator("#judgement")).not_to_contain_text("所得 0円")
    picture(page, "v12-exemption")
    visit.registers("1件の申請を受け付けました")
    acquisition, application = receipts_of(visitor)
    visit.hall.service.control.command(
        "return", receipt_number=acquisition.receipt_number, reason_code="R99", reason="同一人の疑い"
    )
    visit.hall.close_the_day()
    today(date(2026, 12, 2))
    page.goto("/pension/results/")
    page.get_by_role("link", name=acquisition.receipt_number).click()
    visit.sees("同一人の疑い")
    page.get_by_label("対応した内容").fill("在留カード番号と宛名番号が異なり別人と確認した")
    page.get_by_role("button", name="送付待にする").click()
    visit.sees("次の報告で再送します")
    visit.hall.close_the_day()
    today(date(2026, 12, 10))
    visit.opens(visitor, QUALIFICATION, "notices/F03/")
    page.get_by_label("届出の理由").select_option("employed")
    page.get_by_label("厚生年金の取得日").fill("R8.12.1")
    visit.sees("令和8年11月", within="#effects")
    visit.identity("residence_card")
    page.get_by_label("日本年金機構へ報告する").uncheck()
    visit.registers("登録しました")
    visit.hall.close_the_day()  # the application waited for the 基礎年金番号 that came with the acceptance
    assert periods(visitor)[0][:3] == ("1", date(2026, 11, 16), date(2026, 12, 1))
    visit.decided(application.pk, "20")
    assert all_closed(visitor)
