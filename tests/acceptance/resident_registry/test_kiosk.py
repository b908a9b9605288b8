"""コンビニ交付 (S2-10): the centre as a process asks, the city answers at once, or refuses without a hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.counterparts.support import PartyProcess
from tests.resident_registry import factories as make

from kokunen.counterparts.certificate_centre.gateway import CityCounter
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import DestinationKind, EventCode, SupportKind, SupportReason
from kokunen.resident_registry.kiosk import answer
from kokunen.resident_registry.models import CertificateIssue, KioskRequest
from kokunen.resident_registry.services import kiosk
from kokunen.resident_registry.services.numbering import register_stock

pytestmark = pytest.mark.function("S2-10")
DAYTIME = datetime.fromisoformat("2026-11-24T12:00:00+09:00")


@pytest.fixture
def people(city_database: str) -> dict[str, str]:
    """住民: 宛名番号 by name, each with a 住民票コード."""
    from kokunen.kernel.numbers import ResidentCode

    register_stock([ResidentCode.complete(f"{3_000_000_000 + number:010}").value for number in range(20)])
    return make.kawaguchi_family()


@pytest.fixture
def centre(people: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PartyProcess]:
    """証明書交付センター, with the city's counter open."""
    monkeypatch.setattr(kiosk.clock, "now", lambda: DAYTIME)
    counter = CityCounter(answer, tmp_path, 0)
    counter.start()
    process = PartyProcess(
        ["-m", "kokunen.counterparts.certificate_centre", "--interval", "600"],
        tmp_path / "counterparts" / "certificate_centre",
    )
    process.start()
    yield process
    process.kill()
    counter.stop()


def _code(number: str) -> str:
    return str(make.now(number).resident_code)


def test_要求に答えて発行し結果が交付簿に残り同じ番号は一度だけ発行する(
    centre: PartyProcess, people: dict[str, str]
) -> None:
    first = centre.control.command("request", resident_code=_code(people["hanako"]), number="KC1")
    assert first["outcome"] == "issued" and first["is_pdf"]
    again = centre.control.command("request", resident_code=_code(people["hanako"]), number="KC1")
    assert again["serial"] == first["serial"] and again["is_pdf"]
    assert CertificateIssue.objects.count() == 1
    centre.control.work()
    request = KioskRequest.objects.get()
    assert (request.printed, request.serial, request.subject) == ("1", first["serial"], people["hanako"])


def _ask(number: str, at: datetime = DAYTIME) -> tuple[str, str, str]:
    name = f"T{KioskRequest.objects.count()}"
    items = {"resident_code": number, "certificate": "11", "store": "1"}
    found = kiosk.answer_request(name, items, at=at)
    return found.outcome, found.words, KioskRequest.objects.get(number=name).reason_code


def test_断る理由は要求者に分からない(people: dict[str, str], office_day: Callable[[str], None]) -> None:
    asked = _code(people["ichiro"])
    services.move_out(
        context=make.counter(), notice=make.notice(EventCode.MOVE_OUT, "2026-12-10"), movers=[people["ichiro"]],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC), acknowledged=make.ALL,
    )  # fmt: skip
    departing = _ask(asked)
    night = _ask(_code(people["taro"]), datetime.fromisoformat("2026-11-24T23:00:00+09:00"))
    unknown = _ask("12345678903")
    services.begin_support(
        context=make.counter("support_measure"),
        request=services.SupportRequest(
            people["hanako"], [], SupportKind.FULL, SupportReason.DOMESTIC_VIOLENCE, date(2026, 11, 24),
            date(2026, 11, 24),
        ),
    )  # fmt: skip
    protected, husband = _ask(_code(people["hanako"])), _ask(_code(people["taro"]))
    assert [one[2] for one in (departing, night, unknown, protected, husband)] == [
        "departing", "closed", "not_found", "withheld", "withheld",
    ]  # fmt: skip
    assert {one[:2] for one in (departing, night, unknown, protected, husband)} == {("refused", kiosk.NEUTRAL)}
    assert CertificateIssue.objects.count() == 0
