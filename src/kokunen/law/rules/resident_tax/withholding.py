"""年金特別徴収の対象と年金分 (withholding): whose pension the tax is taken from, and which part of it.

Columns in: ``birth_date``, ``yearly_pension``, ``care_premium`` (介護保険料 of the year taken from the same pension),
``total_tax``, ``flat_tax`` (均等割 and 森林環境税), ``pension_income``, ``total_income``, ``salary_withheld`` (給与
特別徴収). One row is one pension.

The 所得割 is shared by income (pro rata), cut to the unit of the parameters; 均等割 and 森林環境税 go with the salary
where one is withheld, else with the pension (地方税法321条の7の2, 321条の3).
"""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from kokunen.law.engine.columns import Rule, Step
from kokunen.law.engine.steps import Unit
from kokunen.law.rules.resident_tax._columns import col, cut_to, only_if, whether, yen
from kokunen.law.rules.resident_tax._tax_year import TaxYear

_ARTICLE = "地方税法第321条の7の2"
REASONS = ("", "under_age", "small_pension", "no_care_premium", "no_tax", "exceeds_pension")


@cache
def rule(tax_year: int) -> Rule:
    """年金特別徴収の判定: ``pension_tax``, ``eligible`` and the ``reason`` why not (one of ``REASONS``)."""
    values = TaxYear(tax_year).value("pension_withholding")
    levy = col("total_tax") - col("flat_tax")
    shared = cut_to(levy * col("pension_income") // pl.max_horizontal(col("total_income"), pl.lit(1)), values["unit"])
    whole = col("pension_income") >= col("total_income")
    reason = (
        pl.when(col("birth_date") > _born_until(tax_year, values["age"])).then(pl.lit("under_age"))
        .when(col("yearly_pension") < values["least_yearly_pension"]).then(pl.lit("small_pension"))
        .when(col("care_premium") <= 0).then(pl.lit("no_care_premium"))
        .when(col("pension_tax") <= 0).then(pl.lit("no_tax"))
        .when(col("pension_tax") + col("care_premium") > col("yearly_pension")).then(pl.lit("exceeds_pension"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return Rule(
        f"pension withholding {tax_year}",
        (
            yen("pension_levy", "年金所得に係る所得割", _ARTICLE, pl.when(whole).then(levy).otherwise(shared)),
            yen("pension_flat", "年金とともに徴収する均等割等", "地方税法第321条の7の2、第321条の3",
                only_if(~col("salary_withheld"), col("flat_tax"))),
            yen("pension_tax", "年金分の年税額", _ARTICLE, col("pension_levy") + col("pension_flat")),
            Step("reason", "特別徴収できない理由", Unit.TEXT, _ARTICLE, reason),
            whether("eligible", "年金特別徴収の対象", _ARTICLE, col("reason") == ""),
        ),
    )  # fmt: skip


def _born_until(tax_year: int, age: int) -> date:
    """4月1日に ``age`` 歳に達している人の最後の生年月日: the age is reached the day before the birthday."""
    return date(tax_year - age, 4, 2)


def ends_with_removal(removed_on: date, died: bool) -> date:
    """特別徴収が終わる月: first day of the first payment month that is not withheld any more.

    A death ends it at the next payment. A move-out from January to March lets 本徴収 and the next 仮徴収 go on and ends
    the next 本徴収; one from April to December ends the next 仮徴収 (地方税法321条の7の9, 平成28年10月から).
    """
    if died:
        month = removed_on.month + (2 if removed_on.month % 2 == 0 else 1)
        return date(removed_on.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return date(removed_on.year, 10, 1) if removed_on.month <= 3 else date(removed_on.year + 1, 4, 1)
