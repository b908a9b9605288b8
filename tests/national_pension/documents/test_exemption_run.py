"""免除申請書の一括印刷: filled in, each page says what typst would have set, whatever the length of its words."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

AT = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)


def _page(name: str, income: str = "500,000円", school: str = "") -> dict[str, Any]:
    from kokunen.national_pension.documents.exemption_papers import run_page

    person = {
        "name": name, "kana": "カワグチ　ハナコ", "birth": "昭和56年4月2日", "number": "1234-567890",
        "address": "青木二丁目1番1号　青木住宅204", "phone": "048-258-1110",
    }  # fmt: skip
    form = {
        "title": "免除・納付猶予申請書", "receipt": "2026000000012", "received": "令和8年11月24日",
        "cycle": "令和8年度",
        "income_label": "令和8年度（令和7年中の所得）", "months": "令和8年7月 から 令和9年6月 まで",
        "wished": "全額免除、納付猶予", "ground": "失業", "continues": "希望しない", "school": school,
        "persons": [["本人", name, income, income, "1人", "申告あり", "個人住民税 令和8年度"]],
        "segments": ["令和8年7月 〜 令和9年6月（12か月） 全額免除"], "missing": [],
    }  # fmt: skip
    return run_page(person, form, "20261124-2010-K7QX9M2P")


@pytest.fixture
def texts(template_database: str) -> list[str]:
    """五通の文字: two of one shape, a long name, a rare glyph, a school."""
    from kokunen.national_pension.documents.exemption_papers import print_run

    pages = [
        _page("川口　花子"),
        _page("芝　梅", "1,234,567円"),
        _page("アレクサンドラ　マリア・フェルナンデス・デ・ラ・クルス"),
        _page("葛\U000e0101城　太郎"),
        _page("川口　春子", school="市立大学 工学部"),
    ]
    content = print_run(pages, at=AT)
    assert content == print_run(pages, at=AT), "the same data and moment give the same bytes"
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_一人に一枚ずつ自分の氏名と所得が載る(texts: list[str]) -> None:
    assert len(texts) == 5
    assert "川口花子" in texts[0] and "500,000円" in texts[0] and "芝梅" not in texts[0]
    assert "芝梅" in texts[1] and "1,234,567円" in texts[1] and "川口花子" not in texts[1]
    assert all("1234-567890" in one and "2026000000012" in one and "全額免除" in one for one in texts)


def test_長い氏名も異体字も学校も欠けない(texts: list[str]) -> None:
    assert "アレクサンドラマリア・フェルナンデス・デ・ラ・クルス" in texts[2]
    assert "城太郎" in texts[3] and "市立大学工学部" in texts[4] and "学校" not in texts[0]
