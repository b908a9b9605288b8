"""住民記録の試験: the office's day is fixed, so that the worked examples can be played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from tests.resident_registry.desks import ledger, sign_in

django.setup()

__all__ = ["ledger", "sign_in"]


@pytest.fixture(autouse=True)
def office_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """業務日: 2026-11-24 unless a test sets another (`office_day("2026-04-16")`)."""

    def set_day(day: str) -> None:
        monkeypatch.setenv("KOKUNEN_TODAY", day)

    set_day("2026-11-24")
    return set_day


@pytest.fixture
def open_line(city_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """回線を開く: `open_line("juki_cs")` starts that party as a process and gives the line to it."""
    from tests.resident_registry.lines import Line

    from kokunen.resident_registry.choices import LineParty

    monkeypatch.setenv("KOKUNEN_DATA", str(tmp_path))
    opened: list[Line] = []

    def start(party: str) -> Line:
        opened.append(Line.start(LineParty(party), tmp_path))
        return opened[-1]

    yield start
    for line in opened:
        line.close()
