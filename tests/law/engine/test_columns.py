"""列の規則 (column rules): exact, explained, and the same for one row and for many."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.law.engine import Unit
from kokunen.law.engine.columns import InexactStepError, Rule, Step, value_by_date
from kokunen.law.parameters import parse_parameter

ARTICLE = "国民年金法第90条の2"
RULE = Rule(
    "reduced premium",
    (
        Step("half", "半額", Unit.YEN, ARTICLE, pl.col("premium") // 2),
        Step("payable", "納付額", Unit.YEN, ARTICLE, (pl.col("half") + 5) // 10 * 10),
        Step("reduced", "減額", Unit.YEN, ARTICLE, pl.col("premium") - pl.col("payable")),
        Step("known", "金額の有無", Unit.BOOL, None, pl.col("premium").is_not_null()),
    ),
)


def test_the_explanation_is_the_row_in_order_of_computation() -> None:
    steps = RULE.explain(RULE.evaluate(pl.DataFrame({"premium": [16980, 17510]})), row=1)
    assert [step.as_json() for step in steps] == [
        {"name": "half", "label_ja": "半額", "value": 8755, "unit": "yen", "article": ARTICLE},
        {"name": "payable", "label_ja": "納付額", "value": 8760, "unit": "yen", "article": ARTICLE},
        {"name": "reduced", "label_ja": "減額", "value": 8750, "unit": "yen", "article": ARTICLE},
        {"name": "known", "label_ja": "金額の有無", "value": True, "unit": "bool", "article": None},
    ]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_one_row_and_many_rows_give_the_same(premiums: list[int]) -> None:
    together = RULE.evaluate(pl.DataFrame({"premium": premiums}))
    alone = [RULE.evaluate(pl.DataFrame({"premium": [premium]})) for premium in premiums]
    assert together.rows() == [frame.row(0) for frame in alone]


@pytest.mark.parametrize("expression", [pl.col("premium") / 2, pl.col("premium") * 0.5])
def test_a_step_that_leaves_the_whole_numbers_is_refused(expression: pl.Expr) -> None:
    rule = Rule("wrong", (Step("half", "半額", Unit.YEN, None, expression),))
    with pytest.raises(InexactStepError, match=r"wrong\.half"):
        rule.evaluate(pl.DataFrame({"premium": [17510]}))


def test_a_step_may_replace_a_column_and_later_steps_see_it() -> None:
    rule = Rule(
        "cut",
        (
            Step("income", "所得", Unit.YEN, None, pl.col("income") - 100),
            Step("income", "控除後の所得", Unit.YEN, None, pl.col("income") - 10),
            Step("doubled", "倍額", Unit.YEN, None, pl.col("income") * 2),
        ),
    )
    assert rule.evaluate(pl.DataFrame({"income": [1000]})).row(0) == (890, 1780)


def test_a_column_is_replaced_only_after_the_last_step_that_reads_its_old_values() -> None:
    steps = [("a", pl.col("x") + 1), ("b", pl.col("a") + 1), ("c", pl.col("b") + pl.col("x")), ("x", pl.col("a") * 100)]
    rule = Rule("late", tuple(Step(name, name, Unit.YEN, None, expression) for name, expression in steps))
    assert rule.evaluate(pl.DataFrame({"x": [1]}), ["c", "x"]).row(0) == (4, 200)


def test_values_by_date_follow_the_day_of_each_row() -> None:
    premium = parse_parameter(
        "premium",
        """
        description: 保険料
        unit: yen
        until: 2027-03-31
        values:
          2025-04-01: {value: 17510, status: in_force, source: 告示}
          2026-04-01: {value: 17920, status: in_force, source: 告示}
        """,
    )
    days = [date(2025, 3, 31), date(2025, 4, 1), date(2026, 3, 31), date(2026, 4, 1), date(2027, 4, 1)]
    frame = pl.DataFrame({"day": days}).select(value_by_date(premium, pl.col("day")))
    assert frame.to_series().to_list() == [None, 17510, 17510, 17920, None]
