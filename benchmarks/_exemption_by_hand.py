"""免除の判定を一件ずつ (by hand): the same law in plain Python, one application and one month after the other.

The rival of the column rules in ``benchmarks/exemption.py``, and their second opinion in the tests of the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kokunen.law.engine.months import first_day, month_of
from kokunen.law.parameters import value_on
from kokunen.law.rules.exemption.decisions import CycleResult, Decision, Judgement, Segment
from kokunen.law.rules.exemption.facts import Application, Income, Person
from kokunen.law.rules.exemption.kinds import ORDER, PARTIAL, Best, Kind
from kokunen.law.rules.exemption.months import (
    Cycle,
    Scheme,
    Window,
    application_window,
    cycle_start,
    cycles_between,
    deferral_last_month,
    latest_value,
    month_reaching,
)


def decide(application: Application) -> Decision:
    """申請を判定する; ``InputError`` (out_of_range) at the ends of the calendar."""
    scheme = application.scheme
    window = application_window(application.applied_on, scheme)
    deferral_last = deferral_last_month(application.birth)
    first, last = _span(application, window)
    cycles = tuple(_cycle(application, cycle, deferral_last) for cycle in cycles_between(first, last, scheme))
    return Decision(window, deferral_last, application.judged, cycles)


def _span(application: Application, window: Window) -> tuple[int, int]:
    """The months that are wished, insured and in reach."""
    ages = latest_value("insured_age")
    insured_from, insured_to = application.insured_from, application.insured_to
    if insured_from is None:
        insured_from = month_reaching(application.birth, ages["from"])
    if insured_to is None:
        insured_to = month_reaching(application.birth, ages["until"]) - 1
    wished_from = window.earliest if application.from_month is None else application.from_month
    wished_to = window.latest if application.to_month is None else application.to_month
    return max(window.earliest, insured_from, wished_from), min(window.latest, insured_to, wished_to)


def _cycle(application: Application, cycle: Cycle, deferral_last: int) -> CycleResult:
    """One cycle: every judged person's income once, then every month that is not paid."""
    start = cycle_start(cycle.year, application.scheme)
    persons = {
        name: _judge_income(application.persons[name].incomes.get(cycle.income_year), start)
        for name in application.judged
    }
    segments: list[Segment] = []
    for month in range(cycle.first, cycle.last + 1):
        if month in application.paid_months:
            continue
        grounds = _grounds(application, month)
        result = _result(application, persons, grounds, month, deferral_last)
        before = segments[-1] if segments else None
        if before and before.last == month - 1 and (before.result, before.grounds) == (result, grounds):
            segments[-1] = Segment(before.first, month, result, grounds)
        else:
            segments.append(Segment(month, month, result, grounds))
    return CycleResult(cycle, persons, tuple(segments))


def _grounds(application: Application, month: int) -> dict[str, str]:
    found = {name: _ground_in(application.persons[name], month, application.scheme) for name in application.judged}
    return {name: ground for name, ground in found.items() if ground is not None}


def _result(
    application: Application,
    persons: Mapping[str, Judgement],
    grounds: Mapping[str, str],
    month: int,
    deferral_last: int,
) -> str:
    """The first kind in the order of the law that nobody fails for certain."""
    if application.scheme is Scheme.STUDENT:
        return _of_student(persons, grounds)
    deferral_end = min(deferral_last, month_of(date.fromisoformat(latest_value("deferral")["last_day"])))
    for kind in ORDER:
        if application.wished and kind not in application.wished:
            continue
        if kind is Kind.DEFERRAL and month > deferral_end:
            continue
        judged = [name for name in persons if kind is not Kind.DEFERRAL or name != "householder"]
        outcome = _outcome(kind, judged, persons, grounds)
        if outcome is not None:
            return outcome
    return "rejected"


def _of_student(persons: Mapping[str, Judgement], grounds: Mapping[str, str]) -> str:
    """学生納付特例: the applicant's income within the limit of the half exemption (法90条の3)."""
    outcome = _outcome(Kind.HALF, list(persons), persons, grounds)
    if outcome is None:
        return "rejected"
    return "student_deferral" if outcome == Kind.HALF else outcome


def _outcome(
    kind: Kind, judged: Sequence[str], persons: Mapping[str, Judgement], grounds: Mapping[str, str]
) -> str | None:
    """The kind when everybody passes, ``undetermined`` when somebody is unknown, None when somebody fails."""
    unknown = False
    for name in judged:
        if name in grounds:
            continue
        best = persons[name].best
        if best is Best.UNKNOWN:
            unknown = True
        elif not best.passes(kind):
            return None
    return "undetermined" if unknown else str(kind)


def _ground_in(person: Person, month: int, scheme: Scheme) -> str | None:
    """The first ground that holds in ``month``."""
    return next((ground.kind for ground in person.grounds if ground.holds(month, scheme)), None)


def _judge_income(income: Income | None, cycle_start: int) -> Judgement:
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
