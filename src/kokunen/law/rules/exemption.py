"""免除・納付猶予・学生納付特例の判定 (exemption): one application to its cycles, judged persons and months.

An application is judged cycle by cycle (法90条, 90条の2, 90条の3; 平成16年改正法附則19条): each judged person has one
income a cycle, each month the grounds (特例事由) that hold in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kokunen.law.engine.months import month_of
from kokunen.law.rules.exemption_income import Best, Income, Judgement, Kind, judge_income
from kokunen.law.rules.exemption_months import (
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

ORDER = (Kind.FULL, Kind.DEFERRAL, Kind.THREE_QUARTER, Kind.HALF, Kind.QUARTER)
"""判定の順: full exemption, then 納付猶予, then the partial ones."""

_DATED = ("job_loss", "business_closed", "disaster")


@dataclass(frozen=True, slots=True)
class Ground:
    """特例事由: ``day`` for 失業・廃業・災害, else ``first`` and ``last`` month (None: going on)."""

    kind: str
    day: date | None = None
    first: int | None = None
    last: int | None = None

    def holds(self, month: int, scheme: Scheme) -> bool:
        """Whether the ground counts in ``month``: of a day, from the month before to the second year after."""
        if self.day is not None:
            rule = latest_value("ground_period")
            before: int = rule["before"]
            end = cycle_start(self.day.year + rule["years_after"], scheme)
            return month_of(self.day) - before <= month < end
        begun = self.first is not None and self.first <= month
        return begun and (self.last is None or month <= self.last)


@dataclass(frozen=True, slots=True)
class Person:
    """審査の対象者: incomes by income year (a year without entry is 未申告) and grounds in the order given."""

    incomes: Mapping[int, Income]
    grounds: Sequence[Ground] = ()

    def ground_in(self, month: int, scheme: Scheme) -> str | None:
        """The first ground that holds in ``month``."""
        return next((ground.kind for ground in self.grounds if ground.holds(month, scheme)), None)


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
        names = ("applicant", "spouse", "householder")
        return tuple(name for name in names if name in self.persons and not (name == "spouse" and self.dv_separated))


@dataclass(frozen=True, slots=True)
class Segment:
    """同じ結果の続く月: ``result`` is a kind, ``rejected`` or ``undetermined``; grounds by person."""

    first: int
    last: int
    result: str
    grounds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CycleResult:
    """免除年度の結果."""

    cycle: Cycle
    persons: Mapping[str, Judgement]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """申請の結果: cycles is empty when no month is wished, insured and in reach."""

    window: Window
    deferral_last: int
    judged: tuple[str, ...]
    cycles: tuple[CycleResult, ...] = field(default=())


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
        name: judge_income(application.persons[name].incomes.get(cycle.income_year), start)
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
    found = {name: application.persons[name].ground_in(month, application.scheme) for name in application.judged}
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


def is_dated(ground: str) -> bool:
    """日のある事由: 失業・廃業・災害 have a day, the others months."""
    return ground in _DATED
