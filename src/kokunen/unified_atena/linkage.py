"""連携: what 団体内統合宛名 takes; it publishes nothing.

Takes residents, people outside the register, bindings (tokens), 名寄せ and income, each with the columns of its
flow (assessment/data/house-flows.yaml). No flow joins 国民年金 and this system in either direction.
"""

from __future__ import annotations

from kokunen.common_platform.integration.consuming import Consumer
from kokunen.common_platform.integration.datasets import Consumption, Dataset
from kokunen.unified_atena.consumers import CityFollower

RESIDENT_COLUMNS = (
    "status", "name", "name_kana", "alias", "birth_date", "birth_text", "sex", "relationship", "household_number",
    "head_atena_number", "resident_since", "removed_on", "removal_code", "postal_code", "address", "building",
    "protected",
)  # fmt: skip
INCOME_COLUMNS = (
    "tax_year", "state", "general_dependants", "elderly_dependants", "specific_dependants", "young_dependants",
    "own_disability", "widow_kind", "single_parent_kind", "working_student", "total_income", "deduction_total",
    "income_after_deduction",
)  # fmt: skip

PUBLISHES: tuple[Dataset, ...] = ()
CONSUMES: tuple[Consumption, ...] = (
    Consumption("resident", RESIDENT_COLUMNS, "house.resident_to_unified"),
    Consumption(
        "nonresident",
        ("kind", "status", "name", "name_kana", "birth_date", "birth_text", "sex", "address"),
        "house.nonresident_to_unified",
    ),
    Consumption("number_binding", ("number_kind", "number_token", "is_current"), "house.nonresident_to_unified"),
    Consumption("atena_link", ("parent_atena_number", "is_current"), "house.nonresident_to_unified"),
    Consumption("income", INCOME_COLUMNS, "house.tax_to_unified"),
)
CONSUMERS: tuple[Consumer, ...] = (CityFollower(),)
