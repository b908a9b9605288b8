"""コンビニ交付 (S2-10): the centre as a process asks, the city answers at once, or refuses without a hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.counterparts.support import PartyProcess
from tests.resident_registry import factories as make
from tests.resident_registry.desks import Desk, Entries

from kokunen.counterparts.certificate_centre.gateway import CityCounter
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import DestinationKind, EventCode, SupportKind, SupportReason
from kokunen.resident_registry.kiosk import Desks
from kokunen.resident_registry.models import ALIAS, CertificateIssue, KioskRequest
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
    desks = Desks()
    counter = CityCounter(desks.answer, tmp_path, 0, lambda: None)
    counter.start()
    process = PartyProcess(
        ["-m", "kokunen.counterparts.certificate_centre", "--interval", "600"],
        tmp_path / "counterparts" / "certificate_centre",
    )
    process.start()
    yield process
    process.kill()
    counter.stop()
    desks.close()


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


def test_一つの要求は本人と世帯を一度ずつしか読まない(people: dict[str, str]) -> None:
    code = _code(people["hanako"])
    with CaptureQueriesContext(connections[ALIAS]) as asked:
        found = kiosk.answer_request("T1", {"resident_code": code, "certificate": "11", "store": "1"}, at=DAYTIME)
    assert found.outcome == "issued"
    read = [one["sql"] for one in asked.captured_queries]
    assert sum('FROM "resident_version"' in sql for sql in read) == 2
    assert sum('FROM "support_measure"' in sql for sql in read) == 1


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


def test_取扱時間と年齢の境目(people: dict[str, str], office_day: Callable[[str], None]) -> None:
    code = _code(people["taro"])
    asked = {
        clock: _ask(code, datetime.fromisoformat(f"2026-11-24T{clock}:00+09:00"))[2]
        for clock in ("06:29", "06:30", "22:59", "23:00")
    }
    assert asked == {"06:29": "closed", "06:30": "", "22:59": "", "23:00": "closed"}
    (young,) = make.family(make.newcomer("幸　若葉", "サイワイ　ワカバ", "2011-11-25", "2", "世帯主"))
    assert _ask(_code(young))[2] == "too_young"
    office_day("2026-11-25")
    assert _ask(_code(young))[2] == ""


def test_消除された人と決裁待ちの世帯には交付しない(people: dict[str, str]) -> None:
    from kokunen.resident_registry.services import provisional

    code, gone = _code(people["taro"]), _code(people["tome"])
    services.register_death(
        context=make.counter(), notice=make.notice(EventCode.DEATH, "2026-11-20"), atena_number=people["tome"],
        acknowledged=make.ALL,
    )  # fmt: skip
    assert _ask(gone)[2] == "removed"
    household = make.now(people["taro"]).household_number
    entry = provisional.keep(
        context=make.counter(), screen="relocate", title="転居届", content={}, atena_number=people["taro"],
        household_number=household,
    )  # fmt: skip
    assert _ask(code)[:2] == ("refused", kiosk.NEUTRAL) and _ask(code)[2] == "provisional"
    provisional.drop(context=make.counter(), entry_id=entry.pk, reason="届書の不備")
    assert _ask(code)[0] == "issued"


def test_世帯連記式も交付でき_隠す項目は出ず_印刷できなかったことも残る(people: dict[str, str]) -> None:
    items = {"resident_code": _code(people["taro"]), "certificate": "12", "store": "1"}
    found = kiosk.answer_request("W1", items, at=DAYTIME)
    issue = CertificateIssue.objects.get()
    assert found.outcome == "issued" and found.pdf.startswith(b"%PDF") and found.serial == issue.issue_number
    assert (issue.kind, issue.items, issue.reason, len(issue.versions)) == ("12", [], "コンビニ交付", 5)
    kiosk.note_result("W1", "9")
    assert KioskRequest.objects.get(number="W1").printed == "9"


def test_回線が切れても同じ番号の要求は2通にならない(centre: PartyProcess, people: dict[str, str]) -> None:
    centre.control.order("fail")
    centre.control.command("request", resident_code=_code(people["taro"]), number="KC7")
    centre.control.heal()
    again = centre.control.command("request", resident_code=_code(people["taro"]), number="KC7")
    assert again["outcome"] == "issued"
    centre.control.work()
    assert CertificateIssue.objects.count() == 1 and KioskRequest.objects.get(number="KC7").printed == "1"


def test_記録の画面で交付と不交付の理由と印刷の結果が係長にだけ見える(
    people: dict[str, str], sign_in: Desk, ledger: Entries
) -> None:
    code = _code(people["hanako"])
    kiosk.answer_request("K1", {"resident_code": code, "certificate": "11", "store": "駅前店"}, at=DAYTIME)
    kiosk.note_result("K1", "9")
    _ask(code, DAYTIME.replace(hour=3))
    assert sign_in("shimin1").get("/residents/lines/kiosk").status_code == 403
    chief = sign_in("shimin9")
    page = chief.get("/residents/lines/kiosk?day=R8.11.24").content.decode()
    serial = KioskRequest.objects.get(number="K1").serial
    for words in (serial, "駅前店", "利用時間の外", "印刷できなかった", "要求2件"):
        assert words in page, words
    assert ledger("view")[-1]["people"] == [people["hanako"]]
    assert "要求はありません" in chief.get("/residents/lines/kiosk?day=R8.11.23").content.decode()
    assert chief.get("/residents/lines/kiosk?day=R8.13.40").status_code == 422
