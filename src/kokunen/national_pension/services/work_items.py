"""要処理事項の処理: an officer confirms, adjusts or rejects what the register or the calendar put before the
section.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import filing_deadline
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.rules.qualification import effect_day
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import parameters, resident_view
from kokunen.national_pension.choices import CITY_TYPES, OPEN_WORK_STATES, NoticeKind, NoticeSource, WorkKind, WorkState
from kokunen.national_pension.deduction import Fact, Plan, deduce
from kokunen.national_pension.models import QualificationPeriod, Receipt, WorkItem
from kokunen.national_pension.proposals import fingerprint, notice_kind_of
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import receipt_flow, recording, roll
from kokunen.national_pension.services.common import USING, lock_person, one_case

# 20歳: the Service registers most people from its own data; 60歳: the loss comes of itself. Nothing is sent unless
# wished.
_REPORTED_BY_ITSELF = (WorkKind.REACHED_20, WorkKind.REACHED_60, WorkKind.REACHED_65)
_MOVE_OF_KIND = {WorkKind.ACQUISITION_ABROAD: "01"}


def reports_by_default(item: WorkItem) -> bool:
    """機構へ報告するか, unless the officer says otherwise."""
    if item.kind in _REPORTED_BY_ITSELF:
        return False
    begun = any(one["insured_type"] in CITY_TYPES for one in item.proposal.get("beginnings", ()))
    if not begun and any(one["insured_type"] not in CITY_TYPES for one in item.proposal.get("endings", ())):
        return False  # the end of 2号 and 3号 is told by the employer; a change to 第1号 by the city (法12条1項)
    codes = {line["code"] for line in item.advice}
    return "report_omitted" not in codes


def source_by_default(item: WorkItem) -> NoticeSource:
    """報告の根拠, unless the officer says otherwise: 附記 only for notices under the Basic Resident Register Act."""
    attached = item.source_dataset and item.kind in _ATTACHABLE
    return NoticeSource.RESIDENT_NOTICE if attached else NoticeSource.FINDING


@one_case("要処理事項の確定")
def confirm(
    *,
    item_id: int,
    context: AccessContext,
    fact_on: date | None = None,
    to_report: bool | None = None,
    source: NoticeSource | None = None,
    seen: str = "",
    note: str = "",
) -> Receipt:
    """確定する: what the item proposes is recorded, and a line of the 受付処理簿 is opened for the report.

    `fact_on` adjusts the day of the fact, `to_report` and `source` how it is told, `seen` is the fingerprint of the
    plan the officer saw: when the consequences have changed since, Conflict instead of a surprise.
    """
    item = _open_item(item_id)
    resident = _resident(item.atena_number)
    lock_person(item.atena_number)
    chosen = source or source_by_default(item)
    wished = reports_by_default(item) if to_report is None else to_report
    if "content" in item.proposal:
        notice = _tell_only(item, context, chosen, wished)
    else:
        notice = _record_plan(item, resident, context, chosen, wished, fact_on, seen, note)
    _decide(item, WorkState.CONFIRMED, context, note, notice)
    record(
        USING,
        context.for_case(notice.receipt_number),
        act=Act.REGISTER,
        dataset=f"要処理事項 {item.get_kind_display()}",
        atena_numbers=[item.atena_number],
        items=("R1 基本情報", "R2 資格情報"),
        detail={"item": item.pk, "receipt_number": notice.receipt_number},
    )
    return notice


_ATTACHABLE = (WorkKind.LOSS_ABROAD, WorkKind.ACQUISITION_ABROAD, WorkKind.ADDRESS)


def plan_of(item: WorkItem, resident: Resident, fact_on: date | None = None) -> Plan:
    """処理案を導き直す: the same facts against the record as it stands now (with another day, when one is given)."""
    facts = [
        Fact(fact["kind"], fact_on or date.fromisoformat(fact["on"]), fact.get("reason", ""))
        for fact in item.proposal.get("facts", ())
    ]
    held = recording.current_held(item.atena_number)
    return deduce(resident.subject, held, facts, today=clock.today(), horizon=item.effective_on)


def _record_plan(
    item: WorkItem,
    resident: Resident,
    context: AccessContext,
    source: NoticeSource,
    to_report: bool,
    fact_on: date | None,
    seen: str,
    note: str,
) -> Receipt:
    plan = plan_of(item, resident, fact_on)
    if plan.changes_nothing:
        raise Conflict(
            "この事項で変わる資格はありません。すでに処理されているか、記録と合いません",
            code="nothing_to_do",
            hint="資格の履歴を確認し、処理不要のときは理由を付けて終了してください。",
        )
    if seen and fact_on is None and seen != fingerprint(plan):
        raise Conflict(
            "画面を開いた後に、この方の資格が変わったため、処理案も変わりました",
            code="changed_meanwhile",
            hint="画面を開き直し、内容を確認してください。",
        )
    roll.enrol(resident, move_code=_MOVE_OF_KIND.get(WorkKind(item.kind), "06"), staff_number=context.staff_number)
    act = recording.apply_plan(
        atena_number=item.atena_number,
        plan=plan,
        source=QualificationPeriod.Source.FINDING,
        reason=note,
        context=context,
    )
    fact = plan.facts[0] if plan.facts else None
    happened = effect_day(fact.as_event()) if fact else plan.effective_on
    due = filing_deadline(happened, parameters.days("filing_days", clock.today())).deadline if happened else None
    notice = receipt_flow.receive(
        atena_number=item.atena_number,
        kind=notice_kind_of(plan),
        source=source,
        context=context,
        received_on=clock.today(),
        fact=fact.kind if fact else "",
        fact_on=fact.on if fact else None,
        filing_due_on=due,
        content=content_of(plan),
        to_report=to_report,
        act=act,
    )
    receipt_flow.examined_and_ready(notice, context)
    item.act = act
    return notice


def content_of(plan: Plan) -> dict[str, Any]:
    """報告の内容: the days, kinds and reasons that the report tells, as they were recorded."""
    content: dict[str, Any] = {}
    if plan.endings:
        ending = plan.endings[0]
        content |= {
            "kind_before": ending.held.insured_type,
            "lost_on": ending.lost_on.isoformat(),
            "loss_reason": ending.loss_reason,
            "last_month": ending.last_month,
        }
    if plan.beginnings:
        begun = plan.beginnings[0]
        content |= {
            "kind_after": begun.insured_type,
            "acquired_on": begun.acquired_on.isoformat(),
            "acquisition_reason": begun.acquisition_reason,
            "first_month": begun.first_month,
        }
    content["event_on"] = content.get("acquired_on") or content.get("lost_on")
    content["sentences"] = list(plan.sentences)
    return content


def _tell_only(item: WorkItem, context: AccessContext, source: NoticeSource, to_report: bool) -> Receipt:
    """A change that touches no qualification (氏名, 住所, 取下げ): it is told to the Service, nothing else."""
    content = dict(item.proposal.get("content", {}))
    if item.event_on:
        content.setdefault("event_on", item.event_on.isoformat())
    notice = receipt_flow.receive(
        atena_number=item.atena_number,
        kind=NoticeKind(item.proposal["notice_kind"]),
        source=source,
        context=context,
        received_on=clock.today(),
        fact_on=item.event_on,
        content=content,
        to_report=to_report,
    )
    receipt_flow.examined_and_ready(notice, context)
    return notice


def settle_by_notice(notice: Receipt, plan: Plan, context: AccessContext) -> int:
    """届出で片付く事項: what the register or the calendar had prepared and this notice has told is done with it.

    The act is kept with the item, so that a cancellation of the move undoes the notice's effect too.
    """
    done = 0
    for item in WorkItem.objects.select_for_update().filter(
        atena_number=notice.atena_number, state__in=OPEN_WORK_STATES
    ):
        told = {(fact["kind"], fact["on"]) for fact in item.proposal.get("facts", ())}
        same_fact = any((fact.kind, fact.on.isoformat()) in told for fact in plan.facts)
        begins = bool(plan.beginnings) and item.kind in (WorkKind.UNENROLLED, WorkKind.REACHED_20)
        if same_fact or begins:
            item.act = notice.act
            _decide(item, WorkState.CONFIRMED, context, f"届出（受付番号 {notice.receipt_number}）により処理", notice)
            done += 1
    return done


@one_case("要処理事項の終了")
def reject(*, item_id: int, reason: str, context: AccessContext) -> WorkItem:
    """処理不要とする: the item ends without any change of the record; the reason is required."""
    item = _open_item(item_id)
    if not reason.strip():
        raise InputError("処理不要とする理由を入力してください", field="reason", code="missing_field")
    _decide(item, WorkState.REJECTED, context, reason.strip(), None)
    record(
        USING,
        context,
        act=Act.REGISTER,
        dataset=f"要処理事項 {item.get_kind_display()}（処理不要）",
        atena_numbers=[item.atena_number],
        detail={"item": item.pk},
    )
    return item


@one_case("要処理事項の一括確定")
def confirm_many(*, item_ids: list[int], context: AccessContext) -> list[Receipt]:
    """まとめて確定する: for lists that need no judgement one by one (60歳到達); all of them or none."""
    return [confirm(item_id=item_id, context=context) for item_id in item_ids]


def _decide(item: WorkItem, state: WorkState, context: AccessContext, note: str, notice: Receipt | None) -> None:
    item.state = state
    item.decided_at = clock.now()
    item.decided_by = context.staff_number
    item.decision_note = note[:200]
    item.notice = notice
    item.save(update_fields=["state", "decided_at", "decided_by", "decision_note", "notice", "act"])


def _open_item(item_id: int) -> WorkItem:
    item = WorkItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise InputError("この事項はありません", field="item", code="not_found", hint="一覧を開き直してください。")
    if not item.is_open:
        raise Conflict(
            f"この事項はすでに「{item.get_state_display()}」です（{item.decided_by}）",
            code="already_decided",
            hint="一覧を開き直してください。",
        )
    return item


def _resident(atena_number: str) -> Resident:
    resident = resident_view.find(atena_number)
    if resident is None:
        raise InputError(
            "この方の住民記録がまだ連携されていません",
            field="atena_number",
            code="not_found",
            hint="少し待って開き直してください。",
        )
    return resident
