"""月ごとの記録: what each benefit counts, and a month named twice."""

from __future__ import annotations

from kokunen.law.engine.months import parse_month
from kokunen.law.rules.benefits.monthly_record import MonthState, Span, life_of, overlapping


def span(first: str, last: str, state: str, **more: object) -> Span:
    return Span(parse_month(first), parse_month(last), MonthState(state), **more)  # type: ignore[arg-type]


def test_the_weight_changes_with_april_2009() -> None:
    life = life_of([span("2008-04", "2010-03", "half_exemption")])
    assert life.months.until_2009_03["half_exemption"] == 12
    assert life.months.after_2009_04["half_exemption"] == 12


def test_the_widow_counts_the_first_kind_only() -> None:
    spans = [span("2000-04", "2001-03", "second"), span("2001-04", "2002-03", "paid", additional=True)]
    assert life_of(spans).months.paid == 24
    only = life_of(spans, first_kind_only=True)
    assert (only.months.paid, only.additional) == (12, 12)


def test_a_month_named_twice_is_found() -> None:
    assert overlapping([span("2000-04", "2001-03", "paid"), span("2001-04", "2001-04", "paid")]) is None
    assert overlapping([span("2000-04", "2001-03", "paid"), span("2001-03", "2001-04", "paid")]) == parse_month(
        "2001-03"
    )
