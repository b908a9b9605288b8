"""判定を読む (decisions): the tables of a judgement read back as one decision for each application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kokunen.law.rules.exemption.facts import Application, Income, tables_of
from kokunen.law.rules.exemption.income import FIXED
from kokunen.law.rules.exemption.judging import Judged, judge
from kokunen.law.rules.exemption.kinds import PARTIAL, PEOPLE, Best, Kind, Status
from kokunen.law.rules.exemption.months import Cycle, Window, cycles_between


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
    """申請を判定する: one application through the same columns as a whole city."""
    return decide_all([application])[0]


def decide_all(applications: Sequence[Application]) -> list[Decision]:
    """申請を判定する, in order; no decision depends on another application."""
    judged = judge(tables_of(applications))
    cycles: dict[int, list[CycleResult]] = {}
    for place, result in _cycles(judged, applications):
        cycles.setdefault(place, []).append(result)
    reach = judged.reach.select("earliest", "latest", "deferral_last").iter_rows()
    return [
        Decision(
            Window(earliest, latest, cycles_between(earliest, latest, application.scheme)),
            deferral_last,
            application.judged,
            tuple(cycles.get(place, ())),
        )
        for place, (application, (earliest, latest, deferral_last)) in enumerate(zip(applications, reach, strict=True))
    ]


def _cycles(judged: Judged, applications: Sequence[Application]) -> Iterator[tuple[int, CycleResult]]:
    segments = _segments(judged)
    persons = {name: table.iter_rows(named=True) for name, table in judged.persons.items()}
    for cycle, place, year, first, last in judged.cycles.select(
        "cycle", "application", "cycle_year", "from", "to"
    ).iter_rows():
        rows = {name: next(rows) for name, rows in persons.items()}
        application = applications[place]
        yield (
            place,
            CycleResult(
                Cycle(year, first, last),
                {
                    name: _judgement(application.persons[name].incomes.get(year - 1), rows[name])
                    for name in application.judged
                },
                tuple(segments.get(cycle, ())),
            ),
        )


def _segments(judged: Judged) -> dict[int, list[Segment]]:
    found: dict[int, list[Segment]] = {}
    names = [f"ground.{name}" for name in PEOPLE]
    for cycle, first, last, kind, *grounds in judged.segments.select(
        "cycle", "first", "last", "kind", *names
    ).iter_rows():
        held = {name: ground for name, ground in zip(PEOPLE, grounds, strict=True) if ground is not None}
        found.setdefault(cycle, []).append(Segment(first, last, kind, held))
    return found


def _judgement(income: Income | None, row: Mapping[str, Any]) -> Judgement:
    if income is None:
        return Judgement(None, Best.UNKNOWN)
    return Judgement(
        income=income,
        best=Best(row["by_income"]),
        dependants=row["dependants"],
        limits={kind: row[f"limits.{kind}"] for kind in (Kind.FULL, *PARTIAL)},
        category_limit=row["category_limit"],
        fixed={name: row[f"fixed.{name}"] for name in FIXED if row[f"fixed.{name}"]},
        base=row["base"],
    )
