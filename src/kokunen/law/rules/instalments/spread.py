"""普通徴収・給与特別徴収 (spread): four instalments or twelve months, the first time and after a change.

``first_rule`` spreads a new assessment: columns ``total`` and, where they differ from the defaults, ``open_from`` (the
first part still open) and ``per_capita_total`` (a total not above it is taken at once). ``reduced_rule`` is the special
spreading of 定額減税 in 令和6年度: ``total`` and ``fixed_reduction``. ``change_rule`` spreads 税額変更: ``total``,
``open_from`` and the schedule so far, ``previous[0]`` and on.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from kokunen.law.engine.columns import Rule, Step
from kokunen.law.rules.instalments._parts import ROUNDING, open_parts
from kokunen.law.rules.resident_tax._columns import amount, col, not_negative, only_if, smaller, yen
from kokunen.law.rules.resident_tax._tax_year import TaxYear

COUNTS = {"ordinary": 4, "salary": 12}
"""回数: 普通徴収 4期, 給与特別徴収 12月."""

ARTICLES = {"ordinary": "地方税法第320条", "salary": "地方税法第321条の5"}
_CHANGES = {"ordinary": "地方税法第320条", "salary": "地方税法第321条の6"}
_REDUCTION = "地方税法附則第5条の9、附則第5条の10"


def columns(method: str) -> tuple[str, ...]:
    """各回の列: ``instalments[0]`` and on."""
    return tuple(f"instalments[{index}]" for index in range(COUNTS[method]))


def label(method: str, index: int) -> str:
    """回の名: 第1期, or the month (6月 to 5月)."""
    return f"第{index + 1}期" if method == "ordinary" else f"{(index + 5) % 12 + 1}月"


@cache
def first_rule(method: str, tax_year: int, late: bool = False) -> Rule:
    """当初の期割. ``late``: the columns ``open_from`` and ``per_capita_total`` are there and are read."""
    count, unit, article = COUNTS[method], _unit(method, tax_year), ARTICLES[method]
    opened = col("open_from") if late else amount(1)
    parts = count + 1 - opened if late else amount(count)
    flat = col("per_capita_total") if late else amount(_flat(tax_year))
    even = col("total") // parts // unit * unit
    steps = (
        yen("part", "1回分の額", ROUNDING, pl.when(col("total") <= flat).then(amount(0)).otherwise(even)),
        *(
            yen(name, label(method, index), article, open_parts(col("total"), col("part"), opened, index + 1, count))
            for index, name in enumerate(columns(method))
        ),
    )
    return Rule(f"first {method} instalments {tax_year}", steps)


@cache
def reduced_rule(method: str, tax_year: int) -> Rule:
    """定額減税のある期割（令和6年度）: ordinary from the first part on, salary nothing in June."""
    unit = _unit(method, tax_year)
    steps = _reduced_ordinary(unit) if method == "ordinary" else _reduced_salary(unit)
    return Rule(f"reduced {method} instalments {tax_year}", steps)


def _reduced_ordinary(unit: int) -> tuple[Step, ...]:
    names, count = columns("ordinary"), COUNTS["ordinary"]
    steps = [
        yen("before_reduction", "定額減税前の年税額", _REDUCTION, col("total") + col("fixed_reduction")),
        yen("part", "1期分の額（減税前）", ROUNDING, col("before_reduction") // count // unit * unit),
        yen("left_to_reduce[0]", "差し引く額（第1期）", _REDUCTION, col("fixed_reduction")),
    ]
    for index, name in enumerate(names):
        before = col("part") if index else col("before_reduction") - col("part") * (count - 1)
        left, term = col(f"left_to_reduce[{index}]"), label("ordinary", index)
        steps += [
            yen(f"before[{index}]", f"{term}（減税前）", ROUNDING, before),
            yen(name, term, _REDUCTION, not_negative(col(f"before[{index}]") - left)),
            yen(
                f"left_to_reduce[{index + 1}]",
                f"差し引ききれない額（{term}まで）",
                _REDUCTION,
                not_negative(left - col(f"before[{index}]")),
            ),
        ]
    return tuple(steps)


def _reduced_salary(unit: int) -> tuple[Step, ...]:
    june, july, *rest = columns("salary")
    return (
        yen("part", "7月から5月までの1月分", _REDUCTION, col("total") // (len(rest) + 1) // unit * unit),
        yen(june, "6月", _REDUCTION, amount(0)),
        yen(july, "7月", _REDUCTION, col("total") - col("part") * len(rest)),
        *(yen(name, label("salary", index), _REDUCTION, col("part")) for index, name in enumerate(rest, start=2)),
    )


@cache
def change_rule(method: str, tax_year: int) -> Rule:
    """税額変更の期割: parts before ``open_from`` stay; what they exceed the new total by is ``excess``."""
    count, article = COUNTS[method], _CHANGES[method]
    before = sum((col(f"previous[{index}]") for index in range(count)), start=amount(0))
    settled = (only_if(col("open_from") > index + 1, col(f"previous[{index}]")) for index in range(count))
    unit = _unit(method, tax_year)
    steps = (
        yen("previous_sum", "変更前の年税額", article, before),
        yen("difference", "変更による増減額", article, col("total") - col("previous_sum")),
        yen("settled", "納期の過ぎた回の額", article, sum(settled, start=amount(0))),
        *(_changed_ordinary(unit) if method == "ordinary" else _changed_salary(unit)),
    )
    return Rule(f"changed {method} instalments {tax_year}", steps)


def _changed_ordinary(unit: int) -> tuple[Step, ...]:
    """増額は残りの期に分けて加え、減額は最後の期から順に差し引く."""
    article, count = _CHANGES["ordinary"], COUNTS["ordinary"]
    steps = [
        yen("increase", "増額", article, not_negative(col("difference"))),
        yen("part", "増額の1期分", ROUNDING, col("increase") // (count + 1 - col("open_from")) // unit * unit),
        yen(f"left_to_reduce[{count}]", "減額", article, not_negative(-col("difference"))),
    ]
    for index in reversed(range(count)):
        term, left, so_far = label("ordinary", index), col(f"left_to_reduce[{index + 1}]"), col(f"previous[{index}]")
        added = open_parts(col("increase"), col("part"), col("open_from"), index + 1, count)
        taken = only_if(col("open_from") <= index + 1, smaller(left, so_far))
        steps += [
            yen(f"added[{index}]", f"{term}に加える額", article, added),
            yen(f"taken[{index}]", f"{term}から差し引く額", article, taken),
            yen(f"left_to_reduce[{index}]", f"差し引き残り（{term}まで）", article, left - col(f"taken[{index}]")),
        ]
    steps += [
        yen(
            name,
            label("ordinary", index),
            article,
            col(f"previous[{index}]") + col(f"added[{index}]") - col(f"taken[{index}]"),
        )
        for index, name in enumerate(columns("ordinary"))
    ]
    return (*steps, yen("excess", "還付・充当する額", "地方税法第17条、第17条の2", col("left_to_reduce[0]")))


def _changed_salary(unit: int) -> tuple[Step, ...]:
    """新しい年税額から過ぎた月の額を引いた残りを、残りの月に分け直す."""
    article, count = _CHANGES["salary"], COUNTS["salary"]
    rest = not_negative(col("total") - col("settled"))

    def month(index: int) -> pl.Expr:
        new = open_parts(col("rest"), col("part"), col("open_from"), index + 1, count)
        return pl.when(col("open_from") > index + 1).then(col(f"previous[{index}]")).otherwise(new)

    return (
        yen("rest", "残りの月に分ける額", article, rest),
        yen("part", "残りの月の1月分", ROUNDING, col("rest") // (count + 1 - col("open_from")) // unit * unit),
        *(yen(name, label("salary", index), article, month(index)) for index, name in enumerate(columns("salary"))),
        yen("excess", "還付・充当する額", "地方税法第17条、第17条の2", not_negative(col("settled") - col("total"))),
    )


def _unit(method: str, tax_year: int) -> int:
    unit: int = TaxYear(tax_year).value("instalments")["ordinary_unit" if method == "ordinary" else "monthly_unit"]
    return unit


def _flat(tax_year: int) -> int:
    """均等割と森林環境税の合計: a total not above it is taken in the first part (地方税法第320条ただし書)."""
    year = TaxYear(tax_year)
    flat = year.value("per_capita")
    return int(flat["city"] + flat["prefecture"] + year.amount("forest_environment_tax"))
