"""期割の性質 (properties): every yen of the tax is in one part, and what is over is told."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokunen.law.interface import run
from kokunen.law.rules.instalments import due_dates

YEN = st.integers(0, 999_999_999_999) | st.integers(0, 300_000)
COUNTS = {"ordinary": 4, "salary": 12}


def answers(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sink = io.BytesIO()
    content = "\n".join(json.dumps({"id": str(n), "tax_year": 2026, **line}) for n, line in enumerate(lines))
    assert run("instalments", io.BytesIO(content.encode()), sink, False) == 0
    return [json.loads(line) for line in sink.getvalue().splitlines()]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(COUNTS)), YEN, st.integers(1, 4)), min_size=1, max_size=20))
def test_a_new_assessment_is_spread_whole_over_the_open_parts(drawn: list[tuple[str, int, int]]) -> None:
    lines = [{"method": method, "total": total, "open_from": opened} for method, total, opened in drawn]
    for (method, total, opened), found in zip(drawn, answers(lines), strict=True):
        parts = found["instalments"]
        assert len(parts) == COUNTS[method]
        assert sum(parts) == total and min(parts) >= 0
        assert parts[: opened - 1] == [0] * (opened - 1)
        unit = 1000 if method == "ordinary" else 100
        assert all(part % unit == 0 and part <= parts[opened - 1] for part in parts[opened:])


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    method = draw(st.sampled_from(sorted(COUNTS)))
    count = COUNTS[method]
    previous = draw(st.lists(st.integers(0, 100_000), min_size=count, max_size=count))
    opened = draw(st.integers(1, count))
    return {"method": method, "previous": previous, "open_from": opened, "total": draw(st.integers(0, 800_000))}


@settings(max_examples=40, deadline=None)
@given(st.lists(changes(), min_size=1, max_size=20))
def test_a_change_keeps_the_parts_that_are_due_and_tells_the_excess(lines: list[dict[str, Any]]) -> None:
    for line, found in zip(lines, answers(lines), strict=True):
        parts, settled = found["instalments"], line["open_from"] - 1
        assert parts[:settled] == line["previous"][:settled]
        assert sum(parts) == line["total"] + found["excess"]
        assert min(parts) >= 0 <= found["excess"]
        assert found["difference"] == line["total"] - sum(line["previous"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(YEN, st.none() | YEN), min_size=1, max_size=20))
def test_the_pension_payments_add_up(drawn: list[tuple[int, int | None]]) -> None:
    lines = [
        {"method": "pension", "total": total, "first_year": previous is None}
        | ({} if previous is None else {"previous_total": previous})
        for total, previous in drawn
    ]
    for (total, _), found in zip(drawn, answers(lines), strict=True):
        parts = found["ordinary"] + found["provisional"] + found["main"]
        assert sum(parts) == total + found["excess"]
        assert min(parts) >= 0
        assert sum(found["next_provisional"]) == total // 2 // 100 * 100


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(COUNTS)), YEN, st.integers(1, 300_000)), min_size=1, max_size=20))
def test_the_fixed_reduction_of_2024_leaves_the_total(drawn: list[tuple[str, int, int]]) -> None:
    lines = [
        {"method": method, "total": total, "fixed_reduction": reduced, "tax_year": 2024}
        for method, total, reduced in drawn
    ]
    for (method, total, _), found in zip(drawn, answers(lines), strict=True):
        assert sum(found["instalments"]) == total
        assert method == "ordinary" or found["instalments"][0] == 0


@pytest.mark.parametrize(
    ("method", "year", "dates"),
    [
        ("ordinary", 2026, [date(2026, 6, 30), date(2026, 8, 31), date(2026, 11, 2), date(2027, 2, 1)]),
        ("ordinary", 2024, [date(2024, 7, 1), date(2024, 9, 2), date(2024, 10, 31), date(2025, 1, 31)]),
    ],
)
def test_due_dates_move_to_the_next_open_day(method: str, year: int, dates: list[date]) -> None:
    assert list(due_dates(method, year)) == dates


def test_an_employer_pays_by_the_tenth_of_the_next_month() -> None:
    dates = due_dates("salary", 2026)
    assert (dates[0], dates[3], dates[-1]) == (date(2026, 7, 10), date(2026, 10, 13), date(2027, 6, 10))
