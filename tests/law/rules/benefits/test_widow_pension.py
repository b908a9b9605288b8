"""寡婦年金 (widow's pension): right and months around the days they turn on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import month_of
from kokunen.law.rules.benefits.months import KINDS, Months
from kokunen.law.rules.benefits.widow_pension import Couple, Refusal, widow_pension

NONE = dict.fromkeys(KINDS, 0)
PAID = Months(300, NONE, NONE)


def test_a_widow_is_paid_at_most_five_years_and_never_before_the_month_after_the_death() -> None:
    for days in range(0, 3290, 7):
        death = date(2022, 1, 31) + timedelta(days)
        found = widow_pension(2026, PAID, 0, Couple(date(1990, 6, 1), death, date(1966, 2, 1)))
        if Refusal.WIFE_REACHED_65 in found.refusals:
            assert death >= date(2031, 1, 31) and found.amount == 0
            continue
        assert found.eligible
        if month_of(death) == month_of(date(2031, 1, 31)):
            assert (found.first, found.last) == (None, None)
            continue
        assert found.first is not None and found.last is not None
        assert found.first > month_of(death)
        assert found.last - found.first + 1 <= 60
        assert found.last == month_of(date(2031, 1, 31))


def test_the_amount_is_rounded_once() -> None:
    amounts = [
        widow_pension(
            2026, Months(paid, NONE, NONE), 0, Couple(date(1990, 6, 1), date(2026, 11, 30), date(1965, 2, 10))
        )
        for paid in range(120, 481)
    ]
    assert [found.amount for found in amounts] == [(847_300 * paid * 3 + 960) // 1920 for paid in range(120, 481)]


def test_a_wife_who_would_reach_65_after_the_year_9999_is_refused() -> None:
    couple = Couple(date(1990, 6, 1), date(2026, 11, 30), date(9990, 1, 1))
    with pytest.raises(InputError, match="妻の生年月日") as refused:
        widow_pension(2026, PAID, 0, couple)
    assert (refused.value.field, refused.value.code) == ("wife_birth_date", "out_of_range")
