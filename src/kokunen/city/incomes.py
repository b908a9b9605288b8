"""所得と扶養: incomes of three tax years and who is whose dependant, as the tax office would hand them on.

The figures follow the tables of each tax year (data/tax_years.yaml) as far as the items of 所得情報 need; the tax
itself is not computed here, so ``state`` is a first judgement that the tax system will replace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.city.composition import Role
from kokunen.city.days import age_on, year_start
from kokunen.city.people import JAPAN, NOBODY, Society
from kokunen.city.randomness import Bools, Ints, Rng
from kokunen.city.reference import Reference
from kokunen.city.work import Livelihood, Work

TAX_YEARS = (2024, 2025, 2026)


@dataclass(slots=True)
class Means:
    """稼ぎ: what a person earns in a usual year, and lasting circumstances."""

    salary: NDArray[np.float64]
    business: NDArray[np.float64]
    pension: NDArray[np.float64]
    disability: Ints
    silent: Bools


@dataclass(slots=True)
class YearIncome:
    """一年の所得: yen, one entry a person; ``files`` are those with any document or return."""

    salary_receipts: Ints
    salary_income: Ints
    pension_receipts: Ints
    pension_income: Ints
    business_income: Ints
    total: Ints
    resident: Bools
    age: Ints


def means(rng: Rng, society: Society, living: Livelihood) -> Means:
    """稼ぎを決める: by age, sex and what people do."""
    people, age = society.people, living.age
    count = people.count
    curve = np.interp(age, [18, 25, 35, 45, 55, 60, 65, 75], [2.5, 3.2, 4.4, 5.2, 5.6, 4.2, 2.9, 2.0])
    level = np.where(people.sex == 1, curve, curve * 0.70) * np.where(people.nation == JAPAN, 1.0, 0.78)
    salary = np.where(living.work == Work.EMPLOYEE, level * 1e6 * np.exp(rng.normal(-0.05, 0.36, count)), 0.0)
    part = np.clip(rng.normal(1_010_000, 260_000, count), 200_000, 1_950_000)
    salary = np.where(living.work == Work.PART_TIME, part, salary)
    odd = np.isin(living.work, [int(Work.STUDENT), int(Work.UNEMPLOYED)]) & (rng.random(count) < 0.5) & (age >= 16)
    salary = np.where(odd, rng.gamma(1.6, 380_000, count), salary)
    business = np.where(living.work == Work.SELF_EMPLOYED, np.exp(rng.normal(14.6, 0.75, count)), 0.0)
    old = age >= 64
    worked = living.at_59 == Work.EMPLOYEE
    full = np.where(worked, np.where(people.sex == 1, 1.82e6, 1.18e6), 0.74e6) * np.exp(rng.normal(0, 0.22, count))
    pension = np.where(old & ((people.nation == JAPAN) | (rng.random(count) < 0.3)), full, 0.0)
    disability = np.where(rng.random(count) < np.interp(age, [0, 20, 60, 80], [0.008, 0.018, 0.045, 0.09]), 1, 0)
    disability = np.where((disability == 1) & (rng.random(count) < 0.42), 2, disability)
    silent = (rng.random(count) < 0.16) & np.isin(living.work, [1, 3, 4, 5, 6, 7]) & (age >= 18)
    return Means(salary, business, pension, disability, silent)


def income_tables(
    rng: Rng, reference: Reference, society: Society, living: Livelihood, atena: pl.Series
) -> dict[str, pl.DataFrame]:
    """所得の表: incomes (one row a person and tax year) and dependants (one row a claimed person and year)."""
    kept = means(rng, society, living)
    incomes, dependants = [], []
    for year in TAX_YEARS:
        rules = reference.tax["tax_years"][year]
        earned = _earned(rng, reference, society, kept, living, year, rules)
        claim = _claims(society, earned, rules, reference.tax)
        incomes.append(_income_frame(rng, reference.tax, society, kept, earned, claim, year, rules, atena))
        dependants.append(_dependant_frame(society, kept, earned, claim, year, atena))
    return {"incomes": pl.concat(incomes), "dependants": pl.concat(dependants)}


def _earned(
    rng: Rng, reference: Reference, society: Society, kept: Means, living: Livelihood, year: int, rules: dict[str, Any]
) -> YearIncome:
    people = society.people
    first_day, last_day = int(year_start(year)), int(year_start(year)) - 1
    resident = (people.entry <= first_day) & (people.exit > first_day) & (people.birth <= last_day)
    house = people.household
    resident &= ~((society.line.away_from[house] <= first_day) & (society.line.back_on[house] > first_day))
    age = age_on(np.minimum(people.birth, last_day), last_day)
    growth = 1.02 ** (year - 2026) * np.exp(rng.normal(0, 0.03, people.count))
    working = (age >= 16) & (rng.random(people.count) < 0.985)
    young = (living.age >= 22) & (living.age <= 26) & (age < 22)
    factor = np.where(young, 0.18, growth)
    salary = np.where(working, np.floor(kept.salary * factor), 0).astype(np.int64)
    business = np.where(working, np.floor(kept.business * growth * np.exp(rng.normal(0, 0.2, people.count))), 0)
    pension = np.where(age >= 65, np.floor(kept.pension * growth), 0).astype(np.int64)
    salary_income = salary_income_of(salary, int(rules["salary_minimum"]))
    pension_income = pension_income_of(pension, age, reference.tax["pension_deduction"])
    both = np.minimum(salary_income, 100_000) + np.minimum(pension_income, 100_000) - 100_000
    adjusted = salary_income - np.where((salary_income > 0) & (pension_income > 0), np.maximum(both, 0), 0)
    total = adjusted + pension_income + business.astype(np.int64)
    return YearIncome(salary, adjusted, pension, pension_income, business.astype(np.int64), total, resident, age)


def salary_income_of(receipts: Ints, minimum: int) -> Ints:
    """給与所得: the statutory table (別表第五); ``minimum`` 550,000 or, from 令和8年度, 650,000."""
    quarter = receipts // 4 // 1000 * 1000
    low = np.maximum(receipts - minimum, 0)
    if minimum < 650_000:
        plateau = [1_069_000, 1_070_000, 1_072_000, 1_074_000]
        steps = np.select(
            [
                receipts < 1_619_000,
                receipts < 1_620_000,
                receipts < 1_622_000,
                receipts < 1_624_000,
                receipts < 1_628_000,
            ],
            [low, plateau[0], plateau[1], plateau[2], plateau[3]],
            default=quarter * 12 // 5 + 100_000,
        )
        low = np.where(receipts < 1_800_000, steps, quarter * 14 // 5 - 80_000)
    else:
        low = np.where(receipts < 1_900_000, low, quarter * 14 // 5 - 80_000)
    return np.select(
        [receipts < 3_600_000, receipts < 6_600_000, receipts < 8_500_000],
        [low, quarter * 16 // 5 - 440_000, receipts * 9 // 10 - 1_100_000],
        default=receipts - 1_950_000,
    )


def pension_income_of(receipts: Ints, age: Ints, deduction: dict[str, int]) -> Ints:
    """公的年金等雑所得: other income up to ten million (so for everybody generated here)."""
    least = np.where(age >= 65, deduction["from_65"], deduction["under_65"])
    # the deduction is raised to the yen, so that the income is cut (所得税法35条4項)
    usual = np.where(receipts <= 4_100_000, -(-receipts // 4) + 275_000, -(-receipts * 15 // 100) + 685_000)
    return np.maximum(receipts - np.maximum(least, np.where(receipts > 3_300_000, usual, least)), 0)


@dataclass(slots=True)
class Claims:
    """扶養: claimant of each person (NOBODY where none), and whether as spouse."""

    claimant: Ints
    as_spouse: Bools
    special_relative: Ints
    spouse_income: Ints


def _claims(society: Society, earned: YearIncome, rules: dict[str, Any], tax: dict[str, Any]) -> Claims:
    """Who claims whom: the richer parent the children, the richer spouse the other, a child its old parents."""
    people = society.people
    limit = int(rules["relative_limit"])
    everyone = np.arange(people.count)
    able = earned.resident & (earned.total > limit)
    claimant = np.full(people.count, NOBODY, dtype=np.int64)
    parent = _richer(people.father, people.mother, earned.total, able)
    small = earned.resident & (earned.total <= limit)
    child = small & (parent != NOBODY) & (earned.age < 60)
    claimant[child] = parent[child]
    spouse = people.spouse
    partner = np.maximum(spouse, 0)
    weds = small & (spouse != NOBODY) & able[partner]
    as_spouse = weds & (earned.total <= earned.total[partner])
    claimant = np.where(as_spouse, spouse, claimant)
    head = society.seat[people.household, Role.HEAD]
    old = small & (claimant == NOBODY) & np.isin(people.role, [int(Role.FATHER), int(Role.MOTHER)])
    old &= (head != NOBODY) & able[np.maximum(head, 0)]
    claimant = np.where(old, head, claimant)
    claims_others = np.isin(everyone, claimant[claimant >= 0])
    claimant = np.where(claims_others, NOBODY, claimant)
    as_spouse &= claimant != NOBODY
    special = np.zeros(people.count, dtype=np.int64)
    if rules["specific_relative"]:
        between_limits = earned.resident & (earned.total > limit) & (earned.total <= 1_230_000) & (parent != NOBODY)
        rows = np.flatnonzero(between_limits & (earned.age >= 19) & (earned.age <= 22))
        np.add.at(special, parent[rows], _stepped(earned.total[rows], tax["specific_relative_special"]))
    spouse_income = np.where((spouse != NOBODY) & earned.resident[partner], earned.total[partner], -1)
    return Claims(claimant, as_spouse, special, spouse_income)


def _richer(one: Ints, other: Ints, total: Ints, able: Bools) -> Ints:
    first = np.where((one != NOBODY) & able[np.maximum(one, 0)], total[np.maximum(one, 0)], -1)
    second = np.where((other != NOBODY) & able[np.maximum(other, 0)], total[np.maximum(other, 0)], -1)
    return np.where(np.maximum(first, second) < 0, NOBODY, np.where(first >= second, one, other))


def _stepped(amount: Ints, table: list[list[int]]) -> Ints:
    """The value of the first row whose limit is not exceeded; 0 above the last."""
    limits, values = np.array([row[0] for row in table]), np.array([row[1] for row in table] + [0])
    return values[np.searchsorted(limits, amount, side="left")]


def _counted(claims: Claims, rows: Bools, size: int) -> Ints:
    owner = claims.claimant[rows & (claims.claimant != NOBODY)]
    return np.bincount(owner, minlength=size).astype(np.int64)


def _income_frame(
    rng: Rng,
    tax: dict[str, Any],
    society: Society,
    kept: Means,
    earned: YearIncome,
    claims: Claims,
    year: int,
    rules: dict[str, Any],
    atena: pl.Series,
) -> pl.DataFrame:
    size = society.people.count
    relative = ~claims.as_spouse
    under_16 = _counted(claims, relative & (earned.age < 16), size)
    from_16 = _counted(claims, relative & (earned.age >= 16) & (earned.age <= 18), size)
    specific = _counted(claims, relative & (earned.age >= 19) & (earned.age <= 22), size)
    elderly = _counted(claims, relative & (earned.age >= 70), size)
    general = _counted(
        claims, relative & (earned.age >= 16) & ~((earned.age >= 19) & (earned.age <= 22)) & (earned.age < 70), size
    )
    disabled = _counted(claims, kept.disability == 1, size)
    special_disabled = _counted(claims, kept.disability == 2, size)
    spouse_kind = np.zeros(size, dtype=np.int64)
    wife = np.flatnonzero(claims.as_spouse)
    spouse_kind[claims.claimant[wife]] = np.where(earned.age[wife] >= 70, 2, 1)
    rich = earned.total > 10_000_000
    spouse_kind = np.where(rich & (spouse_kind > 0), 3, spouse_kind)
    special_spouse = (claims.spouse_income > int(rules["relative_limit"])) & ~rich
    special_spouse &= earned.total >= claims.spouse_income
    spouse_special = np.where(special_spouse, _stepped(np.maximum(claims.spouse_income, 0), tax["spouse_special"]), 0)
    spouse_special = np.where(earned.total > 9_000_000, 0, spouse_special)
    single_parent, widow = _bereaved(society, earned, claims, under_16 + general + specific)
    student = (earned.age >= 18) & (earned.salary_income > 0) & (earned.total <= 750_000) & _studies(society, earned)
    insured = (
        np.where(
            earned.salary_receipts > 1_300_000, earned.salary_receipts * 148 // 1000, earned.business_income * 12 // 100
        )
        + earned.pension_receipts * 7 // 100
    )
    medical = np.where((rng.random(size) < 0.06) & (earned.total > 0), rng.integers(10_000, 320_000, size), 0)
    mutual = np.where((rng.random(size) < 0.07) & (earned.total > 1_500_000), rng.integers(6, 68, size) * 12_000, 0)
    mutual = np.minimum(mutual, 816_000)
    casualty = np.where((rng.random(size) < 0.0006) & (earned.total > 0), rng.integers(50_000, 900_000, size), 0)
    loss = np.where((rng.random(size) < 0.003) & (earned.business_income > 0), earned.total // 5, 0)
    test = tax["pension_test"]
    deduction = casualty + medical + insured + mutual + spouse_special + claims.special_relative
    deduction = deduction + disabled * test["disabled"] + special_disabled * test["special_disabled"]
    deduction += np.select(
        [kept.disability == 1, kept.disability == 2], [test["disabled"], test["special_disabled"]], 0
    )
    deduction += single_parent * test["single_parent"] + widow * test["widow"] + student * test["student"]
    relatives = (spouse_kind > 0) + under_16 + general + specific + elderly
    state = _states(kept, earned, claims, relatives, single_parent | widow, tax)
    known = state != "undeclared"
    rows = np.flatnonzero(earned.resident & ((earned.age >= 18) | (earned.total > 0)))
    columns: dict[str, Ints] = {
        "salary_receipts": earned.salary_receipts,
        "salary_income": earned.salary_income,
        "public_pension_receipts": earned.pension_receipts,
        "public_pension_income": earned.pension_income,
        "business_income": earned.business_income,
        "total_income": earned.total,
        "general_dependants": general,
        "elderly_dependants": elderly,
        "specific_dependants": specific,
        "young_dependants": under_16,
        "dependants_16_to_18": from_16,
        "disabled_dependants": disabled,
        "special_disabled_dependants": special_disabled,
        "deduction_total": deduction,
        "income_after_deduction": np.maximum(earned.total - loss - deduction, 0),
        "net_loss": loss,
        "casualty_deduction": casualty,
        "medical_deduction": medical,
        "social_insurance_deduction": insured,
        "mutual_aid_deduction": mutual,
        "spouse_special_deduction": spouse_special,
        "specific_relative_deduction": claims.special_relative,
    }
    codes: dict[str, Ints] = {
        "spouse_kind": spouse_kind,
        "own_disability": kept.disability,
        "widow_kind": widow.astype(np.int64) + 2 * (single_parent & ~widow),
        "single_parent_kind": single_parent.astype(np.int64),
        "working_student": student.astype(np.int64),
        "widow_special": np.zeros(size, dtype=np.int64),
    }
    known_series = pl.Series(known[rows])
    frame = pl.DataFrame(
        {
            "atena_number": atena.gather(rows),
            "tax_year": pl.Series(np.full(rows.size, year, dtype=np.int16)),
            "state": pl.Series(state[rows]),
        }
        | {name: pl.Series(values[rows].astype(np.int64)) for name, values in columns.items()}
        | {name: pl.Series(values[rows]).cast(pl.String) for name, values in codes.items()}
    )
    return frame.with_columns(pl.when(known_series).then(pl.col(name)).alias(name) for name in (*columns, *codes))


def _studies(society: Society, earned: YearIncome) -> Bools:
    return (
        (earned.age <= 24)
        & (earned.salary_receipts < 1_300_000)
        & np.isin(society.people.role, [int(Role.HEAD), 2, 3, 4, 5])
    )


def _bereaved(society: Society, earned: YearIncome, claims: Claims, children: Ints) -> tuple[Bools, Bools]:
    """ひとり親 (with a child claimed, no spouse) and 寡婦 (widow, or divorced woman with another dependant)."""
    people = society.people
    alone = (people.spouse == NOBODY) | (people.exit[np.maximum(people.spouse, 0)] < int(year_start(2026)))
    parent = np.isin(np.arange(people.count), np.concatenate([people.father, people.mother]))
    single_parent = alone & parent & (children > 0) & (earned.total <= 5_000_000)
    widowed = (people.sex == 2) & (people.spouse != NOBODY)
    widowed &= people.exit_code[np.maximum(people.spouse, 0)] == 211
    return single_parent, widowed & alone & ~single_parent & (earned.total <= 5_000_000)


def _states(
    kept: Means, earned: YearIncome, claims: Claims, relatives: Ints, protected: Bools, tax: dict[str, Any]
) -> NDArray[np.str_]:
    """課税の別: taxed, flat rate only, exempt or undeclared.

    Undeclared (未申告): nothing filed and nobody's dependant; such an income is unknown, not zero.
    """

    def limit(rule: dict[str, int]) -> Ints:
        return rule["basic"] * (relatives + 1) + rule["plus"] + np.where(relatives > 0, rule["family"], 0)

    exempt = earned.total <= limit(tax["flat_rate"])
    exempt |= (protected | (kept.disability > 0) | (earned.age < 18)) & (earned.total <= tax["person_exempt_limit"])
    flat = earned.total <= limit(tax["income_rate"])
    silent = kept.silent & (claims.claimant == NOBODY) & (earned.salary_receipts == 0) & (earned.pension_receipts == 0)
    return np.select([silent, exempt, flat], ["undeclared", "exempt", "flat_only"], default="taxed")


def _dependant_frame(
    society: Society, kept: Means, earned: YearIncome, claims: Claims, year: int, atena: pl.Series
) -> pl.DataFrame:
    rows = np.flatnonzero(claims.claimant != NOBODY)
    claimant, age = claims.claimant[rows], earned.age[rows]
    together = society.people.household[rows] == society.people.household[claimant]
    kind = np.select(
        [claims.as_spouse[rows] & (age >= 70), claims.as_spouse[rows], age < 16, age <= 18, age <= 22, age >= 70],
        ["elderly_spouse", "spouse", "under_16", "age_16_to_18", "specific", "elderly"],
        default="general",
    )
    return pl.DataFrame(
        {
            "tax_year": pl.Series(np.full(rows.size, year, dtype=np.int16)),
            "claimant_atena_number": atena.gather(claimant),
            "dependant_atena_number": atena.gather(rows),
            "kind": pl.Series(kind),
            "disability": pl.Series(kept.disability[rows]).cast(pl.String),
            "lives_together": pl.Series(together),
        }
    )
