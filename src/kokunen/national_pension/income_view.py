"""所得情報の連携データ (flow.in5): what the section sees of a person's incomes, by tax year. 未申告 is never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    "dependants_16_to_18",
    "disabled_dependants",
    "special_disabled_dependants",
    "working_student",
    "public_pension_income",
    "net_loss",
    "casualty_deduction",
    "medical_deduction",
    "mutual_aid_deduction",
    "spouse_special_deduction",
    "specific_relative_deduction",
    "widow_special",
)
_NONE_OR_YES = {"0": "なし", "1": "該当"}
_ITEMS: tuple[tuple[str, str, Mapping[str, str] | str], ...] = (
    ("一般扶養数", "general_dependants", "人"),
    ("老人扶養数", "elderly_dependants", "人"),
    ("特定扶養数", "specific_dependants", "人"),
    ("控除対象扶養数（16歳から18歳）", "dependants_16_to_18", "人"),
    ("年少扶養数", "young_dependants", "人"),
    ("控除対象配偶者", "spouse_kind", {"0": "なし", "1": "一般", "2": "老人", "3": "同一生計のみ"}),
    ("障害者扶養数", "disabled_dependants", "人"),
    ("特別障害者扶養数", "special_disabled_dependants", "人"),
    ("本人障害者区分", "own_disability", {"0": "なし", "1": "障害者", "2": "特別障害者"}),
    ("本人寡婦（夫）区分", "widow_kind", {"0": "なし", "1": "寡婦", "2": "ひとり親"}),
    ("ひとり親区分", "single_parent_kind", _NONE_OR_YES),
    ("本人勤労学生区分", "working_student", _NONE_OR_YES),
    ("公的年金収入", "public_pension_receipts", "円"),
    ("公的年金等雑所得", "public_pension_income", "円"),
    ("合計所得金額", "total_income", "円"),
    ("控除の合計額", "deduction_total", "円"),
    ("控除後の所得額", "income_after_deduction", "円"),
    ("純損失", "net_loss", "円"),
    ("雑損控除", "casualty_deduction", "円"),
    ("医療費控除", "medical_deduction", "円"),
    ("社会保険料控除", "social_insurance_deduction", "円"),
    ("小規模企業共済等掛金控除", "mutual_aid_deduction", "円"),
    ("配偶者特別控除", "spouse_special_deduction", "円"),
    ("特定親族特別控除", "specific_relative_deduction", "円"),
    ("寡婦特例", "widow_special", _NONE_OR_YES),
)
"""別添1 R10 in its order with what it lacks: label, column, and the unit or the words of its codes."""
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
    dependants_16_to_18: int | None = None
    disabled_dependants: int | None = None
    special_disabled_dependants: int | None = None
    working_student: str = ""
    public_pension_income: int | None = None
    net_loss: int | None = None
    casualty_deduction: int | None = None
    medical_deduction: int | None = None
    mutual_aid_deduction: int | None = None
    spouse_special_deduction: int | None = None
    specific_relative_deduction: int | None = None
    widow_special: str = ""

    @property
    def is_known(self) -> bool:
        """金額が分かっているか"""
        return self.total_income is not None

    @property
    def items(self) -> list[tuple[str, str]]:
        """別添1 R10: every item with its value in words, 不明 when nothing was declared."""
        return [(label, _words(getattr(self, name), unit)) for label, name, unit in _ITEMS]

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


def _words(value: int | str | None, unit: Mapping[str, str] | str) -> str:
    if value is None or value == "":
        return "不明"
    return f"{value:,}{unit}" if isinstance(unit, str) else unit.get(str(value), str(value))


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
