"""来庁者2 to 4: the student whose form comes back, three cycles with an undeclared wife, 付加 while exempt."""

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
    declare,
    exempt,
    exempted,
    receipts_of,
)
from tests.national_pension.support import Register, give_number, insure, put_on_roll

Take = Callable[[Page, str], None]
pytestmark = [
    pytest.mark.browser,
    *(pytest.mark.function(one) for one in ("S1-2", "S1-3", "S1-4", "T5", "T9")),
    *(pytest.mark.control(f"CTL-{one}") for one in ("013", "016", "017", "032")),
]


@pytest.mark.function("S3-2")
@pytest.mark.control("CTL-018")
def test_V02_学生は学特に導かれ返戻のあと同じ受付番号で再送される(
    visit: Visit, city: Register, today: Callable[[date], None], picture: Take
) -> None:
    page, service = visit.page, visit.hall.service
    father = city.resident(date(1974, 10, 10), name="学生　父", head_name="学生　父")
    student = city.resident(
        date(2006, 3, 1),
        relationship="子",
        name="学生　花子",
        name_kana="ガクセイ　ハナコ",
        sex="2",
        household_number=father,
        head_atena_number=father,
        head_name="学生　父",
    )
    insure(student, "1", date(2026, 2, 28), acquisition_reason="01")
    give_number(student, "1102000001")
    declare(student, 2025, 400_000)
    declare(student, 2026, 1_353_600, social_insurance_deduction=78_000)
    declare(father, 2026, 6_300_000)
    visit.opens(student, EXEMPTION)
    visit.page.goto(f"/pension/people/{student}/exemptions/new/")
    page.get_by_label("学生である").check()
    visit.sees("国民年金法第90条の3", within="#judgement")
    picture(page, "v02-not-deferment")
    page.locator("#judgement").get_by_role("link", name="学生納付特例の申請にする").click()
    expect(page.get_by_role("heading", name="学生納付特例の申請")).to_be_visible()
    visit.identity("my_number_card")
    page.get_by_label("学校名・課程").fill("本町大学 文学部")
    page.get_by_label("卒業予定年月日").fill("R10.3.31")
    visit.sees("令和8年2月 〜 令和8年3月", "令和8年4月 〜 令和9年3月", within="#judgement")
    expect(page.locator("#judgement")).not_to_contain_text("学生　父")
    visit.sees("400,000円", "1,275,600円", within="#judgement")
    picture(page, "v02-judged")
    visit.registers("2件の申請を受け付けました")
    picture(page, "v02-print")
    first, second = receipts_of(student)
    assert (first.state, second.state) == ("20", "20"), "the student card is missing: 補正依頼"
    page.goto(f"/pension/notices/{first.pk}/")
    visit.sees("学生証の写し（表・裏）または在学証明書")
    picture(page, "v02-missing")
    assert "不足している書類" in visit.paper(f"/pension/notices/{first.pk}/receipt.pdf")
    for one in (first, second):  # 学生証の表で受け付け, 裏は後日
        page.goto(f"/pension/notices/{one.pk}/")
        page.get_by_text("書類なしで進める").first.click()
        page.get_by_label("書類なしで進める理由").fill("表の写しを預かった。裏は後日")
        page.get_by_role("button", name="書類なしで進める").click()
        visit.sees("書類を省略しました")
        service.control.command("return", receipt_number=one.receipt_number, reason_code="R99", reason="学生証裏面なし")
    visit.hall.close_the_day()
    today(date(2026, 12, 7))
    for one in (first, second):
        page.goto("/pension/board/?state=60")
        expect(page.locator("tr[data-tone=bad]").filter(has_text=one.receipt_number)).to_contain_text("学生証裏面なし")
        picture(page, "v02-board")
        page.get_by_role("link", name=one.receipt_number).click()
        visit.sees("学生証裏面なし")
        page.get_by_label("対応した内容").fill("在学証明書を添えた")
        page.get_by_role("button", name="送付待にする").click()
        visit.sees("次の報告で再送します")
    picture(page, "v02-returned")
    visit.hall.close_the_day()
    page.goto(f"/pension/notices/{first.pk}/")
    visit.sees("再送")
    assert [one.received_on for one in receipts_of(student)] == [date(2026, 11, 24)] * 2, "the day of application stays"
    for one in (first, second):
        visit.decided(one.pk, "40")
    assert exempt(student) == [("40", "2026-02", "2026-03"), ("40", "2026-04", "2027-03")]
    assert all_closed(student)


