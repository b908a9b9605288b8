"""継続審査の結果ファイル (S1-4): read, reconciled and applied row by row; what contradicts changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_continuation import _run, desk, wishing  # noqa: F401
from tests.national_pension.services.test_exemptions import declare
from tests.national_pension.support import Register, give_number, last_entry

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("S1-3"), pytest.mark.function("T5")]
BIRTH = "19900410"


@pytest.fixture
def people(city: Register, desk: AccessContext) -> dict[str, str]:  # noqa: F811
    """対象者: granted, for part of the year, refused, another birth date, no row, an outsider."""
    found = {name: wishing(city) for name in ("whole", "part", "rich", "other", "waits")}
    found["outsider"] = city.resident(date(1990, 4, 10))
    for place, (name, atena) in enumerate(found.items(), start=1):
        give_number(atena, f"200000000{place}")
        declare(atena, 2026, 5_000_000 if name == "rich" else 0)
    _run(desk)
    return found


def _row(serial: int, number: int, result: str = "1", kind: str = "20", months: str = ",", **more: str) -> str:
    values = {"birth": BIRTH, "year": "2026", "on": "20260910", "reason": ""} | more
    return (
        f"{serial},200000000{number},{values['birth']},{values['year']},{result},{kind},{months},"
        f"{values['on']},{values['reason']}"
    )


def _file(*rows: str) -> bytes:
    return "".join(f"{row}\r\n" for row in rows).encode("cp932")


GOOD = (
    _row(1, 1),
    _row(2, 2, kind="30", months="202607,202612"),
    _row(3, 3, "3", "", reason="所得が限度額を超える"),
)


def _results() -> dict[str, tuple[str, str]]:
    from kokunen.national_pension.models import ContinuationCase

    return {one.atena_number: (one.result, one.result_kind) for one in ContinuationCase.objects.all()}


def test_合う行は免除期間になり_合わない行は理由とともに残る(people: dict[str, str], desk: AccessContext) -> None:  # noqa: F811
    from kokunen.ledger.history import find_entries_of_person
    from kokunen.national_pension.services import exemption_periods
    from kokunen.national_pension.services.continuation_results import take_file

    rows = (*GOOD, _row(4, 4, birth="19900411"), _row(5, 6), _row(6, 9), _row(7, 5, on="20260630"), _row(8, 5, "1", ""))
    intake = take_file(content=_file(*rows), context=desk)
    assert (intake.granted, intake.refused, intake.repeated) == (2, 1, 0)
    assert [(one.line, one.message[:8]) for one in intake.open_rows] == [
        (4, "基礎年金番号の方"),
        (5, "2026年度の継"),
        (6, "この基礎年金番号"),
        (7, "裁定日は免除年度"),
        (8, "裁定結果と免除種"),
    ]
    decided = _results()
    assert decided[people["whole"]] == ("1", "20") and decided[people["rich"]] == ("3", "")
    assert decided[people["other"]] == decided[people["waits"]] == ("7", ""), "審査中のまま"
    part = exemption_periods.current(people["part"])[-1]
    assert (part.kind, part.first_month, part.last_month) == ("30", date(2026, 7, 1), date(2026, 12, 1))
    assert part.continue_wished, "the wish goes on"
    assert find_entries_of_person(people["whole"], context=desk)[0].dataset == "継続審査の結果"


def test_同じファイルは二度効かず_直した行だけが加わる(people: dict[str, str], desk: AccessContext) -> None:  # noqa: F811
    from kokunen.national_pension.models import ExemptionPeriod
    from kokunen.national_pension.services.continuation_results import take_file

    take_file(content=_file(*GOOD), context=desk)
    count = ExemptionPeriod.objects.count()
    with pytest.raises(Conflict, match="すべて取り込み済み"):
        take_file(content=_file(*GOOD), context=desk)
    assert last_entry()[2]["code"] == "once", "the refusal stands in the ledger"
    again = take_file(content=_file(*GOOD, _row(4, 4), _row(5, 1, kind="30")), context=desk)
    assert (again.granted, again.repeated, len(again.open_rows)) == (1, 3, 1)
    assert "すでに別の結果（承認）" in again.open_rows[0].message
    assert _results()[people["whole"]] == ("1", "20") and ExemptionPeriod.objects.count() == count + 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (_file(GOOD[0], "2,2000000002,19900410"), "2行目: 項目が3個です"),
        (_file(GOOD[0], _row(2, 2, kind="21")), "2行目: 免除種類が正しくありません"),
        (_file(_row(1, 1, on="20260231")), "1行目: 裁定日が正しくありません"),
        (_file(GOOD[0], _row(1, 2)), "2行目: 連番1が2回あります"),
        ("\r\n".join(GOOD).encode(), "3行目: 文字コードがUnicode"),
        (b"", "1件もありません"),
    ],
    ids=["項目の数", "免除種類", "ない日", "連番", "文字コード", "空"],
)
def test_壊れたファイルは行と理由を示し何も残さない(
    people: dict[str, str],
    desk: AccessContext,  # noqa: F811
    content: bytes,
    told: str,
) -> None:
    from kokunen.national_pension.services.continuation_results import take_file

    with pytest.raises(InputError, match=told):
        take_file(content=content, context=desk)
    assert set(_results().values()) == {("7", "")}
    act, dataset, detail = last_entry()
    assert (act, dataset, detail["code"]) == ("refuse", "継続審査の結果の取込", "broken_file") and detail["reason"]


def test_画面から取り込み_合わない行が行番号とともに出る(people: dict[str, str], sign_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in("nenkin1")
    assert (
        "結果ファイルを取り込む"
        in client.get("/pension/continuation/", {"purpose": "pension_exemption"}).content.decode()
    )
    sent = SimpleUploadedFile("kekka.csv", _file(*GOOD, _row(4, 9)))
    page = client.post("/pension/continuation/results/", {"file": sent}).content.decode()
    assert "承認 2件" in page and "この基礎年金番号の方が見つかりません" in page
    broken = client.post("/pension/continuation/results/", {"file": SimpleUploadedFile("a.csv", _file("x"))})
    assert broken.status_code == 422 and "1行目" in broken.content.decode()
    assert sign_in("shimin1").get("/pension/continuation/results/").status_code == 403
