"""継続審査 (S1-4): one run a July over everybody who wished it, restarted where it was cut, letters, results."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.national_pension.services.test_exemptions import declare
from tests.national_pension.support import Register, insure

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("T5")]
YEAR = 2026


@pytest.fixture
def desk() -> AccessContext:
    """免除の担当"""
    return AccessContext("2001", "2010", "pension_exemption", screen="試験", terminal="T-01")


def wishing(city: Register, kind: str = "20", birth: date = date(1990, 4, 10), **items: Any) -> str:
    """令和7年度に承認を受け、継続を希望した方"""
    from kokunen.law.engine.months import parse_month
    from kokunen.national_pension.services.exemption_periods import Span, put

    ground = items.pop("ground", "0")
    atena = city.resident(birth, **items)
    insure(atena, "1", date(2012, 4, 1))
    with transaction.atomic(using="national_pension"):
        put(
            atena,
            Span(parse_month("2025-07"), parse_month("2026-06")),
            kind=kind,
            application=None,
            staff_number="load",
            reason="移行",
            facts={"continue_wished": True, "special_ground": ground},
        )
    return atena


def _run(desk: AccessContext, **more: Any) -> Any:
    from kokunen.national_pension.services.continuation import run

    return run(cycle_year=YEAR, context=desk, **more)


def _outlooks(run: Any) -> dict[str, tuple[str, str, str]]:
    return {one.atena_number: (one.outlook, one.stop_reason, one.expected_kind) for one in run.cases.all()}


def test_見込みはそれぞれの事情と所得で出る(city: Register, desk: AccessContext) -> None:
    poor, part, rich, silent, dead, moved, employed, special, deferred = (
        wishing(city, "30" if n == 8 else "20", ground="1" if n == 7 else "0") for n in range(9)
    )
    for atena, income in (
        (poor, 670_000),
        (part, 900_000),
        (rich, 5_000_000),
        (silent, None),
        (special, 0),
        (deferred, 0),
    ):
        declare(atena, YEAR, income)
    city.dies(dead, date(2026, 6, 20))
    city.event(moved, "201", date(2026, 6, 25), status="2", removed_on=date(2026, 6, 25), removal_code="201")
    _employ(employed)
    run = _run(desk)
    assert run.finished_at is not None and run.total == 8, "失業の特例による方は継続審査の対象でない"
    assert _outlooks(run) == {
        poor: ("continue", "", "20"),
        part: ("stop", "partial", "22"),
        rich: ("stop", "income", ""),
        silent: ("unknown", "undeclared", ""),
        dead: ("stop", "died", ""),
        moved: ("stop", "moved", ""),
        employed: ("stop", "kind", ""),
        deferred: ("change", "better", "20"),
    }
    assert _run(desk).pk == run.pk and run.cases.count() == 8, "once a year"


def _employ(atena: str) -> None:
    """厚生年金に加入した: the 第1号 period ends."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.records.models import recorded_from
    from kokunen.national_pension.models import QualificationPeriod

    row = QualificationPeriod.objects.current().get(atena_number=atena)
    at = clock.now()
    row.close_record(at)
    for kind, first, last, reason in (
        ("1", date(2012, 4, 1), date(2026, 6, 1), "04"),
        ("2", date(2026, 6, 1), None, ""),
    ):
        QualificationPeriod.objects.create(
            atena_number=atena,
            insured_type=kind,
            acquisition_reason="01",
            loss_reason=reason,
            source="load",
            valid_period=DateRange(first, last, "[)"),
            recorded_period=recorded_from(at),
            recorded_by="load",
        )


def test_配偶者と世帯主の所得も見て_見たことが台帳に残る(city: Register, desk: AccessContext) -> None:
    from kokunen.ledger.history import find_entries_of_person

    head = city.resident(date(1960, 1, 1), name="川口　父")
    son = wishing(city, household_number=head, head_atena_number=head, relationship="子")
    declare(son, YEAR, 0)
    declare(head, YEAR, 4_000_000)
    (case,) = _run(desk).cases.all()
    assert (case.outlook, case.expected_kind) == ("change", "30"), "the householder counts for 全額, not for 猶予"
    assert case.judgement["persons"]["householder"] == "どの区分にも当たらない"
    assert find_entries_of_person(head, context=desk)[0].dataset == "継続審査（所得）"


