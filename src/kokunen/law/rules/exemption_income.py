"""免除の所得審査 (income test): one person's income of one year against the limits (法90条, 施行令6条の7〜6条の12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kokunen.law.engine.months import first_day
from kokunen.law.parameters import value_on


class Kind(StrEnum):
    """免除の種類: the exempted part, or 納付猶予."""

    FULL = "full_exemption"
    DEFERRAL = "deferral"
    THREE_QUARTER = "three_quarter_exemption"
    HALF = "half_exemption"
    QUARTER = "quarter_exemption"


PARTIAL = (Kind.THREE_QUARTER, Kind.HALF, Kind.QUARTER)
_RANK = {Kind.FULL: 0, Kind.DEFERRAL: 0, Kind.THREE_QUARTER: 1, Kind.HALF: 2, Kind.QUARTER: 3}


class Best(StrEnum):
    """所得で通る最良の種類."""

    FULL = "full_exemption"
    THREE_QUARTER = "three_quarter_exemption"
    HALF = "half_exemption"
    QUARTER = "quarter_exemption"
    NONE = "none"
    UNKNOWN = "unknown"

    def passes(self, kind: Kind) -> bool:
        """Whether somebody of this result passes ``kind``: every kind weaker than the best one as well."""
        if self in (Best.NONE, Best.UNKNOWN):
            return False
        return _RANK[Kind(self.value)] <= _RANK[kind]


class Status(StrEnum):
    """所得の把握: known, 未申告, 他市課税で未照会."""

    KNOWN = "known"
    UNDECLARED = "undeclared"
    OTHER_CITY = "other_city"


@dataclass(frozen=True, slots=True)
class Income:
    """一年分の所得: yen; ``amount`` None unless known. Amount deductions by name, then what carries a fixed sum."""

    status: Status = Status.KNOWN
    amount: int | None = None
    dependants: Mapping[str, int] = field(default_factory=dict)
    deductions: Mapping[str, int] = field(default_factory=dict)
    dependants_disabled: int = 0
    dependants_special_disabled: int = 0
    disability: str = "none"
    widow: bool = False
    single_parent: bool = False
    working_student: bool = False

    @property
    def exempt_category(self) -> bool:
        """障害者・寡婦・ひとり親 (法90条1項3号)."""
        return self.disability != "none" or self.widow or self.single_parent


@dataclass(frozen=True, slots=True)
class Judgement:
    """一人の審査: ``income`` None when the year has no entry; ``base`` None unless the income is known."""

    income: Income | None
    best: Best
    dependants: int = 0
    limits: Mapping[Kind, int] = field(default_factory=dict)
    category_limit: int = 0
    fixed: Mapping[str, int] = field(default_factory=dict)
    base: int | None = None

    @property
    def status(self) -> Status:
        """所得の把握; no entry is 未申告."""
        return Status.UNDECLARED if self.income is None else self.income.status


def judge_income(income: Income | None, cycle_start: int) -> Judgement:
    """所得審査 of a cycle that starts in month ``cycle_start``."""
    if income is None:
        return Judgement(None, Best.UNKNOWN)
    day = first_day(cycle_start)
    table = value_on("exemption/income_limit", day)
    additions = value_on("exemption/dependant_addition", day)
    dependants = sum(income.dependants.values())
    added = sum(additions[name] * count for name, count in income.dependants.items())
    limits = {Kind.FULL: (dependants + 1) * table["full"]["each"] + table["full"]["base"]}
    limits |= {kind: table[kind] + added for kind in PARTIAL}
    fixed = _fixed_deductions(income, value_on("exemption/fixed_deduction", day))
    if income.amount is None:
        return Judgement(income, Best.UNKNOWN, dependants, limits, table["category"], fixed)
    base = max(0, income.amount - sum(income.deductions.values()) - sum(fixed.values()))
    best = _best(income, income.amount, base, limits, table["category"])
    return Judgement(income, best, dependants, limits, table["category"], fixed, base)


def _best(income: Income, amount: int, base: int, limits: Mapping[Kind, int], category_limit: int) -> Best:
    if amount <= limits[Kind.FULL] or (income.exempt_category and amount <= category_limit):
        return Best.FULL
    return next((Best(kind.value) for kind in PARTIAL if base <= limits[kind]), Best.NONE)


def _fixed_deductions(income: Income, sums: Mapping[str, int]) -> dict[str, int]:
    """定額の控除: the applicant's own and those of dependants, by name, only what applies."""
    fixed = {
        "disability": {"none": 0, "general": sums["disabled"], "special": sums["special_disabled"]}[income.disability],
        "dependants_disabled": sums["disabled"] * income.dependants_disabled,
        "dependants_special_disabled": sums["special_disabled"] * income.dependants_special_disabled,
        "widow": sums["widow"] if income.widow else 0,
        "single_parent": sums["single_parent"] if income.single_parent else 0,
        "working_student": sums["working_student"] if income.working_student else 0,
    }
    return {name: amount for name, amount in fixed.items() if amount}
