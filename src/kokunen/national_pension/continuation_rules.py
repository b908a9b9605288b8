"""継続審査の見込み (pure): who is likely to go on, who is not, and the reason that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kokunen.law.engine.months import month_text
from kokunen.law.rules.exemption import PARTIAL, UNDETERMINED, CycleResult, Decision, Kind, Status
from kokunen.national_pension.choices import NoticeKind
from kokunen.national_pension.exemption_choices import OF_LAW, RESULT_WORDS, ContinuationOutlook, ContinuationStop
from kokunen.national_pension.resident_view import Resident

NO_LETTER = (
    ContinuationStop.DIED,
    ContinuationStop.MOVED,
    ContinuationStop.NOT_FIRST,
    ContinuationStop.APPLIED,
    ContinuationStop.STUDENT,
    ContinuationStop.STATUTORY,
    ContinuationStop.BETTER,
)
"""通知を要しない理由: nothing is left to do for the person here."""
LIVING, DEAD = "1", "3"


@dataclass(frozen=True, slots=True)
class Facts:
    """事実: the person, the months of the new year that are 第1号 and free, a new application, whom to judge with."""

    resident: Resident | None
    months: frozenset[int]
    insured: bool
    type_now: str
    applied: str
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def stopped(self) -> ContinuationStop | None:
        """審査しない理由, None when the incomes decide."""
        if self.resident is not None and self.resident.status == DEAD:
            return ContinuationStop.DIED
        if self.resident is None or self.resident.status != LIVING:
            return ContinuationStop.MOVED
        if self.applied:
            return ContinuationStop.STUDENT if self.applied == NoticeKind.STUDENT else ContinuationStop.APPLIED
        if not self.insured:
            return ContinuationStop.NOT_FIRST
        return None if self.months else ContinuationStop.STATUTORY


@dataclass(frozen=True, slots=True)
class Outlook:
    """見込み: with the reason when it is not 継続, the kind, and the judgement to keep."""

    outlook: ContinuationOutlook
    reason: str = ""
    kind: str = ""
    judgement: dict[str, Any] = field(default_factory=dict)


def outlook(kind_before: str, facts: Facts, results: tuple[Decision, Decision] | None) -> Outlook:
    """見込みを出す: `results` judged for 全額免除 and 納付猶予 alone, and for every kind."""
    stopped = facts.stopped
    if stopped is not None or results is None:
        return Outlook(ContinuationOutlook.STOP, str(stopped or ContinuationStop.MOVED))
    cycle, wide = results[0].cycles[0], results[1].cycles[0]
    told = _judgement(cycle)
    words = {segment.result for segment in cycle.segments}
    if UNDETERMINED in words:
        reason = (
            ContinuationStop.UNDECLARED
            if any(one.status is Status.UNDECLARED for one in cycle.persons.values())
            else ContinuationStop.ELSEWHERE
        )
        return Outlook(ContinuationOutlook.UNKNOWN, str(reason), "", told)
    first = cycle.segments[0].result
    if first in (Kind.FULL, Kind.DEFERRAL):
        kind = str(OF_LAW[first])
        if kind == kind_before:
            return Outlook(ContinuationOutlook.CONTINUE, "", kind, told)
        reason = ContinuationStop.BETTER if first == Kind.FULL else ContinuationStop.INCOME
        return Outlook(ContinuationOutlook.CHANGE, str(reason), kind, told)
    alternatives = [segment.result for segment in wide.segments if segment.result in PARTIAL]
    if alternatives:
        return Outlook(
            ContinuationOutlook.STOP, str(ContinuationStop.PARTIAL), str(OF_LAW[alternatives[0]]), _judgement(wide)
        )
    late = kind_before == str(OF_LAW[Kind.DEFERRAL]) and all(
        one.best.passes(Kind.DEFERRAL) for name, one in cycle.persons.items() if name != "householder"
    )
    reason = ContinuationStop.FIFTY if late else ContinuationStop.INCOME
    return Outlook(ContinuationOutlook.STOP, str(reason), "", told)


def _judgement(cycle: CycleResult) -> dict[str, Any]:
    """保存の形: the result of each part of the year and what income alone gives each person (no amounts)."""
    return {
        "segments": [
            {
                "first": month_text(one.first),
                "last": month_text(one.last),
                "result": str(one.result),
                "word": RESULT_WORDS[one.result],
            }
            for one in cycle.segments
        ],
        "persons": {name: RESULT_WORDS[one.best] for name, one in cycle.persons.items()},
    }
