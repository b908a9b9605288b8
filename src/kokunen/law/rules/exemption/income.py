"""免除の所得審査 (income test): incomes of one year against the limits (法90条, 施行令6条の7〜6条の12), as columns.

One row is one person in one cycle: the columns of ``facts.INCOME_COLUMNS`` and ``cycle_day``, the first day of the
cycle. A row without ``status`` is a year without entry: unknown like 未申告.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from kokunen.law.engine.columns import Rule, Step, value_by_date
from kokunen.law.engine.steps import Unit
from kokunen.law.parameters import history
from kokunen.law.rules.exemption.facts import DEDUCTIONS, DEPENDANTS, OWN_STATES
from kokunen.law.rules.exemption.kinds import PARTIAL, RANK, Best, Kind

BEST = pl.Enum([str(one) for one in Best])
FIXED = ("disability", "dependants_disabled", "dependants_special_disabled", *OWN_STATES)
"""定額の控除: own disability, those of dependants, then the own states."""

BASE_ARTICLE = "国民年金法施行令第6条の12"
CATEGORY_ARTICLE = "国民年金法第90条第1項第3号、国民年金法施行令第6条の8"
LIMITS = {
    Kind.FULL: ("全額免除・納付猶予の限度", "国民年金法施行令第6条の7"),
    Kind.THREE_QUARTER: ("4分の3免除の限度", "国民年金法施行令第6条の8の2"),
    Kind.HALF: ("半額免除・学生納付特例の限度", "国民年金法施行令第6条の9"),
    Kind.QUARTER: ("4分の1免除の限度", "国民年金法施行令第6条の9の2"),
}

_RANKS = {**{Best(kind.value): RANK[kind] for kind in (Kind.FULL, *PARTIAL)}, Best.NONE: 4, Best.UNKNOWN: None}
"""所得の順位: the number of the best kind, 4 for none, null for what is unknown."""

_col = pl.col


@cache
def income_rule() -> Rule:
    """所得審査の規則: dependants, limits, deductions, base and the best kind that income alone passes."""
    limits = history("exemption/income_limit")
    additions = history("exemption/dependant_addition")
    day = _col("cycle_day")
    added = pl.sum_horizontal(_col(f"dependants.{name}") * value_by_date(additions, day, name) for name in DEPENDANTS)
    each, least = (value_by_date(limits, day, "full", part) for part in ("each", "base"))
    persons = pl.sum_horizontal(_col(f"dependants.{name}") for name in DEPENDANTS)
    return Rule(
        "income test of exemptions",
        (
            Step("dependants", "扶養親族等の数", Unit.PERSON, None, persons),
            Step("addition", "扶養親族等の加算", Unit.YEN, LIMITS[Kind.THREE_QUARTER][1], added),
            Step(f"limits.{Kind.FULL}", *_limit(Kind.FULL), (_col("dependants") + 1) * each + least),
            *(
                Step(f"limits.{kind}", *_limit(kind), value_by_date(limits, day, kind) + _col("addition"))
                for kind in PARTIAL
            ),
            Step(
                "category_limit", "その所得の限度", Unit.YEN, CATEGORY_ARTICLE, value_by_date(limits, day, "category")
            ),
            Step("exempt_category", "障害者・寡婦・ひとり親", Unit.BOOL, CATEGORY_ARTICLE, _category()),
            *_fixed(day),
            Step("base", "控除後の所得", Unit.YEN, BASE_ARTICLE, _base()),
            Step("by_income", "所得で通る種類", Unit.TEXT, None, _best()),
            Step("rank", "所得の順位", Unit.DAY, None, _rank()),
        ),
    )


def _limit(kind: Kind) -> tuple[str, Unit, str]:
    label, article = LIMITS[kind]
    return label, Unit.YEN, article


def _category() -> pl.Expr:
    return (_col("disability") != "none") | _col("widow") | _col("single_parent")


def _fixed(day: pl.Expr) -> tuple[Step, ...]:
    table = history("exemption/fixed_deduction")
    disabled, special = (value_by_date(table, day, name) for name in ("disabled", "special_disabled"))
    own = pl.when(_col("disability") == "general").then(disabled).when(_col("disability") == "special").then(special)
    sums = {
        "disability": own.otherwise(0),
        "dependants_disabled": _col("dependants_disabled") * disabled,
        "dependants_special_disabled": _col("dependants_special_disabled") * special,
        **{name: pl.when(_col(name)).then(value_by_date(table, day, name)).otherwise(0) for name in OWN_STATES},
    }
    return tuple(Step(f"fixed.{name}", "定額の控除", Unit.YEN, BASE_ARTICLE, sums[name]) for name in FIXED)


def _base() -> pl.Expr:
    taken = [_col(f"deductions.{name}") for name in DEDUCTIONS] + [_col(f"fixed.{name}") for name in FIXED]
    return (_col("income") - pl.sum_horizontal(taken)).clip(lower_bound=0)


def _best() -> pl.Expr:
    full = (_col("income") <= _col(f"limits.{Kind.FULL}")) | (
        _col("exempt_category") & (_col("income") <= _col("category_limit"))
    )
    found = pl.when(_col("income").is_null()).then(_word(Best.UNKNOWN)).when(full).then(_word(Best.FULL))
    for kind in PARTIAL:
        found = found.when(_col("base") <= _col(f"limits.{kind}")).then(_word(Best(kind.value)))
    return found.otherwise(_word(Best.NONE))


def _rank() -> pl.Expr:
    return _col("by_income").replace_strict(
        [str(best) for best in _RANKS], pl.Series(list(_RANKS.values()), dtype=pl.Int8), return_dtype=pl.Int8
    )


def _word(best: Best) -> pl.Expr:
    return pl.lit(best.value, dtype=BEST)
