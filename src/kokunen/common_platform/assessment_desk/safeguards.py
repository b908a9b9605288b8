"""保護措置の一覧: each control with its tests, or the dated check of a person; read from the tests where they lie."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kokunen.assessment.document import DATA_DIR
from kokunen.common_platform.operations import clock, coverage

_ROOT = Path(__file__).resolve().parents[4]
_VALID_DAYS = 366


@dataclass(frozen=True, slots=True)
class Control:
    """保護措置: `state` is covered (a test), manual (a check not older than a year), overdue, or missing.

    What a program cannot hold names who checks it, how often, and in which register the outcome is kept.
    """

    control_id: str
    place: str
    words: str
    tests: tuple[str, ...]
    state: str
    last_result: str
    checked_on: date | None
    evidence: str
    checked_by: str = ""
    every: str = ""
    register: str = ""

    @property
    def state_ja(self) -> str:
        """For the screen."""
        return {"covered": "試験あり", "manual": "点検済み", "overdue": "点検の期限切れ", "missing": "未対応"}[
            self.state
        ]

    @property
    def tone(self) -> str:
        """For the screen."""
        return {"covered": "good", "manual": "info", "overdue": "warn", "missing": "bad"}[self.state]

    def as_dict(self) -> dict[str, Any]:
        """For `kokunen coverage --controls --json`."""
        return {
            "tests": list(self.tests),
            "state": self.state,
            "place": self.place,
            "last_result": self.last_result,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "evidence": self.evidence,
            "manual_check": {"by": self.checked_by, "every": self.every, "register": self.register}
            if self.checked_by
            else None,
        }


def find_controls(tests: Path | None = None) -> list[Control]:
    """Every control of the catalogue in its order."""
    folder = tests or _ROOT / "tests"
    marked = coverage.marked_tests(folder)["control"] if folder.is_dir() else {}
    results, manual = _results(), _manual()
    return [
        _control(row, tuple(marked.get(row["id"], ())), results, manual.get(row["id"]))
        for row in _read(DATA_DIR / "controls.yaml")["controls"]
    ]


def _control(
    row: dict[str, Any], tests: tuple[str, ...], results: dict[str, str], check: dict[str, Any] | None
) -> Control:
    outcome = ""
    known = [results[test] for test in tests if test in results]
    if known:
        outcome = "failed" if "failed" in known else "passed"
    checked_on = check["checked_on"] if check else None
    if tests:
        state = "covered"
    elif checked_on is None:
        state = "missing"
    else:
        state = "manual" if (clock.today() - checked_on).days <= _VALID_DAYS else "overdue"
    facts = {name: str(check[name]) for name in ("evidence", "checked_by", "every", "register")} if check else {}
    words = str(check["words"]) if check else ""
    return Control(
        row["id"], row["place"], words, tests, state, outcome, checked_on, facts.pop("evidence", ""), **facts
    )


def _manual() -> dict[str, dict[str, Any]]:
    """人の点検: controls that a program cannot hold, with the day of the last check and what was seen."""
    return {row["id"]: row for row in _read(DATA_DIR / "manual-checks.yaml")["checks"]}


def _results() -> dict[str, str]:
    """Outcome of each test when it last ran (`KOKUNEN_TEST_RESULTS`, written by the test run)."""
    place = os.environ.get("KOKUNEN_TEST_RESULTS")
    path = Path(place) if place else _ROOT / "var" / "test-results.json"
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        content: dict[str, Any] = yaml.safe_load(file)
    return content
