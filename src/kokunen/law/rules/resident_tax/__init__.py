"""個人住民税 (resident tax): facts of persons and their families in, the tax of one 年度 with every step out.

The story in the order of the files: ``facts`` says what is known of a taxpayer and of each relative; ``family``
finds who counts; ``income`` leads from receipts to 合計所得金額 and 総所得金額等; ``deductions`` (with ``insurance``)
takes off the 所得控除; ``exemption`` decides who is taxed at all; ``levy`` computes 所得割 and 調整控除; ``credits``
takes off the tax credits; ``tax`` ends with 調整措置, 定額減税, rounding, 均等割 and 森林環境税. Every amount comes
from ``parameters/resident_tax`` by the tax year.

>>> import polars as pl, datetime
>>> people = pl.DataFrame({"birth_date": [datetime.date(1985, 5, 1)], "salary_receipts": [3_000_000],
...                        "social_insurance": [450_000]})
>>> assess(people, None, 2026).get_column("total_tax").to_list()
[116500]

Separately taxed incomes (``separate``: land, shares, futures, forest, retirement) are part of the rule when a frame
brings one of ``SEPARATE_FACTS``. Not covered: 配当控除, 外国税額控除, reduced rates of land, 租税条約, 減免, relatives
judged on the day of death. There is no column for them, and a frame that brings one is refused by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from kokunen.kernel.errors import InputError
from kokunen.law.engine.columns import Rule
from kokunen.law.engine.steps import Explained
from kokunen.law.rules.resident_tax._tax_year import TaxYear, tax_years
from kokunen.law.rules.resident_tax.credits import credit_steps
from kokunen.law.rules.resident_tax.deductions import DEDUCTIONS, deduction_steps
from kokunen.law.rules.resident_tax.exemption import WITHOUT_INCOME, exemption_steps
from kokunen.law.rules.resident_tax.facts import FACTS, RELATIVE_FACTS, SEPARATE_FACTS, Fact, stated, with_defaults
from kokunen.law.rules.resident_tax.family import SUMMED, relative_steps, spouse_steps, sum_steps, summed
from kokunen.law.rules.resident_tax.income import income_steps
from kokunen.law.rules.resident_tax.levy import levy_steps
from kokunen.law.rules.resident_tax.tax import tax_steps

__all__ = [
    "DEDUCTIONS",
    "FACTS",
    "RELATIVE_FACTS",
    "SEPARATE_FACTS",
    "WITHOUT_INCOME",
    "TaxYear",
    "assess",
    "assess_relatives",
    "explain",
    "explain_row",
    "has_separate",
    "relative_rule",
    "rule",
    "tax_years",
]


@cache
def rule(tax_year: int, separately: bool = False) -> Rule:
    """納税義務者の規則: every step of one tax year, in order of computation.

    ``separately``: with the steps of separately taxed incomes. ``InputError`` (out_of_range) for a year whose law is
    not registered.
    """
    law = _law(tax_year)
    steps = (
        *sum_steps(),
        *spouse_steps(law),
        *income_steps(law, separately=separately),
        *deduction_steps(law, separately=separately),
        *exemption_steps(law),
        *levy_steps(law, separately=separately),
        *credit_steps(law, separately=separately),
        *tax_steps(law, separately=separately),
    )
    return Rule(f"resident tax {tax_year}{' with separate incomes' if separately else ''}", steps)


def has_separate(columns: Iterable[str]) -> bool:
    """分離課税の所得を含むか: does a frame or row of these columns bring separately taxed incomes?"""
    return not _SEPARATE_NAMES.isdisjoint(columns)


_SEPARATE_NAMES = frozenset(fact.name for fact in SEPARATE_FACTS)


@cache
def relative_rule(tax_year: int) -> Rule:
    """親族の規則: what each relative counts for in one tax year."""
    return Rule(f"relatives of resident tax {tax_year}", relative_steps(_law(tax_year)))


def assess_relatives(relatives: pl.DataFrame, tax_year: int) -> pl.DataFrame:
    """親族の判定: ``relatives`` (one row a relative; ``person`` says whose) with the steps of each."""
    return relative_rule(tax_year).evaluate(with_defaults(relatives, RELATIVE_FACTS, "person"))


def assess(
    people: pl.DataFrame, relatives: pl.DataFrame | None, tax_year: int, keep: Sequence[str] | None = None
) -> pl.DataFrame:
    """税額の計算: ``people`` (one row a person, columns of ``FACTS``) with every step, in the same order.

    ``relatives`` has the columns of ``RELATIVE_FACTS`` and ``person``; ``people`` then has a unique column ``person``
    too; people numbered one after the other find their families quickest. ``keep`` names the columns that are wanted
    when not all are. Amounts of a row that is ``undeclared`` are no figures. Raises ``InputError`` for a year without
    law, ``ValueError`` for a column this law does not know.
    """
    law = rule(tax_year, has_separate(people.columns))
    return law.evaluate(_with_family(people, relatives, tax_year), keep)


def explain(assessed: pl.DataFrame, tax_year: int, row: int = 0) -> list[Explained]:
    """説明する: the stated facts and all steps of one row of ``assess``'s result."""
    return explain_row(assessed.row(row, named=True), tax_year)


def explain_row(values: Mapping[str, Any], tax_year: int) -> list[Explained]:
    """説明する: the same for a row that was read already, column name → value."""
    separately = has_separate(values)
    facts = [
        Explained(fact.name, fact.label_ja, values[fact.name], fact.unit)
        for fact in _facts_of(separately)
        if stated(fact, values[fact.name])
    ]
    steps = rule(tax_year, separately).steps
    return facts + [Explained(step.name, step.label_ja, values[step.name], step.unit, step.article) for step in steps]


def _with_family(people: pl.DataFrame, relatives: pl.DataFrame | None, tax_year: int) -> pl.DataFrame:
    key = ("person",) if "person" in people.columns else ()
    facts = with_defaults(people, _facts_of(has_separate(people.columns)), *key)
    if relatives is None or relatives.is_empty():
        return facts.with_columns(pl.lit(None, dtype=pl.Int64).alias(step.name) for step in sum_steps())
    if not key:
        raise ValueError("親族を計算するには、納税義務者の表にも person の列が必要です")
    judged = relative_rule(tax_year).evaluate(
        with_defaults(relatives, RELATIVE_FACTS, "person"), ("person", *(source for source, _ in SUMMED.values()))
    )
    return facts.hstack(summed(facts.get_column("person"), judged))


def _facts_of(separately: bool) -> tuple[Fact, ...]:
    return FACTS + SEPARATE_FACTS if separately else FACTS


def _law(tax_year: int) -> TaxYear:
    known = tax_years()
    if tax_year not in known:
        raise InputError(
            f"{tax_year}年度の個人住民税の税法は登録されていません（{known[0]}年度から{known[-1]}年度まで）",
            "tax_year",
            "out_of_range",
            "年度を確認してください。",
        )
    return TaxYear(tax_year)
