"""税額の確定 (tax): 調整措置, 定額減税, 百円未満切捨て, 均等割, 森林環境税 and 年税額."""

from __future__ import annotations

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax import separate
from kokunen.law.rules.resident_tax._columns import (
    PART_NAMES,
    PARTS,
    amount,
    col,
    cut_to,
    not_negative,
    only_if,
    persons,
    smaller,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear

_MEASURE = "地方税法附則第3条の3第5項"
_REDUCTION = "地方税法附則第5条の8、附則第5条の12"
_ROUNDING = "地方税法第20条の4の2第3項"
_PER_CAPITA = {"city": "地方税法第310条", "prefecture": "地方税法第38条"}
_FOREST = "森林環境税及び森林環境譲与税に関する法律第3条、第5条"


def tax_steps(law: TaxYear, *, separately: bool = False) -> tuple[Step, ...]:
    """調整措置から年税額まで."""
    return (
        *_adjustment_measure(),
        *_fixed_reduction(law),
        *(separate.withheld_steps(law) if separately else ()),
        *_income_levy(law, separately),
        *_flat(law),
        *_totals(),
    )


def _adjustment_measure() -> tuple[Step, ...]:
    """調整措置: the levy must not push the income that is left below the limit of 所得割."""
    city, prefecture = (col(f"levy_after_credits.{part}") for part in PARTS)
    both = col("levy_after_credits.both")
    shortfall = not_negative(
        col("income_levy_limit") - (col("total_income_after_carryforward") - col("levy_after_credits.both"))
    )
    return (
        yen("levy_after_credits.both", "税額控除後の所得割（計）", _MEASURE, city + prefecture),
        yen("adjustment_shortfall", "調整措置の不足額", _MEASURE, only_if(both > 0, shortfall)),
        *(
            yen(
                f"adjustment_measure.{part}",
                f"調整措置（{PART_NAMES[part]}）",
                _MEASURE,
                smaller(
                    _share_raised(col("adjustment_shortfall"), col(f"levy_after_credits.{part}"), both),
                    col(f"levy_after_credits.{part}"),
                ),
            )
            for part in PARTS
        ),
        *(
            yen(
                f"levy_after_measure.{part}",
                f"調整措置後の所得割（{PART_NAMES[part]}）",
                _MEASURE,
                col(f"levy_after_credits.{part}") - col(f"adjustment_measure.{part}"),
            )
            for part in PARTS
        ),
    )


def _fixed_reduction(law: TaxYear) -> tuple[Step, ...]:
    """定額減税: as far as the levy goes, shared by the levies of both parts, the prefecture's share raised."""
    rule = law.value("fixed_reduction")
    levy = col("levy_after_measure.both")
    entitled = only_if(
        col("taxed") & (col("total_income") <= rule["income_limit"]),
        col("fixed_reduction_persons") * rule["per_person"],
    )
    used, prefecture = col("fixed_reduction.used"), col("levy_after_measure.prefecture")
    return (
        persons("fixed_reduction_persons", "定額減税の対象者数", _REDUCTION, _reduced_persons(law, rule["persons"])),
        yen("fixed_reduction.entitled", "定額減税の額", _REDUCTION, entitled),
        yen(
            "levy_after_measure.both",
            "調整措置後の所得割（計）",
            _REDUCTION,
            col("levy_after_measure.city") + col("levy_after_measure.prefecture"),
        ),
        yen("fixed_reduction.used", "定額減税の控除額", _REDUCTION, smaller(col("fixed_reduction.entitled"), levy)),
        yen(
            "fixed_reduction.prefecture",
            "定額減税（県）",
            _REDUCTION,
            _share_raised(used, prefecture, levy),
        ),
        yen("fixed_reduction.city", "定額減税（市）", _REDUCTION, used - col("fixed_reduction.prefecture")),
        yen("fixed_reduction.unused", "定額減税の控除不足額", _REDUCTION, col("fixed_reduction.entitled") - used),
    )


def _reduced_persons(law: TaxYear, whose: str) -> pl.Expr:
    if whose == "nobody":
        return amount(0)
    spouse: pl.Expr = col("spouse_in_livelihood") & ~col("spouse_abroad")
    *_, last_band, _ = law.rows("spouse_deduction")
    deducted: pl.Expr = col("total_income") <= last_band["up_to"]
    if whose == "undeducted_spouse":
        return (spouse & ~deducted).cast(pl.Int64)
    return amount(1) + (spouse & deducted).cast(pl.Int64) + col("relatives_in_japan")


def _share_raised(shared: pl.Expr, part: pl.Expr, both: pl.Expr) -> pl.Expr:
    """按分: ``shared`` × part ÷ both, raised to the yen; nothing where there is nothing to share."""
    divisor: pl.Expr = pl.when(both > 0).then(both).otherwise(amount(1))
    return (shared * part + (divisor - amount(1))) // divisor


def _income_levy(law: TaxYear, separately: bool) -> tuple[Step, ...]:
    unit = law.amount("rounding", "levy")

    def left(part: str) -> pl.Expr:
        after = col(f"levy_after_measure.{part}") - col(f"fixed_reduction.{part}")
        return after - col(f"withheld_credit.{part}") if separately else after

    return tuple(
        yen(
            f"{part}_income_levy",
            f"{PART_NAMES[part]}民税所得割",
            _ROUNDING,
            cut_to(left(part), unit),
        )
        for part in PARTS
    )


def _flat(law: TaxYear) -> tuple[Step, ...]:
    """均等割と森林環境税: the flat parts; the national tax is levied only where one lives."""
    pays = (col("exemption") == "taxed") | (col("exemption") == "income_levy_exempt")
    flat = law.value("per_capita")
    return (
        *(
            yen(
                f"{part}_per_capita",
                f"{PART_NAMES[part]}民税均等割",
                _PER_CAPITA[part],
                only_if(pays, amount(flat[part])),
            )
            for part in PARTS
        ),
        yen(
            "forest_environment_tax",
            "森林環境税",
            _FOREST,
            only_if(pays & (col("liability") == "resident"), amount(law.amount("forest_environment_tax"))),
        ),
    )


def _totals() -> tuple[Step, ...]:
    return (
        *(
            yen(
                f"{part}_tax",
                f"{PART_NAMES[part]}民税",
                "地方税法第294条、第24条",
                col(f"{part}_income_levy") + col(f"{part}_per_capita"),
            )
            for part in PARTS
        ),
        yen(
            "total_tax",
            "年税額",
            "地方税法第319条、第41条",
            col("city_tax") + col("prefecture_tax") + col("forest_environment_tax"),
        ),
    )
