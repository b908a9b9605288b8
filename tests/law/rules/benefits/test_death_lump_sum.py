"""死亡一時金 (death lump sum): the whole table, month by month."""

from __future__ import annotations

from datetime import date

import pytest

from kokunen.kernel.errors import InputError
from kokunen.law.rules.benefits.death_lump_sum import Refusal, death_lump_sum

NONE = {"quarter_exemption": 0, "half_exemption": 0, "three_quarter_exemption": 0}
STEPS = [(0, 0), (36, 120_000), (180, 145_000), (240, 170_000), (300, 220_000), (360, 270_000), (420, 320_000)]


@pytest.mark.parametrize("kind", ["quarter_exemption", "half_exemption", "three_quarter_exemption"])
def test_the_sum_steps_up_at_exactly_the_months_of_the_table(kind: str) -> None:
    weight = {"quarter_exemption": 3, "half_exemption": 2, "three_quarter_exemption": 1}[kind]
    for paid in range(0, 601, 5):
        for exempt in range(0, 601, 13):
            found = death_lump_sum(date(2026, 11, 30), paid, {**NONE, kind: exempt})
            quarters = 4 * paid + weight * exempt
            assert found.amount == [amount for months, amount in STEPS if quarters >= 4 * months][-1]
            assert (found.refusal is Refusal.UNDER_36_MONTHS) == (quarters < 144)


def test_a_death_whose_deadline_has_no_year_of_four_digits_is_refused() -> None:
    assert death_lump_sum(date(9997, 12, 31), 36, NONE).claim_deadline == date(9999, 12, 31)
    with pytest.raises(InputError, match="死亡日") as refused:
        death_lump_sum(date(9998, 1, 1), 36, NONE)
    assert (refused.value.field, refused.value.code) == ("death_date", "out_of_range")
