"""誤った入力: each with what is wrong, where, and the way out — dates, kinds, spouses, years, files, numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_claims import noted, received
from tests.acceptance.national_pension.test_exemption_events import _full, _receive
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-1")]


def _register(atena: str, kind: str, choice: str, fact_on: date, officer: AccessContext) -> Any:
    from kokunen.national_pension.choices import Filer, NoticeKind
    from kokunen.national_pension.services.notices import Paper, register

    paper = Paper(
        kind=NoticeKind(kind),
        choice=choice,
        fact_on=fact_on,
        received_on=date(2026, 11, 24),
        filer=Filer.SELF,
        identity_document="my_number_card",
    )
    return register(atena_number=atena, paper=paper, context=officer)


def _refused(error: pytest.ExceptionInfo[KokunenError]) -> tuple[str, bool]:
    """Field and whether a way out is told."""
    return error.value.field or "", bool(error.value.hint)


@pytest.mark.function("T1")
def test_制度の始まりより前の日は断る(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1930, 1, 1))
    with pytest.raises(InputError, match="国民年金の始まり（昭和36年4月1日）より前") as error:
        _register(atena, "F01", "from_abroad", date(1955, 4, 1), officer)
    assert _refused(error) == ("fact_on", True)


@pytest.mark.function("S1-4")
@pytest.mark.function("T5")
@pytest.mark.parametrize(
    ("kind", "situation", "data", "told"),
    [
        (
            "F15",
            "after",
            {"born_on": "2018-06-01", "child_name": "川口　空"},
            "2019-04|平成31年4月|産前産後免除になる月",
        ),
        (
            "F16",
            "begin",
            {
                "care_kind": "52",
                "child_kana": "カワグチ　ソラ",
                "child_name": "川口　空",
                "child_birth": "2025-10-31",
                "event_on": "2025-10-31",
            },
            "育児期間免除（その他の養育者）になる月がありません",
        ),
    ],
)
def test_免除の制度の始まりより前は断る(
    city: Register, officer: AccessContext, kind: str, situation: str, data: dict[str, Any], told: str
) -> None:
    from kokunen.national_pension.catalogue import form_of

    atena = city.resident(date(1990, 4, 1), sex="2")
    insure(atena, "1", date(2010, 3, 31))
    known = [one.code for one in form_of(kind).situations]
    with pytest.raises((Conflict, InputError), match=told):
        _receive(atena, kind, situation if situation in known else known[0], officer, **data)


def test_種別の重なりは何と重なるかを示して断る(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1990, 4, 1))
    insure(atena, "1", date(2010, 3, 31))
    with pytest.raises(InputError, match="すでに第1号（平成22年3月31日から）として記録されており") as error:
        _register(atena, "F01", "retired", date(2026, 10, 31), officer)
    assert _refused(error) == ("choice", True)


@pytest.mark.function("S1-4")
def test_免除の重なりは月と区分を示して断る(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1990, 4, 1))
    insure(atena, "1", date(2010, 3, 31))
    _full(atena, "2026-07", "2027-06")
    data = {"cycle": 2026, "from_month": "2026-07", "to_month": "2027-06"}
    with pytest.raises((Conflict, InputError), match="申請できる月がありません（全額免除）") as error:
        _receive(atena, "F12", "general", officer, **data)
    assert "選び直してください" in str(error.value.hint)


@pytest.mark.function("S1-6")
def test_配偶者でない方の請求は断るか確かめるよう示す(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import Entry, examine

    father = city.resident(date(1960, 5, 20))
    son = city.resident(date(1990, 5, 20), household_number=father, head_atena_number=father, relationship="子")
    wife = city.resident(date(1965, 5, 20), household_number=father, relationship="同居人", sex="2")
    city.dies(father, date(2026, 11, 15))
    noted(father, officer, ("1980-05", "2020-04", "paid", ""))
    said = {"deceased_name": "川口　太郎", "died_on": "2026-11-15", "married_on": "1990-06-10"}
    with pytest.raises((Conflict, InputError), match="亡くなった夫の妻です"):
        received(son, "F23", "wife", said, officer, father)
    entry = Entry(
        kind=NoticeKind.WIDOW,
        situation="wife",
        data=said | {"bank": "川口銀行 本店"},
        received_on=date(2026, 11, 24),
        identity_document="my_number_card",
        about_atena_number=father,
    )
    found = examine(atena_number=wife, entry=entry, context=officer)
    assert any("配偶者と確認できません" in one.message for one in found.warnings)


@pytest.mark.function("S1-4")
def test_所得の年度がなければ零円とせず理由と道を示す(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.services.exemptions import Sitting, desk, preview

    atena = city.resident(date(1990, 4, 1))
    insure(atena, "1", date(2010, 3, 31))
    sitting = Sitting(("general-2026",), received_on=date(2026, 11, 24), identity_document="my_number_card")
    seen = desk(atena_number=atena, context=replace(officer, purpose="pension_exemption"))
    (judged,) = preview(seen, sitting)
    assert judged.segments[0].result == "undetermined"
    assert "市民税課で住民税の申告" in " ".join(judged.hints) and judged.persons[0].income == "未申告"


@pytest.mark.function("S1-6")
def test_同じ請求は二度受け付けず_取り下げれば出し直せる(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.services.receipt_acts import withdraw

    atena = city.resident(date(1961, 11, 10))
    noted(atena, officer, ("1981-11", "2021-10", "paid", ""))
    first = received(atena, "F20", "normal", {"pension_code": "1150"}, officer)
    with pytest.raises((Conflict, InputError), match=f"受付番号 {first.receipt_number}") as error:
        received(atena, "F20", "normal", {"pension_code": "1150", "bank": "別の銀行"}, officer)
    assert error.value.hint and "取り下げて" in error.value.hint
    withdraw(notice_id=first.pk, reason="請求の時期を改める", context=officer)
    assert received(atena, "F20", "normal", {"pension_code": "1150"}, officer).pk != first.pk


@pytest.mark.function("S1-2")
@pytest.mark.parametrize(
    ("number", "told"),
    [("1234-56789", "10桁"), ("0000000000", "0"), ("1234-56789X", "数字"), ("1000000001", "別の方が使っています")],
)
def test_誤った基礎年金番号は断る(city: Register, officer: AccessContext, number: str, told: str) -> None:
    from kokunen.national_pension.services.roll import note_number

    give_number(city.resident(date(1990, 4, 1)), "1000000001")
    atena = city.resident(date(1991, 4, 1))
    with pytest.raises((Conflict, InputError), match=told) as error:
        note_number(atena_number=atena, number=number, role="candidate", context=officer)
    assert error.value.hint or error.value.field == "number"


@pytest.mark.function("S1-2")
def test_一人に二つの番号は重複として残り_使う番号は変わらない(
    city: Register, officer: AccessContext, sign_in: Any
) -> None:
    from kokunen.national_pension.services.roll import note_number, primary_number

    atena = city.resident(date(1990, 4, 1))
    put_on_roll(atena)
    with pytest.raises(InputError, match="重複とはいえません"):
        note_number(atena_number=atena, number="1000000002", role="duplicate", context=officer)
    give_number(atena, "1000000001")
    client = sign_in("nenkin1")
    typed = {"number": "1000-000002", "role": "duplicate"}
    assert client.post(f"/pension/people/{atena}/numbers/", typed).status_code == 302
    assert primary_number(atena) == "1000000001"
    page = client.get(f"/pension/people/{atena}/qualification/").content.decode()
    assert "1000-000002 重複付番" in page
    wrong = client.post(f"/pension/people/{atena}/numbers/", typed)
    assert wrong.status_code == 422 and "この方にすでに記録されています" in wrong.content.decode()


@pytest.mark.function("S1-3")
def test_送っていない結果と別人の番号の結果は取り込まず示す(
    city: Register, officer: AccessContext, admin_connection: Any
) -> None:
    """Two answers as the carrier hands them over: one for a receipt that nobody sent, one with another's number."""
    from kokunen.national_pension.queries.lists import unsettled_results
    from kokunen.national_pension.services import results

    give_number(city.resident(date(1990, 4, 1)), "1000000009")
    atena = city.resident(date(1991, 4, 1))
    batch = _sent_batch(city, atena, officer)
    intake = results.take_in(writer=_Carrier(batch, "1000000009"), context=officer)
    assert (intake.accepted, intake.unmatched) == (0, 2)
    waiting = unsettled_results(context=officer)
    assert all(line.way_out.endswith("確かめてください。") for line in waiting), "what to do stands beside each"
    told = {(line.match, line.reason) for line in waiting}
    assert told == {("unknown", ""), ("different", "結果の基礎年金番号は別の方が使っています")}


