"""物語: a change at the residents' counter ends as a report to the Pension Service, every part real."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press

from .conftest import Hall, Resident, paper_text

pytestmark = pytest.mark.browser

Desk = Callable[..., Page]
Picture = Callable[[Page, str], None]


def _find(page: Page, person: Resident) -> None:
    """住民を探す: by the reading, typed but for its last letter; the person's record is opened."""
    page.goto("/residents/?purpose=resident_notice")
    page.get_by_label("検索", exact=True).press_sequentially(person.kana[:-1])
    page.locator(f"table a[href*='{person.atena_number}']").click()
    expect(page.get_by_role("heading", name="住民票の記載事項")).to_be_visible()


def _register(page: Page, title: str) -> None:
    """登録する: F9, and whatever has to be confirmed before is confirmed."""
    press(page, "F9")
    done = page.get_by_role("heading", name=f"{title}を登録しました")
    expect(done.or_(page.get_by_text("登録の前に確認してください")).first).to_be_visible()
    if not done.is_visible():
        for box in page.locator("input[name=ack]").all():
            box.check()
        press(page, "F9")
    expect(done).to_be_visible()


def _papers_of(page: Page, address: str) -> str:
    answer = page.request.get(address)
    assert answer.status == 200
    return paper_text(answer.body())


def _watch_list(desk: Desk, number: str = "nenkin1") -> Page:
    page = desk(number)
    page.goto("/pension/work/")
    expect(page.locator("#work-rows")).to_be_visible()
    return page


def _confirm(page: Page) -> str:
    """確定する; returns 受付番号."""
    press(page, "F9")
    expect(page.locator(".k-title")).to_contain_text("送付待")
    return str(page.locator("dt:has-text('受付番号') + dd").first.inner_text())


@pytest.mark.function("S2-3")
@pytest.mark.function("S1-1")
@pytest.mark.function("S1-3")
@pytest.mark.control("CTL-060")
def test_転出国外の届出から_資格喪失_機構への報告_閲覧記録まで(hall: Hall, desk: Desk, picture: Picture) -> None:
    person = hall.insured("1")
    pension, counter = _watch_list(desk), desk("shimin1")

    _find(counter, person)
    counter.get_by_role("link", name="転出（国外）").click()
    counter.locator("#id_event_on").fill("R8.11.20")
    counter.locator("#id_destination").fill("カナダ トロント")
    counter.locator("#id_identity_check").select_option(label="旅券")
    expect(counter.locator("#effects")).to_contain_text("消除")
    picture(counter, "story-01-move-out-abroad")
    _register(counter, "転出（国外）")
    expect(pension.locator("#work-rows")).to_contain_text(person.name, timeout=5_000)
    picture(pension, "story-02-work-list")
    press(counter, "F8")
    expect(counter.get_by_role("heading", name="受付票")).to_be_visible()
    receipt = _papers_of(counter, counter.locator("iframe").get_attribute("src") or "")
    assert "受付票" in receipt and person.name.replace("　", "") in receipt

    pension.get_by_role("link", name=person.name).click()
    why = pension.locator("main")
    for words in ("国民年金法第9条第2号", "令和8年11月20日", "令和8年11月21日", "最後の月は令和8年10月です"):
        expect(why).to_contain_text(words)
    picture(pension, "story-03-why")
    number = _confirm(pension)
    expect(pension.locator("main")).to_contain_text("資格喪失届")

    _to_the_end(hall, desk, picture, person, number, ("資格喪失", "loss"), ("shimin1", "住民異動"), ("nenkin1", "資格"))


