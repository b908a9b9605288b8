"""連携の宣言: what the section publishes and what it takes from others. What is not written here does not arrive."""

from __future__ import annotations

from kokunen.common_platform.integration.consuming import Consumer
from kokunen.common_platform.integration.datasets import Column, Consumption, Dataset
from kokunen.national_pension.consumers import RegistryChanges
from kokunen.national_pension.resident_view import COLUMNS as RESIDENT_COLUMNS

PENSION_QUALIFICATION = Dataset(
    name="pension_qualification",
    label_ja="国民年金の資格情報（住民票の行政欄）",
    publisher="national_pension",
    columns=(
        Column("basic_pension_number", "text", "基礎年金番号", "R2/基礎年金番号"),
        Column("insured_type", "text", "被保険者種別（9は取得の取消し）", "R2/被保険者種別", nullable=False),
        Column("acquired_on", "date", "取得日（9 未加入は空）", "R2/取得日"),
        Column("acquisition_reason", "text", "取得理由", "R2/取得理由"),
        Column("lost_on", "date", "喪失日", "R2/喪失日"),
        Column("loss_reason", "text", "喪失理由", "R2/喪失理由"),
    ),
)

PUBLISHES: tuple[Dataset, ...] = (PENSION_QUALIFICATION,)

# flow.in4: the search keys come along because the one search box of a pension officer looks into the section's own
# view.
_SEARCH_KEYS = ("name_key", "kana_key", "kana_alt_key", "alias_name_key", "alias_kana_key", "kana_sort")

# flow.in5: the <所得情報> items of 別添1 (R10), with the tax year and whether anything was declared at all.
INCOME_COLUMNS = (
    "tax_year",
    "state",
    "general_dependants",
    "elderly_dependants",
    "specific_dependants",
    "young_dependants",
    "dependants_16_to_18",
    "spouse_kind",
    "disabled_dependants",
    "special_disabled_dependants",
    "own_disability",
    "widow_kind",
    "single_parent_kind",
    "working_student",
    "public_pension_receipts",
    "public_pension_income",
    "total_income",
    "deduction_total",
    "income_after_deduction",
    "net_loss",
    "casualty_deduction",
    "medical_deduction",
    "social_insurance_deduction",
    "mutual_aid_deduction",
    "spouse_special_deduction",
    "specific_relative_deduction",
    "widow_special",
)

CONSUMES: tuple[Consumption, ...] = (
    Consumption("resident", (*RESIDENT_COLUMNS, *_SEARCH_KEYS), "flow.in4"),
    Consumption("income", INCOME_COLUMNS, "flow.in5"),
)

CONSUMERS: tuple[Consumer, ...] = (RegistryChanges(),)
