"""年金生活者支援給付金 (pension supplement): amounts against incomes and the published tables."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kokunen.law.engine.months import parse_month
from kokunen.law.rules.benefits.months import KINDS
from kokunen.law.rules.benefits.pension_supplement import (
    Kind,
    Pensioner,
    known_months,
    old_age_supplement,
    other_supplement,
)

NONE = dict.fromkeys(KINDS, 0)
NOBODY = {"general": 0, "elderly": 0, "specified": 0}
FIRST, LAST = known_months()


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def test_more_income_never_pays_more() -> None:
    month = parse_month("2026-06")
    incomes = range(800_000, 915_000, 37)
    found = [
        old_age_supplement(month, Pensioner(date(1958, 4, 10), 401, {**NONE, "full_exemption": 79}, income))
        for income in incomes
    ]
    amounts = [each.amount for each in found]
    assert amounts == sorted(amounts, reverse=True)
    for income, each in zip(incomes, found, strict=True):
        assert (each.kind is Kind.NONE) == (income > 909_000)
        if each.kind is Kind.SUPPLEMENTARY:
            ratio = Fraction(half_up(Fraction(909_000 - income, 100)), 1000)
            assert each.amount == half_up(Fraction(5620 * 401, 480) * ratio)


@pytest.mark.parametrize(("year", "base"), [(2024, 5310), (2025, 5450), (2026, 5620)])
def test_the_first_grade_is_a_quarter_more_than_the_base_amount(year: int, base: int) -> None:
    months = range(parse_month(f"{year}-04"), parse_month(f"{year + 1}-03") + 1)
    for month in months:
        assert FIRST <= month <= LAST
        first, second = (other_supplement(month, Kind.DISABILITY, 0, NOBODY, grade=grade).amount for grade in (1, 2))
        assert (first, second) == (half_up(Fraction(base * 5, 4)), base)
        assert other_supplement(month, Kind.SURVIVOR, 0, NOBODY).amount == base
