"""免除を三年度まとめて (来庁者3): from the person to three printed forms by keyboard, at most sixty strokes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.national_pension.services.test_exemptions import declare, household
from tests.national_pension.support import city

__all__ = ["city", "household"]

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("T5")]
MOST = 60


def test_三年度を60打鍵以内で受け付ける(
    desk: Callable[..., Any], household: dict[str, str], picture: Callable[[Any, str], None]
) -> None:
    page = desk("nenkin1")
    man = household["man"]
    page.goto("/pension/?q=&purpose=pension_exemption")
    page.goto(f"/pension/people/{man}/exemptions/")
    picture(page, "exemption-overview")
    page.goto(f"/pension/people/{man}/exemptions/new/")
    page.wait_for_selector("#judgement .k-chip")
    picture(page, "exemption-sitting")
    strokes = 0

    def press(*keys: str) -> None:
        nonlocal strokes
        for key in keys:
            page.keyboard.press(key)
            strokes += 1

    page.locator("#id_identity_document").focus()
    press("ArrowDown")  # 個人番号カード
    page.locator("#id_ground").focus()
    press("ArrowDown", "Tab", "Tab")  # 失業, 本人のまま
    press(*"R6.11.30")
    paper = page.get_by_label("離職票または雇用保険受給資格者証")
    paper.focus()
    press("Space")
    page.wait_for_selector("#judgement :text('全額免除')")
    picture(page, "exemption-judged")
    declare(household["wife"], 2025, 650_000)  # 市民税課で申告した
    declare(household["wife"], 2026, 720_000, social_insurance_deduction=215_000)
    paper.focus()
    press("Space", "Space")
    page.wait_for_selector("#judgement .k-chip:text('納付猶予')")
    press("F9")
    page.wait_for_selector("text=3件の申請を受け付けました")
    picture(page, "exemption-printing")
    assert strokes <= MOST - 20, strokes  # moving between the fields costs at most a Tab each, twenty of them

    from kokunen.national_pension.models import ExemptionApplication

    kinds = ExemptionApplication.objects.filter(atena_number=man).order_by("first_month")
    assert [one.expected_kind for one in kinds] == ["20", "30", "21"]
