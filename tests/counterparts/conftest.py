"""外部機関の試験の土台: real processes on free ports below the ephemeral range, each with a data folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tests.counterparts.support import PartyProcess

from kokunen.counterparts.framework.seal import Identity, PublicIdentity
from kokunen.counterparts.jps.gateway import JpsGateway, exchange_keys, party_folder
from kokunen.national_pension.reporting_types import HandOver, NoticeKind, Report, ReportLine

# A deadline in milliseconds would measure how busy the machine is.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture
def start_party() -> Iterator[Callable[..., PartyProcess]]:
    """Starts parties and ends whichever is still running after the test."""
    started: list[PartyProcess] = []

    def start(arguments: Sequence[str], data: Path, **environment: str) -> PartyProcess:
        party = PartyProcess(arguments, data, environment)
        started.append(party)
        party.start()
        return party

    yield start
    for party in started:
        if party.process is not None and party.process.poll() is None:
            party.kill()


@pytest.fixture
def city_data(tmp_path: Path) -> Path:
    """The city's data folder."""
    return tmp_path / "city"


@pytest.fixture
def pension_service(start_party: Callable[..., PartyProcess], city_data: Path) -> PartyProcess:
    """日本年金機構 as a process that works only when asked, with keys exchanged; waits long for half-written media."""
    arguments = ["-m", "kokunen.counterparts.jps", "--interval", "600", "--grace", "600"]
    party = start_party(arguments, party_folder(city_data), KOKUNEN_TODAY="2026-11-25")
    exchange_keys(city_data)
    return party


@pytest.fixture
def gateway(city_data: Path) -> JpsGateway:
    """The city's side, with keys exchanged with a Service that need not run."""
    keys = party_folder(city_data) / "keys"
    identity = Identity.load_or_create(keys / "own.json", party="jps", holder="日本年金機構 年金事務所 記録課長")
    if not (keys / "public.json").exists():
        identity.public().save(keys / "public.json")
    assert PublicIdentity.load(keys / "public.json") == identity.public()
    exchange_keys(city_data)
    return JpsGateway(city_data)


@pytest.fixture
def signatures() -> HandOver:
    """Two officers and a locked case."""
    return HandOver("9001", "9002", "K-03", datetime(2026, 11, 24, 17, 0, tzinfo=UTC))


@pytest.fixture
def make_line() -> Callable[..., ReportLine]:
    """A line of the report: the loss of someone who left Japan, unless told otherwise."""

    def make(number: int = 1, **changes: Any) -> ReportLine:
        values: dict[str, Any] = {
            "kind": NoticeKind.LOSS,
            "receipt_number": f"R8-{number:06}",
            "atena_number": f"{number:015}",
            "received_on": date(2026, 11, 24),
            "name": "髙橋　花子",
            "kana": "タカハシ　ハナコ",
            "birth": date(1990, 4, 1),
            "sex": "2",
            "postal_code": "3320031",
            "address": "埼玉県川口市青木２丁目１番１号",
            "basic_pension_number": f"1234{number:06}",
            "event_on": date(2026, 11, 25),
            "reason_code": "02",
            "kind_before": "1",
        }
        return ReportLine(**{**values, **changes})

    return make


@pytest.fixture
def make_report(make_line: Callable[..., ReportLine]) -> Callable[..., Report]:
    """A report of some lines (default: three losses) under a 媒体通番."""

    def make(serial: int = 1, lines: Sequence[ReportLine] | None = None, **changes: Any) -> Report:
        return Report(
            serial=serial,
            created_on=changes.pop("created_on", date(2026, 11, 24)),
            lines=tuple(lines) if lines is not None else tuple(make_line(number) for number in (1, 2, 3)),
            **changes,
        )

    return make


@pytest.fixture
def send(gateway: JpsGateway, signatures: HandOver) -> Callable[[Report], Any]:
    """Writes a report and lays it into the tray; gives the image."""

    def write_and_hand_over(report: Report) -> Any:
        image = gateway.write(report)
        gateway.hand_over(image, signatures)
        return image

    return write_and_hand_over
