"""作り物の納税者: people and relatives in the columns of the tax law, plain random numbers around every limit."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.law.rules.resident_tax.facts import DISABILITIES, LIABILITIES, RATE_CLASSES, RELATIONS, SINGLE_PARENTS

_EPOCH_DAYS = (-16_000, 14_600)  # born 1926 to 2009, in days from 1970


def taxpayers(count: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """納税者と親族: ``count`` people and about half as many relatives."""
    rng = np.random.default_rng(seed)

    def some(share: float, high: int, low: int = 0) -> NDArray[np.int64]:
        return np.where(rng.random(count) < share, rng.integers(low, high, count), 0)

    def flag(share: float) -> NDArray[np.bool_]:
        return rng.random(count) < share

    def choice(values: tuple[str, ...], first: float, size: int = count) -> pl.Series:
        rest = (1 - first) / (len(values) - 1)
        picked = rng.choice(len(values), size, p=[first, *[rest] * (len(values) - 1)])
        return pl.Series(np.array(values)[picked], dtype=pl.Enum(values))

    def born(low: int, high: int, size: int = count) -> pl.Series:
        return pl.Series(rng.integers(low, high, size).astype(np.int32)).cast(pl.Date)

    medical = flag(0.2)
    people = pl.DataFrame(
        {
            "person": np.arange(count),
            "birth_date": born(*_EPOCH_DAYS),
            "liability": choice(LIABILITIES, 0.97),
            "area_grade": np.where(flag(0.05), rng.integers(2, 4, count), 1),
            "livelihood_assistance": flag(0.02),
            "salary_receipts": some(0.6, 6_000_000) + some(0.1, 12_000_000),
            "pension_receipts": some(0.3, 4_500_000) + some(0.02, 9_000_000),
            "business_income": some(0.1, 5_000_000, -1_000_000) + some(0.01, 26_000_000),
            "real_estate_income": some(0.08, 3_000_000, -800_000),
            "other_misc_income": some(0.1, 300_000),
            "occasional_income": some(0.05, 2_000_000),
            "loss_carried_forward": some(0.02, 2_000_000),
            "disability": choice(DISABILITIES, 0.93),
            "widow": flag(0.03),
            "single_parent": choice(SINGLE_PARENTS, 0.95),
            "working_student": flag(0.03),
            "salary_adjustment": flag(0.02),
            "spouse_total_income": some(0.5, 1_500_000),
            "spouse_disability": choice(DISABILITIES, 0.95),
            "spouse_living_together": flag(0.9),
            "spouse_business_employee": flag(0.02),
            "spouse_abroad": flag(0.02),
            "social_insurance": some(0.8, 1_200_000),
            "small_enterprise_mutual_aid": some(0.1, 300_000),
            "life_general_new": some(0.3, 90_000),
            "life_general_old": some(0.2, 100_000),
            "life_medical_care_new": some(0.3, 70_000),
            "life_annuity_new": some(0.1, 90_000),
            "life_annuity_old": some(0.1, 100_000),
            "earthquake": some(0.3, 60_000),
            "earthquake_long_term_old": some(0.1, 25_000),
            "medical_paid": np.where(medical, some(0.8, 800_000), 0),
            "medical_reimbursed": np.where(medical, some(0.3, 200_000), 0),
            "self_medication": np.where(medical, 0, some(0.03, 120_000)),
            "casualty_net_loss": some(0.01, 1_000_000),
            "casualty_disaster_expense": some(0.01, 300_000),
            "housing_unabsorbed": some(0.1, 200_000),
            "housing_income_tax_taxable": some(0.3, 4_000_000) // 1000 * 1000,
            "housing_rate_class": choice(RATE_CLASSES, 0.7),
            "donation_hometown": some(0.2, 150_000),
            "donation_city_designated": some(0.05, 50_000),
            "donation_prefecture_designated": some(0.05, 50_000),
            "donation_one_stop": flag(0.1),
        }
    ).with_columns(
        pl.when(pl.Series(flag(0.4))).then(born(-14_600, 11_000)).otherwise(None).alias("spouse_birth_date"),
    )
    relatives = count // 2
    many = rng.integers(0, count, relatives)
    return people, pl.DataFrame(
        {
            "person": many,
            "birth_date": born(-16_000, 20_500, relatives),
            "relation": choice(RELATIONS, 0.6, relatives),
            "total_income": np.where(rng.random(relatives) < 0.3, rng.integers(0, 1_400_000, relatives), 0),
            "disability": choice(DISABILITIES, 0.9, relatives),
            "living_together": rng.random(relatives) < 0.85,
            "business_employee": rng.random(relatives) < 0.02,
            "abroad": rng.random(relatives) < 0.1,
            "abroad_condition": rng.random(relatives) < 0.4,
        }
    )
