"""免除の申請と届: several cycles in one sitting, judged with the incomes of the day, and the Service's decision.

`desk` shows what is open, `preview` judges without storing, `apply` takes in one form a cycle (each a `Receipt` of its
own), `take_result` records what the Service decided. Incomes come through the integrated database only (flow.in5); each
look at a spouse's or householder's income stands in the ledger under that person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.crypto import constant_time_compare

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.engine.months import first_day, month_of, month_text
from kokunen.law.rules.exemption import PARTIAL, PEOPLE, Kind, Scheme
from kokunen.law.rules.qualification import InsuredType
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import exemption_desk, judged_incomes, month_grid, resident_view
from kokunen.national_pension.choices import Filer, NoticeKind, NoticeState
from kokunen.national_pension.exemption_choices import (
    APPLIED,
    GROUND_OF_LAW,
    ExemptionKind,
    ExemptionResult,
    SpecialGround,
)
from kokunen.national_pension.exemption_desk import CycleJudgement, Judged, OpenCycle, Standing, Wish
from kokunen.national_pension.models import (
    ExemptionApplication,
    ExemptionDecision,
    PensionNumber,
    QualificationPeriod,
    Receipt,
)
from kokunen.national_pension.queries.common import mark_of
from kokunen.national_pension.queries.persons import Person
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import estimates, exemption_periods, receipt_acts, reception, recording
from kokunen.national_pension.services.common import USING, lock_person, one_case
from kokunen.national_pension.services.exemption_periods import Span

EXEMPTION, INCOME = "R5 免除情報", "R10 所得情報"
_PARTIAL_KINDS = (ExemptionKind.THREE_QUARTER, ExemptionKind.HALF, ExemptionKind.QUARTER)


@dataclass(frozen=True, slots=True)
class Desk:
    """免除の机: who is judged with whom, and what is open today. `mark` stands for all of it as this officer sees it
    today; nobody outside can make one.
    """

    resident: Resident
    people: tuple[Judged, ...]
    cycles: tuple[OpenCycle, ...]
    mark: str
    periods: tuple[QualificationPeriod, ...]

    def chosen(self, keys: Sequence[str]) -> list[OpenCycle]:
        """選んだ年度; InputError for one that is not open (any more)."""
        by_key = {cycle.key: cycle for cycle in self.cycles}
        found = []
        for key in keys:
            cycle = by_key.get(key)
            if cycle is None or not cycle.open_months:
                raise InputError(
                    "申請できる月のない年度が選ばれています",
                    field="cycles",
                    code="out_of_range",
                    hint="申請できるのは、申請の月の2年1か月前の月から年度末までの、第1号で納付も免除もされていない月です。",
                )
            found.append(cycle)
        return found


@dataclass(frozen=True, slots=True)
class Sitting:
    """一度の受付: what is the same for every form of the visit."""

    cycles: tuple[str, ...]
    received_on: date
    identity_document: str
    filer: Filer = Filer.SELF
    papers: tuple[str, ...] = ()
    power_of_attorney: bool = False
    protection_confirmed: bool = False
    wished: frozenset[Kind] = frozenset()
    continue_wished: bool = False
    grounds: Mapping[str, Any] = field(default_factory=dict)
    dv_separated: bool = False
    school: str = ""
    enrolled: date | None = None
    graduation: date | None = None

    @property
    def wish(self) -> Wish:
        """判定に要る部分."""
        return Wish(self.received_on, self.wished, self.grounds, self.dv_separated, self.continue_wished)


def standing_of(atena_number: str, today: date, periods: Sequence[QualificationPeriod] | None = None) -> Standing:
    """その人の月, as recorded now; `periods` when they were read already."""
    until = month_of(today) + 24
    known = recording.current_periods(atena_number) if periods is None else periods
    insured = month_grid.months_as(recording.held(known), InsuredType.FIRST, first_day(until))
    waiting = set[int]()
    for one in ExemptionApplication.objects.filter(
        atena_number=atena_number, result=ExemptionResult.WAITING, scheme__in=[str(scheme) for scheme in Scheme]
    ).exclude(receipt__state=NoticeState.WITHDRAWN):
        waiting |= set(range(month_of(one.first_month), month_of(one.last_month or one.first_month) + 1))
    exempt = exemption_periods.months_of(exemption_periods.current(atena_number), until)
    return Standing(insured, exempt, frozenset(waiting), estimates.paid_months(atena_number))


@one_case("免除の受付の準備")
def desk(*, atena_number: str, context: AccessContext, dv_separated: bool = False, shown: str = "") -> Desk:
    """免除の机: cycles and months open today; incomes of everybody who is judged. The husband left because of DV is
    neither looked up nor named.

    One look is one entry of the ledger: `shown` is the `mark` of what stands on the officer's screen already. While
    nothing has changed nothing new is seen, and no second entry is written; what is new has its entry before it is
    shown.
    """
    return _desk(atena_number, context, dv_separated, shown)


@one_case("免除の受付の準備")
def sit_down(*, atena_number: str, context: AccessContext, dv_separated: bool = False) -> tuple[Desk, Person]:
    """免除の机に着く: the desk and the person for the band of the screen — one look, one entry."""
    seen = _desk(atena_number, context, dv_separated)
    numbers = PensionNumber.objects.current().filter(atena_number=atena_number).order_by("-valid_period")
    return seen, Person(seen.resident, None, tuple(numbers), seen.periods, (), None)


def preview(seen: Desk, sitting: Sitting) -> list[CycleJudgement]:
    """見込み: each chosen cycle judged with what stands on the desk. Reads and stores nothing."""
    return [
        exemption_desk.judge(cycle, _judged(seen, cycle), seen.resident.birth_date, sitting.wish)
        for cycle in seen.chosen(sitting.cycles)
    ]


@one_case("免除の申請の受付")
def apply(*, atena_number: str, sitting: Sitting, context: AccessContext) -> list[Receipt]:
    """申請を受け付ける: one form a cycle, all or none; each carries the incomes and the 見込み it was printed with."""
    lock_person(atena_number)
    if not sitting.cycles:
        raise InputError("申請する年度を選んでください", field="cycles", code="missing_field")
    seen = _desk(atena_number, context, sitting.dv_separated)
    cycles = seen.chosen(sitting.cycles)
    if len({cycle.scheme for cycle in cycles}) > 1:
        raise InputError("学生納付特例と免除・納付猶予は分けて申請してください", field="cycles", code="inconsistent")
    receipts = []
    for cycle in cycles:
        judgement = exemption_desk.judge(cycle, _judged(seen, cycle), seen.resident.birth_date, sitting.wish)
        receipt = reception.receive(
            atena_number=atena_number, entry=_entry(seen, cycle, sitting, judgement), context=context
        )
        _complete(receipt, seen, cycle, sitting, judgement)
        receipts.append(receipt)
    return receipts


def _desk(atena_number: str, context: AccessContext, dv_separated: bool, shown: str = "") -> Desk:
    resident = reception.resident_of(atena_number)
    members = resident_view.household(resident.household_number)
    spouse = None if dv_separated else resident_view.spouse_in(members, resident)
    head = next((one for one in members if one.atena_number == resident.head_atena_number), None)
    named: dict[str, Resident] = {"applicant": resident}
    if spouse is not None:
        named["spouse"] = spouse
    if head is not None and head.atena_number not in {one.atena_number for one in named.values()}:
        named["householder"] = head
    today = clock.today()
    years = range(today.year - 3, today.year + 2)
    atenas = [one.atena_number for one in named.values()]
    incomes = judged_incomes.by_person(atenas, years)
    people = tuple(
        Judged(name, one.atena_number, one.name, one.birth_date, incomes.get(one.atena_number, {}))
        for name, one in ((name, named[name]) for name in PEOPLE if name in named)
    )
    periods = recording.current_periods(atena_number)
    standing = standing_of(atena_number, today, periods)
    cycles = [
        *exemption_desk.open_cycles(today, Scheme.GENERAL, standing),
        *exemption_desk.open_cycles(today, Scheme.STUDENT, standing),
    ]
    mark = mark_of(context, today, resident, people, cycles)
    if not constant_time_compare(mark, shown):
        record(
            USING,
            context,
            act=Act.VIEW,
            dataset="免除の審査（所得）",
            atena_numbers=atenas,
            items=("R1 基本情報", "R2 資格情報", EXEMPTION, INCOME),
        )
    return Desk(resident, people, tuple(cycles), mark, tuple(periods))


def _judged(seen: Desk, cycle: OpenCycle) -> tuple[Judged, ...]:
    return seen.people[:1] if cycle.scheme is Scheme.STUDENT else seen.people


def _entry(seen: Desk, cycle: OpenCycle, sitting: Sitting, judgement: CycleJudgement) -> reception.Entry:
    data: dict[str, Any] = {
        "cycle": cycle.year,
        "from_month": month_text(cycle.first),
        "to_month": month_text(cycle.last),
    }
    by_name = {one.name: one for one in seen.people}
    if cycle.scheme is Scheme.STUDENT:
        data |= {
            "school": sitting.school,
            "enrolled": f"{sitting.enrolled:%Y-%m}" if sitting.enrolled else None,
            "graduation": f"{sitting.graduation:%Y-%m}" if sitting.graduation else None,
        }
    else:
        wished = sitting.wished or frozenset(Kind)
        data |= {
            "wants_full": Kind.FULL in wished,
            "wants_deferment": Kind.DEFERRAL in wished,
            "wants_partial": bool(wished & set(PARTIAL)),
            "continue": sitting.continue_wished and judgement.may_continue,
            "spouse_name": by_name["spouse"].full_name if "spouse" in by_name else None,
            "head_name": None if sitting.dv_separated else seen.resident.head_name,
        }
    return reception.Entry(
        kind=NoticeKind.STUDENT if cycle.scheme is Scheme.STUDENT else NoticeKind.EXEMPTION,
        situation=_situation(cycle.scheme, sitting),
        data=data,
        received_on=sitting.received_on,
        filer=sitting.filer,
        identity_document=sitting.identity_document,
        papers=sitting.papers,
        power_of_attorney=sitting.power_of_attorney,
        protection_confirmed=sitting.protection_confirmed,
    )


def _situation(scheme: Scheme, sitting: Sitting) -> str:
    if sitting.dv_separated and scheme is Scheme.GENERAL:
        return "violence"
    kinds = [ground.kind for grounds in sitting.grounds.values() for ground in grounds]
    if scheme is Scheme.STUDENT:
        return "unemployed" if "job_loss" in kinds else "general"
    return exemption_desk.SITUATIONS[kinds[0]] if kinds else "general"


def _complete(receipt: Receipt, seen: Desk, cycle: OpenCycle, sitting: Sitting, judgement: CycleJudgement) -> None:
    """What the sitting knows beyond the fields of the form, on the application that the handler stored."""
    kinds = [ground.kind for grounds in sitting.grounds.values() for ground in grounds]
    ground = GROUND_OF_LAW[kinds[0]] if kinds else SpecialGround.NONE
    by_name = {one.name: one.atena_number for one in _judged(seen, cycle)}
    application = receipt.exemption_application
    application.expected_kind = exemption_desk.expected_kind(judgement)
    application.continue_wished = sitting.continue_wished and judgement.may_continue
    application.special_ground = SpecialGround.VIOLENCE if sitting.dv_separated else ground
    application.spouse_atena_number = by_name.get("spouse", "")
    application.head_atena_number = by_name.get("householder", "")
    application.judgement = judgement.as_json()
    if cycle.scheme is Scheme.GENERAL:
        application.wished = sorted(map(str, sitting.wished or frozenset(Kind)))
    application.save()


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """裁定結果の行: 承認 with kind, or 却下 with its reason, for a part of the months asked for (None: all of them)."""

    result: ExemptionResult
    kind: str = ""
    first: date | None = None
    last: date | None = None
    note: str = ""

    @property
    def is_granted(self) -> bool:
        """承認の行か"""
        return self.result in (ExemptionResult.GRANTED, ExemptionResult.PARTLY)


def take_result(
    *,
    receipt_id: int,
    result: ExemptionResult,
    kind: str,
    first: date | None,
    last: date | None,
    decided_on: date,
    note: str,
    context: AccessContext,
) -> ExemptionApplication:
    """裁定結果 of one row: 承認 with kind and months, or 却下 with its reason."""
    row = DecisionRow(result, kind, first, last, note)
    return take_rows(receipt_id=receipt_id, rows=[row], decided_on=decided_on, source="処理結果の通知", context=context)


@one_case("免除の裁定結果の記録")
def take_rows(
    *, receipt_id: int, rows: Sequence[DecisionRow], decided_on: date, source: str, context: AccessContext
) -> ExemptionApplication:
    """裁定結果: one row a part of the months, each with its own kind or refusal. The receipt is done with it.

    InputError at the field: a kind the form did not ask for, months outside the form or in two rows, 却下 without
    reason.
    """
    application = _application_of(receipt_id)
    if application.result != ExemptionResult.WAITING:
        raise Conflict("この申請の裁定結果はすでに記録されています", code="twice", hint="履歴を確認してください。")
    checked = _checked_rows(application, rows)
    granted = [row for row in checked if row.is_granted]
    note = "。".join(dict.fromkeys(row.note for row in checked if row.note))[:200]
    application.result, application.decided_on, application.result_note = _whole_result(checked), decided_on, note
    application.save(update_fields=["result", "decided_on", "result_note"])
    _keep_rows(application, checked, decided_on, source, context)
    for row in granted:
        assert row.first is not None and row.last is not None
        grant(application, row.kind, Span(month_of(row.first), month_of(row.last)), context.staff_number)
    receipt_acts.take_decision(notice_id=receipt_id, granted=bool(granted), on=decided_on, note=note, context=context)
    return application


def _checked_rows(application: ExemptionApplication, rows: Sequence[DecisionRow]) -> list[DecisionRow]:
    if not rows:
        raise InputError("裁定結果を1行以上入力してください", field="result", code="missing_field")
    checked, covered = [], set[int]()
    for row in rows:
        first, last = _months_of_row(application, row)
        months = set(range(month_of(first), month_of(last) + 1))
        if covered & months:
            words = exemption_desk.month_ja(min(covered & months))
            raise InputError(
                f"{words}が2つの行に入っています",
                field="first",
                code="inconsistent",
                hint="行の期間を確認してください。",
            )
        covered |= months
        if not row.is_granted and not row.note.strip():
            raise InputError("却下の理由を入力してください", field="note", code="missing_field")
        checked.append(DecisionRow(row.result, row.kind if row.is_granted else "", first, last, row.note.strip()[:200]))
    return checked


def _whole_result(rows: Sequence[DecisionRow]) -> ExemptionResult:
    """裁定結果 of the whole form: 一部承認 when a part was refused or is a part exemption."""
    granted = [row for row in rows if row.is_granted]
    if not granted:
        return rows[0].result
    whole = len(granted) == len(rows) and not any(row.kind in _PARTIAL_KINDS for row in granted)
    return ExemptionResult.GRANTED if whole else ExemptionResult.PARTLY


def _keep_rows(
    application: ExemptionApplication,
    rows: Sequence[DecisionRow],
    decided_on: date,
    source: str,
    context: AccessContext,
) -> None:
    now = clock.now()
    ExemptionDecision.objects.bulk_create(
        ExemptionDecision(
            application=application,
            row_number=number,
            result=row.result,
            kind=row.kind,
            first_month=row.first or application.first_month,
            last_month=row.last,
            decided_on=decided_on,
            note=row.note,
            source=source,
            recorded_at=now,
            recorded_by=context.staff_number,
        )
        for number, row in enumerate(rows, 1)
    )


def _months_of_row(application: ExemptionApplication, row: DecisionRow) -> tuple[date, date]:
    student = application.scheme == Scheme.STUDENT
    if row.is_granted and (row.kind not in APPLIED or (row.kind == ExemptionKind.STUDENT) != student):
        raise InputError(
            "この申請では承認されない免除種類です",
            field="kind",
            code="invalid_value",
            hint="学生納付特例の申請には学生納付特例、免除の申請には免除・納付猶予を選んでください。",
        )
    begin = (row.first or application.first_month).replace(day=1)
    end = (row.last or application.last_month or begin).replace(day=1)
    limit = application.last_month or end
    if begin > end or begin < application.first_month or end > limit:
        raise InputError(
            "裁定された期間が、申請した期間の外にあります",
            field="first",
            code="out_of_range",
            hint=f"申請した期間は{application.first_month:%Y-%m}から{limit:%Y-%m}までです。",
        )
    return begin, end


def grant(application: ExemptionApplication, kind: str, span: exemption_periods.Span, staff_number: str) -> None:
    """免除期間を記録する: the months of `span` that are 第1号."""
    insured = month_grid.months_as(
        recording.current_held(application.atena_number),
        InsuredType.FIRST,
        first_day(min(span.end, month_of(clock.today()) + 36)),
    )
    facts = {
        "special_ground": application.special_ground,
        "applied_on": application.receipt.received_on,
        "decided_on": application.decided_on,
        "continue_wished": application.continue_wished,
        "school": application.school,
    }
    for run in _runs(span, insured):
        exemption_periods.put(
            application.atena_number,
            run,
            kind=kind,
            application=application,
            staff_number=staff_number,
            reason=f"受付番号 {application.receipt.receipt_number}",
            facts=facts,
        )


def _runs(span: exemption_periods.Span, insured: frozenset[int]) -> list[exemption_periods.Span]:
    """The parts of `span` in which the person is insured; an open span stays open from its first insured month on."""
    if span.last is None:
        later = [month for month in insured if month >= span.first]
        return [exemption_periods.Span(min(later), None)] if later else []
    runs: list[exemption_periods.Span] = []
    for month in range(span.first, span.last + 1):
        if month not in insured:
            continue
        if runs and runs[-1].last == month - 1:
            runs[-1] = exemption_periods.Span(runs[-1].first, month)
        else:
            runs.append(exemption_periods.Span(month, month))
    return runs


def _application_of(receipt_id: int) -> ExemptionApplication:
    found = (
        ExemptionApplication.objects.select_for_update(of=("self",))
        .select_related("receipt")
        .filter(receipt_id=receipt_id)
        .first()
    )
    if found is None:
        raise InputError("この受付には免除の申請がありません", field="notice", code="not_found")
    return found


def earliest_cancel_month(received_on: date) -> date:
    """取消しのできる最初の月: the month before the application (法90条3項)."""
    return add_months(received_on.replace(day=1), -1)
