"""免除・納付猶予・学生納付特例の判定 (exemption): applications to cycles, judged persons and the result of every month.

``facts`` says what is known of an application and of the persons judged with it, ``income`` tests an income against the
limits, ``judging`` leads from applications to months, all as columns; ``decisions`` reads one application back and
``explaining`` tells how it came about. One visitor and 300,000 applications run through the same expressions.

>>> from datetime import date
>>> person = Person({2025: Income(amount=670_000)})
>>> decision = decide(Application(Scheme.GENERAL, date(2026, 11, 24), date(1990, 6, 15), {"applicant": person}))
>>> [(one.cycle.year, [segment.result for segment in one.segments]) for one in decision.cycles]
[(2024, ['undetermined']), (2025, ['undetermined']), (2026, ['full_exemption'])]
"""

from __future__ import annotations

from kokunen.law.rules.exemption.decisions import CycleResult, Decision, Judgement, Segment, decide, decide_all
from kokunen.law.rules.exemption.explaining import explain
from kokunen.law.rules.exemption.facts import Application, Ground, Income, Person, Tables, tables_of
from kokunen.law.rules.exemption.judging import Judged, judge
from kokunen.law.rules.exemption.kinds import (
    DATED_GROUNDS,
    GROUNDS,
    ORDER,
    PARTIAL,
    PEOPLE,
    REJECTED,
    RESULTS,
    STUDENT,
    UNDETERMINED,
    Best,
    Kind,
    Status,
)
from kokunen.law.rules.exemption.months import Scheme, Window, application_window, deferral_last_month

__all__ = [
    "DATED_GROUNDS",
    "GROUNDS",
    "ORDER",
    "PARTIAL",
    "PEOPLE",
    "REJECTED",
    "RESULTS",
    "STUDENT",
    "UNDETERMINED",
    "Application",
    "Best",
    "CycleResult",
    "Decision",
    "Ground",
    "Income",
    "Judged",
    "Judgement",
    "Kind",
    "Person",
    "Scheme",
    "Segment",
    "Status",
    "Tables",
    "Window",
    "application_window",
    "decide",
    "decide_all",
    "deferral_last_month",
    "explain",
    "judge",
    "tables_of",
]
