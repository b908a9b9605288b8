"""無操作と印刷 (画面): personal data leave the screen, the paper and the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest

django.setup()

from playwright.sync_api import Page, expect  # noqa: E402

pytestmark = pytest.mark.function("S3-4")


@pytest.fixture
def personal_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The practice page, taken for one with personal data."""
    from dataclasses import replace

    from kokunen.common_platform.portal.web.views import practice

    cell = practice.practice.__closure__
    access = replace(practice.practice.kokunen_access, personal=True)  # type: ignore[attr-defined]
    declared = [c for c in cell or () if c.cell_contents is practice.practice.kokunen_access]  # type: ignore[attr-defined]
    before = declared[0].cell_contents
    declared[0].cell_contents = access
    yield "/practice"
    declared[0].cell_contents = before


@pytest.mark.control("CTL-057")
def test_三分触れないと個人の情報が画面から消え_触れると戻る(
    desk: Callable[..., Page], personal_page: str, picture: Callable[[Page, str], None]
) -> None:
    page = desk("nenkin1")
    page.clock.install()
    page.goto(personal_page)
    page.get_by_label("備考").fill("打ちかけ")
    page.clock.run_for(170_000)
    expect(page.locator(".k-band")).to_contain_text("練習 太郎")
    page.clock.run_for(15_000)
    expect(page.get_by_role("heading", name="画面を隠しました")).to_be_visible()
    picture(page, "covered")
    assert "練習 太郎" not in page.content() and "打ちかけ" not in page.content()
    page.keyboard.press("Shift")
    expect(page.locator(".k-band")).to_contain_text("練習 太郎")
    expect(page.get_by_label("備考")).to_have_value("打ちかけ")


@pytest.mark.control("CTL-059")
def test_個人情報の画面はブラウザの印刷では白紙になる(desk: Callable[..., Page], personal_page: str) -> None:
    page = desk("nenkin1")
    page.goto(personal_page)
    page.emulate_media(media="print")
    expect(page.locator(".k-band")).to_be_hidden()
    expect(page.locator("main")).to_be_hidden()
    said: Any = page.evaluate("getComputedStyle(document.body, '::before').content")
    assert "印刷できません" in said


@pytest.mark.control("CTL-053")
def test_時間が切れる前に知らせ_切れたら理由を言う(
    desk: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    from datetime import timedelta

    from django.db.models import F

    from kokunen.common_platform.portal.models import StaffSession

    page = desk("nenkin1")
    page.clock.install()
    page.goto("/my/sessions")
    page.clock.run_for(14 * 60_000 + 30_000)
    expect(page.get_by_role("heading", name="まもなくサインアウトします")).to_be_visible()
    picture(page, "idle-warning")
    page.get_by_role("button", name="作業を続ける").click()
    expect(page.get_by_role("heading", name="まもなくサインアウトします")).to_be_hidden()
    StaffSession.objects.update(last_activity_at=F("last_activity_at") - timedelta(minutes=16))
    page.clock.run_for(15 * 60_000 + 5_000)
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    expect(page.locator("main")).to_contain_text("しばらく操作がなかったため、サインアウトしました")
    picture(page, "idle-ended")
