"""非課税 (exemption): who pays nothing, who pays the flat part alone (地方税法第295条、附則第3条の3).

The first reason that applies is the one that is told. A person whose income is not known (未申告) is neither taxed nor
exempt, unless the reason does not depend on income.
"""

from __future__ import annotations

from functools import reduce

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.engine.steps import Unit
from kokunen.law.rules.resident_tax._columns import amount, col, only_if, whether, yen
from kokunen.law.rules.resident_tax._tax_year import TaxYear

EXEMPTIONS = ("taxed", "income_levy_exempt", "all_exempt", "unknown")
"""課税, 均等割のみ課税, 非課税, 未申告."""

WITHOUT_INCOME = ("not_liable", "livelihood_assistance")
ALL_EXEMPT = (*WITHOUT_INCOME, "under_1350000", "per_capita_limit")
FLAT_ONLY = ("house_only", "income_levy_limit")
REASONS = (*ALL_EXEMPT, *FLAT_ONLY)
"""非課税の理由, in the order in which they are looked at."""

_BOTH = "地方税法第295条第1項"
_FLAT = "地方税法第295条第3項、地方税法施行令第47条の3"
_LEVY = "地方税法附則第3条の3"


def exemption_steps(law: TaxYear) -> tuple[Step, ...]:
    """非課税限度額から課税・非課税の区分まで."""
    protected = law.amount("protected_person_limit")
    return (
        yen("per_capita_limit", "均等割の非課税限度額", _FLAT, _per_capita_limit(law)),
        yen("income_levy_limit", "所得割の非課税限度額", _LEVY, _limit(**law.value("income_levy_limit"))),
        whether("minor", "未成年者", f"{_BOTH}第2号", col("birth_date") > law.minors_born_after),
        whether(
            "protected_person",
            "障害者・未成年者・寡婦・ひとり親",
            f"{_BOTH}第2号",
            col("minor") | (col("disability") != "none") | col("widow_holds") | col("single_parent_holds"),
        ),
        whether(
            "under_protected_limit",
            f"障害者等で合計所得金額が{protected:,}円以下",
            f"{_BOTH}第2号",
            col("protected_person") & (col("total_income") <= protected),
        ),
        Step("exemption_reason", "非課税の理由", Unit.TEXT, f"{_BOTH}・第3項、附則第3条の3", _reason()),
        Step("exemption", "課税・非課税の区分", Unit.TEXT, "地方税法第294条、第295条、附則第3条の3", _exemption()),
        whether("taxed", "所得割の課税", "地方税法第294条第1項第1号", col("exemption") == "taxed"),
    )


def _limit(per_person: int, plus: int, family: int) -> pl.Expr:
    """非課税限度額: so much for each person and once, and more for a family."""
    count = col("counted_persons")
    return count * per_person + plus + only_if(count >= 2, amount(family))


def _per_capita_limit(law: TaxYear) -> pl.Expr:
    grades = law.value("per_capita_limit")
    return (
        pl.when(col("area_grade") == 1)
        .then(_limit(**grades["grade_1"]))
        .when(col("area_grade") == 2)
        .then(_limit(**grades["grade_2"]))
        .otherwise(_limit(**grades["grade_3"]))
    )


def _reason() -> pl.Expr:
    declared = ~col("undeclared")
    applies = {
        "not_liable": col("liability") == "none",
        "livelihood_assistance": col("livelihood_assistance"),
        "under_1350000": declared & col("under_protected_limit"),
        "per_capita_limit": declared & (col("total_income") <= col("per_capita_limit")),
        "house_only": declared & (col("liability") == "house_only"),
        "income_levy_limit": declared & (col("total_income_after_carryforward") <= col("income_levy_limit")),
    }
    kind = pl.Enum(REASONS)
    found = pl.lit(None, dtype=kind)
    for reason in reversed(REASONS):
        found = pl.when(applies[reason]).then(pl.lit(reason, dtype=kind)).otherwise(found)
    return found


def _exemption() -> pl.Expr:
    kind = pl.Enum(EXEMPTIONS)
    reason = col("exemption_reason")
    return (
        pl.when(_one_of(reason, ALL_EXEMPT))
        .then(pl.lit("all_exempt", dtype=kind))
        .when(col("undeclared"))
        .then(pl.lit("unknown", dtype=kind))
        .when(reason.is_not_null())
        .then(pl.lit("income_levy_exempt", dtype=kind))
        .otherwise(pl.lit("taxed", dtype=kind))
    )


def _one_of(reason: pl.Expr, reasons: tuple[str, ...]) -> pl.Expr:
    return reduce(lambda found, one: found | one, (reason == name for name in reasons)).fill_null(False)
