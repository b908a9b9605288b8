"""所得控除 (deductions): what is taken off 総所得金額等 (地方税法第314条の2、第34条), in the order of the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax._columns import (
    amount,
    at_most,
    by_limit,
    col,
    fixed,
    larger,
    not_negative,
    only_if,
    part_cut,
    whether,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear
from kokunen.law.rules.resident_tax.insurance import earthquake_insurance_steps, life_insurance_steps

_ARTICLE = "地方税法第314条の2第1項"

DEDUCTIONS = (
    "casualty",
    "medical",
    "social_insurance",
    "small_enterprise_mutual_aid",
    "life_insurance",
    "earthquake_insurance",
    "disability",
    "widow",
    "single_parent",
    "working_student",
    "spouse",
    "spouse_special",
    "dependants",
    "specified_relative",
    "basic",
)
"""控除の種類, in order; the column of each is ``deductions.<name>``, their sum ``deductions.total``."""


def deduction_steps(law: TaxYear, *, separately: bool = False) -> tuple[Step, ...]:
    """雑損控除から基礎控除まで、その合計."""
    return (
        *_casualty(law),
        *_medical(law),
        yen("deductions.social_insurance", "社会保険料控除", f"{_ARTICLE}第3号", col("social_insurance")),
        yen(
            "deductions.small_enterprise_mutual_aid",
            "小規模企業共済等掛金控除",
            f"{_ARTICLE}第4号",
            col("small_enterprise_mutual_aid"),
        ),
        *life_insurance_steps(law),
        *earthquake_insurance_steps(law),
        *_own_circumstances(law, separately),
        *_spouse(law),
        yen("deductions.dependants", "扶養控除", f"{_ARTICLE}第11号", col("dependant_deductions")),
        yen(
            "deductions.specified_relative",
            "特定親族特別控除",
            _ARTICLE,
            col("specified_relative_deductions"),
        ),
        yen(
            "deductions.basic",
            "基礎控除",
            "地方税法第314条の2第2項",
            by_limit(col("total_income"), law.rows("basic_deduction"), fixed("deduction")),
        ),
        yen(
            "deductions.total",
            "所得控除の合計",
            "地方税法第314条の2",
            sum((col(f"deductions.{name}") for name in DEDUCTIONS), start=amount(0)),
        ),
    )


def _casualty(law: TaxYear) -> tuple[Step, ...]:
    rule, article = law.value("casualty_deduction"), f"{_ARTICLE}第1号"
    floor = part_cut(col("total_income_after_carryforward"), rule["floor_rate"])
    return (
        yen("casualty_floor", "雑損控除の足切り額", article, floor),
        yen(
            "deductions.casualty",
            "雑損控除",
            article,
            not_negative(
                larger(
                    col("casualty_net_loss") - col("casualty_floor"),
                    col("casualty_disaster_expense") - rule["disaster_floor"],
                )
            ),
        ),
    )


def _medical(law: TaxYear) -> tuple[Step, ...]:
    """医療費控除またはセルフメディケーション税制: whoever has one has not the other, so they may be added."""
    rule, article = law.value("medical_deduction"), f"{_ARTICLE}第2号"
    share = part_cut(col("total_income_after_carryforward"), rule["floor_rate"])
    borne = col("medical_paid") - col("medical_reimbursed") - col("medical_floor")
    bought = col("self_medication") - rule["self_medication_floor"]
    usual = at_most(not_negative(borne), rule["limit"])
    self_medication = at_most(not_negative(bought), rule["self_medication_limit"])
    return (
        yen("medical_floor", "医療費控除の足切り額", article, at_most(share, rule["floor"])),
        yen("medical_expense_deduction", "医療費控除（医療費）", article, usual),
        yen("self_medication_deduction", "医療費控除（特定一般用医薬品等）", "地方税法附則第4条の4", self_medication),
        yen(
            "deductions.medical",
            "医療費控除",
            article,
            col("medical_expense_deduction") + col("self_medication_deduction"),
        ),
    )


def _own_circumstances(law: TaxYear, separately: bool) -> tuple[Step, ...]:
    """障害者・寡婦・ひとり親・勤労学生."""
    own = law.value("disability_deduction")
    widow, parent, student = (law.value(f"{name}_deduction") for name in ("widow", "single_parent", "working_student"))
    not_from_work = (
        not_negative(col("real_estate_income"))
        + col("other_misc_income")
        + col("occasional_income") // 2
        + col("pension_income")
    )
    if separately:
        not_from_work = not_from_work + col("separate_income_total") - col("retirement_after_offset")
    return (
        yen(
            "own_disability_deduction",
            "本人の障害者控除",
            f"{_ARTICLE}第6号",
            by_disability(own["general"], own["special"]),
        ),
        yen(
            "deductions.disability",
            "障害者控除",
            f"{_ARTICLE}第6号・第3項",
            col("own_disability_deduction")
            + col("spouse_disability_deduction")
            + col("relative_disability_deductions"),
        ),
        whether(
            "widow_holds",
            "寡婦に該当",
            "地方税法第292条第1項第11号",
            col("widow") & (col("single_parent") == "none") & (col("total_income") <= widow["income_limit"]),
        ),
        yen(
            "deductions.widow", "寡婦控除", f"{_ARTICLE}第8号", only_if(col("widow_holds"), amount(widow["deduction"]))
        ),
        whether(
            "single_parent_holds",
            "ひとり親に該当",
            "地方税法第292条第1項第12号",
            (col("single_parent") != "none") & (col("total_income") <= parent["income_limit"]),
        ),
        yen(
            "deductions.single_parent",
            "ひとり親控除",
            f"{_ARTICLE}第8号の2",
            only_if(col("single_parent_holds"), amount(parent["deduction"])),
        ),
        yen("income_not_from_work", "勤労によらない所得", "地方税法第292条第1項第13号", not_from_work),
        whether(
            "working_student_holds",
            "勤労学生に該当",
            "地方税法第292条第1項第13号",
            col("working_student")
            & (col("total_income") <= student["income_limit"])
            & (col("income_not_from_work") <= student["other_income_limit"]),
        ),
        yen(
            "deductions.working_student",
            "勤労学生控除",
            f"{_ARTICLE}第9号",
            only_if(col("working_student_holds"), amount(student["deduction"])),
        ),
    )


def by_disability(general: int, special: int) -> pl.Expr:
    """本人の普通・特別の額."""
    return (
        pl.when(col("disability") == "none")
        .then(amount(0))
        .when(col("disability") == "general")
        .then(amount(general))
        .otherwise(amount(special))
    )


def _spouse(law: TaxYear) -> tuple[Step, ...]:
    own = law.rows("spouse_deduction")
    income = col("spouse_total_income")
    table = law.rows("spouse_special_deduction")
    general, elderly = (by_limit(col("total_income"), own, fixed(kind)) for kind in ("general", "elderly"))
    return (
        yen(
            "deductions.spouse",
            "配偶者控除",
            f"{_ARTICLE}第10号",
            only_if(col("spouse_in_livelihood"), pl.when(col("spouse_elderly")).then(elderly).otherwise(general)),
        ),
        whether(
            "spouse_over_limit",
            "配偶者の所得が同一生計配偶者の上限を超える",
            f"{_ARTICLE}第10号の2",
            col("spouse_eligible") & (income > law.amount("person_income_limit")),
        ),
        yen(
            "deductions.spouse_special",
            "配偶者特別控除",
            f"{_ARTICLE}第10号の2",
            only_if(col("spouse_over_limit"), by_own_band(law, income, table, "deduction")),
        ),
    )


def by_own_band(law: TaxYear, spouse_income: pl.Expr, table: Sequence[Mapping[str, Any]], key: str) -> pl.Expr:
    """本人の所得の段ごとの額: each row of ``table`` has one figure for each band of the taxpayer's own income."""
    *bands, _ = law.rows("spouse_deduction")
    found = amount(0)
    for index, band in reversed(list(enumerate(bands))):
        figure = by_limit(spouse_income, table, fixed(key, index))
        found = pl.when(col("total_income") <= band["up_to"]).then(figure).otherwise(found)
    return found
