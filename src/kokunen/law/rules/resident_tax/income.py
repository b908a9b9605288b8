"""所得金額 (income): from receipts to 合計所得金額 and 総所得金額等.

給与 by the statutory table, 公的年金等 by age and by the other income, both kinds of 所得金額調整控除, losses of
business and real estate against the other kinds, occasional income at one half, and the losses carried forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax import separate
from kokunen.law.rules.resident_tax._columns import (
    amount,
    at_most,
    by_limit,
    col,
    fixed,
    not_negative,
    only_if,
    part_raised,
    proportional_raised,
    whether,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear

_SALARY = "地方税法第313条第2項、所得税法第28条、別表第五"
_PENSION = "地方税法第313条第2項、所得税法第35条第4項"
_ADJUSTMENT = "地方税法第313条第2項、租税特別措置法第41条の3の11"
_TOTAL = "地方税法第292条第1項第13号、第313条"
_OFFSET = "所得税法第22条、第69条、所得税法施行令第198条"

# 表の刻み: below 6,600,000 yen the statutory table goes by receipts ÷ 4, cut to 1,000 yen
_QUARTER, _NOTCH = 4, 1000


def income_steps(law: TaxYear, *, separately: bool = False) -> tuple[Step, ...]:
    """収入から総所得金額等まで; ``separately``: with separately taxed incomes."""
    return (*_salary(law), *_pension(law, separately), *_both(law), *_total(separately))


def _salary(law: TaxYear) -> tuple[Step, ...]:
    rule = law.value("salary_adjustment")
    receipts = col("salary_receipts")
    counted = at_most(receipts, rule["receipts_counted_to"]) - rule["receipts_over"]
    return (
        yen(
            "salary_income_by_table",
            "給与所得控除後の給与所得",
            _SALARY,
            by_limit(receipts, law.rows("salary_income_table"), _salary_row),
        ),
        whether(
            "salary_adjustment_family",
            "子ども・特別障害者等を有する",
            _ADJUSTMENT,
            col("salary_adjustment")
            | (col("disability") == "special")
            | (col("spouse_in_livelihood") & (col("spouse_disability") == "special"))
            | (col("adjusting_relatives") > 0),
        ),
        yen(
            "salary_adjustment_large",
            "所得金額調整控除（子ども・特別障害者等）",
            _ADJUSTMENT,
            only_if(col("salary_adjustment_family"), part_raised(not_negative(counted), rule["rate"])),
        ),
        yen(
            "salary_income_adjusted",
            "所得金額調整控除（子ども等）後の給与所得",
            _ADJUSTMENT,
            col("salary_income_by_table") - col("salary_adjustment_large"),
        ),
    )


def _salary_row(row: Mapping[str, Any]) -> pl.Expr:
    """表の一段: 収入 or 収入÷4の千円未満切捨て, × numerator ÷ denominator + plus."""
    if row["numerator"] == 0:
        return amount(row["plus"])
    base = col("salary_receipts")
    if row["of"] == "quarter":
        base = base // (_QUARTER * _NOTCH) * _NOTCH
    if row["numerator"] != row["denominator"]:
        base = base * row["numerator"] // row["denominator"]
    return base + amount(row["plus"])


def _pension(law: TaxYear, separately: bool) -> tuple[Step, ...]:
    receipts = col("pension_receipts")
    other = _with_occasional(col("ordinary_income_without_pension"))
    if separately:
        other = other + separate.separate_total(col("ordinary_income_without_pension"))
    senior = col("birth_date") <= law.born_until(law.amount("ages", "senior_pensioner"))
    figure = proportional_raised(receipts)
    return (
        yen(
            "ordinary_income_without_pension",
            "年金を除く経常的な所得",
            _OFFSET,
            _ordinary_but_pension(col("salary_income_adjusted")),
        ),
        yen(
            "total_income_without_pension",
            "公的年金等以外の合計所得金額",
            _PENSION,
            other,
        ),
        whether("senior_pensioner", "65歳以上", "年齢計算に関する法律", senior),
        yen(
            "pension_deduction_reduction",
            "公的年金等控除額の引下げ",
            _PENSION,
            by_limit(col("total_income_without_pension"), law.rows("pension_deduction_reduction"), fixed("reduction")),
        ),
        yen(
            "pension_deduction",
            "公的年金等控除額",
            _PENSION,
            pl.when(col("senior_pensioner"))
            .then(by_limit(receipts, law.rows("pension_deduction_table", "from_65"), figure))
            .otherwise(by_limit(receipts, law.rows("pension_deduction_table", "under_65"), figure))
            - col("pension_deduction_reduction"),
        ),
        yen(
            "pension_income",
            "公的年金等の雑所得",
            _PENSION,
            not_negative(receipts - col("pension_deduction")),
        ),
    )


def _both(law: TaxYear) -> tuple[Step, ...]:
    each = law.amount("salary_adjustment", "each_of_salary_and_pension")
    both = at_most(col("salary_income_adjusted"), each) + at_most(col("pension_income"), each) - each
    return (
        yen(
            "salary_adjustment_both",
            "所得金額調整控除（給与と年金の両方）",
            _ADJUSTMENT,
            not_negative(both),
        ),
        yen(
            "salary_income",
            "給与所得",
            _ADJUSTMENT,
            col("salary_income_adjusted") - col("salary_adjustment_both"),
        ),
    )


def _total(separately: bool) -> tuple[Step, ...]:
    ordinary = yen(
        "ordinary_income",
        "経常的な所得の合計",
        _OFFSET,
        _ordinary_but_pension(col("salary_income")) + col("pension_income"),
    )
    if separately:
        return (ordinary, *separate.total_steps(_with_occasional(col("ordinary_income"))))
    return (
        ordinary,
        yen("total_income", "合計所得金額", _TOTAL, _with_occasional(col("ordinary_income"))),
        yen(
            "total_income_after_carryforward",
            "総所得金額等",
            "地方税法第313条第8項・第9項",
            not_negative(col("total_income") - col("loss_carried_forward")),
        ),
    )


def _ordinary_but_pension(salary: pl.Expr) -> pl.Expr:
    return salary + col("business_income") + col("real_estate_income") + col("other_misc_income")


def _with_occasional(ordinary: pl.Expr) -> pl.Expr:
    """一時所得等を加える: a loss meets the occasional income before that is halved (所得税法施行令第198条)."""
    occasional = col("occasional_income")
    gain = not_negative(ordinary)
    left = not_negative(occasional + (ordinary - gain))
    return gain + left // 2
