"""項目の型の試験"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.counterparts.jps.fields import (
    Code,
    Digits,
    FieldError,
    FieldType,
    Kana,
    Number,
    Phone,
    SplitDigits,
    Text,
    Token,
    WesternDate,
)
from kokunen.counterparts.jps.layout import load_layout

LAYOUT = load_layout()


def _type(kind: str, item: str) -> FieldType:
    return next(found.type for found in LAYOUT.notices[kind].record.fields if found.name == item)


DAY = _type("loss", "event_on")
MONTH = _type("exemption", "from_month")
TEXT = Text(12, LAYOUT.gaiji)
KANA = Kana(25, LAYOUT.gaiji)


@pytest.mark.parametrize(
    ("day", "columns"),
    [
        pytest.param(date(2015, 4, 9), ("7", "270409"), id="公表された作成例"),
        pytest.param(date(2026, 11, 24), ("9", "081124"), id="令和8年"),
        pytest.param(date(2019, 5, 1), ("9", "010501"), id="令和の初日"),
        pytest.param(date(2019, 4, 30), ("7", "310430"), id="平成の末日"),
        pytest.param(date(1989, 1, 8), ("7", "010108"), id="平成の初日"),
        pytest.param(date(1989, 1, 7), ("5", "640107"), id="昭和の末日"),
        pytest.param(date(1926, 12, 25), ("5", "011225"), id="昭和の初日"),
        pytest.param(date(1926, 12, 24), ("3", "151224"), id="大正の末日"),
        pytest.param(date(1912, 7, 29), ("1", "450729"), id="明治の末日"),
        pytest.param(date(2024, 2, 29), ("9", "060229"), id="うるう日"),
    ],
)
def test_日付は元号のコードと年月日の二列(day: date, columns: tuple[str, str]) -> None:
    assert DAY.encode(day, []) == columns
    assert DAY.decode(columns) == day


@given(st.dates(min_value=date(1868, 10, 23), max_value=date(2117, 12, 31)))
def test_明治からの日付はどれも読み戻せる(day: date) -> None:
    assert DAY.decode(DAY.encode(day, [])) == day
    assert MONTH.decode(MONTH.encode(day, [])) == day.replace(day=1)


@pytest.mark.parametrize(
    "columns",
    [
        ("5", "640108"),
        ("7", "310501"),
        ("9", "010430"),
        ("7", "010107"),
        ("9", "070229"),
        ("9", "081301"),
        ("9", "000101"),
        ("4", "010101"),
        ("9", "81124"),
        ("9", ""),
        ("", "081124"),
        ("9", "０８１１２４"),
    ],
)
def test_元号の外の日付や実在しない日付は読まない(columns: tuple[str, str]) -> None:
    with pytest.raises(FieldError):
        DAY.decode(columns)


@pytest.mark.parametrize("value", [date(1868, 10, 22), "2026-11-24", 20261124])
def test_日付でない値や明治前は書かない(value: object) -> None:
    with pytest.raises(FieldError):
        DAY.encode(value, [])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "columns"),
    [
        pytest.param(SplitDigits((4, 6)), "1234567890", ("1234", "567890"), id="基礎年金番号は4と6"),
        pytest.param(SplitDigits((3, 4)), "3320031", ("332", "0031"), id="郵便番号は3と4"),
        pytest.param(Digits(12), "123456789018", ("123456789018",), id="12桁"),
        pytest.param(Number(7), 0, ("0",), id="数量の0"),
        pytest.param(Number(7), 1234567, ("1234567",), id="数量"),
        pytest.param(Token(20), "R8-000123", ("R8-000123",), id="受付番号"),
        pytest.param(Phone(), "048-258-1110", ("048", "258", "1110"), id="電話番号は三列"),
        pytest.param(WesternDate(), date(2026, 11, 24), ("20261124",), id="西暦の日付"),
        pytest.param(TEXT, "髙橋　花子", ("髙橋　花子",), id="全角文字"),
        pytest.param(KANA, "タカハシ　ハナコ", ("ﾀｶﾊｼ ﾊﾅｺ",), id="半角カナ"),
        pytest.param(Code("x", {"1": "A", "2": "B"}, {"1": "一", "2": "二"}), "2", ("B",), id="媒体の値に読み替える"),
    ],
)
def test_値は列になり_列は値に戻る(kind: FieldType, value: object, columns: tuple[str, ...]) -> None:
    assert kind.encode(value, []) == columns  # type: ignore[arg-type]
    assert kind.decode(columns) == value
    assert kind.width == len(columns)
    assert kind.describe()


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        pytest.param(SplitDigits((4, 6)), ("12345", "67890"), id="切れ目が違う"),
        pytest.param(SplitDigits((4, 6)), ("1234", ""), id="片方が空"),
        pytest.param(Digits(3), ("１２３",), id="全角数字"),
        pytest.param(Number(7), ("007",), id="前ゼロ"),
        pytest.param(Number(7), ("-1",), id="負"),
        pytest.param(Token(20), ("R8/1",), id="使えない記号"),
        pytest.param(Phone(), ("048", "258-1", "1110"), id="列の中のハイフン"),
        pytest.param(WesternDate(), ("20260230",), id="実在しない日"),
        pytest.param(TEXT, ("ABC",), id="全角の欄に半角"),
        pytest.param(TEXT, ("　山田",), id="先頭に空白"),
        pytest.param(TEXT, ("あ" * 13,), id="全角13文字"),
        pytest.param(KANA, ("タカハシ",), id="半角の欄に全角"),
        pytest.param(KANA, ("ﾀｶﾊｼ  ﾊﾅｺ",), id="空白が二つ"),
        pytest.param(KANA, (" ﾀｶﾊｼ",), id="先頭に空白"),
        pytest.param(KANA, ("ﾞﾀ",), id="濁点から始まる"),
        pytest.param(KANA, ("ｱﾞ",), id="濁らない字に濁点"),
        pytest.param(KANA, ("ｱ" * 26,), id="半角26文字"),
        pytest.param(Code("x", {"1": "A"}, {"1": "一"}), ("1",), id="媒体の値でない"),
    ],
)
def test_書かない形は読まない(kind: FieldType, columns: tuple[str, ...]) -> None:
    with pytest.raises(FieldError) as caught:
        kind.decode(columns)
    assert all(not column or column not in caught.value.message for column in columns)


@given(st.text(max_size=14))
def test_どんな文字列も_読み戻せる形で書くか_理由を言って断る(text: str) -> None:
    replaced: list[tuple[str, str]] = []
    for kind in (TEXT, KANA):
        try:
            columns = kind.encode(text, replaced)
        except FieldError as error:
            assert error.code in ("too_long", "undeliverable_character")
            assert (error.code == "undeliverable_character") == bool(error.characters)
        else:
            if any(columns):
                assert kind.encode(kind.decode(columns), []) == columns


def test_二つの値が同じ書き方になるコード表は作れない() -> None:
    with pytest.raises(ValueError, match="alike"):
        Code("x", {"1": "A", "2": "A"}, {})
