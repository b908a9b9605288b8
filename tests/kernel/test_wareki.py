"""和暦: one door for everything about dates in eras, as screens and media use it."""

from __future__ import annotations

from datetime import date

import pytest

from kokunen.kernel import wareki
from kokunen.kernel.wareki import ImpreciseDate, format_wareki, parse_date, parse_imprecise

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "echo"),
    [
        ("081124", "令和8年11月24日(火)"),
        ("R8.11.24", "令和8年11月24日(火)"),
        ("8/11/24", "令和8年11月24日(火)"),
        ("20261124", "令和8年11月24日(火)"),
        ("今日", "令和8年11月24日(火)"),
        ("+3", "令和8年11月27日(金)"),
    ],
)
def test_入力欄の横に曜日つきの和暦を返す(typed: str, echo: str) -> None:
    assert format_wareki(parse_date(typed, TODAY), weekday=True) == echo


def test_不詳の生年月日は画面の書き方のまま残る() -> None:
    assert parse_imprecise("S55.4.-", TODAY) == ImpreciseDate("昭和55年4月日不詳", True, date(1980, 4, 1))


def test_窓口の名は一つの扉から揃う() -> None:
    assert all(callable(getattr(wareki, name)) for name in ("era_of", "fiscal_year", "to_era_code", "from_era_code"))
    assert {name for name in wareki.__all__ if not hasattr(wareki, name)} == set()
