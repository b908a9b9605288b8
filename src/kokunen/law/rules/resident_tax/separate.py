"""分離課税 (separate taxation): land, shares, listed dividends, futures, retirement and forest incomes.

They move 合計所得金額, and with it exemption and family status; each has its own 課税標準額 cut to 1,000 yen and its
own rate, and the deductions that general income leaves are used on them in the order of the law
(地方税法第314条の2第11項、附則第33条の2、第34条、第35条から第35条の4).

Incomes are stated after the set-off inside their kind, so never negative; land is stated before its special deduction,
because 合計所得金額 and 総所得金額等 count it so. Few people have any: the steps here are part of the rule only when a
frame brings one of ``SEPARATE_FACTS``, so that the city's run stays as short as the law of everybody else.

Outside, and refused by name: reduced rates of land (優良住宅地, 居住用財産の軽課, 国等への短期譲渡), losses of
居住用財産 and of 山林, 特定支出控除, 配当控除, 外国税額控除.
"""

from __future__ import annotations

from functools import reduce

import polars as pl

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax._columns import (
    PART_NAMES,
    PARTS,
    col,
    cut_to,
    not_negative,
    only_if,
    part_cut,
    smaller,
    yen,
)
from kokunen.law.rules.resident_tax._tax_year import TaxYear

KINDS = {
    "land_short": "分離短期譲渡所得",
    "land_long": "分離長期譲渡所得",
    "listed_dividend": "上場株式等に係る配当所得等",
    "general_stock": "一般株式等に係る譲渡所得等",
    "listed_stock": "上場株式等に係る譲渡所得等",
    "futures": "先物取引に係る雑所得等",
    "retirement": "退職所得",
    "forest": "山林所得",
}
"""分離課税の種類, in the order in which deductions are used on them."""

ARTICLES = {
    "land_short": "地方税法附則第35条",
    "land_long": "地方税法附則第34条",
    "listed_dividend": "地方税法附則第33条の2",
    "general_stock": "地方税法附則第35条の2",
    "listed_stock": "地方税法附則第35条の2の2",
    "futures": "地方税法附則第35条の4",
    "retirement": "地方税法第313条、第314条の3",
    "forest": "地方税法第313条、第314条の3",
}
_TOTAL = "地方税法第292条第1項第13号、附則第33条の2から第35条の4まで"
_CARRIED = "地方税法第313条第8項・第9項、附則第35条の2の6、第35条の4の2"
_OFFSET = "所得税法施行令第198条"
_WITHHELD = "地方税法第314条の9、第37条の4"
_FIXED = ("land_short", "land_long", "listed_dividend", "general_stock", "listed_stock", "futures")
_LAND = ("land_short", "land_long")


def stated(kind: str) -> str:
    """事実の列: ``land_short`` → ``land_short_income``."""
    return f"{kind}_income"


def remaining_loss(ordinary: pl.Expr) -> pl.Expr:
    """総所得で引ききれない損失: what neither the ordinary nor the occasional incomes could take."""
    return not_negative(-(ordinary + col("occasional_income")))


def separate_total(ordinary: pl.Expr) -> pl.Expr:
    """分離課税の所得の合計: a loss of the ordinary incomes meets 山林 and then 退職."""
    fixed = reduce(lambda one, other: one + other, (col(stated(kind)) for kind in _FIXED))
    late = col(stated("forest")) + col(stated("retirement"))
    return fixed + not_negative(late - remaining_loss(ordinary))


