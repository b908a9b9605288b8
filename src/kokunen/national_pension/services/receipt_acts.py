"""受付の後の処理: papers that come later, the main office's look, return and resubmission, withdrawal, decision.

Each is one transaction with its ledger entry; the way itself is `receipt_flow`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import NoticeKind, NoticeState, PaperState
from kokunen.national_pension.handlers.registry import handler_of
from kokunen.national_pension.models import Receipt, ReceiptEntry
from kokunen.national_pension.services import claim_records, receipt_flow
from kokunen.national_pension.services.common import USING, one_case

_TICK = timedelta(microseconds=1)


def get_receipt(receipt_id: int) -> Receipt:
    """受付, locked for this transaction; InputError when there is none of that id."""
    receipt = Receipt.objects.select_for_update().filter(pk=receipt_id).first()
    if receipt is None:
        raise InputError("この受付はありません", field="notice", code="not_found", hint="一覧を開き直してください。")
    return receipt


@one_case("不足書類の受領")
def complete_papers(*, notice_id: int, papers: Sequence[str], context: AccessContext) -> Receipt:
    """不足書類を受け取る: with nothing missing any more the receipt goes on its way."""
    receipt = get_receipt(notice_id)
    _settle_papers(receipt, dict.fromkeys(papers, ""), PaperState.SEEN, context)
    _on_when_complete(receipt, context, "書類がそろいました")
    _entry(receipt, context, "不足書類の受領")
    return receipt


@one_case("書類の省略")
def waive_papers(*, notice_id: int, papers: Sequence[str], reason: str, context: AccessContext) -> Receipt:
    """書類なしで進める: the officer takes the form all the same and says why; the reason stays with the paper."""
    if not reason.strip():
        raise InputError("書類を省略する理由を入力してください", field="reason", code="missing_field")
    receipt = get_receipt(notice_id)
    _settle_papers(receipt, {name: reason.strip() for name in papers}, PaperState.WAIVED, context)
    _on_when_complete(receipt, context, f"書類を省略: {reason.strip()}")
    _entry(receipt, context, "書類の省略")
    return receipt


def _settle_papers(receipt: Receipt, papers: Mapping[str, str], state: PaperState, context: AccessContext) -> None:
    for paper in receipt.papers.filter(name__in=list(papers), state=PaperState.MISSING):
        paper.state = state
        paper.settled_at, paper.settled_by = clock.now(), context.staff_number
        paper.note = papers[paper.name][:200]
        paper.save(update_fields=["state", "settled_at", "settled_by", "note"])
    if not receipt.papers.filter(state=PaperState.MISSING).exists():
        receipt.papers_due_on = None
        receipt.save(update_fields=["papers_due_on"])


def _on_when_complete(receipt: Receipt, context: AccessContext, note: str) -> None:
    if receipt.papers_due_on is not None:
        return
    if receipt.state == NoticeState.SUPPLEMENT:
        receipt_flow.step(receipt, NoticeState.EXAMINED, note, context)
        receipt_flow.go_on(receipt, context)
    elif receipt.state == NoticeState.RETURNED:
        receipt_flow.step(receipt, NoticeState.TO_SEND, note, context)


@one_case("主管課の確認")
def confirm_at_main(*, notice_id: int, context: AccessContext) -> Receipt:
    """主管課で確認する: what a branch took in is looked at by another officer of the main office and goes on."""
    receipt = get_receipt(notice_id)
    if receipt.state != NoticeState.EXAMINED:
        raise Conflict("確認を待っている受付ではありません", code="state", hint="一覧を開き直してください。")
    if receipt_flow.is_branch(context.office_code):
        raise NotAllowed("支所では確認できません", code="office", hint="国民年金課の職員が確認します。")
    if receipt.received_by == context.staff_number:
        raise NotAllowed("受け付けた職員は確認できません", code="same_officer", hint="別の職員が確認してください。")
    receipt.checked_by, receipt.checked_at = context.staff_number, clock.now()
    receipt.save(update_fields=["checked_by", "checked_at"])
    receipt_flow.go_on(receipt, context)
    _entry(receipt, context, "主管課の確認")
    return receipt


@one_case("主管課の差戻し")
def send_back_to_branch(*, notice_id: int, reason: str, context: AccessContext) -> Receipt:
    """支所へ戻す: the main office asks the branch to complete the form; it waits there as 補正依頼."""
    receipt = get_receipt(notice_id)
    if not reason.strip():
        raise InputError("支所に伝える内容を入力してください", field="reason", code="missing_field")
    receipt_flow.move(
        receipt,
        NoticeState.SUPPLEMENT,
        staff_number=context.staff_number,
        office_code=context.office_code,
        note=f"支所へ: {reason.strip()}",
    )
    _entry(receipt, context, "主管課の差戻し")
    return receipt


@one_case("返戻の再送")
def send_again(*, notice_id: int, note: str, context: AccessContext) -> Receipt:
    """再送する: a returned form goes to 送付待 again under the same 受付番号; the first sending stays readable."""
    receipt = get_receipt(notice_id)
    if not note.strip():
        raise InputError("返戻にどう対応したかを入力してください", field="note", code="missing_field")
    if receipt.state != NoticeState.RETURNED:
        raise Conflict("返戻の受付ではありません", code="state", hint="一覧を開き直してください。")
    receipt_flow.move(
        receipt,
        NoticeState.TO_SEND,
        staff_number=context.staff_number,
        office_code=context.office_code,
        note=f"再送: {note.strip()}",
    )
    _entry(receipt, context, "返戻の再送")
    return receipt


@one_case("記載の補正")
def correct_entry(*, notice_id: int, data: Mapping[str, Any], reason: str, context: AccessContext) -> Receipt:
    """記載を補正する: another version of what the form says, with its reason; not while it is with the Service."""
    receipt = get_receipt(notice_id)
    if not reason.strip():
        raise InputError("補正の理由を入力してください", field="reason", code="missing_field")
    if not receipt.is_open or receipt.state in (NoticeState.SENT, NoticeState.GRANTED, NoticeState.REFUSED):
        raise Conflict(
            f"「{receipt.get_state_display()}」の受付の記載は改められません",
            code="state",
            hint="返戻されてから補正するか、取り下げて受け付け直してください。",
        )
    present = ReceiptEntry.objects.current().filter(receipt=receipt).first()
    if present is None:
        raise Conflict("この届書は、取消しと登録のやり直しで改めます", code="own_form")
    at = max(clock.now(), present.recorded_period.lower + _TICK)
    present.close_record(at)
    ReceiptEntry.objects.create(
        receipt=receipt,
        atena_number=receipt.atena_number,
        data=dict(data),
        valid_period=present.valid_period,
        recorded_period=recorded_from(at),
        recorded_by=context.staff_number,
        recorded_reason=reason.strip()[:200],
    )
    receipt.content = handler_of(receipt.kind).content(form_of(receipt.kind), receipt.situation, dict(data))
    receipt.save(update_fields=["content"])
    claim_records.corrected(receipt, context.staff_number, reason.strip())
    _entry(receipt, context, "記載の補正", Act.CORRECT)
    return receipt


@one_case("届書の取下げ")
def withdraw(*, notice_id: int, reason: str, context: AccessContext) -> Receipt:
    """取り下げる: the filer takes back what has not gone to the Service yet; its reason stays on the receipt."""
    receipt = get_receipt(notice_id)
    if not reason.strip():
        raise InputError("取下げの理由を入力してください", field="reason", code="missing_field")
    if receipt.state == NoticeState.SENT:
        raise Conflict(
            "すでに日本年金機構へ送付しています",
            code="sent",
            hint="「取消」から、送付済みの届書の取下げ（F90）を報告してください。",
        )
    receipt_flow.move(
        receipt,
        NoticeState.WITHDRAWN,
        staff_number=context.staff_number,
        office_code=context.office_code,
        note=reason.strip(),
    )
    handler_of(receipt.kind).withdrawn(receipt, context)
    _entry(receipt, context, "届書の取下げ", Act.CANCEL)
    return receipt


@one_case("決定の結果の記録")
def take_decision(*, notice_id: int, granted: bool, on: date, note: str, context: AccessContext) -> Receipt:
    """結果を受け取る: the decision on an application or a claim, with its day; the case is done with it."""
    receipt = get_receipt(notice_id)
    if not form_of(receipt.kind).ends_with_decision(receipt.situation):
        raise Conflict("この届書は、日本年金機構の受理で完了します", code="no_decision")
    if on > clock.today() or (receipt.sent_on and on < receipt.sent_on):
        raise InputError(
            f"決定日{format_wareki(on)}は、送付日から今日までの日にしてください", field="on", code="out_of_range"
        )
    state = NoticeState.GRANTED if granted else NoticeState.REFUSED
    if not granted and not note.strip():
        raise InputError("却下の理由を入力してください", field="note", code="missing_field")
    receipt_flow.move(
        receipt,
        state,
        staff_number=context.staff_number,
        office_code=context.office_code,
        note=note.strip() or state.label,
        result_on=on,
    )
    handler_of(receipt.kind).resulted(receipt, context)
    receipt_flow.move(
        receipt, NoticeState.DONE, staff_number=context.staff_number, office_code=context.office_code, note="完了"
    )
    _entry(receipt, context, "決定の結果の記録")
    return receipt


def _entry(receipt: Receipt, context: AccessContext, what: str, act: Act = Act.REGISTER) -> None:
    record(
        USING,
        context.for_case(receipt.receipt_number),
        act=act,
        dataset=f"{what}（{NoticeKind(receipt.kind).label}）",
        atena_numbers=[receipt.atena_number],
        items=form_of(receipt.kind).record_items,
        detail={"receipt_number": receipt.receipt_number},
    )