def _to_the_end(
    hall: Hall,
    desk: Desk,
    picture: Picture,
    person: Resident,
    number: str,
    kind: tuple[str, str],
    *officers: tuple[str, str],
) -> None:
    """報告から閲覧記録まで: the day's report with list and cover sheet, the sealed medium handed over by two officers,
    the Service's answer, and who has seen the person.

    `kind` is the kind of notice as the cover sheet and as the manifest call it, `officers` who looked and what for.
    """
    chief = desk("nenkin9")
    chief.get_by_role("link", name="報告・媒体").click()
    expect(chief.locator("main")).to_contain_text("送付できる届書")
    press(chief, "F9")
    expect(chief.get_by_role("heading", name=re.compile("媒体通番"))).to_be_visible()
    batch = chief.url
    line = chief.get_by_role("row").filter(has_text=number)
    expect(line).to_contain_text(person.name)
    listed = _papers_of(chief, f"{batch}papers/list.pdf")
    assert person.name.replace("　", "") in listed
    cover = _papers_of(chief, f"{batch}papers/cover.pdf")
    assert "送付書" in cover and f"{kind[0]}1件" in cover
    medium = str(chief.locator("dt:has-text('媒体') + dd").first.inner_text()).split()[-1]
    chief.get_by_label("施錠ケースの番号").fill("K-3")
    press(chief, "F9")
    expect(chief.locator("main")).to_contain_text("もう1人の職員が署名すると引渡しになります")
    picture(chief, f"story-{kind[1]}-1-first-signature")

    pension = desk("nenkin1")
    pension.goto(batch)
    press(pension, "F9")
    expect(pension.locator("main")).to_contain_text("引き渡しました")
    expect(pension.get_by_role("row").filter(has_text=number)).to_contain_text("結果待")
    picture(pension, f"story-{kind[1]}-2-handed-over")
    _take_in_answer(pension, batch, number)
    _read_medium(hall, person, medium, kind[1])

    auditor = desk("kansa1", anew=True)
    auditor.goto(f"/access-history/{person.atena_number}")
    auditor.get_by_role("button", name="閲覧記録の点検").click()
    for officer, purpose in officers:
        entry = auditor.get_by_role("row").filter(has_text=officer).filter(has_text=purpose).first
        expect(entry).to_contain_text(re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"))
    picture(auditor, f"story-{kind[1]}-3-access-history")


def _take_in_answer(page: Page, batch: str, number: str) -> None:
    """結果の取込: the Service reads its tray in its own time; the officer takes in until the answer has come."""
    deadline = time.monotonic() + 60
    message = page.get_by_text("件の結果を取り込みました").or_(page.get_by_text("届いている結果はありません"))
    page.goto("/pension/results/")
    while True:
        press(page, "F9")
        expect(message.first).to_be_visible()
        if "受理 1、返戻 0、不一致 0" in message.first.inner_text():
            break
        assert time.monotonic() < deadline, "the Service gave no answer"
        page.goto("/pension/results/")
    page.goto(batch)
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("完了")


def _read_medium(hall: Hall, person: Resident, medium: str, kind: str) -> None:
    """媒体: what lies with the Service is whole by its manifest, and nobody reads a name in it."""
    (manifest_path,) = hall.data.rglob(f"received/*/{medium.removesuffix('.kmi')}.manifest.json")
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    assert manifest["image"]["name"] == medium
    image = (manifest_path.parent / medium).read_bytes()
    assert hashlib.sha256(image).hexdigest() == manifest["image"]["sha256"]
    assert manifest["total"] == 1 and manifest["counts"] == {kind: 1}
    assert "AES-256-GCM" in manifest["encryption"]["method"]
    for encoding in ("utf-8", "cp932"):
        assert person.name.encode(encoding) not in image


@pytest.mark.function("S2-1")
@pytest.mark.function("S1-1")
def test_国外からの転入の届出から_資格取得まで(hall: Hall, desk: Desk, picture: Picture) -> None:
    pension, counter = _watch_list(desk), desk("shimin1")
    counter.goto("/residents/move-in?purpose=resident_notice")
    counter.locator("#id_event_on").fill("R8.11.20")
    counter.locator("#id_kind").select_option(label="転入（国外）")
    counter.locator("#id_address").fill("青木2-1-1")
    counter.locator("#id_previous_address").fill("アメリカ合衆国")
    counter.locator("#id_identity_check").select_option(label="旅券")
    for field, typed in (
        ("name", "安行　桜"),
        ("name_kana", "あんぎょう さくら"),
        ("birth", "S60.4.1"),
        ("domicile", "埼玉県川口市青木二丁目1番"),
    ):
        counter.locator(f"#id_p-0-{field}").fill(typed)
    counter.locator("#id_p-0-sex").select_option(label="女")
    _register(counter, "転入（国外）")

    expect(pension.locator("#work-rows")).to_contain_text("安行　桜", timeout=5_000)
    pension.get_by_role("link", name="安行　桜").click()
    why = pension.locator("main")
    for words in ("国民年金法第8条第2号", "令和8年11月20日に第1号被保険者の資格を取得します", "最初の月は令和8年11月"):
        expect(why).to_contain_text(words)
    picture(pension, "story-11-acquisition")
    number = _confirm(pension)
    expect(pension.locator("main")).to_contain_text("資格取得届")
    expect(pension.locator(".k-band")).to_contain_text("第1号（令和8年11月20日から）")
    periods = hall.rows(
        "select insured_type, lower(valid_period)::text from qualification_period q "
        "join integrated.national_pension__resident r using (atena_number) "
        "where r.name = %s and upper_inf(q.recorded_period)",
        ["安行　桜"],
    )
    assert periods == [("1", "2026-11-20")]
    person = hall.by_name("安行　桜")
    _to_the_end(
        hall, desk, picture, person, number, ("資格取得", "acquisition"), ("shimin1", "住民異動"), ("nenkin1", "資格")
    )


@pytest.mark.function("S2-3")
@pytest.mark.function("S1-1")
def test_死亡の届出から_資格喪失まで(hall: Hall, desk: Desk, picture: Picture) -> None:
    person = hall.insured("1")
    pension, counter = _watch_list(desk), desk("shimin1")
    _find(counter, person)
    counter.get_by_role("link", name="死亡").click()
    counter.locator("#id_event_on").fill("R8.11.18")
    counter.locator("#id_filer").select_option(label="同一世帯の者")
    counter.locator("#id_filer_name").fill("届出　人子")
    counter.locator("#id_identity_check").select_option(index=1)
    _register(counter, "死亡")

    expect(pension.locator("#work-rows")).to_contain_text(person.name, timeout=5_000)
    pension.get_by_role("link", name=person.name).click()
    why = pension.locator("main")
    for words in ("国民年金法第9条第1号", "令和8年11月18日の死亡", "令和8年11月19日", "最後の月は令和8年10月です"):
        expect(why).to_contain_text(words)
    expect(pension.get_by_label("報告の根拠").locator("option:checked")).to_have_text(re.compile("公簿による確認"))
    picture(pension, "story-12-death")
    number = _confirm(pension)
    expect(pension.locator("main")).to_contain_text("死亡届")
    ended = hall.rows(
        "select upper(valid_period)::text from qualification_period "
        "where atena_number = %s and upper_inf(recorded_period) order by valid_period desc limit 1",
        [person.atena_number],
    )
    assert ended == [("2026-11-19",)]
    _to_the_end(hall, desk, picture, person, number, ("死亡", "death"), ("shimin1", "住民異動"), ("nenkin1", "資格"))


@pytest.mark.function("S1-1")
@pytest.mark.function("S1-2")
def test_退職した人の種別変更届を窓口で受ける(hall: Hall, desk: Desk, picture: Picture) -> None:
    person = hall.insured("2")
    page = desk("nenkin2", anew=True)
    page.get_by_role("link", name="国民年金の検索").click()
    page.get_by_role("button", name="国民年金の資格に関する届出の受理").click()
    page.get_by_label("検索", exact=True).press_sequentially(person.kana[:-1])
    page.locator(f"table a[href*='{person.atena_number}']").click()
    expect(page.locator(".k-band")).to_contain_text("第2号")
    page.get_by_role("link", name="種別変更届").click()
    page.locator("#id_fact_on").fill("R8.10.31")
    page.locator("#id_identity_document").select_option(label="運転免許証")
    page.get_by_label("離職票または資格喪失連絡票", exact=True).check()
    effects = page.locator("#effects")
    expect(effects).to_contain_text("令和8年11月1日に第2号被保険者から第1号被保険者へ種別が変わります")
    expect(effects).to_contain_text("届出期限: 令和8年11月16日(月)")
    expect(effects).not_to_contain_text("不足している書類")
    picture(page, "story-13-change-of-kind")
    press(page, "F9")
    expect(page.locator(".k-title")).to_contain_text("送付待")
    expect(page.locator(".k-band")).to_contain_text("第1号（令和8年11月1日から）")
    receipt_page = page.url
    number = page.locator("dt:has-text('受付番号') + dd").first.inner_text()
    assert number in _papers_of(page, f"{receipt_page}receipt.pdf")
    _to_the_end(
        hall, desk, picture, person, number, ("種別変更", "change_of_kind"), ("nenkin2", "資格"), ("nenkin1", "資格")
    )


@pytest.mark.function("S2-1")
@pytest.mark.function("S1-1")
def test_20歳になって転入した人の資格取得届を窓口で受ける(hall: Hall, desk: Desk, picture: Picture) -> None:
    counter = desk("shimin2")
    counter.goto("/residents/move-in?purpose=resident_notice")
    for field, typed in (
        ("#id_event_on", "R8.11.18"),
        ("#id_address", "幸町3-5-12"),
        ("#id_previous_address", "埼玉県蕨市"),
        ("#id_p-0-name", "戸塚　二葉"),
        ("#id_p-0-name_kana", "とつか ふたば"),
        ("#id_p-0-birth", "H18.11.16"),
        ("#id_p-0-domicile", "埼玉県川口市幸町三丁目5番"),
    ):
        counter.locator(field).fill(typed)
    counter.locator("#id_kind").select_option(label="転入（国内）")
    counter.locator("#id_identity_check").select_option(index=1)
    counter.locator("#id_p-0-sex").select_option(label="女")
    _register(counter, "転入（国内）")

    page = desk("nenkin2", anew=True)
    page.get_by_role("link", name="国民年金の検索").click()
    page.get_by_role("button", name="国民年金の資格に関する届出の受理").click()
    page.get_by_label("検索", exact=True).press_sequentially("トツカ　フタ")
    page.locator("table a", has_text="戸塚　二葉").click()
    page.get_by_role("link", name="資格取得届").click()
    page.locator("#id_choice").select_option(label="20歳になった")
    page.locator("#id_identity_document").select_option(label="個人番号カード")
    effects = page.locator("#effects")
    expect(effects).to_contain_text("国民年金法第8条第1号")
    expect(effects).to_contain_text("令和8年11月15日")
    expect(effects).to_contain_text("学生")
    picture(page, "story-14-twenty")
    press(page, "F9")
    expect(page.locator(".k-title")).to_contain_text("送付待")
    expect(page.locator(".k-band")).to_contain_text("第1号（令和8年11月15日から）")
    number = page.locator("dt:has-text('受付番号') + dd").first.inner_text()
    person = hall.by_name("戸塚　二葉")
    _to_the_end(
        hall, desk, picture, person, number, ("資格取得", "acquisition"), ("shimin2", "住民異動"), ("nenkin2", "資格")
    )


@pytest.mark.function("S1-1")
@pytest.mark.function("S1-2")
@pytest.mark.function("S1-3")
def test_20歳到達の一覧から_資格取得_機構への報告_閲覧記録まで(hall: Hall, desk: Desk, picture: Picture) -> None:
    counter = desk("shimin2")
    counter.goto("/residents/move-in?purpose=resident_notice")
    for field, typed in (
        ("#id_event_on", "R8.11.17"),
        ("#id_address", "幸町3-5-12"),
        ("#id_previous_address", "埼玉県蕨市"),
        ("#id_p-0-name", "鳩谷　十和"),
        ("#id_p-0-name_kana", "はとがや とわ"),
        ("#id_p-0-birth", "H18.11.25"),
        ("#id_p-0-domicile", "埼玉県川口市幸町三丁目5番"),
    ):
        counter.locator(field).fill(typed)
    counter.locator("#id_kind").select_option(label="転入（国内）")
    counter.locator("#id_identity_check").select_option(index=1)
    counter.locator("#id_p-0-sex").select_option(label="女")
    _register(counter, "転入（国内）")
    hall.night()

    page = desk("nenkin1")
    page.get_by_role("link", name="20歳到達者").click()
    page.get_by_role("link", name="令和8年11月").click()
    row = page.get_by_role("row").filter(has_text="鳩谷　十和")
    for words in ("令和8年11月24日", "平成18年11月25日", "未処理"):
        expect(row).to_contain_text(words)
    picture(page, "story-15-reaching-20")
    row.get_by_role("link", name="未処理").click()
    why = page.locator("main")
    for words in ("国民年金法第8条第1号", "令和8年11月24日に第1号被保険者の資格を取得します"):
        expect(why).to_contain_text(words)
    expect(page.locator("aside")).to_contain_text("学生")
    page.get_by_label("日本年金機構へ報告する").check()
    number = _confirm(page)
    expect(page.locator(".k-band")).to_contain_text("第1号（令和8年11月24日から）")
    person = hall.by_name("鳩谷　十和")
    _to_the_end(
        hall, desk, picture, person, number, ("資格取得", "acquisition"), ("shimin2", "住民異動"), ("nenkin1", "資格")
    )
