"""日付の入力: every form of the counter, and what is refused with which words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.dateinput import parse_date
from kokunen.kernel.errors import InputError
from kokunen.kernel.imprecise import parse_imprecise
from kokunen.kernel.wareki import format_short, format_wareki, to_era_code

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "R8.11.23",
        "r8.11.23",
        "r081123",
        "081123",
        "8/11/23",
        "8.11.23",
        "8-11-23",
        "R8/11/23",
        "R8-11-23",
        "令8.11.23",
        "令和8.11.23",
        "令和8年11月23日",
        "令和08年11月23",
        "8年11月23日",
        "R8年11月23日",
        "2026/11/23",
        "2026-11-23",
        "2026.11.23",
        "20261123",
        "2026年11月23日",
        "西暦2026年11月23日",
        "Ｒ８．１１．２３",
        "Ｒ８。１１。２３",
        "令和 ８年 11月 23日",
        "２０２６／１１／２３",
        "8ー11ー23",
        "令和8年11月23日(月)",
        "R8.11.23（月曜日）",
        "昨日",
        "-1",
        "－１",
        "ー1",
    ],
)
def test_どの書き方でも同じ日(text: str) -> None:
    assert parse_date(text, TODAY) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今日", TODAY),
        (" 本日 ", TODAY),
        ("明日", date(2026, 11, 25)),
        ("+3", date(2026, 11, 27)),
        ("＋３", date(2026, 11, 27)),
        ("-24", date(2026, 10, 31)),
        ("+0", TODAY),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("S55.4.1", date(1980, 4, 1)),
        ("S64.1.7", date(1989, 1, 7)),
        ("H1.1.8", date(1989, 1, 8)),
        ("T15.12.24", date(1926, 12, 24)),
        ("S1.12.25", date(1926, 12, 25)),
        ("M45.7.29", date(1912, 7, 29)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("M6.1.1", date(1873, 1, 1)),
        ("明6.1.1", date(1873, 1, 1)),
        ("R6.2.29", date(2024, 2, 29)),
    ],
)
def test_読み取る日(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


def test_元号なしの日付は今日の元号() -> None:
    assert parse_date("310430", date(2019, 4, 1)) == date(2019, 4, 30)
    assert parse_date("640107", date(1989, 1, 7)) == date(1989, 1, 7)


@pytest.mark.parametrize(
    ("text", "message", "code"),
    [
        pytest.param(
            "R1.4.30",
            "令和元年4月30日はありません。正しくは平成31年4月30日です",
            "invalid_format",
            id="令和元年4月30日は平成",
        ),
        pytest.param("H31.5.1", "正しくは令和元年5月1日です", "invalid_format", id="平成31年5月1日は令和"),
        pytest.param("S64.1.8", "正しくは平成元年1月8日です", "invalid_format", id="昭和64年1月8日は平成"),
        pytest.param("H1.1.7", "正しくは昭和64年1月7日です", "invalid_format", id="平成元年1月7日は昭和"),
        pytest.param("M45.7.30", "正しくは大正元年7月30日です", "invalid_format", id="明治45年7月30日は大正"),
        pytest.param("T15.12.25", "正しくは昭和元年12月25日です", "invalid_format", id="大正15年12月25日は昭和"),
        ("S98.1.1", "正しくは令和5年1月1日です（昭和は1926年12月25日から1989年1月7日まで）", "invalid_format"),
        ("R8.2.29", "令和8年2月29日という日はありません", "invalid_format"),
        ("2025/2/29", "2025年2月29日という日はありません", "invalid_format"),
        ("R8.13.1", "令和8年13月1日という日はありません", "invalid_format"),
        ("2026/0/1", "2026年0月1日という日はありません", "invalid_format"),
        ("R0.1.1", "令和0年はありません", "invalid_format"),
        ("R2026.1.1", "年「R2026」を読み取れません", "invalid_format"),
        ("126.1.1", "年「126」を読み取れません", "invalid_format"),
        ("M5.12.2", "太陰太陽暦", "out_of_range"),
        ("1850/1/1", "1850年1月1日は古すぎます", "out_of_range"),
        ("R8.11.23(火)", "曜日が合いません。その日は月曜日です（入力は火曜日）", "inconsistent"),
        ("", "日付が入力されていません", "missing_field"),
        ("　", "日付が入力されていません", "missing_field"),
        ("きのうの朝", "日付「きのうの朝」を読み取れません", "invalid_format"),
        ("R8.11", "を読み取れません", "invalid_format"),
        ("R8/11.23", "を読み取れません", "invalid_format"),
        ("１１２３", "を読み取れません", "invalid_format"),
    ],
)
def test_断る日付と言葉(text: str, message: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_date(text, TODAY, field="moved_on")
    assert message in refused.value.message
    assert (refused.value.code, refused.value.field) == (code, "moved_on")
    assert refused.value.hint.endswith("。")


@pytest.mark.parametrize(
    ("text", "days"),
    [("R8.2.30", "1から28まで"), ("R6.2.30", "1から29まで"), ("R8.4.31", "1から30まで"), ("R8.12.32", "1から31まで")],
)
def test_その月に何日まであるかを教える(text: str, days: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_date(text, TODAY)
    assert days in refused.value.hint


@pytest.mark.parametrize(
    "text", ["123456789018", "1234-5678-9018", "１２３４　５６７８　９０１８", "番号 123456789018"]
)
@pytest.mark.parametrize("read", [parse_date, parse_imprecise])
def test_日付の欄に打たれた個人番号は繰り返さない(read: Callable[..., object], text: str) -> None:
    with pytest.raises(InputError, match="日付を読み取れません") as refused:
        read(text, TODAY)
    assert "1234" not in unicodedata.normalize("NFKC", str(refused.value))


@given(DAYS)
def test_書いた日付は読めば元の日(day: date) -> None:
    western = [day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日"]
    japanese = [format_wareki(day), format_wareki(day, weekday=True), format_short(day), format_short(day).lower()]
    code, digits = to_era_code(day)
    letter = {"1": "M", "3": "T", "5": "S", "7": "H", "9": "R"}[code]
    for text in [*western, *japanese, letter + digits]:
        assert parse_date(text, TODAY) == day
        assert parse_date(text.translate(WIDE), TODAY) == day


WIDE = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@given(DAYS, st.integers(-9999, 9999))
def test_今日から数える(today: date, days: int) -> None:
    assert (parse_date(f"{days:+}", today) - today).days == days


@given(st.text(max_size=20))
def test_どんな入力にも日付か日本語の誤りで答える(text: str) -> None:
    try:
        assert isinstance(parse_date(text, TODAY), date)
    except InputError as refused:
        assert refused.message
        assert refused.hint