def _sent_batch(city: Register, atena: str, officer: AccessContext) -> Any:
    """One notice on a medium that was handed over, as the records stand then."""
    from django.db import transaction

    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.safeguards.services import handing
    from kokunen.national_pension.models import ReportBatch, ReportLine
    from kokunen.national_pension.services import receipt_flow, report_lines

    insure(atena, "1", date(2011, 3, 31))
    put_on_roll(atena)
    notice = _receive(atena, "F11", "lost", officer, handed_booklet="notice", send_to="home")
    (line,) = report_lines.lines_of([notice])
    now = clock.now()
    with transaction.atomic(using="national_pension"):
        batch = ReportBatch.objects.create(
            fiscal_year=2026,
            serial=1,
            recipient="jps",
            medium="2",
            state="built",
            report_on=date(2026, 11, 24),
            built_at=now,
            built_by="2001",
            line_count=1,
            media_sha256="a" * 64,
        )
        load, sign = handing.Load("R2026-001", "a" * 64, "K1", 1, "CD-R"), {"case": "K-03", "receiver": "日本年金機構"}
        batch.medium_number = handing.sign(load, medium="", context=replace(officer, staff_number="2001"), **sign)
        handing.witness(load, context=replace(officer, staff_number="2002"))
        batch.state, batch.first_officer, batch.second_officer = "handed_over", "2001", "2002"
        batch.sent_on, batch.handed_over_at, batch.carrying_case = date(2026, 11, 24), now, "K-03"
        batch.save()
        ReportLine.objects.create(batch=batch, notice=notice, line_number=1, record=report_lines.as_json(line))
        receipt_flow.move(notice, receipt_flow.NoticeState.SENT, staff_number="2001", sent_on=date(2026, 11, 24))
    return batch


class _Carrier:
    """結果の受け皿: one answer of the Service with two lines."""

    def __init__(self, batch: Any, number: str) -> None:
        self.batch, self.number = batch, number

    def read_result_files(self) -> list[Any]:
        from pathlib import Path

        from kokunen.national_pension.reporting_types import ResultFile, ResultLine, ResultOutcome, ResultStatus

        line = self.batch.lines.select_related("notice").get()

        def answer(number: int, receipt: str) -> ResultLine:
            return ResultLine(
                "K1",
                2026,
                1,
                number,
                receipt,
                line.record["kind"],
                ResultOutcome.ACCEPTED,
                date(2026, 11, 24),
                self.number,
            )

        lines = (answer(1, line.notice.receipt_number), answer(2, "2026999999999"))
        return [ResultFile(Path("K1"), "K1", ResultStatus.PROCESSED, 2026, 1, "a" * 64, date(2026, 11, 24), lines)]

    def acknowledge(self, result: Any) -> Any:
        return result.path
