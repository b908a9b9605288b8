"""保険料控除 (insurance): what premiums take off the income, by the tables of the old and the new contracts."""

from __future__ import annotations

from kokunen.law.engine.columns import Step
from kokunen.law.rules.resident_tax._columns import at_most, by_limit, col, larger, proportional_raised, yen
from kokunen.law.rules.resident_tax._tax_year import TaxYear

_LIFE = "地方税法第314条の2第1項第5号"
_EARTHQUAKE = "地方税法第314条の2第1項第5号の3"


def life_insurance_steps(law: TaxYear) -> tuple[Step, ...]:
    """生命保険料控除: three classes, each by the better of its contracts, then the limit of all together."""
    rule = law.value("life_insurance_deduction")
    together = col("life_general_deduction") + col("life_medical_care_deduction") + col("life_annuity_deduction")
    return (
        *_contracts(law, "life_general", "一般生命保険料", old=True),
        *_contracts(law, "life_medical_care", "介護医療保険料", old=False),
        *_contracts(law, "life_annuity", "個人年金保険料", old=True),
        yen("deductions.life_insurance", "生命保険料控除", _LIFE, at_most(together, rule["total_limit"])),
    )


def _contracts(law: TaxYear, name: str, label: str, *, old: bool) -> tuple[Step, ...]:
    """One class: 新契約, 旧契約, and the better of the old alone and of both up to the limit of the new."""
    rule = law.value("life_insurance_deduction")

    def by_table(age: str) -> Step:
        paid, table = col(f"{name}_{age}"), law.rows("life_insurance_deduction", age)
        term = {"new": "新契約", "old": "旧契約"}[age]
        return yen(
            f"{name}_{age}_deduction",
            f"{label}（{term}）の控除額",
            _LIFE,
            by_limit(paid, table, proportional_raised(paid)),
        )

    new_part = col(f"{name}_new_deduction")
    if not old:
        return (by_table("new"), yen(f"{name}_deduction", f"{label}の控除額", _LIFE, new_part))
    old_part = col(f"{name}_old_deduction")
    best = larger(old_part, at_most(new_part + old_part, rule["both_limit"]))
    return (by_table("new"), by_table("old"), yen(f"{name}_deduction", f"{label}の控除額", _LIFE, best))


def earthquake_insurance_steps(law: TaxYear) -> tuple[Step, ...]:
    """地震保険料控除."""
    rule = law.value("earthquake_insurance_deduction")
    new, old = col("earthquake"), col("earthquake_long_term_old")
    return (
        yen(
            "earthquake_deduction",
            "地震保険料の控除額",
            _EARTHQUAKE,
            by_limit(new, rule["earthquake"], proportional_raised(new)),
        ),
        yen(
            "earthquake_long_term_old_deduction",
            "旧長期損害保険料の控除額",
            _EARTHQUAKE,
            by_limit(old, rule["long_term_old"], proportional_raised(old)),
        ),
        yen(
            "deductions.earthquake_insurance",
            "地震保険料控除",
            _EARTHQUAKE,
            at_most(col("earthquake_deduction") + col("earthquake_long_term_old_deduction"), rule["total_limit"]),
        ),
    )
