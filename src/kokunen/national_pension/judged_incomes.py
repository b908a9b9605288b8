"""所得情報の連携データ: incomes as the tax section publishes them, read as what the exemption rules ask.

Only declared columns arrive (flow.in5). A year without a row and 未申告 are both unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.exemption import Income, Status
from kokunen.national_pension.linkage import INCOME_COLUMNS

USING = "national_pension"
VIEW = "integrated.national_pension__income"
UNDECLARED, OTHER_CITY = "4", "5"
_SELECT = ", ".join(("atena_number", *INCOME_COLUMNS))
_OWN_DISABILITY = {"1": "general", "2": "special", "3": "special"}


@dataclass(frozen=True, slots=True)
class KnownIncome:
    """一年分の所得: what the rules take, and where it comes from in words."""

    tax_year: int
    income: Income
    source: str

    @property
    def income_year(self) -> int:
        """所得年: the calendar year before the 年度."""
        return self.tax_year - 1


def by_person(atena_numbers: Iterable[str], tax_years: Iterable[int]) -> dict[str, dict[int, KnownIncome]]:
    """所得: 宛名番号 → 所得年 → income; a year without a row is left out."""
    found: dict[str, dict[int, KnownIncome]] = {}
    with connections[USING].cursor() as cursor:
        cursor.execute(
            f"select {_SELECT} from {VIEW} where atena_number = any(%s) and tax_year = any(%s)",
            [list(atena_numbers), list(tax_years)],
        )
        for atena, *values in cursor.fetchall():
            known = _known(dict(zip(INCOME_COLUMNS, values, strict=True)))
            found.setdefault(atena, {})[known.income_year] = known
    return found


def year_label(tax_year: int) -> str:
    """年度の表記: 2026 → 令和8年度."""
    return format_wareki(date(tax_year, 7, 1)).split("年")[0] + "年度"


def _known(row: Mapping[str, Any]) -> KnownIncome:
    label = year_label(row["tax_year"])
    if row["state"] in (UNDECLARED, OTHER_CITY):
        status = Status.UNDECLARED if row["state"] == UNDECLARED else Status.OTHER_CITY
        return KnownIncome(row["tax_year"], Income(status), f"個人住民税 {label}")
    return KnownIncome(row["tax_year"], _income(row), f"個人住民税 {label}")


def _income(row: Mapping[str, Any]) -> Income:
    def number(name: str) -> int:
        return int(row[name] or 0)

    older = number("dependants_16_to_18")
    spouse = row["spouse_kind"]
    return Income(
        amount=max(0, number("total_income") - number("net_loss")),
        dependants={
            # 一般扶養数 counts the ages 16 to 18 too; the spouse in the same livelihood is one of the 扶養親族等
            "general": max(0, number("general_dependants") - older) + (spouse in ("1", "3")),
            "elderly": number("elderly_dependants") + (spouse == "2"),
            "specified": number("specific_dependants"),
            "age_16_18": older,
            "under_16": number("young_dependants"),
        },
        deductions={
            "casualty": number("casualty_deduction"),
            "medical": number("medical_deduction"),
            "social_insurance": number("social_insurance_deduction"),
            "small_enterprise_mutual_aid": number("mutual_aid_deduction"),
            "spouse_special": number("spouse_special_deduction"),
            "specified_relative": number("specific_relative_deduction") if row["tax_year"] > 2025 else 0,
        },
        dependants_disabled=number("disabled_dependants"),
        dependants_special_disabled=number("special_disabled_dependants"),
        disability=_OWN_DISABILITY.get(row["own_disability"] or "0", "none"),
        widow=row["widow_kind"] == "1",
        single_parent=row["single_parent_kind"] == "1" or row["widow_kind"] == "2",
        working_student=row["working_student"] == "1",
    )
