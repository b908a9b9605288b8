"""任意加入の月数: V08's worked figures, and the fall of the weight past 480 months."""

from __future__ import annotations

from kokunen.law.rules.benefits.months import KINDS, Months
from kokunen.law.rules.benefits.voluntary import estimate, months_until_full

NONE = dict.fromkeys(KINDS, 0)
V08 = Months(433, NONE, NONE | {"full_exemption": 24})


def test_v08_the_slider_falls_behind_after_24_months() -> None:
    assert months_until_full(V08) == 47
    assert estimate(2026, V08, 0).annual == 785_518
    assert estimate(2026, V08, 24).weighted_x24 == 468 * 24 + 12
    assert estimate(2026, V08, 24).annual == 827_000
    assert estimate(2026, V08, 47).annual == 847_300


def test_the_amount_never_falls_with_a_month_more() -> None:
    amounts = [estimate(2026, V08, more).annual for more in range(61)]
    assert amounts == sorted(amounts)
