"""所得情報の連携データ (flow.in5): what the section sees of a person's incomes, by tax year. 未申告 is never zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections

from kokunen.kernel.eras import format_fiscal_year

USING = "national_pension"
VIEW = "integrated.national_pension__income"

COLUMNS = (
    "tax_year",
    "state",
    "total_income",
    "deduction_total",
    "income_after_deduction",
    "general_dependants",
    "elderly_dependants",
    "specific_dependants",
    "young_dependants",
    "spouse_kind",
    "own_disability",
    "widow_kind",
    "single_parent_kind",
    "public_pension_receipts",
    "social_insurance_deduction",
)
UNTAXED, UNDECLARED = "3", "4"
_STATES = {"1": "課税", "2": "均等割のみ", "3": "非課税", "4": "未申告", "5": "他市課税"}


@dataclass(frozen=True, slots=True)
class Income:
    """所得情報: one person and tax year (2026 = 令和8年度, incomes of 令和7年); amounts None when nobody declared."""

    atena_number: str
    tax_year: int
    state: str
    total_income: int | None
    deduction_total: int | None
    income_after_deduction: int | None
    general_dependants: int | None
    elderly_dependants: int | None
    specific_dependants: int | None
    young_dependants: int | None
    spouse_kind: str
    own_disability: str
    widow_kind: str
    single_parent_kind: str
    public_pension_receipts: int | None
    social_insurance_deduction: int | None

    @property
    def is_known(self) -> bool:
        """金額が分かっているか"""
        return self.total_income is not None

    @property
    def state_ja(self) -> str:
        """課税の別 in words."""
        return _STATES.get(self.state, self.state)

    @property
    def year_ja(self) -> str:
        """年度 in words."""
        return format_fiscal_year(self.tax_year)

    @property
    def dependants(self) -> int | None:
        """扶養親族等の数."""
        parts = (self.general_dependants, self.elderly_dependants, self.specific_dependants, self.young_dependants)
        return None if self.general_dependants is None else sum(part or 0 for part in parts)


def by_person(atena_numbers: Iterable[str]) -> dict[str, list[Income]]:
    """所得情報: rows by 宛名番号, latest year first; whoever has none is left out."""
    with connections[USING].cursor() as cursor:
        cursor.execute(
            f"select atena_number, {', '.join(COLUMNS)} from {VIEW} where atena_number = any(%s) "
            "order by atena_number, tax_year desc",
            [list(atena_numbers)],
        )
        found: dict[str, list[Income]] = {}
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Income(*row))
    return found