@pytest.mark.function("S6-2")
@pytest.mark.function("S7-1")
@pytest.mark.control("CTL-015")
def test_V03_三年度を一度に_未申告の配偶者は申告のあと判定される(visit: Visit, city: Register, picture: Take) -> None:
    page = visit.page
    mother = city.resident(date(1961, 8, 8), name="未納　母", sex="2")
    home = {"household_number": mother, "head_atena_number": mother, "head_name": "未納　母"}
    man = city.resident(date(1993, 2, 10), relationship="子", name="未納　次郎", name_kana="ミノウ　ジロウ", **home)
    wife = city.resident(date(1994, 6, 6), relationship="子の妻", name="未納　春子", sex="2", **home)
    insure(man, "1", date(2024, 12, 1), acquisition_reason="02")
    give_number(man, "1103000001")
    put_on_roll(man)
    for year, total in ((2024, 3_000_000), (2025, 2_700_000), (2026, 0)):
        declare(man, year, total)
    for year, total, paid in ((2024, 600_000, 0), (2025, 1_100_000, 120_000), (2026, 700_000, 100_000)):
        declare(mother, year, total, social_insurance_deduction=paid)
    declare(wife, 2024, 300_000)
    declare(wife, 2025, None)
    declare(wife, 2026, None)
    visit.opens(man, EXEMPTION, "exemptions/new/")
    judgement = page.locator("#judgement")
    visit.sees("未申告", within="#judgement")
    visit.sees("令和6年12月から令和7年6月まで 7か月", "令和7年7月から令和8年6月まで 12か月")
    page.locator("#id_is_student").focus()
    visit.steps_to("identity_document")
    visit.press("ArrowDown")  # 個人番号カード
    visit.steps_to("ground")
    visit.press("ArrowDown")  # 失業, 本人のまま
    visit.steps_to("ground_on")
    visit.press(*"R6.11.30")
    visit.steps_to("papers", "離職票または雇用保険受給資格者証")
    visit.press("Space")
    visit.sees("判定保留", "0円とはみなせません", within="#judgement")
    picture(page, "v03-undeclared")
    expect(page.locator("#id_spouse_income")).to_have_count(0), "no field for an income: its source is the tax system"
    declare(wife, 2025, 650_000)
    declare(wife, 2026, 720_000, social_insurance_deduction=215_000)
    expect(judgement.get_by_text("納付猶予", exact=True).first).to_be_visible(timeout=15_000)  # by itself, in seconds
    visit.sees("4分の3免除", "「半額免除」（納める額105,720円）", "納める額は54,030円", within="#judgement")
    visit.sees("保険料120,450円のうち納める額は0円", "2年以内に納めないと未納", within="#judgement")
    picture(page, "v03-judged")
    visit.press("F9")
    visit.sees("3件の申請を受け付けました")
    picture(page, "v03-print")
    assert visit.pressed <= 60, "three cycles in one sitting, every step between the fields counted"
    page.goto(f"/pension/people/{man}/exemptions/new/")
    visit.sees("申請できる月はありません")
    visit.hall.close_the_day()
    for one, kind in zip(receipts_of(man), ("20", "30", "21"), strict=True):
        visit.decided(one.pk, kind)
    assert exempt(man) == [
        ("20", "2024-12", "2025-06"),
        ("30", "2025-07", "2026-06"),
        ("21", "2026-07", "2027-06"),
    ]
    assert all_closed(man)


