"""継続審査の結果 (S1-4, S1-5): from the wish on the application to the file of the Service, a real process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.acceptance.national_pension.test_continuation import _run, desk, wishing  # noqa: F401
from tests.acceptance.national_pension.test_income_answers import answering  # noqa: F401
from tests.counterparts.support import PartyProcess
from tests.national_pension.services.test_exemptions import declare
from tests.national_pension.support import Register, give_number

from kokunen.counterparts.jps.gateway import connect, party_folder
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.reporting_types import HandOver, NoticeKind, Report, ReportLine

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("S1-5"), pytest.mark.function("T5")]
NAMES = ("whole", "rich", "silent", "unwished")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PartyProcess]:
    """日本年金機構 — works only when asked, decides an application with the round after its acceptance."""
    arguments = ["-m", "kokunen.counterparts.jps", "--interval", "600", "--decide_after", "0"]
    party = PartyProcess(arguments, party_folder(tmp_path), {"KOKUNEN_TODAY": "2026-11-24"})
    party.start()
    yield party
    if party.process is not None and party.process.poll() is None:
        party.kill()


def _apply(data: Path, service: PartyProcess) -> None:
    """令和7年度の申請: accepted and granted whole by the Service; the last person did not wish the 継続審査."""
    asked = {"cycle": "2025", "from_month": date(2025, 7, 1), "to_month": date(2026, 6, 1), "special": "0"}
    asked |= {"wants_full": "1", "wants_deferment": "1", "wants_partial": "1"}
    lines = tuple(
        ReportLine(
            kind=NoticeKind.EXEMPTION,
            receipt_number=f"R7-{place:06}",
            atena_number=f"{place:015}",
            received_on=date(2025, 7, 10),
            name="川口　太郎",
            kana=f"カワグチ　{'アイウエ'[place - 1]}",
            birth=date(1990, 4, 10),
            sex="1",
            postal_code="3320031",
            address="埼玉県川口市青木２丁目１番１号",
            basic_pension_number=f"200000000{place}",
            event_on=date(2025, 7, 10),
            details=asked | {"continue": "0" if name == "unwished" else "1"},
        )
        for place, name in enumerate(NAMES, start=1)
    )
    gateway = connect(data)
    image = gateway.write(Report(serial=1, created_on=date(2026, 11, 24), lines=lines))
    gateway.hand_over(image, HandOver("2001", "2002", "K-03", datetime(2026, 11, 24, 8, tzinfo=UTC)))
    assert service.control.work()["processed"] == 1
    assert service.control.work()["decided"] == len(NAMES)


def _answer_incomes(data: Path, answering: AccessContext, *places: int) -> None:  # noqa: F811
    """所得の回答: the Service's request answered by the city, the answer laid into the Service's tray."""
    from kokunen.national_pension.services.income_answers import answer_file

    asked = "".join(f"{place},200000000{place},カワグチ,19900410,1,2026,1\r\n" for place in places)
    done = answer_file(content=asked.encode("cp932"), filename="irai.csv", context=answering)
    tray = party_folder(data) / "tray" / "in"
    (tray / f"{connect(data).sender.municipality}-shotoku-{done.pk}.csv").write_bytes(bytes(done.answer))


def _delivered(data: Path) -> list[Path]:
    return sorted((party_folder(data) / "tray" / "out").glob("*-keizoku-*.csv"))


def test_所得に回答すると機構が継続審査の結果ファイルを返し市の記録になる(
    city: Register,
    desk: AccessContext,  # noqa: F811
    answering: AccessContext,  # noqa: F811
    service: PartyProcess,
    tmp_path: Path,
) -> None:
    from kokunen.national_pension.models import ContinuationCase
    from kokunen.national_pension.services.continuation_results import take_file

    people = {name: wishing(city) for name in NAMES}
    for place, name in enumerate(NAMES, start=1):
        give_number(people[name], f"200000000{place}")
        if name != "silent":
            declare(people[name], 2026, 5_000_000 if name == "rich" else 0)
    _run(desk)
    _apply(tmp_path, service)
    _answer_incomes(tmp_path, answering, 1, 2, 3, 4)
    service.control.order("garble")
    service.control.work()
    (damaged,) = _delivered(tmp_path)
    with pytest.raises(InputError, match="読めない行"):
        take_file(content=damaged.read_bytes(), context=desk)
    service.control.heal()
    service.control.work()
    (sound,) = _delivered(tmp_path)
    intake = take_file(content=sound.read_bytes(), context=desk)
    assert (intake.granted, intake.refused, intake.open_rows) == (1, 1, ())
    results = {one.atena_number: (one.result, one.result_kind) for one in ContinuationCase.objects.all()}
    assert results[people["whole"]] == ("1", "20") and results[people["rich"]] == ("3", "")
    assert results[people["silent"]] == results[people["unwished"]] == ("7", ""), "審査中のまま"
    declare(people["silent"], 2026, 0)
    _answer_incomes(tmp_path, answering, 1, 3)
    service.control.order("repeat")
    assert service.control.work()["incomes"] == 1
    first, copy = _delivered(tmp_path)[1:]
    assert take_file(content=first.read_bytes(), context=desk).granted == 1, "only who still waited"
    with pytest.raises(Conflict, match="すべて取り込み済み"):
        take_file(content=copy.read_bytes(), context=desk)
    service.control.heal()
    service.control.order("fail")
    _answer_incomes(tmp_path, answering, 2)
    assert service.control.work() == {}, "the Service is shut"
    waiting = party_folder(tmp_path) / "tray" / "in"
    assert len(list(waiting.glob("*-shotoku-*.csv"))) == 1
    service.control.heal()
    service.control.work()
    assert not list(waiting.glob("*-shotoku-*.csv")) and len(_delivered(tmp_path)) == 3, "nobody waited any more"
