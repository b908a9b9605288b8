"""申請の事実 (facts): what an application is judged by — for one visitor as objects, for a city as four tables.

Months are month numbers, amounts yen. The tables: ``applications`` one row an application; ``incomes`` one row a judged
person and income year (a year without a row is 未申告); ``grounds`` one row a 特例事由, with its first and last month;
``paid`` one row a month that is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kokunen.law.engine.months import month_of
from kokunen.law.rules.exemption.kinds import GROUNDS, ORDER, PEOPLE, Kind, Status
from kokunen.law.rules.exemption.months import Scheme, cycle_start, latest_value

DEPENDANTS = ("general", "elderly", "specified", "age_16_18", "under_16")
DEDUCTIONS = (
    "casualty",
    "medical",
    "social_insurance",
    "small_enterprise_mutual_aid",
    "spouse_special",
    "specified_relative",
)
DISABILITIES = ("none", "general", "special")
OWN_STATES = ("widow", "single_parent", "working_student")
DISABLED_DEPENDANTS = ("dependants_disabled", "dependants_special_disabled")

PERSON = pl.Enum(PEOPLE)
GROUND = pl.Enum(GROUNDS)

APPLICATION_COLUMNS: dict[str, Any] = {
    "application": pl.Int64,
    "scheme": pl.Enum([str(one) for one in Scheme]),
    "applied_on": pl.Date,
    "birth": pl.Date,
    "from_month": pl.Int64,
    "to_month": pl.Int64,
    "insured_from": pl.Int64,
    "insured_to": pl.Int64,
    **{f"wishes.{kind}": pl.Boolean for kind in ORDER},
    "dv_separated": pl.Boolean,
    **{f"has.{name}": pl.Boolean for name in PEOPLE},
}
INCOME_COLUMNS: dict[str, Any] = {
    "application": pl.Int64,
    "person": PERSON,
    "income_year": pl.Int64,
    "status": pl.Enum([str(one) for one in Status]),
    "income": pl.Int64,
    **{f"dependants.{name}": pl.Int64 for name in DEPENDANTS},
    **{f"deductions.{name}": pl.Int64 for name in DEDUCTIONS},
    **dict.fromkeys(DISABLED_DEPENDANTS, pl.Int64),
    "disability": pl.Enum(DISABILITIES),
    **dict.fromkeys(OWN_STATES, pl.Boolean),
}
GROUND_COLUMNS: dict[str, Any] = {
    "application": pl.Int64,
    "person": PERSON,
    "place": pl.Int64,
    "kind": GROUND,
    "first": pl.Int64,
    "last": pl.Int64,
}
PAID_COLUMNS: dict[str, Any] = {"application": pl.Int64, "month": pl.Int64}


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
class Ground:
    """特例事由: ``day`` for 失業・廃業・災害, else ``first`` and ``last`` month (None: going on)."""

    kind: str
    day: date | None = None
    first: int | None = None
    last: int | None = None

    def months(self, scheme: Scheme) -> tuple[int, int | None]:
        """特例の月: of a day, from the month before to the end of the cycle two years on; else as they are given."""
        if self.day is None:
            assert self.first is not None
            return self.first, self.last
        rule = latest_value("ground_period")
        before: int = rule["before"]
        return month_of(self.day) - before, cycle_start(self.day.year + rule["years_after"], scheme) - 1

    def holds(self, month: int, scheme: Scheme) -> bool:
        """Whether the ground counts in ``month``."""
        first, last = self.months(scheme)
        return first <= month and (last is None or month <= last)


@dataclass(frozen=True, slots=True)
class Person:
    """審査の対象者: incomes by income year (a year without entry is 未申告) and grounds in the order given."""

    incomes: Mapping[int, Income]
    grounds: Sequence[Ground] = ()


@dataclass(frozen=True, slots=True)
class Application:
    """申請: persons by name (applicant, spouse, householder); months are month numbers, None = the default."""

    scheme: Scheme
    applied_on: date
    birth: date
    persons: Mapping[str, Person]
    from_month: int | None = None
    to_month: int | None = None
    insured_from: int | None = None
    insured_to: int | None = None
    paid_months: frozenset[int] = frozenset()
    wished: frozenset[Kind] = frozenset()
    dv_separated: bool = False

    @property
    def judged(self) -> tuple[str, ...]:
        """審査する人: of a student the applicant alone; a spouse left because of DV is not looked at."""
        if self.scheme is Scheme.STUDENT:
            return ("applicant",)
        return tuple(name for name in PEOPLE if name in self.persons and not (name == "spouse" and self.dv_separated))


@dataclass(frozen=True, slots=True)
class Tables:
    """申請の表: see the columns above."""

    applications: pl.DataFrame
    incomes: pl.DataFrame
    grounds: pl.DataFrame
    paid: pl.DataFrame


def tables_of(applications: Sequence[Application]) -> Tables:
    """申請を表にする: ``application`` is the place in the list."""
    told: list[Any] = []
    incomes: list[Any] = []
    grounds: list[Any] = []
    for place, one in enumerate(applications):
        told.append(_application_row(place, one))
        for name, person in one.persons.items():
            incomes += [_income_row(place, name, year, income) for year, income in person.incomes.items()]
            grounds += [
                (place, name, order, ground.kind, *ground.months(one.scheme))
                for order, ground in enumerate(person.grounds)
            ]
    paid = [(place, month) for place, one in enumerate(applications) for month in one.paid_months]
    return Tables(
        frame(APPLICATION_COLUMNS, told),
        frame(INCOME_COLUMNS, incomes),
        frame(GROUND_COLUMNS, grounds),
        frame(PAID_COLUMNS, paid),
    )


def frame(columns: Mapping[str, Any], rows: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """表: rows in the order of ``columns``."""
    listed = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pl.DataFrame(
        [pl.Series(name, values, dtype=kind) for (name, kind), values in zip(columns.items(), listed, strict=True)]
    )


def _application_row(place: int, one: Application) -> tuple[Any, ...]:
    wishes = [not one.wished or kind in one.wished for kind in ORDER]
    months = (one.from_month, one.to_month, one.insured_from, one.insured_to)
    has = [name in one.persons for name in PEOPLE]
    return (place, str(one.scheme), one.applied_on, one.birth, *months, *wishes, one.dv_separated, *has)


def _income_row(place: int, name: str, year: int, income: Income) -> tuple[Any, ...]:
    return (
        place,
        name,
        year,
        str(income.status),
        income.amount,
        *(income.dependants.get(one, 0) for one in DEPENDANTS),
        *(income.deductions.get(one, 0) for one in DEDUCTIONS),
        *(getattr(income, one) for one in DISABLED_DEPENDANTS),
        income.disability,
        *(getattr(income, one) for one in OWN_STATES),
    )
