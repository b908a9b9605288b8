"""不詳の日付: what the register may hold though the day is not known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.kernel.imprecise import ImpreciseDate, parse_imprecise
from kokunen.kernel.wareki import ERAS, format_wareki

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "display", "sortable"),
    [
        ("S55.4.-", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("S55.4.ー", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("S55/4/--", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("S55.4.0", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("S550400", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("s5504--", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("昭和55年4月日不詳", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("昭和55年4月不詳", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("昭和５５年４月", "昭和55年4月日不詳", date(1980, 4, 1)),
        ("S55.-.-", "昭和55年月日不詳", date(1980, 1, 1)),
        ("S55.0.0", "昭和55年月日不詳", date(1980, 1, 1)),
        ("昭和55年", "昭和55年月日不詳", date(1980, 1, 1)),
        ("昭和55年月日不詳", "昭和55年月日不詳", date(1980, 1, 1)),
        ("8.4.-", "令和8年4月日不詳", date(2026, 4, 1)),
        ("令和元年頃", "令和元年頃", date(2019, 5, 1)),
        ("令和元年ごろ", "令和元年頃", date(2019, 5, 1)),
        ("R1.-.-", "令和元年月日不詳", date(2019, 5, 1)),
        ("平成元年1月日不詳", "平成元年1月日不詳", date(1989, 1, 8)),
        ("S64.-.-", "昭和64年月日不詳", date(1989, 1, 1)),
        ("令和8年4月頃", "令和8年4月頃", date(2026, 4, 1)),
        ("令和8年4月1日頃", "令和8年4月1日頃", date(2026, 4, 1)),
        ("令和8年4月上旬", "令和8年4月上旬", date(2026, 4, 1)),
        ("令和８年４月　中旬", "令和8年4月中旬", date(2026, 4, 11)),
        ("R8年2月下旬", "令和8年2月下旬", date(2026, 2, 21)),
        ("推定令和8年4月1日", "推定令和8年4月1日", date(2026, 4, 1)),
        ("推定令和8年4月", "推定令和8年4月日不詳", date(2026, 4, 1)),
        ("1980年4月", "1980年4月日不詳", date(1980, 4, 1)),
        ("1980.4.-", "1980年4月日不詳", date(1980, 4, 1)),
        ("19800400", "1980年4月日不詳", date(1980, 4, 1)),
        ("19800000", "1980年月日不詳", date(1980, 1, 1)),
        ("-.4.1", "年不詳4月1日", date(4, 4, 1)),
        ("-.2.29", "年不詳2月29日", date(4, 2, 29)),
        ("-.4.-", "年不詳4月日不詳", date(4, 4, 1)),
        ("年月日不詳", "年月日不詳", date.min),
        ("不詳", "年月日不詳", date.min),
        ("-", "年月日不詳", date.min),
        ("-.-.-", "年月日不詳", date.min),
        ("R8.4.1から10日までの間", "令和8年4月1日から令和8年4月10日までの間", date(2026, 4, 1)),
        ("令和8年3月30日頃から4月2日頃までの間", "令和8年3月30日頃から令和8年4月2日頃までの間", date(2026, 3, 30)),
        ("R7.12.30からR8.1.2までの間", "令和7年12月30日から令和8年1月2日までの間", date(2025, 12, 30)),
        pytest.param("明治45年7月30日", "明治45年7月30日", date(1912, 7, 30), id="明治最後の日を旧元号で"),
        pytest.param("T15.12.25", "大正15年12月25日", date(1926, 12, 25), id="大正最後の日を旧元号で"),
        pytest.param("S56.2.29", "昭和56年2月29日", date(1981, 2, 28), id="平年の2月29日"),
        pytest.param("2023/2/29", "2023年2月29日", date(2023, 2, 28), id="西暦平年の2月29日"),
        pytest.param("M5.12.2", "明治5年12月2日", date(1872, 12, 2), id="旧暦の日"),
        pytest.param("明治3年2月30日", "明治3年2月30日", date(1870, 2, 28), id="旧暦だけにある日"),
    ],
)
def test_不詳の日付(text: str, display: str, sortable: date) -> None:
    assert parse_imprecise(text, TODAY) == ImpreciseDate(display, True, sortable)


@pytest.mark.parametrize(
    ("text", "day"),
    [("S55.4.1", date(1980, 4, 1)), ("今日", TODAY), ("20261123", date(2026, 11, 23)), ("R6.2.29", date(2024, 2, 29))],
)
def test_分かっている日は不詳にしない(text: str, day: date) -> None:
    found = parse_imprecise(text, TODAY)
    assert found == ImpreciseDate(format_wareki(day), False, day)
    assert found.exact == day


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("R1.4.30", "正しくは平成31年4月30日", id="元号の誤りは不詳として飲み込まない"),
        pytest.param("H31.5.1", "正しくは令和元年5月1日", id="平成31年5月は暦の上の誤り"),
        pytest.param("S55.4.31", "昭和55年4月31日という日はありません", id="ない日は不詳として飲み込まない"),
        pytest.param("S55.2.30", "昭和55年2月30日という日はありません", id="2月30日"),
        ("S64.2.-", "昭和64年2月はありません"),
        ("R1.4.-", "令和元年4月はありません"),
        ("S99.-.-", "昭和99年はありません"),
        ("S55.13.-", "13月はありません"),
        ("S55.-.3", "を読み取れません"),
        ("昭和55年上旬", "を読み取れません"),
        ("令和8年4月1日上旬", "を読み取れません"),
        ("126.4.-", "を読み取れません"),
        ("-.2.30", "2月30日という日はありません"),
        ("推定令和8年4月31日", "令和8年4月31日という日はありません"),
        ("R8.4.10から1日までの間", "期間の終わりが始まりより前です"),
        ("R8.4.1からいつかまでの間", "を読み取れません"),
        ("", "日付が入力されていません"),
    ],
)
def test_断る不詳の日付(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_imprecise(text, TODAY, field="born_on")
    assert message in refused.value.message
    assert refused.value.field == "born_on"
    assert refused.value.hint


def test_書類の言葉のまま残せる() -> None:
    kept = ImpreciseDate.as_written(" 令和8年春 ", date(2026, 3, 1))
    assert (kept.display, kept.is_imprecise, kept.sortable) == ("令和8年春", True, date(2026, 3, 1))
    assert kept.exact is None
    with pytest.raises(InputError, match="表示が空"):
        ImpreciseDate.as_written("　", date(2026, 3, 1))


def test_表示だけが見える() -> None:
    assert str(parse_imprecise("S55.4.-", TODAY)) == "昭和55年4月日不詳"
    assert ImpreciseDate.of(date(2026, 11, 23)).display == "令和8年11月23日"
    assert ImpreciseDate.unknown().exact is None


@given(st.dates(date(1873, 1, 1), date(2099, 12, 31)), st.sampled_from(["日不詳", "頃", "上旬", "中旬", "下旬", ""]))
def test_月までの不詳は読み直しても同じで月の中に並ぶ(day: date, tail: str) -> None:
    era = next(era for era in reversed(ERAS) if day >= era.first_day)
    year = era.year_of(day)
    text = f"{era.name}{'元' if year == 1 else year}年{day.month}月{tail}"
    try:
        found = parse_imprecise(text, TODAY)
    except InputError as refused:
        assert tail.endswith("旬")
        assert "の期間にある年月" in refused.message
        return
    assert parse_imprecise(found.display, TODAY) == found
    assert found.is_imprecise
    assert (found.sortable.year, found.sortable.month) == (day.year, day.month)
    assert era.contains(found.sortable)


@given(st.text(max_size=20))
def test_どんな入力にも日付か日本語の誤りで答える(text: str) -> None:
    try:
        assert parse_imprecise(text, TODAY).display
    except InputError as refused:
        assert refused.message
        assert refused.hint
