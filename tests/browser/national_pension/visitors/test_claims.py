"""来庁者8 to 11: sixty and one lost month, sixty-five now or later, the widow's choice, the month-by-month test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press
from tests.browser.national_pension.visitors.hall import (
    BENEFIT,
    QUALIFICATION,
    Visit,
    all_closed,
    declare,
    exempted,
    receipts_of,
)
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

Take = Callable[[Page, str], None]
pytestmark = [
    pytest.mark.browser,
    *(pytest.mark.function(one) for one in ("S1-2", "S1-6", "T7", "T9")),
    *(pytest.mark.control(f"CTL-{one}") for one in ("020", "030")),
]


def _receives(visit: Visit, said: str = "受け付けました") -> None:
    visit.identity()
    visit.registers(said)


V08 = """S61.9~H3.2 厚年
H3.4~H22.3 納付
H22.4~H24.3 全額
H24.4~R6.10 納付
R6.11~R8.8 未納"""


@pytest.mark.function("S1-1")
@pytest.mark.function("T1")
@pytest.mark.function("T2")
@pytest.mark.function("T4")
def test_V08_六十歳からの任意加入と失われた一月の訂正を一度に受け付ける(
    visit: Visit, city: Register, picture: Take
) -> None:
    page = visit.page
    woman = city.resident(date(1966, 9, 21), sex="2", name="満額　花子", name_kana="マンガク　ハナコ")
    insure(woman, "2", date(1986, 9, 20), date(1991, 3, 31), loss_reason="21", acquisition_reason="21")
    lost = insure(woman, "1", date(1991, 4, 21), date(2026, 9, 20), loss_reason="03", acquisition_reason="02")
    give_number(woman, "1108000001")
    put_on_roll(woman)
    visit.notes_record(woman, V08)
    visit.opens(woman, BENEFIT, "claims/F20/")
    page.locator("#id_more_months").focus()
    visit.press(*["ArrowRight"] * 24)
    visit.sees("任意加入で24か月納めたとき", "827,000円", "重み 468.5月", "満額まで47か月", within="#claim-result")
    picture(page, "v08-slider")
    visit.opens(woman, QUALIFICATION)
    visit.sees("説明のない空白")
    picture(page, "v08-person")
    visit.hint("480月に満たない方は")
    page.get_by_label("申出日").fill("R8.9.20")
    visit.sees("さかのぼって加入することはできません", within="#effects")
    picture(page, "v08-backdated")
    page.get_by_label("申出日").fill("今日")
    visit.sees("令和8年11月24日", "令和13年9月20日", "いまの記録で年785,518円", within="#effects")
    visit.sees("令和8年11月から令和12年9月まで47か月納めると年847,300円", "480月に達します", within="#effects")
    visit.sees("納める額は842,240円", "年61,782円増え、13.6年受けると", within="#effects")
    for paper in ("口座振替申出書", "期間を確認できる書類"):
        page.get_by_label(paper).check()
    picture(page, "v08-voluntary")
    _receives(visit, "登録しました")
    visit.hint("口座振替・前納を案内してください")
    page.get_by_label("通帳またはキャッシュカード").check()
    _receives(visit)
    for situation in ("report", "claim"):
        page.goto(f"/pension/people/{woman}/forms/F09/")
        page.get_by_label("届出の事情").select_option(situation)
        page.get_by_label("訂正する事項").select_option("1" if situation == "report" else "6")
        page.get_by_label("訂正前").fill("平成3年4月21日")
        page.get_by_label("訂正後").fill("平成3年3月31日")
        page.get_by_label("訂正を求める理由").fill("厚生年金の喪失日から第1号のため")
        page.locator("#id_evidence").fill("平成3年3月分の領収証書")
        if situation == "claim":
            page.get_by_label("訂正の資料（給与明細・領収証書など）").check()
        _receives(visit)
    picture(page, "v08-correction")
    page.goto(f"/pension/people/{woman}/forms/F11/")
    page.get_by_label("お持ちだったもの").select_option("booklet")
    _receives(visit)
    page.goto(f"/pension/people/{woman}/qualification/{lost}/correct/")
    page.get_by_label("取得日（種別変更日）").fill("H3.3.31")
    page.get_by_label("訂正の理由").fill("届出の日ではなく厚生年金の喪失日から")
    page.get_by_label("確認した資料").fill("資格喪失連絡票")
    picture(page, "v08-proposal")
    with page.expect_navigation():
        press(page, "F9")
    chief = visit.hall.desk("nenkin9")
    chief.goto("/pension/corrections/")
    picture(chief, "v08-approval")
    chief.get_by_role("button", name="承認する").first.click()
    expect(chief.get_by_text("承認し、記録を訂正しました")).to_be_visible()
    assert [row[:2] for row in periods(woman)][1] == ("1", date(1991, 3, 31))
    visit.notes_record(woman, V08.replace("H3.4~", "H3.3~"))
    visit.opens(woman, BENEFIT, "claims/F20/")
    visit.sees("787,283円", "年金事務所で受け付ける請求です", within="#claim-result")
    paper = visit.papers_of(woman)
    assert "平成3年3月31日" in paper and "口座振替" in paper and "地方厚生局" in paper
    visit.hall.close_the_day()
    still = [one for one in receipts_of(woman) if one.is_open]
    assert [(one.kind, one.waiting_at) for one in still] == [("F09", "地方厚生局長")], "outside, not unsent"
    page.goto(f"/pension/notices/{still[0].pk}/")
    page.get_by_label("決定日").fill("今日")
    page.get_by_label("決定の内容").fill("1991年3月を納付済とする")
    page.get_by_role("button", name="結果を記録する").click()
    visit.sees("決定の結果を記録しました")
    assert all_closed(woman)


@pytest.mark.function("S6-5")
@pytest.mark.function("T8")
@pytest.mark.control("CTL-032")
def test_V09_六十五歳の老齢基礎年金を年齢ごとに比べ給付金と一緒に請求する(
    visit: Visit, city: Register, picture: Take
) -> None:
    page = visit.page
    man = city.resident(date(1961, 11, 10), name="老齢　一", name_kana="ロウレイ　ハジメ", head_name="老齢　一")
    home = {"household_number": man, "head_atena_number": man, "head_name": "老齢　一"}
    wife = city.resident(date(1963, 4, 1), relationship="妻", sex="2", name="老齢　春", **home)
    insure(man, "1", date(1981, 11, 9), date(2021, 11, 9), loss_reason="03")
    give_number(man, "1109000001")
    put_on_roll(man)
    declare(man, 2026, 400_000, spouse_kind="1")
    city.rows[man] |= home
    row = {"state": "3"}
    declare(man, 2026, 400_000, spouse_kind="1", **row)
    declare(wife, 2026, 0, **row)
    visit.notes_record(
        man,
        "S56.11~S61.10 未納\nS61.11~H8.10 納付付加\nH8.11~H24.6 納付\nH24.7~H29.6 全額\nH29.7~R3.10 納付".replace(
            "S56.11~S61.10 未納", "S56.11~S59.10 未納\nS59.11~S61.10 納付"
        ),
    )
    visit.opens(man, BENEFIT)
    visit.hint("老齢基礎年金を請求できます")
    result = page.locator("#claim-result")
    expect(result.get_by_text("1150")).to_be_visible()
    visit.sees("老齢基礎 730,796円 付加 24,000円", "老齢基礎 792,183円 付加 26,016円", within="#claim-result")
    visit.sees("老齢基礎 1,037,730円 付加 34,080円", "老齢基礎 1,344,665円 付加 44,160円", within="#claim-result")
    picture(page, "v09-old-age")
    page.get_by_label("請求する年齢").focus()
    visit.press(*["ArrowRight"] * 3)
    visit.sees("選んだ年齢 65歳3か月", within="#claim-result")
    page.get_by_label("年金生活者支援給付金も請求する").check()
    page.get_by_label("請求する年齢").fill("840")
    visit.sees(
        "70歳まで待つ間に受け取らない額は4,132,000円、増える額は年317,014円", "13.0年で上回り", within="#claim-result"
    )
    picture(page, "v09-slider")
    page.get_by_label("請求する年齢").fill("780")
    page.get_by_label("繰下げを希望する").check()
    visit.sees("繰下げの間は年金生活者支援給付金は支給されません", within="#claim-result")
    page.get_by_label("繰下げを希望する").uncheck()
    press(page, "F9")
    page.get_by_label("受取機関・支店").fill("本町銀行 本店")
    page.get_by_label("受取機関の通帳等").check()
    _receives(visit)
    page.goto(f"/pension/people/{man}/claims/F28/")
    visit.sees("5,967円", within="#claim-result")
    picture(page, "v09-supplement")
    page.goto(f"/pension/people/{man}/forms/F28/")
    page.get_by_label("年金コード").fill("1150")
    _receives(visit)
    assert "1150" in visit.papers_of(man)
    assert "1,037,730円" in visit.paper(f"/pension/people/{man}/claims/F20/sheet.pdf"), "the estimate, marked 概算"
    visit.hall.close_the_day()
    for one in receipts_of(man):
        page.goto(f"/pension/notices/{one.pk}/")
        page.get_by_label("決定日").fill("今日")
        page.get_by_label("決定の内容").fill("年額730,796円")
        page.get_by_role("button", name="結果を記録する").click()
        visit.sees("決定の結果を記録しました")
    assert all_closed(man)


@pytest.mark.function("S1-1")
@pytest.mark.function("S3-1")
@pytest.mark.function("T1")
@pytest.mark.control("CTL-037")
def test_V10_夫の死亡のあと寡婦年金か死亡一時金を選び母の未支給も請求する(
    visit: Visit, city: Register, picture: Take
) -> None:
    page = visit.page
    husband = city.resident(date(1963, 5, 20), name="寡婦　夫", name_kana="カフ　オット", head_name="寡婦　夫")
    home = {"household_number": husband, "head_atena_number": husband, "head_name": "寡婦　夫"}
    widow = city.resident(
        date(1965, 8, 30), sex="2", relationship="妻", name="寡婦　花子", name_kana="カフ　ハナコ", **home
    )
    mother = city.resident(date(1938, 1, 5), sex="2", relationship="妻の母", name="寡婦　母", **home)
    insure(husband, "1", date(1983, 5, 19), date(2023, 5, 19), loss_reason="03")
    insure(husband, "5", date(2024, 4, 15), acquisition_reason="12")
    give_number(husband, "1110000001")
    give_number(widow, "1110000002")
    put_on_roll(husband)
    declare(widow, 2026, 900_000)
    city.dies(mother, date(2026, 10, 20))
    city.dies(husband, date(2026, 11, 15))
    city.take()
    visit.opens(husband, BENEFIT)
    page.locator("aside").get_by_role("link", name="死亡").first.click()
    visit.sees("令和8年11月16日", "令和8年10月", "寡婦年金を請求できる", "未支給年金")
    picture(page, "v10-item")
    visit.registers("確定しました")
    visit.notes_record(husband, "S58.5~H26.4 納付\nH26.5~H30.4 全額\nH30.5~R5.4 未納\nR6.4~R8.10 納付付加")
    page.goto(f"/pension/people/{widow}/claims/F23/")
    page.get_by_label("亡くなった方の宛名番号").fill(husband)
    page.get_by_label("婚姻日").fill("h020610")
    visit.sees("565,308円", "国民年金法第52条の6", within="#claim-result")
    picture(page, "v10-widow")
    page.goto(f"/pension/people/{widow}/claims/F24/?about={husband}")
    visit.sees("270,000円", within="#claim-result")
    page.goto(f"/pension/people/{widow}/forms/F23/?about={husband}")
    expect(page.get_by_label("亡くなった夫の氏名")).to_have_value("寡婦　夫")
    expect(page.get_by_label("死亡年月日")).to_have_value("R8.11.15")
    page.get_by_label("婚姻年月日").fill("h020610")
    page.get_by_label("受取機関・支店").fill("本町銀行 本店")
    page.get_by_label("生計を維持されていた").check()
    for paper in ("戸籍の全部事項証明書", "受取機関の通帳等"):
        page.get_by_label(paper).check()
    picture(page, "v10-claim")
    _receives(visit)
    page.goto(f"/pension/people/{widow}/forms/F24/?about={husband}")
    page.get_by_label("続柄（順位）").select_option("1")
    page.get_by_label("受取機関・支店").fill("本町銀行 本店")
    visit.sees("寡婦年金と死亡一時金はどちらか一方です", "国民年金法第52条の6", within="#effects")
    picture(page, "v10-second-refused")
    visit.notes_record(mother, "S36.4~H9.12 納付")
    page.goto(f"/pension/people/{widow}/claims/F25/?about={mother}")
    page.get_by_label("請求者の続柄").select_option(label="子")
    page.get_by_label("亡くなった方の年金額").fill("600000")
    visit.sees("50,000円", within="#claim-result")
    picture(page, "v10-unpaid")
    page.goto(f"/pension/people/{widow}/forms/F25/?about={mother}")
    page.get_by_label("年金コード").fill("1150")
    page.get_by_label("続柄（順位）").select_option("2")
    page.get_by_label("生計を同じくしていた").check()
    for paper in ("年金証書", "戸籍の全部事項証明書", "受取機関の通帳等"):
        page.get_by_label(paper).check()
    _receives(visit)
    visit.hall.close_the_day()
    for one in receipts_of(widow):
        page.goto(f"/pension/notices/{one.pk}/")
        page.get_by_label("決定日").fill("今日")
        page.get_by_role("button", name="結果を記録する").click()
        visit.sees("決定の結果を記録しました")
    assert all_closed(widow, husband)


V11 = """H20.4~H24.3 厚年
H24.4~H30.3 未納
H30.4~R5.6 全額
R5.7~R5.12 未納
R6.1~R6.6 納付
R6.7~R6.12 全額 R7.1.20
R7.1~R8.6 未納
R8.7~R8.11 全額"""


@pytest.mark.function("T6")
@pytest.mark.control("CTL-013")
def test_V11_障害基礎年金の納付要件を月ごとに示し書類がそろって進達する(
    visit: Visit, city: Register, picture: Take
) -> None:
    page = visit.page
    man = city.resident(date(1988, 4, 20), name="障害　一郎", name_kana="ショウガイ　イチロウ")
    insure(man, "2", date(2008, 4, 1), date(2012, 4, 1), loss_reason="21", acquisition_reason="21")
    insure(man, "1", date(2012, 4, 1), acquisition_reason="02")
    give_number(man, "1111000001")
    put_on_roll(man)
    exempted(man, "20", date(2026, 7, 1), date(2027, 7, 1))
    visit.notes_record(man, V11)
    visit.opens(man, BENEFIT, "claims/F21/")
    page.get_by_label("初診日").fill("h220601")
    visit.sees("年金事務所で受け付ける請求です", within="#claim-result")
    page.get_by_label("初診日").fill("r070212")
    visit.sees("123/201月（必要134月）", "847,300円", "5350", within="#claim-result")
    picture(page, "v11-months")
    press(page, "F9")
    page.get_by_label("年金コード").fill("6350")
    page.get_by_label("初診日").fill("r070212")
    page.get_by_label("傷病名").fill("慢性腎不全")
    page.get_by_label("受取機関・支店").fill("本町銀行 本店")
    visit.sees("年金コードは5350です", within="#effects")
    page.get_by_label("年金コード").fill("5350")
    for paper in ("診断書", "病歴・就労状況等申立書", "受取機関の通帳等"):
        page.get_by_label(paper, exact=True).check()
    visit.sees("受診状況等証明書", within="#effects")
    picture(page, "v11-entry")
    _receives(visit)
    (receipt,) = receipts_of(man)
    assert receipt.state == "20"
    page.get_by_label("受診状況等証明書").check()
    page.get_by_role("button", name="受け取った").click()
    visit.sees("書類を受け取りました", "送付待")
    visit.hall.close_the_day()
    page.goto(f"/pension/notices/{receipt.pk}/")
    page.get_by_label("決定日").fill("今日")
    page.get_by_label("決定の内容").fill("2級")
    page.get_by_role("button", name="結果を記録する").click()
    visit.sees("決定の結果を記録しました")
    picture(page, "v11-decided")
    visit.hint("法定免除")
    expect(page.get_by_role("heading", name="法定免除該当・消滅届")).to_be_visible()
    assert all_closed(man)