@pytest.mark.function("S1-1")
@pytest.mark.function("T3")
@pytest.mark.control("CTL-030")
@pytest.mark.control("CTL-054")
def test_V04_免除中の付加は断られ取消しのあとで納められる(
    visit: Visit, city: Register, today: Callable[[date], None], picture: Take
) -> None:
    page = visit.page
    woman = city.resident(date(1981, 4, 2), sex="2", name="商店　花子", name_kana="ショウテン　ハナコ")
    insure(woman, "1", date(2012, 4, 1))
    give_number(woman, "1104000001")
    put_on_roll(woman)
    exempted(woman, "20", date(2026, 7, 1), date(2027, 7, 1), continue_wished=True)
    husband = city.resident(date(1979, 9, 15), name="商店　太郎", name_kana="ショウテン　タロウ")
    insure(husband, "1", date(2010, 4, 1))
    give_number(husband, "1104000002")
    visit.opens(woman, QUALIFICATION)
    page.get_by_text("記録・付加・再交付").click()
    page.get_by_role("link", name="付加保険料納付・納付辞退申出書").click()
    visit.sees("免除・猶予を受けている月は付加保険料を納められません", "国民年金法第87条の2", within="#effects")
    picture(page, "v04-refused")
    page.get_by_label("開始する月・やめる月").fill("R8.4")
    visit.sees("さかのぼって納めることはできません", within="#effects")
    page.get_by_label("開始する月・やめる月").fill("R8.11")
    page.locator("#effects").get_by_role("link", name="免除・納付猶予取消申請書").first.click()
    page.get_by_label("取消し・納付を始める月").fill("R8.9")
    visit.sees("前月（令和8年10月）以後の月から", within="#effects")
    page.get_by_label("取消し・納付を始める月").fill("R8.11")
    visit.sees("受け付けられます", within="#effects")
    visit.identity()
    picture(page, "v04-cancel")
    visit.registers("受け付けました")
    page.get_by_text("記録・付加・再交付").click()
    page.get_by_role("link", name="付加保険料納付・納付辞退申出書").click()
    visit.sees(
        "受け付けられます", "取消しの申請", "173か月", "69,200円", "年34,600円", "2年受けると", within="#effects"
    )
    visit.sees("月18,320円", within="#effects")
    visit.identity()
    picture(page, "v04-join")
    visit.registers("受け付けました")
    assert [one.kind for one in receipts_of(woman)] == ["F12b", "F10"]

    visit.opens(husband, QUALIFICATION, "forms/F10/")
    page.get_by_label("国民年金基金に加入している").check()
    visit.sees("国民年金基金の加入員は付加保険料を納められません", within="#effects")
    picture(page, "v04-fund")
    cancelling, joining = receipts_of(woman)
    service = visit.hall.service.control
    reasons = ((cancelling, "署名なし"), (joining, "取消しが認められていない"))
    for one, why in reasons:
        service.command("return", receipt_number=one.receipt_number, reason_code="R99", reason=why)
    visit.hall.close_the_day()
    page.goto("/pension/board/?state=60")
    red = page.locator("tr[data-tone=bad]")
    for one, why in reasons:
        expect(red.filter(has_text=one.receipt_number).filter(has_text=why)).to_be_visible()
    page.goto(f"/pension/notices/{joining.pk}/")
    visit.sees(f"免除の取消し（受付番号 {cancelling.receipt_number}）が返戻された")
    picture(page, "v04-red")
    assert exempt(woman) == [("20", "2026-07", "2027-06")], "nothing was taken"
    today(date(2026, 11, 26))
    for one in (cancelling, joining):
        page.goto(f"/pension/notices/{one.pk}/")
        page.get_by_label("対応した内容").fill("署名を得た")
        page.get_by_role("button", name="送付待にする").click()
        visit.sees("次の報告で再送します")
    visit.hall.close_the_day()
    assert exempt(woman) == [("20", "2026-07", "2026-10")]
    assert all_closed(woman, husband)
    visit.opens(woman, QUALIFICATION, "exemptions/")
    visit.sees("付加保険料", "取消")
    picture(page, "v04-after")
