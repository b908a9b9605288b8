"""任意加入の月数 (voluntary months): how many more months until the old-age pension is full (法27条, 附則5条)."""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.kernel.money import round_half_up
from kokunen.law.rules.benefits.months import Months, weighted_months
from kokunen.law.rules.benefits.old_age_pension import full_amount


@dataclass(frozen=True, slots=True)
class VoluntaryStep:
    """納めた月数とその額: after ``paid_more`` months the weighted months (24ths) and yen a year."""

    paid_more: int
    weighted_x24: int
    annual: int


def months_until_full(months: Months) -> int:
    """満額までの月数: how many paid months bring the weighted months to 480 (0 when they are there)."""
    limit = weighted_months(months).limit_x24
    for more in range(limit // 24 + 1):
        if weighted_months(_with(months, more)).x24 >= limit:
            return more
    raise AssertionError("480 paid months always fill the limit")


def estimate(fiscal_year: int, months: Months, more: int) -> VoluntaryStep:
    """納めたあとの額: ``more`` months paid on top, at the full amount of the fiscal year."""
    weighted = weighted_months(_with(months, more))
    return VoluntaryStep(more, weighted.x24, round_half_up(full_amount(fiscal_year) * weighted.x24, weighted.limit_x24))


def _with(months: Months, more: int) -> Months:
    return Months(months.paid + more, months.until_2009_03, months.after_2009_04)
