"""eLTAXのプロセスの試験: the payers' list is read once, candidates go out once a year, in files of bounded size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.counterparts.support import PartyProcess

pytestmark = pytest.mark.function("S6-8")
HEAD = "payer,pension_number,pension_code,birth_date,sex,kana,name,postal,address,pension,care_premium"


@pytest.fixture
def party(tmp_path: Path) -> Callable[[str], PartyProcess]:
    """A process on a day, with 2,500 pensioners of one payer and one of another."""
    data = tmp_path / "eltax"
    data.mkdir()
    lines = [
        f"{'001' if number else '002'},{number + 1:010},1150,1950-01-01,1,"
        "カワグチ　タロウ,川口　太郎,,川口市,1200000,60000"
        for number in range(2_501)
    ]
    (data / "people.csv").write_text("\n".join([HEAD, *lines]), encoding="utf-8")

    def start(day: str) -> PartyProcess:
        process = PartyProcess(["-m", "kokunen.counterparts.eltax", "--interval", "600"], data, {"KOKUNEN_TODAY": day})
        process.start()
        return process

    return start


def test_対象者情報は年度に一度_保険者ごとに二千件までのファイルで出る(party: Callable[[str], PartyProcess]) -> None:
    first = party("2026-05-25")
    first.control.work()
    state = first.control.state()
    assert (state["people"], state["waiting_for_city"]) == (2_501, 3)
    assert first.control.work()["candidates"] == 0
    assert first.stop() == 0
    again = party("2027-05-24")
    assert again.control.work()["candidates"] == 0 and again.control.state()["people"] == 2_501
    assert again.stop() == 0
    later = party("2027-05-25")
    later.control.work()
    assert later.control.state()["waiting_for_city"] == 6
    assert later.stop() == 0
