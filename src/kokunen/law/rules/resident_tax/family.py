"""家族 (family): spouse and relatives of the same livelihood, who counts and for what.

The law of the family stands before that of the income, because the number of persons and the ages of the family decide
on 所得金額調整控除 and on the limits below which nothing is taxed. Relatives are a table of their own, one row a
relative; their figures are added up for each taxpayer.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.engine.steps import Unit
from kokunen.law.rules.resident_tax._columns import (
    amount,
    by_limit,
    col,
    fixed,
    only_if,
    persons,
    whether,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear

KINDS = ("young", "general", "specific", "elderly", "elderly_parent", "none")
"""扶養の区分: 年少, 一般, 特定, 老人, 同居老親等, 扶養親族でない."""

_RELATIVE = "地方税法第292条第1項第9号"
_SPOUSE = "地方税法第292条第1項第7号"
_ABROAD = "地方税法第314条の2第1項第11号"
_DEPENDANT = "地方税法第314条の2第1項第11号・第4項"
_SPECIFIED = "地方税法第314条の2第1項（特定親族特別控除）"
_DISABILITY = "地方税法第314条の2第1項第6号・第3項"
_DIFFERENCE = "地方税法第314条の6"
_AGE = "年齢計算に関する法律"

LIVING = "living_together"


def relative_steps(law: TaxYear) -> tuple[Step, ...]:
    """親族ごとの段: columns of ``facts.RELATIVE_FACTS`` in; what each relative counts for out."""
    ages = law.value("ages")

    def reached(age: str) -> pl.Expr:
        return col("birth_date") <= law.born_until(ages[age])

    income = col("total_income")
    aged_abroad = reached("abroad_from") & ~reached("abroad_below")
    kind = (
        pl.when(~col("relative"))
        .then(pl.lit("none"))
        .when(~reached("deductible"))
        .then(pl.lit("young"))
        .when(reached("elderly") & (col("relation") == "lineal_ascendant") & col(LIVING))
        .then(pl.lit("elderly_parent"))
        .when(reached("elderly"))
        .then(pl.lit("elderly"))
        .when(col("specific_age"))
        .then(pl.lit("specific"))
        .otherwise(pl.lit("general"))
        .cast(pl.Enum(KINDS))
    )
    return (
        whether("eligible", "年末に生存し事業専従者でない", _RELATIVE, _eligible(law, "")),
        whether("within_limit", "所得の上限以内", _RELATIVE, income <= law.amount("person_income_limit")),
        whether(
            "left_out_abroad",
            "国外居住で対象外",
            _ABROAD,
            col("abroad") & aged_abroad & ~col("abroad_condition") & (col("disability") == "none"),
        ),
        whether("specific_age", "19歳以上23歳未満", _AGE, reached("specific_from") & ~reached("specific_below")),
        whether("relative", "扶養親族", _RELATIVE, col("eligible") & col("within_limit") & ~col("left_out_abroad")),
        Step("kind", "扶養の区分", Unit.TEXT, _DEPENDANT, kind),
        yen("deduction", "扶養控除", _DEPENDANT, _by_kind(law, "dependant_deduction")),
        yen("difference", "扶養控除の人的控除差", _DIFFERENCE, _by_kind(law, "dependant_difference")),
        yen("disability_deduction", "障害者控除", _DISABILITY, _disability(law, "disability_deduction", "")),
        yen(
            "disability_difference",
            "障害者控除の人的控除差",
            _DIFFERENCE,
            _disability(law, "disability_difference", ""),
        ),
        yen(
            "specified_relative",
            "特定親族特別控除",
            _SPECIFIED,
            only_if(
                col("eligible") & col("specific_age") & ~col("within_limit"),
                by_limit(income, law.rows("specified_relative_deduction"), fixed("deduction")),
            ),
        ),
        whether(
            "opens_salary_adjustment",
            "所得金額調整控除の対象となる親族",
            "租税特別措置法第41条の3の11",
            col("relative") & (~reached("salary_adjustment_below") | (col("disability") == "special")),
        ),
        whether("in_japan", "国内に住む扶養親族", "地方税法附則第5条の8", col("relative") & ~col("abroad")),
    )


SUMMED = {
    "relatives": ("relative", "扶養親族の数"),
    "relatives_in_japan": ("in_japan", "国内に住む扶養親族の数"),
    "dependant_deductions": ("deduction", "扶養控除の合計"),
    "dependant_differences": ("difference", "扶養控除の人的控除差の合計"),
    "relative_disability_deductions": ("disability_deduction", "親族の障害者控除の合計"),
    "relative_disability_differences": ("disability_difference", "親族の障害者控除の人的控除差の合計"),
    "specified_relative_deductions": ("specified_relative", "特定親族特別控除の合計"),
    "adjusting_relatives": ("opens_salary_adjustment", "所得金額調整控除の対象となる親族の数"),
}
"""納税義務者ごとの合計: sum column → the column of the relatives it adds up, and its Japanese term."""


def summed(people: pl.Series, relatives: pl.DataFrame) -> list[pl.Series]:
    """親族の合計: for each of ``people`` (nobody twice) what its relatives add up to, in the order of ``people``.

    A relative of somebody else counts for nobody. Quickest where people are numbered one after the other.
    """
    places = _places(people, relatives.get_column("person"))
    known = places.is_not_null()
    if not known.all():
        places, relatives = places.filter(known), relatives.filter(known)
    at = places.to_numpy()
    sums = []
    for name, (source, _) in SUMMED.items():
        found = np.zeros(len(people), dtype=np.int64)
        np.add.at(found, at, relatives.get_column(source).cast(pl.Int64).to_numpy())
        sums.append(pl.Series(name, found))
    return sums


def _places(people: pl.Series, persons: pl.Series) -> pl.Series:
    """席: the row of ``people`` in which each of ``persons`` stands, null for strangers."""
    if len(people) and people.dtype.is_integer():
        first = int(people[0])
        if people.equals(pl.select(pl.int_range(first, first + len(people)).cast(people.dtype)).to_series()):
            places = persons.cast(pl.Int64) - first
            inside = (places >= 0) & (places < len(people))
            return places if inside.all() else places.zip_with(inside, pl.Series([None], dtype=pl.Int64))
    seats = people.alias("person").to_frame().with_row_index("place")
    found = persons.alias("person").to_frame().join(seats, on="person", how="left", maintain_order="left")
    return found.get_column("place")


def sum_steps() -> tuple[Step, ...]:
    """合計の段: nothing for a person without relatives."""
    return tuple(
        Step(name, label, Unit.PERSON if source in _COUNTED else Unit.YEN, _RELATIVE, col(name).fill_null(0))
        for name, (source, label) in SUMMED.items()
    )


_COUNTED = {"relative", "in_japan", "opens_salary_adjustment"}


def spouse_steps(law: TaxYear) -> tuple[Step, ...]:
    """配偶者の段, 人数まで: who is 同一生計配偶者, and the number of persons of the limits."""
    income = col("spouse_total_income")
    within = income <= law.amount("person_income_limit")
    return (
        whether("spouse_eligible", "生計を一にし、事業専従者でない配偶者", _SPOUSE, _eligible(law, "spouse_")),
        whether("spouse_in_livelihood", "同一生計配偶者", _SPOUSE, col("spouse_eligible") & within),
        whether(
            "spouse_elderly",
            "老人控除対象配偶者の年齢（70歳以上）",
            _AGE,
            col("spouse_birth_date") <= law.born_until(law.amount("ages", "elderly")),
        ),
        yen(
            "spouse_disability_deduction",
            "配偶者の障害者控除",
            _DISABILITY,
            _disability(law, "disability_deduction", "spouse_"),
        ),
        yen(
            "spouse_disability_difference",
            "配偶者の障害者控除の人的控除差",
            _DIFFERENCE,
            _disability(law, "disability_difference", "spouse_"),
        ),
        persons(
            "counted_persons",
            "本人・同一生計配偶者・扶養親族の数",
            "地方税法第295条第3項、附則第3条の3",
            amount(1) + col("spouse_in_livelihood").cast(pl.Int64) + col("relatives"),
        ),
    )


def _eligible(law: TaxYear, prefix: str) -> pl.Expr:
    """Born by the end of the income year and no 事業専従者; False where there is nobody."""
    born = col(f"{prefix}birth_date") < law.assessed_on
    return born.fill_null(False) & ~col(f"{prefix}business_employee")


def _by_kind(law: TaxYear, name: str) -> pl.Expr:
    figures = law.value(name)
    found = amount(0)
    for kind in KINDS[:-1]:
        if figures[kind]:
            found = pl.when(col("kind") == kind).then(amount(figures[kind])).otherwise(found)
    return found


def _disability(law: TaxYear, name: str, prefix: str) -> pl.Expr:
    """普通・特別・同居特別の額 of a spouse (``spouse_``) or a relative who counts."""
    counted = col("spouse_in_livelihood" if prefix else "relative")
    figures = law.value(name)
    special = (
        pl.when(col(f"{prefix}{LIVING}"))
        .then(amount(figures["special_living_together"]))
        .otherwise(amount(figures["special"]))
    )
    return (
        pl.when(~counted | (col(f"{prefix}disability") == "none"))
        .then(amount(0))
        .when(col(f"{prefix}disability") == "general")
        .then(amount(figures["general"]))
        .otherwise(special)
    )
