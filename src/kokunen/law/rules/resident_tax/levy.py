"""所得割の算出 (levy): 課税標準額, 人的控除差, 算出所得割 and 調整控除 (地方税法第314条の3、第314条の6)."""

from __future__ import annotations

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax import separate
from kokunen.law.rules.resident_tax._columns import (
    PART_NAMES,
    PARTS,
    amount,
    by_limit,
    col,
    cut_to,
    fixed,
    larger,
    not_negative,
    only_if,
    part_cut,
    smaller,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear
from kokunen.law.rules.resident_tax.deductions import by_disability, by_own_band

_RATE = {"city": "地方税法第314条の3", "prefecture": "地方税法第35条"}
_ADJUSTMENT = {"city": "地方税法第314条の6", "prefecture": "地方税法第37条"}


def levy_steps(law: TaxYear, *, separately: bool = False) -> tuple[Step, ...]:
    """課税標準額から調整控除後の所得割まで; ``separately``: with the own bases of separately taxed incomes."""
    income = "general_income_after_carryforward" if separately else "total_income_after_carryforward"
    base = not_negative(col(income) - col("deductions.total"))
    taxable = cut_to(base, law.amount("rounding", "taxable_income"))
    rates = law.value("levy_rate")
    label = "課税標準額（総所得金額）" if separately else "課税標準額"
    return (
        yen("taxable_income", label, "地方税法第20条の4の2第1項", only_if(col("taxed"), taxable)),
        *(separate.taxable_steps(law) if separately else ()),
        *_person_differences(law),
        *(
            yen(
                f"computed_income_levy.{part}",
                f"算出所得割（{PART_NAMES[part]}）",
                _RATE[part],
                part_cut(col("taxable_income"), rates[part]) + separate.levies(part)
                if separately
                else part_cut(col("taxable_income"), rates[part]),
            )
            for part in PARTS
        ),
        *_adjustment_credit(law, separately),
    )


def _person_differences(law: TaxYear) -> tuple[Step, ...]:
    """人的控除差: between the deductions of income tax and of this tax, as the article lists them."""
    article = _ADJUSTMENT["city"]
    own = law.value("disability_difference")
    widow, parent, student = (law.value(f"{name}_deduction") for name in ("widow", "single_parent", "working_student"))
    by_parent = (
        pl.when(col("single_parent") == "mother")
        .then(amount(parent["mother_difference"]))
        .otherwise(amount(parent["father_difference"]))
    )
    differences = (
        yen("basic_difference", "基礎控除の人的控除差", article, amount(law.amount("basic_difference"))),
        yen(
            "own_disability_difference",
            "本人の障害者控除の人的控除差",
            article,
            by_disability(own["general"], own["special"]),
        ),
        yen(
            "widow_difference",
            "寡婦控除の人的控除差",
            article,
            only_if(col("widow_holds"), amount(widow["difference"])),
        ),
        yen(
            "single_parent_difference",
            "ひとり親控除の人的控除差",
            article,
            only_if(col("single_parent_holds"), by_parent),
        ),
        yen(
            "working_student_difference",
            "勤労学生控除の人的控除差",
            article,
            only_if(col("working_student_holds"), amount(student["difference"])),
        ),
        *_spouse_differences(law),
    )
    added = (*(step.name for step in differences), "spouse_disability_difference")
    relatives = col("dependant_differences") + col("relative_disability_differences")
    return (
        *differences,
        yen(
            "person_difference_total",
            "人的控除差の合計",
            article,
            sum((col(name) for name in added), start=relatives),
        ),
    )


def _spouse_differences(law: TaxYear) -> tuple[Step, ...]:
    article = _ADJUSTMENT["city"]
    own = law.rows("spouse_deduction")
    general, elderly = (
        by_limit(col("total_income"), own, fixed(f"{kind}_difference")) for kind in ("general", "elderly")
    )
    special = by_own_band(law, col("spouse_total_income"), law.rows("spouse_special_difference"), "difference")
    return (
        yen(
            "spouse_difference",
            "配偶者控除の人的控除差",
            article,
            only_if(col("spouse_in_livelihood"), pl.when(col("spouse_elderly")).then(elderly).otherwise(general)),
        ),
        yen(
            "spouse_special_difference",
            "配偶者特別控除の人的控除差",
            article,
            only_if(col("spouse_over_limit"), special),
        ),
    )


def _adjustment_credit(law: TaxYear, separately: bool) -> tuple[Step, ...]:
    """調整控除: S up to 2,000,000 yen of taxable income, above it S less what exceeds, at least the smallest base."""
    rule = law.value("adjustment_credit")
    difference, taxable = col("person_difference_total"), col("taxable_income")
    if separately:
        taxable = taxable + separate.counted_taxable()
    above = larger(difference - (taxable - rule["taxable_border"]), amount(rule["least_base"]))
    base = pl.when(taxable <= rule["taxable_border"]).then(smaller(difference, taxable)).otherwise(above)
    return (
        yen(
            "adjustment_credit_base",
            "調整控除の対象額",
            _ADJUSTMENT["city"],
            only_if(col("total_income") <= rule["income_limit"], base),
        ),
        *(
            yen(
                f"adjustment_credit.{part}",
                f"調整控除（{PART_NAMES[part]}）",
                _ADJUSTMENT[part],
                part_cut(col("adjustment_credit_base"), rule[part]),
            )
            for part in PARTS
        ),
        *(
            yen(
                f"levy_after_adjustment.{part}",
                f"調整控除後の所得割（{PART_NAMES[part]}）",
                _ADJUSTMENT[part],
                not_negative(col(f"computed_income_levy.{part}") - col(f"adjustment_credit.{part}")),
            )
            for part in PARTS
        ),
    )
