"""継続審査: each July, whoever was wholly exempt or deferred and wished it is judged again without an application.

The run goes through the people in chunks of one transaction each and can be cut short at any point: it goes on after
the last one, and a person stands in it once. The city decides nothing (法12条4項): what comes out is who is likely to
go on, who is not and must be told in time, and afterwards what the Service decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import first_day, month_of
from kokunen.law.rules.exemption import Application, Kind, Person, Scheme, decide_all
from kokunen.law.rules.qualification import InsuredType
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import continuation_rules, documents, judged_incomes, month_grid, resident_view
from kokunen.national_pension.choices import NoticeKind, NoticeState
from kokunen.national_pension.continuation_rules import Facts
from kokunen.national_pension.exemption_choices import (
    APPLIED,
    ContinuationOutlook,
    ExemptionKind,
    ExemptionResult,
    SpecialGround,
)
from kokunen.national_pension.models import (
    ContinuationCase,
    ContinuationRun,
    ExemptionPeriod,
    QualificationPeriod,
    Receipt,
)
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import exemption_periods
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.exemption_periods import Span
from kokunen.national_pension.services.recording import held

Progress = Callable[[int, int], None]
_CHUNK = 500
_LETTERS = 500
_ITEMS = ("R1 基本情報", "R2 資格情報", "R5 免除情報", "R10 所得情報")
CONTINUED = (ExemptionKind.FULL, ExemptionKind.DEFERRAL)


def _silent(_done: int, _total: int) -> None:
    return None


def run(*, cycle_year: int, context: AccessContext, progress: Progress = _silent) -> ContinuationRun:
    """継続審査を進める: begins the run of the year or goes on with it; a finished one is returned as it is.

    Conflict before July of the year: the incomes of the year before are not there yet.
    """
    found = _begin(cycle_year=cycle_year, context=context)
    done = found.cases.count()
    while found.finished_at is None:
        done += _chunk(run_id=found.pk, context=context)
        progress(done, found.total)
        found.refresh_from_db()
    return found


@one_case("継続審査の開始")
def _begin(*, cycle_year: int, context: AccessContext) -> ContinuationRun:
    first = date(cycle_year, 7, 1)
    if clock.today() < first:
        raise Conflict(
            f"{format_wareki(first)}より前には始められません",
            code="too_early",
            hint="前年の所得が確定し、免除年度が替わってから始めてください。",
        )
    found, _ = ContinuationRun.objects.get_or_create(
        cycle_year=cycle_year,
        defaults={
            "started_at": clock.now(),
            "started_by": context.staff_number,
            "total": _wishing(cycle_year).values("atena_number").distinct().count(),
        },
    )
    return found


def _wishing(cycle_year: int) -> Any:
    """希望した方: 全額免除 or 納付猶予 in June, without a special ground, with the wish to go on."""
    return ExemptionPeriod.objects.current().filter(
        valid_period__contains=date(cycle_year, 6, 1),
        kind__in=[str(kind) for kind in CONTINUED],
        continue_wished=True,
        special_ground=SpecialGround.NONE,
    )


@one_case("継続審査")
def _chunk(*, run_id: int, context: AccessContext) -> int:
    """The next people in order of 宛名番号: one transaction with their ledger entry; returns how many."""
    found = ContinuationRun.objects.select_for_update().get(pk=run_id)
    rows = list(
        _wishing(found.cycle_year)
        .filter(atena_number__gt=found.last_atena)
        .order_by("atena_number", "-valid_period")
        .distinct("atena_number")[:_CHUNK]
    )
    if rows:
        ContinuationCase.objects.bulk_create(_cases(found, rows, context))
        found.last_atena = rows[-1].atena_number
    if len(rows) < _CHUNK:
        found.finished_at = clock.now()
    found.save(update_fields=["last_atena", "finished_at"])
    return len(rows)


def _cases(
    found: ContinuationRun, rows: Sequence[ExemptionPeriod], context: AccessContext
) -> Iterable[ContinuationCase]:
    numbers = [row.atena_number for row in rows]
    facts = _facts(found.cycle_year, numbers)
    judged = {atena for one in facts.values() for atena in one.people.values()}
    record(
        USING,
        context.for_case(f"継続審査{found.cycle_year}"),
        act=Act.SYSTEM,
        dataset="継続審査（所得）",
        atena_numbers=sorted(judged | set(numbers)),
        items=_ITEMS,
    )
    incomes = judged_incomes.by_person(judged, [found.cycle_year])
    asking = {atena: one for atena, one in facts.items() if not one.stopped and one.resident is not None}
    applications = [_application(found.cycle_year, one, incomes, (Kind.FULL, Kind.DEFERRAL)) for one in asking.values()]
    wide = [_application(found.cycle_year, one, incomes, ()) for one in asking.values()]
    results = dict(zip(asking, zip(decide_all(applications), decide_all(wide), strict=True), strict=True))
    for row in rows:
        outlook = continuation_rules.outlook(row.kind, facts[row.atena_number], results.get(row.atena_number))
        yield ContinuationCase(
            run=found,
            atena_number=row.atena_number,
            kind_before=row.kind,
            outlook=outlook.outlook,
            stop_reason=outlook.reason,
            expected_kind=outlook.kind,
            judgement=outlook.judgement,
        )


def _application(
    cycle_year: int, facts: Facts, incomes: dict[str, dict[int, Any]], wished: Sequence[Kind]
) -> Application:
    assert facts.resident is not None
    months = sorted(facts.months)
    return Application(
        Scheme.GENERAL,
        date(cycle_year, 7, 1),
        facts.resident.birth_date,
        {
            name: Person({year: known.income for year, known in incomes.get(atena, {}).items()})
            for name, atena in facts.people.items()
        },
        from_month=months[0],
        to_month=months[-1],
        insured_from=months[0],
        insured_to=months[-1],
        paid_months=frozenset(range(months[0], months[-1] + 1)) - facts.months,
        wished=frozenset(wished),
    )


def _facts(cycle_year: int, numbers: Sequence[str]) -> dict[str, Facts]:
    """判定に要る事実 of many people: six set-based reads."""
    first, last = month_of(date(cycle_year, 7, 1)), month_of(date(cycle_year + 1, 6, 1))
    residents = resident_view.by_numbers(numbers)
    households = resident_view.households(one.household_number for one in residents.values())
    periods: dict[str, list[QualificationPeriod]] = {}
    for period in QualificationPeriod.objects.current().filter(atena_number__in=numbers):
        periods.setdefault(period.atena_number, []).append(period)
    exempt: dict[str, list[ExemptionPeriod]] = {}
    for row in ExemptionPeriod.objects.current().filter(atena_number__in=numbers):
        exempt.setdefault(row.atena_number, []).append(row)
    applied = dict(
        Receipt.objects.filter(
            atena_number__in=numbers,
            kind__in=(NoticeKind.EXEMPTION, NoticeKind.STUDENT),
            exemption_application__last_month__gte=first_day(first),
        )
        .exclude(state=NoticeState.WITHDRAWN)
        .values_list("atena_number", "kind")
    )
    found = {}
    for atena in numbers:
        resident = residents.get(atena)
        own = held(periods.get(atena, []))
        insured = month_grid.months_as(own, InsuredType.FIRST, first_day(last)) & frozenset(range(first, last + 1))
        stronger = exemption_periods.months_of([row for row in exempt.get(atena, ()) if row.kind not in APPLIED], last)
        found[atena] = Facts(
            resident=resident,
            months=insured - frozenset(stronger),
            insured=bool(insured),
            type_now=next((one.insured_type for one in own if one.is_open), ""),
            applied=str(applied.get(atena, "")),
            people=_people(resident, households.get(resident.household_number, [])) if resident else {},
        )
    return found


def _people(resident: Resident, members: Sequence[Resident]) -> dict[str, str]:
    """審査する人: applicant, spouse and householder by 続柄."""
    people = {"applicant": resident.atena_number}
    spouse = resident_view.spouse_in(members, resident)
    if spouse is not None:
        people["spouse"] = spouse.atena_number
    if resident.head_atena_number not in people.values() and any(
        one.atena_number == resident.head_atena_number for one in members
    ):
        people["householder"] = resident.head_atena_number
    return people


@dataclass(frozen=True, slots=True)
class Letters:
    """作成した通知: how many, and the printed file."""

    count: int
    filename: str
    content: bytes


@one_case("継続審査の通知の作成")
def make_letters(*, run_id: int, context: AccessContext) -> Letters:
    """通知を作る: to whoever is not likely to go on and was not told yet; protected people are left to the officer."""
    found = ContinuationRun.objects.select_for_update().get(pk=run_id)
    cases = list(
        found.cases.exclude(outlook=ContinuationOutlook.CONTINUE)
        .exclude(stop_reason__in=continuation_rules.NO_LETTER)
        .filter(letter_on__isnull=True)
        .order_by("atena_number")[:_LETTERS]
    )
    residents = resident_view.by_numbers([one.atena_number for one in cases])
    told = [one for one in cases if one.atena_number in residents and not residents[one.atena_number].protected]
    if not told:
        raise Conflict(
            "通知を送る方はもういません", code="nothing", hint="支援措置の方には窓口・電話で伝えてください。"
        )
    serial, today = printing.next_serial(context.office_code), clock.today()
    for one in told:
        one.letter_on, one.letter_serial = today, serial
    ContinuationCase.objects.bulk_update(told, ["letter_on", "letter_serial"])
    record(
        USING,
        context,
        act=Act.PRINT,
        dataset="継続審査の通知",
        atena_numbers=[one.atena_number for one in told],
        items=_ITEMS[:3],
        serial=serial,
    )
    content = documents.continuation_letters(
        [(residents[one.atena_number], one.stop_reason) for one in told], found.cycle_year, serial, clock.now()
    )
    return Letters(len(told), f"continuation-{found.cycle_year}-{serial}.pdf", content)


@one_case("継続審査の結果の記録")
def take_results(
    *, case_ids: Sequence[int], result: ExemptionResult, kind: str, decided_on: date, note: str, context: AccessContext
) -> int:
    """結果を記録する: the Service's decision on these people; granted months are exempt and the wish goes on."""
    cases = list(
        ContinuationCase.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(pk__in=case_ids, result=ExemptionResult.WAITING)
    )
    granted = result == ExemptionResult.GRANTED
    if not cases:
        raise Conflict("結果を待っている方が選ばれていません", code="nothing", hint="一覧を開き直してください。")
    if granted and kind not in CONTINUED:
        raise InputError("継続審査で承認されるのは全額免除と納付猶予です", field="kind", code="invalid_value")
    if not granted and not note.strip():
        raise InputError("却下の理由を入力してください", field="note", code="missing_field")
    if not date(cases[0].run.cycle_year, 7, 1) <= decided_on <= clock.today():
        raise InputError("裁定日は7月1日から今日までの日です", field="decided_on", code="out_of_range")
    facts = _facts(cases[0].run.cycle_year, [one.atena_number for one in cases]) if granted else {}
    for one in cases:
        months = facts[one.atena_number].months if granted else frozenset()
        decide(one, Verdict(result, kind if granted else "", months, decided_on, note), context.staff_number)
    record(
        USING,
        context,
        act=Act.REGISTER,
        dataset="継続審査の結果",
        atena_numbers=[one.atena_number for one in cases],
        items=("R5 免除情報",),
    )
    return len(cases)


