"""金額: rounding against exact ratios, reading and writing."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.kernel.money import cut, format_yen, parse_yen, raise_up, round_half_up

AMOUNTS = st.integers(-(10**13), 10**13)
DENOMINATORS = st.integers(1, 10**6)
UNITS = st.sampled_from([1, 10, 50, 100, 1000])


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "rounded", "cut_off", "raised"),
    [
        pytest.param(817_300, 12, 1, 68_108, 68_108, 68_109, id="満額の12分の1"),
        pytest.param(1, 2, 1, 1, 0, 1, id="50銭は切り上げる"),
        pytest.param(49, 100, 1, 0, 0, 1, id="49銭は切り捨てる"),
        pytest.param(16_985, 1, 10, 16_990, 16_980, 16_990, id="5円は10円に"),
        pytest.param(16_984, 1, 10, 16_980, 16_980, 16_990, id="4円は0円に"),
        pytest.param(1_299, 1, 100, 1_300, 1_200, 1_300, id="100円未満"),
        pytest.param(-1, 2, 1, -1, 0, -1, id="負の50銭は0から遠いほうへ"),
        pytest.param(1_000, 1, 1_000, 1_000, 1_000, 1_000, id="ちょうど"),
    ],
)
def test_端数処理(numerator: int, denominator: int, unit: int, rounded: int, cut_off: int, raised: int) -> None:
    assert round_half_up(numerator, denominator, unit) == rounded
    assert cut(numerator, denominator, unit) == cut_off
    assert raise_up(numerator, denominator, unit) == raised


@given(AMOUNTS, DENOMINATORS, UNITS)
def test_端数処理は分数の計算と一致する(numerator: int, denominator: int, unit: int) -> None:
    size = Fraction(abs(numerator), denominator * unit)
    sign = -1 if numerator < 0 else 1
    assert cut(numerator, denominator, unit) == sign * floor(size) * unit
    assert raise_up(numerator, denominator, unit) == sign * ceil(size) * unit
    assert round_half_up(numerator, denominator, unit) == sign * floor(size + Fraction(1, 2)) * unit


@given(AMOUNTS, DENOMINATORS, UNITS)
def test_符号の置き場所は結果を変えない(numerator: int, denominator: int, unit: int) -> None:
    assert round_half_up(-numerator, -denominator, unit) == round_half_up(numerator, denominator, unit)


@pytest.mark.parametrize("wrong", [1.5, 100.0, True, "100", None])
def test_整数でない金額は受け取らない(wrong: object) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        round_half_up(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="whole numbers"):
        format_yen(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("denominator", "unit"), [(0, 1), (1, 0), (1, -10)])
def test_分母0や0以下の単位は受け取らない(denominator: int, unit: int) -> None:
    with pytest.raises(ValueError, match="denominator"):
        cut(1, denominator, unit)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("16980", 16_980),
        ("16,980円", 16_980),
        ("￥１６，９８０", 16_980),
        ("¥ 16,980", 16_980),
        ("▲500", -500),
        ("△500円", -500),
        ("-500", -500),
        ("−500", -500),
        ("0", 0),
    ],
)
def test_金額を読む(text: str, amount: int) -> None:
    assert parse_yen(text) == amount


@pytest.mark.parametrize("text", ["", "1.5", "1万円", "1,23", "12,3456", "円", "16,980円也", "--5"])
def test_読めない金額は断る(text: str) -> None:
    with pytest.raises(InputError, match="円単位の整数") as refused:
        parse_yen(text, field="amount")
    assert (refused.value.field, refused.value.code) == ("amount", "invalid_format")


@given(AMOUNTS)
def test_書いた金額は読めば元の額(amount: int) -> None:
    assert parse_yen(format_yen(amount)) == amount


def test_負の金額は三角で書く() -> None:
    assert (format_yen(-1_234), format_yen(0), format_yen(1_234_567)) == ("▲1,234円", "0円", "1,234,567円")
