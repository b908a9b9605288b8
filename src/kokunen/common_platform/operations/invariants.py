"""不変条件: nothing lost, nothing doubled, totals close. What holds at any moment, also while everybody works.

A subsystem's ``invariants.py`` names its checks in ``CHECKS``. A check asks in one statement (one snapshot), tells how
much it looked at and what does not fit, in counts and record numbers and never with a person's data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db import connections

from . import clock


@dataclass(frozen=True, slots=True)
class Outcome:
    """確かめた結果: how many rows were looked at, and a sentence for each thing that does not fit."""

    counted: int
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """不変条件の一つ: ``code`` is ``subsystem.name``."""

    code: str
    label_ja: str
    run: Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class Checked:
    """確かめたもの: a check with its outcome."""

    check: Check
    outcome: Outcome

    def as_dict(self) -> dict[str, Any]:
        """For ``kokunen invariants --json``."""
        return {
            "check": self.check.code,
            "name": self.check.label_ja,
            "counted": self.outcome.counted,
            "whole": not self.outcome.findings,
            "findings": list(self.outcome.findings),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """全市の検査: whole when no check found anything."""

    checked: tuple[Checked, ...] = field(default_factory=tuple)

    @property
    def is_whole(self) -> bool:
        """Nothing lost, nothing doubled."""
        return not any(one.outcome.findings for one in self.checked)

    def as_dict(self) -> dict[str, Any]:
        """For ``kokunen invariants --json``."""
        return {
            "whole": self.is_whole,
            "checked_at": clock.now().isoformat(timespec="seconds"),
            "counted": sum(one.outcome.counted for one in self.checked),
            "checks": [one.as_dict() for one in self.checked],
            "findings": [f"{one.check.code}: {text}" for one in self.checked for text in one.outcome.findings],
        }


def declared_checks() -> list[Check]:
    """不変条件の一覧 of every subsystem that this process serves."""
    from kokunen.config import environment
    from kokunen.config.subsystems import SUBSYSTEMS

    served = set(environment.served_subsystems())
    found: list[Check] = []
    for subsystem in SUBSYSTEMS:
        name = f"{subsystem.package}.invariants"
        if subsystem.alias in served and find_spec(subsystem.package) and find_spec(name):
            found += import_module(name).CHECKS
    return found


def run_checks(checks: Iterable[Check]) -> Report:
    """確かめる: every check, in order."""
    return Report(tuple(Checked(check, check.run()) for check in checks))


def count_and_misfits(using: str, statement: str, sentence: str, parameters: Iterable[Any] = ()) -> Outcome:
    """A statement that gives (rows looked at, rows that do not fit); ``sentence`` has a place for the number."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, list(parameters))
        counted, misfits = cursor.fetchone() or (0, 0)
    return Outcome(int(counted), (sentence.format(int(misfits)),) if misfits else ())