@dataclass(frozen=True, slots=True)
class Verdict:
    """裁定: what the Service decided of one person; `kind` and `months` only when granted."""

    result: ExemptionResult
    kind: str
    months: frozenset[int]
    decided_on: date
    note: str


def decide(one: ContinuationCase, verdict: Verdict, staff_number: str) -> None:
    """裁定を記録する inside the caller's transaction: the months become exempt and the wish goes on."""
    for span in _spans(verdict.months):
        exemption_periods.put(
            one.atena_number,
            span,
            kind=verdict.kind,
            application=None,
            staff_number=staff_number,
            reason=f"継続審査 {one.run.cycle_year}年度",
            facts={"decided_on": verdict.decided_on, "continue_wished": True},
        )
    one.result, one.result_kind, one.decided_on = verdict.result, verdict.kind, verdict.decided_on
    one.result_note, one.decided_by = verdict.note.strip()[:200], staff_number
    one.save(update_fields=["result", "result_kind", "decided_on", "result_note", "decided_by"])


def free_months(cycle_year: int, atena_numbers: Sequence[str]) -> dict[str, frozenset[int]]:
    """承認できる月: of each person, the months of the year that are 第1号 and not exempt by a stronger kind."""
    return {atena: one.months for atena, one in _facts(cycle_year, atena_numbers).items()}


def _spans(months: frozenset[int]) -> list[Span]:
    spans: list[Span] = []
    for month in sorted(months):
        if spans and spans[-1].last == month - 1:
            spans[-1] = Span(spans[-1].first, month)
        else:
            spans.append(Span(month, month))
    return spans


def counts_of(run_id: int) -> dict[str, int]:
    """見込みごとの件数 (names nobody)."""
    rows = ContinuationCase.objects.filter(run_id=run_id).values("outlook").annotate(n=Count("id"))
    return {row["outlook"]: row["n"] for row in rows}


__all__ = [
    "CONTINUED",
    "Letters",
    "Verdict",
    "counts_of",
    "decide",
    "free_months",
    "make_letters",
    "run",
    "take_results",
]
