"""訂正と取消: acts of their own, with a reason; nothing is overwritten and nothing deleted.

A correction is drawn up by one officer and approved by another; only the approval touches the record. The old version
stays, so that "as known on" any past day still shows what the office knew then. Both are told to the Service as a
record correction when the wrong record had been told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import reaches_age_on
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import (
    ACQUISITION_REASONS,
    INSURED_TYPES,
    LOSS_REASONS,
    SHORT_TYPE_LABELS,
    ActKind,
    CodeTable,
    NoticeKind,
    NoticeSource,
)
from kokunen.national_pension.deduction import Held
from kokunen.national_pension.models import (
    CorrectionProposal,
    QualificationAct,
    QualificationPeriod,
    Receipt,
)
from kokunen.national_pension.services import receipt_flow, recording, undoing
from kokunen.national_pension.services.common import USING, lock_person, one_case


@dataclass(frozen=True, slots=True)
class Corrected:
    """訂正後の内容: the period as it should have been recorded."""

    insured_type: str
    acquired_on: date
    acquisition_reason: str
    lost_on: date | None
    loss_reason: str


@one_case("資格記録の訂正の起案")
def propose(
    *, period_id: int, corrected: Corrected, reason: str, evidence: str, context: AccessContext
) -> CorrectionProposal:
    """訂正を起案する: what is wrong, what is right, why, and on what paper it rests."""
    period = _current(period_id)
    _check(period, corrected)
    for value, field, what in ((reason, "reason", "訂正の理由"), (evidence, "evidence", "確認した資料")):
        if not value.strip():
            raise InputError(f"{what}を入力してください", field=field, code="missing_field")
    proposal = CorrectionProposal.objects.create(
        atena_number=period.atena_number,
        period=period,
        insured_type=corrected.insured_type,
        acquired_on=corrected.acquired_on,
        acquisition_reason=corrected.acquisition_reason,
        lost_on=corrected.lost_on,
        loss_reason=corrected.loss_reason,
        reason=reason.strip(),
        evidence=evidence.strip(),
        proposed_by=context.staff_number,
        proposed_at=clock.now(),
    )
    _entry(proposal, context, "資格記録の訂正の起案")
    return proposal


@one_case("資格記録の訂正の承認")
def approve(*, proposal_id: int, context: AccessContext) -> QualificationAct:
    """承認する: by another officer; the old version is closed, the right one recorded, the correction told to the
    Service.
    """
    proposal = _waiting(proposal_id)
    if proposal.proposed_by == context.staff_number:
        raise NotAllowed("起案した職員は承認できません", code="same_officer", hint="別の職員が承認してください。")
    lock_person(proposal.atena_number)
    period = _current(proposal.period_id)
    right = Held(
        proposal.insured_type,
        proposal.acquired_on,
        proposal.acquisition_reason,
        proposal.lost_on,
        proposal.loss_reason,
    )
    act = recording.replace_versions(
        atena_number=proposal.atena_number,
        kind=ActKind.CORRECT,
        close=[period],
        add=[right],
        source=QualificationPeriod.Source.CORRECTION,
        reason=proposal.reason,
        explanation=_difference_steps(period, right),
        approved_by=context.staff_number,
        staff_number=proposal.proposed_by,
    )
    proposal.state = CorrectionProposal.State.APPROVED
    proposal.decided_by = context.staff_number
    proposal.decided_at = clock.now()
    proposal.act = act
    proposal.save(update_fields=["state", "decided_by", "decided_at", "act"])
    notice = receipt_flow.receive(
        atena_number=proposal.atena_number,
        kind=NoticeKind.CORRECTION,
        source=NoticeSource.FINDING,
        context=context,
        received_on=clock.today(),
        situation="report",  # the city tells of its own correction; a 訂正請求 is a form of its own
        content=_correction_content(period, right),
        act=act,
    )
    receipt_flow.examined_and_ready(notice, context)
    _entry(proposal, context, "資格記録の訂正の承認", Act.CORRECT)
    return act


@one_case("資格記録の訂正の差戻し")
def refuse(*, proposal_id: int, reason: str, context: AccessContext) -> CorrectionProposal:
    """差し戻す: the record stays as it is; the reason is kept with the proposal."""
    proposal = _waiting(proposal_id)
    if not reason.strip():
        raise InputError("差し戻す理由を入力してください", field="reason", code="missing_field")
    if proposal.proposed_by == context.staff_number:
        raise NotAllowed("起案した職員は差し戻せません", code="same_officer", hint="別の職員が判断してください。")
    proposal.state = CorrectionProposal.State.REFUSED
    proposal.decided_by = context.staff_number
    proposal.decided_at = clock.now()
    proposal.reason = f"{proposal.reason}（差戻し: {reason.strip()}）"[:200]
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    _entry(proposal, context, "資格記録の訂正の差戻し")
    return proposal


@one_case("届出の取消")
def cancel_notice(*, notice_id: int, reason: str, context: AccessContext) -> QualificationAct | None:
    """取り消す: a wrong entry is taken back; what was already sent is put up for withdrawal. None for 氏名・住所."""
    notice = Receipt.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise InputError("この受付はありません", field="notice", code="not_found")
    if not reason.strip():
        raise InputError("取り消す理由を入力してください", field="reason", code="missing_field")
    if notice.act is None:
        sent = undoing.withdraw_notices([notice], reason.strip(), context.staff_number)
    else:
        sent = undoing.undo_with_dependants(
            notice.act, reason=reason.strip(), kind=ActKind.CANCEL, staff_number=context.staff_number
        )
    for one in sent:
        undoing.offer_withdrawal(one, reason.strip())
    record(
        USING,
        context.for_case(notice.receipt_number),
        act=Act.CANCEL,
        dataset=f"{notice.get_kind_display()}の取消",
        atena_numbers=[notice.atena_number],
        items=("R2 資格情報",),
        detail={"receipt_number": notice.receipt_number},
    )
    return QualificationAct.objects.filter(undoes=notice.act).first() if notice.act else None


# --- checks -----------------------------------------------------------------------------------------------------------


def _current(period_id: int) -> QualificationPeriod:
    period: QualificationPeriod | None = QualificationPeriod.objects.current().filter(pk=period_id).first()
    if period is None:
        raise Conflict(
            "この資格期間は、すでに訂正または取消されています",
            code="changed_meanwhile",
            hint="資格の履歴を開き直してください。",
        )
    return period


def _waiting(proposal_id: int) -> CorrectionProposal:
    proposal = CorrectionProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise InputError("この起案はありません", field="proposal", code="not_found")
    if proposal.state != CorrectionProposal.State.PROPOSED:
        raise Conflict(f"この起案はすでに「{proposal.get_state_display()}」です", code="already_decided")
    return proposal


def _check(period: QualificationPeriod, corrected: Corrected) -> None:
    _check_code(INSURED_TYPES, corrected.insured_type, "insured_type", corrected.acquired_on)
    _check_code(ACQUISITION_REASONS, corrected.acquisition_reason, "acquisition_reason", corrected.acquired_on)
    if (corrected.lost_on is None) != (corrected.loss_reason == ""):
        raise InputError("喪失日と喪失理由は両方を入力してください", field="loss_reason", code="inconsistent")
    if corrected.lost_on is not None:
        _check_code(LOSS_REASONS, corrected.loss_reason, "loss_reason", corrected.lost_on)
        if corrected.lost_on <= corrected.acquired_on:
            raise InputError("喪失日は取得日より後の日にしてください", field="lost_on", code="out_of_range")
    same = recording.held([period])[0]
    if Held(*_values(corrected)) == Held(*_values(same)):
        raise InputError("訂正前と同じ内容です", field="acquired_on", code="nothing_changes")
    _check_ages(period, corrected)


def _values(one: Corrected | Held) -> tuple[str, date, str, date | None, str]:
    return one.insured_type, one.acquired_on, one.acquisition_reason, one.lost_on, one.loss_reason


def _check_code(table: CodeTable, code: str, field: str, day: date) -> None:
    if code not in table or code == "9":
        raise InputError(f"{table.name}のコードが正しくありません", field=field)
    if not table.get(code).usable_on(day):
        raise InputError(
            f"{table.name}「{table.label(code)}」は{format_wareki(day)}には使えません", field=field, code="out_of_range"
        )


def _check_ages(period: QualificationPeriod, corrected: Corrected) -> None:
    """第1号 and 第3号 are 20 to 60 (法7条1項): a correction cannot record what the law excludes."""
    resident = resident_view.find(period.atena_number)
    if resident is None or corrected.insured_type not in ("1", "3"):
        return
    twenty, sixty = reaches_age_on(resident.birth_date, 20), reaches_age_on(resident.birth_date, 60)
    if corrected.acquired_on < twenty:
        raise InputError(
            f"20歳到達日（{format_wareki(twenty)}）より前には取得しません（国民年金法第7条第1項）",
            field="acquired_on",
            code="out_of_range",
        )
    if (corrected.lost_on or sixty) > sixty or corrected.acquired_on >= sixty:
        raise InputError(
            f"60歳到達日（{format_wareki(sixty)}）に喪失します（国民年金法第9条第3号）",
            field="lost_on",
            code="out_of_range",
        )


def _difference_steps(period: QualificationPeriod, right: Held) -> list[dict[str, Any]]:
    wrong = recording.held([period])[0]
    return [
        {"name": name, "label_ja": label, "value": f"{before} → {after}", "unit": "text", "article": None}
        for name, label, before, after in _differences(wrong, right)
    ]


def _differences(wrong: Held, right: Held) -> list[tuple[str, str, str, str]]:
    pairs = (
        ("acquired_on", "取得日", _day(wrong.acquired_on), _day(right.acquired_on)),
        ("lost_on", "喪失日", _day(wrong.lost_on), _day(right.lost_on)),
        (
            "insured_type",
            "種別",
            SHORT_TYPE_LABELS[wrong.insured_type],
            SHORT_TYPE_LABELS[right.insured_type],
        ),
        (
            "acquisition_reason",
            "取得理由",
            ACQUISITION_REASONS.label(wrong.acquisition_reason),
            ACQUISITION_REASONS.label(right.acquisition_reason),
        ),
        (
            "loss_reason",
            "喪失理由",
            LOSS_REASONS.label(wrong.loss_reason) if wrong.loss_reason else "なし",
            LOSS_REASONS.label(right.loss_reason) if right.loss_reason else "なし",
        ),
    )
    return [pair for pair in pairs if pair[2] != pair[3]]


_ITEM_OF = {"acquired_on": "1", "lost_on": "2", "insured_type": "3", "acquisition_reason": "4", "loss_reason": "4"}


def _correction_content(period: QualificationPeriod, right: Held) -> dict[str, Any]:
    wrong = recording.held([period])[0]
    differing = _differences(wrong, right)
    name, label, before, after = differing[0]
    day = right.lost_on if name == "lost_on" else right.acquired_on
    return {
        "item": _ITEM_OF[name],
        "before": f"{label} {before}"[:37],
        "after": f"{label} {after}"[:37],
        "event_on": (day or right.acquired_on).isoformat(),
        "kind_after": right.insured_type,
        "remarks": "ほか訂正あり" if len(differing) > 1 else "",
    }


def _day(day: date | None) -> str:
    return format_wareki(day) if day else "なし"


def _entry(proposal: CorrectionProposal, context: AccessContext, what: str, act: Act = Act.REGISTER) -> None:
    record(
        USING,
        context,
        act=act,
        dataset=what,
        atena_numbers=[proposal.atena_number],
        items=("R2 資格情報",),
        detail={"proposal": proposal.pk},
    )
