"""税額控除 (credits): 住宅借入金等, 寄附金 with its special part and ワンストップ特例, in the order of the law."""

from __future__ import annotations

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.engine.steps import Unit
from kokunen.law.rules.resident_tax import separate
from kokunen.law.rules.resident_tax._columns import (
    PART_NAMES,
    PARTS,
    amount,
    at_most,
    by_limit,
    col,
    fixed,
    not_negative,
    only_if,
    part_cut,
    part_raised,
    smaller,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear

_HOUSING = "地方税法附則第5条の4の2"
_DONATION = {"city": "地方税法第314条の7", "prefecture": "地方税法第37条の2"}
_SPECIAL_RATE = "地方税法第314条の7第11項、附則第5条の6"
_ONE_STOP = "地方税法附則第7条、附則第7条の3"
_SPECIAL_RATE_UNIT = 100_000


def credit_steps(law: TaxYear, *, separately: bool = False) -> tuple[Step, ...]:
    """住宅借入金等から申告特例控除まで, and the levy they leave."""
    return (
        *_housing(law),
        *_donation_basic(law),
        *_donation_special(law, separately),
        *(
            yen(
                f"levy_after_credits.{part}",
                f"税額控除後の所得割（{PART_NAMES[part]}）",
                _DONATION[part],
                not_negative(
                    col(f"levy_after_adjustment.{part}")
                    - col(f"housing_credit.{part}")
                    - col(f"donation_basic_credit.{part}")
                    - col(f"donation_special_credit.{part}")
                    - col(f"one_stop_credit.{part}")
                ),
            )
            for part in PARTS
        ),
    )


def _housing(law: TaxYear) -> tuple[Step, ...]:
    """住宅借入金等特別税額控除: what income tax could not use, up to a share of its taxable income."""
    rule, share = law.value("housing_credit"), law.value("credit_share")

    def limit(kind: str) -> pl.Expr:
        return at_most(part_cut(col("housing_income_tax_taxable"), rule[kind]), rule[kind]["limit"])

    five = col("housing_rate_class") == "five_percent"
    return (
        yen(
            "housing_credit_limit",
            "住宅借入金等特別税額控除の限度額",
            _HOUSING,
            pl.when(five).then(limit("five_percent")).otherwise(limit("seven_percent")),
        ),
        yen(
            "housing_credit_amount",
            "住宅借入金等特別税額控除の額",
            _HOUSING,
            smaller(col("housing_unabsorbed"), col("housing_credit_limit")),
        ),
        *(
            yen(
                f"housing_credit.{part}",
                f"住宅借入金等特別税額控除（{PART_NAMES[part]}）",
                _HOUSING,
                smaller(part_raised(col("housing_credit_amount"), share[part]), col(f"levy_after_adjustment.{part}")),
            )
            for part in PARTS
        ),
    )


def _donation_basic(law: TaxYear) -> tuple[Step, ...]:
    """寄附金税額控除の基本控除: each part for what it accepts, within 30 % of 総所得金額等."""
    rule = law.value("donation_credit")
    limit = part_cut(col("total_income_after_carryforward"), rule["income_rate"])

    def base(part: str) -> pl.Expr:
        given = col("donation_hometown") + col(f"donation_{part}_designated")
        return not_negative(smaller(given, col("donation_limit")) - rule["floor"])

    return (
        yen("donation_limit", "寄附金の限度額（総所得金額等の30%）", _DONATION["city"], limit),
        *(
            yen(f"donation_base.{part}", f"基本控除の対象額（{PART_NAMES[part]}）", _DONATION[part], base(part))
            for part in PARTS
        ),
        *(
            yen(
                f"donation_basic_credit.{part}",
                f"寄附金税額控除の基本控除（{PART_NAMES[part]}）",
                _DONATION[part],
                only_if(col("taxed"), part_raised(col(f"donation_base.{part}"), rule[part])),
            )
            for part in PARTS
        ),
        _both_parts("donation_basic_credit", "寄附金税額控除の基本控除（計）"),
    )


def _donation_special(law: TaxYear, separately: bool) -> tuple[Step, ...]:
    """特例控除 and 申告特例控除: by the rate of income tax that the taxable income less S would meet."""
    rule, share = law.value("donation_credit"), law.value("credit_share")
    rows, measure = law.rows("donation_special_rate"), col("donation_rate_measure")
    special = {
        part: {
            "numerator": share[part]["numerator"],
            "denominator": share[part]["denominator"] * _SPECIAL_RATE_UNIT,
        }
        for part in PARTS
    }
    return (
        yen(
            "donation_rate_measure",
            "課税標準額から人的控除差を引いた額",
            _SPECIAL_RATE,
            col("taxable_income") - col("person_difference_total"),
        ),
        Step(
            "donation_special_rate",
            "特例控除の率（十万分率）",
            Unit.TEXT,
            _SPECIAL_RATE,
            _rate_of_separate(law, measure) if separately else by_limit(measure, rows, fixed("special")),
        ),
        yen(
            "donation_special_base",
            "特例控除の対象額",
            _SPECIAL_RATE,
            not_negative(col("donation_hometown") - rule["floor"]),
        ),
        *(
            yen(
                f"donation_special_limit.{part}",
                f"特例控除の限度額（{PART_NAMES[part]}所得割の20%）",
                _DONATION[part],
                part_cut(col(f"levy_after_adjustment.{part}"), rule["special_limit"]),
            )
            for part in PARTS
        ),
        *(
            yen(
                f"donation_special_credit.{part}",
                f"寄附金税額控除の特例控除（{PART_NAMES[part]}）",
                _DONATION[part],
                smaller(
                    part_raised(col("donation_special_base") * col("donation_special_rate"), special[part]),
                    col(f"donation_special_limit.{part}"),
                ),
            )
            for part in PARTS
        ),
        _both_parts("donation_special_credit", "寄附金税額控除の特例控除（計）"),
        *_one_stop(law, measure),
    )


def _rate_of_separate(law: TaxYear, measure: pl.Expr) -> pl.Expr:
    """特例控除の率: where no general income is left, the lowest rate of the separately taxed incomes that are there."""
    rows, rule = law.rows("donation_special_rate"), law.value("donation_separate_rate")
    usual = by_limit(measure, rows, fixed("special"))
    none = amount(rows[0]["special"])

    def when_taxed(kinds: tuple[str, ...], rate: pl.Expr) -> pl.Expr:
        there = pl.any_horizontal(*(col(f"taxable.{kind}") > 0 for kind in kinds))
        return pl.when(there).then(rate).otherwise(none)

    others = tuple(kind for kind in separate.KINDS if kind not in ("land_short", "retirement", "forest"))
    forest = by_limit(col("taxable.forest") // rule["forest_part"], rows, fixed("special"))
    lowest = pl.min_horizontal(
        when_taxed(("land_short",), amount(rule["land_short"])),
        when_taxed(others, amount(rule["others"])),
        when_taxed(("retirement",), by_limit(col("taxable.retirement"), rows, fixed("special"))),
        when_taxed(("forest",), forest),
    )
    return pl.when(measure < 0).then(lowest).otherwise(usual)


def _one_stop(law: TaxYear, measure: pl.Expr) -> tuple[Step, ...]:
    """申告特例控除: what income tax would have given, as a share of the special credit."""
    rows = law.rows("donation_special_rate")
    numerator, denominator = (by_limit(measure, rows, fixed(key)) for key in ("one_stop", "of"))

    def share(part: str) -> pl.Expr:
        credit = col(f"donation_special_credit.{part}")
        return (credit * numerator + (denominator - 1)) // denominator

    return tuple(
        yen(
            f"one_stop_credit.{part}",
            f"申告特例控除（{PART_NAMES[part]}）",
            _ONE_STOP,
            only_if(col("donation_one_stop"), share(part)),
        )
        for part in PARTS
    )


def _both_parts(name: str, label: str) -> Step:
    return yen(f"{name}.total", label, _DONATION["city"], col(f"{name}.city") + col(f"{name}.prefecture"))
