"""来庁者6 and 7: a baby on the last day of October; she must not be found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.browser.national_pension.visitors.hall import (
    EXEMPTION,
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
    *(pytest.mark.function(one) for one in ("S1-2", "S1-3", "S1-4", "S3-1", "T5", "T9")),
    *(pytest.mark.control(f"CTL-{one}") for one in ("014", "017", "032")),
]


def test_V06_父母に案内が出て産前産後と育児を一度に届け出る(visit: Visit, city: Register, picture: Take) -> None:
    page = visit.page
    father = city.resident(date(1993, 12, 5), name="出産　父", name_kana="シュッサン　チチ", head_name="出産　父")
    home = {"household_number": father, "head_atena_number": father, "head_name": "出産　父"}
    mother = city.resident(
        date(1995, 7, 19), sex="2", relationship="妻", name="出産　母", name_kana="シュッサン　ハハ", **home
    )
    city.resident(date(2026, 10, 31), relationship="子", name="出産　空", name_kana="シュッサン　ソラ", **home)
    insure(mother, "1", date(2019, 4, 1))
    insure(father, "1", date(2018, 1, 1))
    for atena, number in ((mother, "1106000001"), (father, "1106000002")):
        give_number(atena, number)
        put_on_roll(atena)
    exempted(mother, "20", date(2026, 7, 1), date(2027, 7, 1))
    visit.notes_record(father, "H30.1~R8.10 納付付加")
    visit.opens(mother, EXEMPTION)
    picture(page, "v06-person")
    visit.hint("産前産後期間の免除")
    expect(page.get_by_label("届出の事情")).to_have_value("after")
    expect(page.get_by_label("出産年月日")).to_have_value("R8.10.31")
    visit.sees("令和8年9月 〜 令和8年12月", within="#effects")
    page.get_by_label("出産年月日").fill("")
    page.get_by_label("出産予定年月日").fill("R8.11.8")
    visit.sees("出産後の届出は出産日によります", within="#effects")
    picture(page, "v06-due-date")
    page.get_by_label("出産年月日").fill("R8.10.31")
    page.get_by_label("出産予定年月日").fill("")
    visit.identity()
    picture(page, "v06-maternity")
    visit.registers("受け付けました")
    for atena, kind, told in (
        (mother, "51", "令和9年1月 〜 令和9年9月"),
        (father, "52", "令和8年10月 〜 令和9年9月"),
    ):
        visit.opens(atena, EXEMPTION)
        visit.hint("育児期間の免除")
        if atena == father:
            page.get_by_label("養育者の区分").select_option("51")
            visit.sees("実母ではありません", within="#effects")
        page.get_by_label("養育者の区分").select_option(kind)
        visit.sees(told, within="#effects")
        if atena == father:
            visit.sees("12か月分で217,260円", "令和8年10月は納付済です（17,920円）", "還付の請求", within="#effects")
        visit.identity()
        visit.registers("受け付けました")
    picture(page, "v06-childcare")
    visit.hall.close_the_day()
    assert exempt(mother) == [
        ("20", "2026-07", "2026-08"),
        ("50", "2026-09", "2026-12"),
        ("51", "2027-01", "2027-09"),
    ]
    assert exempt(father) == [("52", "2026-10", "2027-09")]
    assert all_closed(mother, father)
    visit.opens(mother, EXEMPTION, "exemptions/")
    picture(page, "v06-months")


@pytest.mark.function("T6")
@pytest.mark.control("CTL-015")
@pytest.mark.control("CTL-034")
def test_V07_支援措置の方は住所が出ず夫の所得を見ずに判定される(visit: Visit, city: Register, picture: Take) -> None:
    page = visit.page
    husband = city.resident(date(1986, 1, 30), name="逃避　夫", name_kana="トウヒ　オット", head_name="逃避　夫")
    woman = city.resident(
        date(1990, 9, 9),
        sex="2",
        name="逃避　花子",
        name_kana="トウヒ　ハナコ",
        head_name="逃避　花子",
        address="隠町9丁目9番9号",
        protected=True,
    )
    insure(woman, "1", date(2018, 4, 1))
    insure(husband, "1", date(2010, 4, 1))
    give_number(woman, "1107000001")
    put_on_roll(woman)
    declare(woman, 2026, 480_000)
    declare(husband, 2026, 5_000_000)
    visit.notes_record(woman, "H30.4~R8.6 納付")
    for event, day in (("begin", "R8.7.10"), ("end", "R8.10.31")):  # 生活福祉1課の紙の通知
        page.goto("/pension/welfare/")
        page.get_by_label("宛名番号").first.fill(woman)
        page.get_by_label("開始・廃止の別").select_option(event)
        page.get_by_label("扶助の別").select_option("livelihood")
        page.get_by_label("開始・廃止の日").fill(day)
        page.locator("main form[data-keys]").get_by_role("button", name="記録する").click()
        visit.sees("通知を記録しました")
    visit.sees("逃避　花子")
    picture(page, "v07-candidates")
    visit.opens(woman, EXEMPTION)
    picture(page, "v07-person")
    expect(page.locator("body")).not_to_contain_text("隠町")
    for situation, day, more in (("begin", "R8.7.10", ""), ("end", "R8.10.31", "1")):
        page.goto(f"/pension/people/{woman}/forms/F14/")
        page.get_by_label("届出の事情").select_option(situation)
        page.get_by_label("事由", exact=False).first.select_option("2")
        expect(page.get_by_label("該当・消滅年月日")).to_have_value(day)
        if more:
            page.get_by_label("消滅の理由").select_option(more)
        else:
            page.get_by_label("年金証書または保護受給証明書").check()
        page.get_by_label("支援措置の対象の方であることを確かめ").check()
        visit.sees("受け付けられます", within="#effects")
        if more:
            page.get_by_label("該当・消滅年月日").fill("R8.11.1")
            visit.sees("受け付けられません", "令和8年11月1日は", "廃止日令和8年10月31日と違います", within="#effects")
            picture(page, "v07-contradicts")
            page.get_by_label("該当・消滅年月日").fill(day)
            visit.sees("受け付けられます", within="#effects")
        else:
            visit.sees("令和8年6月は納付済です（17,920円）", "納付のままとするか", within="#effects")
        visit.identity()
        picture(page, f"v07-{situation}")
        visit.registers("受け付けました")
    assert "隠町" not in visit.papers_of(woman), "neither the slip nor the form tells where she lives"
    page.goto("/pension/welfare/")
    expect(page.locator("main")).not_to_contain_text("逃避　花子")
    visit.hall.close_the_day()
    assert exempt(woman) == [("11", "2026-06", "2026-10")]

    page.goto(f"/pension/people/{woman}/exemptions/new/")
    page.get_by_label("配偶者からの暴力により別居している").check()
    page.get_by_label("配偶者からの暴力を受けた方の証明書または申出").check()
    page.get_by_label("支援措置の対象者であることを踏まえ本人と確認した").check()
    visit.identity()  # 納付済の年度は, 初めから申請できる年度に出ない
    expect(page.locator("[name=cycles]")).to_have_count(1)
    visit.sees("令和8年11月 〜 令和9年6月", "全額免除", within="#judgement")
    expect(page.locator("body")).not_to_contain_text("逃避　夫")
    picture(page, "v07-exemption")
    visit.registers("1件の申請を受け付けました")
    visit.hall.close_the_day()
    visit.decided(receipts_of(woman)[-1].pk, "20")
    assert exempt(woman)[-1] == ("20", "2026-11", "2027-06")
    assert all_closed(woman)

    shiba = visit.hall.desk("shiba1")  # 15時, 支所: the husband asks
    shiba.goto(f"/pension/?purpose={EXEMPTION}&q=トウヒ　ハナコ")
    expect(shiba.get_by_text("支援措置のため表示しません")).to_be_visible()
    expect(shiba.locator("body")).not_to_contain_text("隠町")
    shiba.goto(f"/pension/people/{husband}/household/")
    expect(shiba.locator("body")).not_to_contain_text("隠町")
    expect(shiba.locator("main")).not_to_contain_text("逃避　花子")
    picture(shiba, "v07-branch")
