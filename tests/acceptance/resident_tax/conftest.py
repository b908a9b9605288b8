"""受入試験（個人住民税）: the office of the tests, eLTAX as a process of its own, signed-in screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.counterparts.support import PartyProcess
from tests.resident_tax.support import TaxOffice, city, officer, second_officer

__all__ = ["city", "officer", "second_officer"]


@dataclass
class Eltax:
    """eLTAX: the process behind the city's data folder, and the city's line to it."""

    process: PartyProcess
    carrier: Any

    @property
    def control(self) -> Any:
        return self.process.control

    def restart(self) -> None:
        self.process.end()
        self.process.start()


@pytest.fixture
def eltax(city: TaxOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Eltax]]:
    """eLTAXを動かす on a given day; the city's day is the same."""
    from kokunen.counterparts.eltax.gateway import city_line

    monkeypatch.setenv("KOKUNEN_DATA", str(tmp_path))
    opened: list[Eltax] = []

    def start(day: str) -> Eltax:
        monkeypatch.setenv("KOKUNEN_TODAY", day)
        if opened:
            party = opened[0]
            party.process.stop()
            party.process.environment["KOKUNEN_TODAY"] = day
            party.process.start()
            return party
        process = PartyProcess(
            ["-m", "kokunen.counterparts.eltax", "--interval", "600"],
            tmp_path / "counterparts" / "eltax", {"KOKUNEN_TODAY": day},
        )  # fmt: skip
        process.start()
        opened.append(Eltax(process, city_line(lambda: None)))
        return opened[0]

    yield start
    for party in opened:
        party.carrier.close()
        if party.process.process is not None and party.process.process.poll() is None:
            party.process.kill()


@pytest.fixture
def sign_in(city: TaxOffice) -> Callable[[str], Client]:
    """職員としてサインインした画面."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()

    def enter(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    return enter
