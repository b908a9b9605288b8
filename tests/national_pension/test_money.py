"""お金の目安: the figures of the visitors, to the yen; a month without a premium gives no sentence."""

from __future__ import annotations

import pytest

from kokunen.law.engine.months import parse_month
from kokunen.law.rules.benefits.months import KINDS, Months
from kokunen.national_pension import money

pytestmark = [pytest.mark.function("S1-2"), pytest.mark.function("S1-4")]


@pytest.mark.parametrize(
    ("result", "first", "last", "told"),
    [
        ("full_exemption", "2026-10", "2027-06", ("保険料162,390円", "納める額は0円", "年7,943円")),  # 来庁者1
        ("full_exemption", "2024-12", "2025-06", ("保険料120,450円", "納める額は0円")),  # 来庁者3
        ("three_quarter_exemption", "2026-07", "2027-06", ("納める額は54,030円",)),
        ("half_exemption", "2025-07", "2026-06", ("納める額は105,720円",)),
        ("deferral", "2025-07", "2026-06", ("納める額は0円", "年21,183円")),
    ],
)
def test_免除で変わる額(result: str, first: str, last: str, told: tuple[str, ...]) -> None:
    words = money.of_exemption(result, parse_month(first), parse_month(last), 2026)
    assert all(one in words for one in told) and "目安" in words, words


@pytest.mark.parametrize(("result", "last"), [("rejected", "2027-06"), ("full_exemption", "2040-06")])
def test_却下と保険料の定まらない月には額を言わない(result: str, last: str) -> None:
    assert money.of_exemption(result, parse_month("2026-10"), parse_month(last), 2026) == ""


def test_付加は終わりの月まで数えて二年で同じになる() -> None:
    told = money.of_additional(parse_month("2026-11"), parse_month("2041-03"))  # 来庁者4
    assert all(one in told for one in ("173か月", "69,200円", "年34,600円", "2年受けると", "月18,320円"))
    assert money.of_additional(parse_month("2026-11"), parse_month("2026-10")) == ""


@pytest.mark.parametrize(
    ("paid", "told"),
    [
        (433, ("年785,518円", "令和12年9月まで47か月", "842,240円", "年61,782円増え、13.6年")),  # 来庁者8
        (434, ("年787,283円", "令和12年8月まで46か月")),  # 訂正の後
        (480, ("すでに満額です",)),
    ],
)
def test_任意加入は480月か年齢までの月数と額を示す(paid: int, told: tuple[str, ...]) -> None:
    none = dict.fromkeys(KINDS, 0)
    months = Months(paid, none, none | {"full_exemption": 24})
    words = " ".join(money.of_voluntary(months, parse_month("2026-11"), 58, 2026))
    assert all(one in words for one in told), words
    assert "年齢の限度です" in " ".join(money.of_voluntary(Months(300, none, none), parse_month("2026-11"), 58, 2026))


def test_届出の免除は納付済の月の還付を言う() -> None:
    first, last = parse_month("2026-10"), parse_month("2027-09")  # 来庁者6の父
    assert money.of_release(first, last, frozenset({first, first - 1})) == [
        "納付を要しない保険料は12か月分で217,260円です（目安）",
        "令和8年10月は納付済です（17,920円）",
    ]
    assert money.of_release(first, None, frozenset()) == []