def total_steps(general: pl.Expr) -> tuple[Step, ...]:
    """総所得金額から総所得金額等まで; ``general`` is 総所得金額 of the ordinary and occasional incomes."""
    loss, after = col("loss_over_general"), col("carried_over_general")
    forest, retirement = col("forest_after_offset"), col("retirement_after_offset")
    rest = not_negative(after - forest)
    listed = not_negative(col("listed_loss_carried_forward") - col(stated("listed_stock")))
    kept = [
        "general_income_after_carryforward",
        *(stated(kind) for kind in (*_LAND, "general_stock")),
        *(f"{kind}_after_carryforward" for kind in ("listed_dividend", "listed_stock", "futures")),
        *(f"{kind}_after_carryforward" for kind in ("retirement", "forest")),
    ]
    return (
        yen("general_income", "総所得金額", _TOTAL, general),
        yen("loss_over_general", "総所得で引ききれない損失", _OFFSET, remaining_loss(col("ordinary_income"))),
        yen("forest_after_offset", "損益通算後の山林所得", _OFFSET, not_negative(col(stated("forest")) - loss)),
        yen(
            "retirement_after_offset",
            "損益通算後の退職所得",
            _OFFSET,
            not_negative(col(stated("retirement")) - not_negative(loss - col(stated("forest")))),
        ),
        yen("separate_income_total", "分離課税の所得の合計", _TOTAL, separate_total(col("ordinary_income"))),
        yen("total_income", "合計所得金額", _TOTAL, col("general_income") + col("separate_income_total")),
        yen(
            "general_income_after_carryforward",
            "繰越控除後の総所得金額",
            _CARRIED,
            not_negative(col("general_income") - col("loss_carried_forward")),
        ),
        yen(
            "carried_over_general",
            "総所得金額で引ききれない繰越控除額",
            _CARRIED,
            not_negative(col("loss_carried_forward") - col("general_income")),
        ),
        yen("forest_after_carryforward", "繰越控除後の山林所得", _CARRIED, not_negative(forest - after)),
        yen("retirement_after_carryforward", "繰越控除後の退職所得", _CARRIED, not_negative(retirement - rest)),
        yen(
            "listed_stock_after_carryforward",
            "繰越控除後の上場株式等の譲渡所得等",
            _CARRIED,
            not_negative(col(stated("listed_stock")) - col("listed_loss_carried_forward")),
        ),
        yen(
            "listed_dividend_after_carryforward",
            "繰越控除後の上場株式等の配当所得等",
            _CARRIED,
            not_negative(col(stated("listed_dividend")) - listed),
        ),
        yen(
            "futures_after_carryforward",
            "繰越控除後の先物取引の雑所得等",
            _CARRIED,
            not_negative(col(stated("futures")) - col("futures_loss_carried_forward")),
        ),
        yen(
            "total_income_after_carryforward",
            "総所得金額等",
            _CARRIED,
            reduce(lambda one, other: one + other, map(col, kept)),
        ),
    )


def available(kind: str) -> pl.Expr:
    """所得控除の前の額: land less its special deduction, the others less their losses carried forward."""
    if kind in _LAND:
        return not_negative(col(stated(kind)) - col(f"{kind}_special_deduction"))
    return col(stated(kind) if kind == "general_stock" else f"{kind}_after_carryforward")


def taxable_steps(law: TaxYear) -> tuple[Step, ...]:
    """課税標準額と算出所得割: the deductions that are left are used kind after kind."""
    unit, rates = law.amount("rounding", "taxable_income"), law.value("separate_levy_rate")
    steps = [
        yen(
            "deductions_left.general",
            "総所得金額で引ききれない所得控除",
            "地方税法第314条の2第11項",
            not_negative(col("deductions.total") - col("general_income_after_carryforward")),
        )
    ]
    before = "deductions_left.general"
    for kind, label in KINDS.items():
        here = available(kind)
        taxable = cut_to(not_negative(here - col(before)), unit)
        steps += [
            yen(f"taxable.{kind}", f"課税標準額（{label}）", ARTICLES[kind], only_if(col("taxed"), taxable)),
            yen(
                f"deductions_left.{kind}",
                f"所得控除の残り（{label}まで）",
                "地方税法第314条の2第11項",
                not_negative(col(before) - here),
            ),
            *(
                yen(
                    f"separate_levy.{kind}.{part}",
                    f"算出所得割（{label}・{PART_NAMES[part]}）",
                    ARTICLES[kind],
                    part_cut(col(f"taxable.{kind}"), rates[kind][part]),
                )
                for part in PARTS
            ),
        ]
        before = f"deductions_left.{kind}"
    return tuple(steps)


def levies(part: str) -> pl.Expr:
    """分離課税の算出所得割の合計 of one part."""
    return reduce(lambda one, other: one + other, (col(f"separate_levy.{kind}.{part}") for kind in KINDS))


def counted_taxable() -> pl.Expr:
    """合計課税所得金額に加わる額: 退職 and 山林, not the separately taxed capital incomes (地方税法第314条の6)."""
    return col("taxable.retirement") + col("taxable.forest")


def withheld_steps(law: TaxYear) -> tuple[Step, ...]:
    """配当割額・株式等譲渡所得割額の控除: withheld tax against the levy; what is left is 充当・還付."""
    share = law.value("withheld_levy_share")
    withheld = col("withheld_dividend_levy") + col("withheld_stock_levy")
    city = part_cut(col("withheld_levy"), share)
    limits = {part: col(f"levy_after_measure.{part}") - col(f"fixed_reduction.{part}") for part in PARTS}
    shares = {"city": city, "prefecture": col("withheld_levy") - city}
    return (
        yen("withheld_levy", "配当割額・株式等譲渡所得割額", _WITHHELD, withheld),
        *(
            yen(
                f"withheld_credit.{part}",
                f"配当割額・株式等譲渡所得割額控除（{PART_NAMES[part]}）",
                _WITHHELD,
                only_if(col("taxed"), smaller(shares[part], limits[part])),
            )
            for part in PARTS
        ),
        yen(
            "withheld_levy_unused",
            "控除不足額（均等割への充当・還付）",
            _WITHHELD,
            only_if(
                col("taxed"),
                col("withheld_levy") - col("withheld_credit.city") - col("withheld_credit.prefecture"),
            ),
        ),
    )