def test_途中で止まっても続きから一人一度だけ進む(
    city: Register, desk: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.national_pension.models import ContinuationRun
    from kokunen.national_pension.services import continuation

    people = [wishing(city) for _ in range(5)]
    monkeypatch.setattr(continuation, "_CHUNK", 2)

    def cut(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run(desk, progress=cut)
    halted = ContinuationRun.objects.get()
    assert halted.finished_at is None and halted.cases.count() == 4
    run = _run(desk)
    assert run.finished_at is not None
    assert sorted(one.atena_number for one in run.cases.all()) == sorted(people)


def test_通知は継続しない方にだけ一度送られ_支援措置の方には送られない(city: Register, desk: AccessContext) -> None:
    from kokunen.national_pension.services.continuation import make_letters

    told, hidden, fine = wishing(city), wishing(city, protected=True), wishing(city)
    declare(fine, YEAR, 0)
    run = _run(desk)
    made = make_letters(run_id=run.pk, context=desk)
    assert made.count == 1 and made.content.startswith(b"%PDF")
    assert run.cases.get(atena_number=told).letter_on == date(2026, 11, 24)
    assert run.cases.get(atena_number=hidden).letter_on is None
    with pytest.raises(Conflict, match="もういません"):
        make_letters(run_id=run.pk, context=desk)


def test_結果は免除期間になり継続の希望も続く(city: Register, desk: AccessContext) -> None:
    from kokunen.national_pension.exemption_choices import ExemptionResult
    from kokunen.national_pension.services import exemption_periods
    from kokunen.national_pension.services.continuation import take_results

    good, bad = wishing(city), wishing(city)
    declare(good, YEAR, 0)
    run = _run(desk)
    ids = {one.atena_number: one.pk for one in run.cases.all()}

    def take(atena: str, result: ExemptionResult, kind: str, note: str = "") -> int:
        return take_results(
            case_ids=[ids[atena]], result=result, kind=kind, decided_on=date(2026, 9, 10), note=note, context=desk
        )

    with pytest.raises(InputError, match="全額免除と納付猶予"):
        take(good, ExemptionResult.GRANTED, "21")
    assert take(good, ExemptionResult.GRANTED, "20") == 1
    row = exemption_periods.current(good)[-1]
    assert (row.first_month, row.last_month, row.continue_wished) == (date(2026, 7, 1), date(2027, 6, 1), True)
    with pytest.raises(InputError, match="却下の理由"):
        take(bad, ExemptionResult.REFUSED_INCOME, "")
    take(bad, ExemptionResult.REFUSED_INCOME, "", "所得が確認できない")
    with pytest.raises(Conflict, match="結果を待っている方"):
        take(good, ExemptionResult.GRANTED, "20")


def test_画面から見込みを出し対象者と結果を進める(city: Register, sign_in: Any) -> None:
    atena = wishing(city)
    declare(atena, YEAR, 0)
    client = sign_in("nenkin1")
    page = client.get("/pension/continuation/", {"purpose": "pension_exemption"})
    assert "見込みを出す" in page.content.decode()
    answer = client.post("/pension/continuation/")
    listed = client.get(answer.url).content.decode()
    assert "継続の見込み 1人" in listed and "川口　太郎" in listed
    (case,) = _cases()
    typed = {"case": [case.pk], "result": "1", "kind": "20", "decided_on": "R8.9.10"}
    assert client.post(answer.url, typed).status_code == 302
    assert "承認" in client.get(answer.url).content.decode()
    assert sign_in("shimin1").get("/pension/continuation/").status_code == 403


def _cases() -> list[Any]:
    from kokunen.national_pension.models import ContinuationCase

    return list(ContinuationCase.objects.all())


def test_七月より前には始められない(city: Register, desk: AccessContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-06-30")
    with pytest.raises(Conflict, match="令和8年7月1日より前"):
        _run(desk)
