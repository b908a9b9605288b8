"""老齢基礎年金 (old-age pension): weights and limits that hold for every combination of months."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

from kokunen.law.rules.benefits.months import KINDS, Months, weighted_months
from kokunen.law.rules.benefits.old_age_pension import Life, old_age_pension

WITHIN = {
    "quarter_exemption": (Fraction(5, 6), Fraction(7, 8)),
    "half_exemption": (Fraction(2, 3), Fraction(3, 4)),
    "three_quarter_exemption": (Fraction(1, 2), Fraction(5, 8)),
    "full_exemption": (Fraction(1, 3), Fraction(1, 2)),
}
PAST = {
    "quarter_exemption": (Fraction(1, 2), Fraction(3, 8)),
    "half_exemption": (Fraction(1, 3), Fraction(1, 4)),
    "three_quarter_exemption": (Fraction(1, 6), Fraction(1, 8)),
    "full_exemption": (Fraction(0), Fraction(0)),
}


def month_by_month(months: Months) -> Fraction:
    """One month after the other into the limit, as the law lists them."""
    queue = [(Fraction(1), Fraction(0))] * months.paid
    for kind, (before, after) in WITHIN.items():
        queue += [(before, PAST[kind][0])] * months.until_2009_03[kind]
        queue += [(after, PAST[kind][1])] * months.after_2009_04[kind]
    return min(
        Fraction(480), sum((within for within, _ in queue[:480]), sum((past for _, past in queue[480:]), Fraction(0)))
    )


def test_the_weights_agree_with_counting_month_by_month() -> None:
    draw = random.Random(27)
    for _ in range(300):
        before, after = ({kind: draw.choice((0, 0, draw.randint(0, 120))) for kind in KINDS} for _ in range(2))
        months = Months(draw.randint(0, 500), before, after)
        assert weighted_months(months).x24 == month_by_month(months) * 24


def test_one_more_paid_month_never_lowers_the_pension_and_the_full_amount_is_its_limit() -> None:
    after = dict.fromkeys(KINDS, 20)
    amounts = [
        old_age_pension(2026, date(1961, 8, 1), Life(Months(paid, dict.fromkeys(KINDS, 10), after))).basic
        for paid in range(481)
    ]
    assert amounts == sorted(amounts)
    assert amounts[-1] == 847_300 and amounts[0] == 138_275


def test_the_right_needs_120_months_and_one_that_is_paid_or_exempted() -> None:
    none = dict.fromkeys(KINDS, 0)
    for paid in range(3):
        for deferral in (117, 118, 119, 120, 200):
            found = old_age_pension(2026, date(1961, 8, 1), Life(Months(paid, none, none), deferral=deferral))
            assert found.eligible == (paid >= 1 and paid + deferral >= 120)
