"""海外転出の物語: the work item appears by itself, is confirmed by keyboard, reported, handed over and answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.keyboard import press
from tests.national_pension.support import Register, give_number, insure, periods, put_on_roll

pytestmark = [
    pytest.mark.browser,
    pytest.mark.function("S1-1"),
    pytest.mark.function("S1-2"),
    pytest.mark.function("S1-3"),
    pytest.mark.function("T1"),
    pytest.mark.function("T9"),
]


@pytest.fixture
def leaver(city: Register, city_url: str) -> str:
    """第1号被保険者の男性."""
    atena = city.resident(date(1974, 1, 15))
    insure(atena, "2", date(1996, 4, 1), date(2010, 7, 1), loss_reason="21", acquisition_reason="21")
    insure(atena, "1", date(2010, 7, 1), acquisition_reason="02")
    give_number(atena, "1234567890")
    put_on_roll(atena)
    city.take()
    return atena


def test_転出の届が要処理事項になり報告して結果が返る(
    desk: Callable[..., Page],
    city: Register,
    leaver: str,
    pension_service: Any,
    city_data: Path,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    monkeypatch.setenv("KOKUNEN_TEST_CARRIER", str(city_data))
    settings.PENSION_MEDIA_WRITER = "tests.national_pension.carrier.writer"
    page = desk("nenkin1")
    picture(page, "pension-home")
    page.goto("/pension/work/")
    expect(page.get_by_text("待っている事項はありません")).to_be_visible()
    city.moves_abroad(leaver, date(2026, 11, 20))
    city.take()
    row = page.get_by_role("link", name="川口　太郎")
    expect(row).to_be_visible(timeout=3_000)
    picture(page, "pension-work-list")
    no_barriers(page)
    row.click()
    expect(page.get_by_text("国民年金法第9条第2号").first).to_be_visible()
    expect(page.get_by_text("令和8年10月").first).to_be_visible()
    picture(page, "pension-work-item")
    no_barriers(page)
    press(page, "F9")
    expect(page.get_by_text("確定しました")).to_be_visible()
    assert periods(leaver)[-1][2] == date(2026, 11, 21)
    picture(page, "pension-notice")
    no_barriers(page)
    press(page, "F8")
    expect(page.locator("iframe")).to_be_visible()
    picture(page, "pension-receipt")

    page.goto("/pension/report/")
    expect(page.get_by_text("資格喪失届").first).to_be_visible()
    picture(page, "pension-report")
    no_barriers(page)
    press(page, "F9")
    expect(page.get_by_role("heading", name=re.compile("媒体通番"))).to_be_visible()
    page.get_by_label("施錠ケースの番号").fill("K-03")
    press(page, "F9")
    expect(page.get_by_text("もう1人の職員がサインインして")).to_be_visible()
    batch_address = page.url
    chief = desk("nenkin9")
    chief.goto(batch_address)
    press(chief, "F9")
    expect(chief.get_by_text("引き渡しました")).to_be_visible()
    picture(chief, "pension-batch")
    no_barriers(chief)
    pension_service.control.work()
    chief.goto("/pension/results/")
    press(chief, "F9")
    expect(chief.get_by_text("受理 1")).to_be_visible()
    picture(chief, "pension-results")
    no_barriers(chief)

    page.goto(f"/pension/people/{leaver}/?purpose=pension_qualification")
    picture(page, "pension-person")
    no_barriers(page)
    for tab in ("qualification", "household", "history"):
        page.goto(f"/pension/people/{leaver}/{tab}/")
        picture(page, f"pension-{tab}")
        no_barriers(page)
    page.goto("/pension/board/")
    picture(page, "pension-board")
    no_barriers(page)


def test_退職の届を打ち込むと右に見込みが出て登録できる(
    desk: Callable[..., Page],
    city: Register,
    city_url: str,
    picture: Callable[[Page, str], None],
    no_barriers: Callable[[Page], None],
) -> None:
    """V01: the last working day, the day that follows by law, the late notice, the refused day."""
    atena = city.resident(date(1985, 5, 12))
    page = desk("nenkin1")
    page.goto(f"/pension/people/{atena}/notices/F02/")
    page.get_by_label("退職日").fill("r081030")
    effects = page.locator("#effects")
    expect(effects.get_by_text("令和8年10月31日").first).to_be_visible()
    expect(effects.get_by_text("期限を過ぎています")).to_be_visible()
    page.get_by_label("本人確認書類").select_option("driving_licence")
    page.get_by_label("届書に書かれた取得日・喪失日").fill("R8.11.1")
    picture(page, "pension-notice-new")
    with page.expect_navigation():  # the prospect beside the form says the same words
        press(page, "F9")
    expect(page.get_by_text("届書の令和8年11月1日では登録できません").first).to_be_visible()
    no_barriers(page)
    page.get_by_label("届書に書かれた取得日・喪失日").fill("")
    press(page, "F9")
    expect(page.get_by_text("登録しました")).to_be_visible()
    assert [row[:2] for row in periods(atena)] == [("1", date(2026, 10, 31))]
