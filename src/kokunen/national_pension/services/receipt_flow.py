"""受付の進行: a receipt moves from state to state, each move with who, when and why; nothing skips its way."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import filing_deadline
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext
from kokunen.national_pension import parameters
from kokunen.national_pension.choices import Filer, NoticeKind, NoticeSource, NoticeState
from kokunen.national_pension.models import ReceiptStep, QualificationAct, Receipt

ALLOWED: dict[NoticeState, tuple[NoticeState, ...]] = {
    NoticeState.RECEIVED: (
        NoticeState.SUPPLEMENT,
        NoticeState.EXAMINED,
        NoticeState.TO_SEND,
        NoticeState.WITHDRAWN,
        NoticeState.DONE,
    ),
    NoticeState.SUPPLEMENT: (NoticeState.EXAMINED, NoticeState.TO_SEND, NoticeState.WITHDRAWN),
    NoticeState.EXAMINED: (NoticeState.TO_SEND, NoticeState.WITHDRAWN, NoticeState.DONE),
    NoticeState.TO_SEND: (NoticeState.SENT, NoticeState.SUPPLEMENT, NoticeState.WITHDRAWN),
    NoticeState.SENT: (NoticeState.DONE, NoticeState.RETURNED),
    NoticeState.RETURNED: (NoticeState.TO_SEND, NoticeState.SUPPLEMENT, NoticeState.WITHDRAWN),
    NoticeState.WITHDRAWN: (),
    NoticeState.DONE: (),
}
_ENDS = (NoticeState.WITHDRAWN, NoticeState.DONE)


def receive(
    *,
    atena_number: str,
    kind: NoticeKind,
    source: NoticeSource,
    context: AccessContext,
    received_on: date,
    fact: str = "",
    fact_on: date | None = None,
    filing_due_on: date | None = None,
    filer: Filer = Filer.NONE,
    identity_document: str = "",
    identity_confirmed: bool = False,
    attachments: list[str] | None = None,
    missing_papers: list[str] | None = None,
    content: dict[str, Any] | None = None,
    to_report: bool = True,
    act: QualificationAct | None = None,
) -> Receipt:
    """受け付ける: a line of the 受付処理簿, in its first state."""
    now = clock.now()
    notice = Receipt.objects.create(
        atena_number=atena_number,
        kind=kind,
        source=source,
        state=NoticeState.RECEIVED,
        received_on=received_on,
        received_at=now,
        office_code=context.office_code,
        received_by=context.staff_number,
        filer=filer,
        identity_document=identity_document,
        identity_confirmed=identity_confirmed,
        attachments=attachments or [],
        missing_papers=missing_papers or [],
        fact=fact,
        fact_on=fact_on,
        filing_due_on=filing_due_on,
        sending_due_on=filing_deadline(received_on, parameters.days("sending_days", received_on)).deadline,
        content=content or {},
        to_report=to_report,
        act=act,
    )
    ReceiptStep.objects.create(
        notice=notice, at=now, state=NoticeState.RECEIVED, staff_number=context.staff_number, note="受付"
    )
    return notice


def move(
    notice: Receipt,
    state: NoticeState,
    *,
    staff_number: str,
    note: str = "",
    sent_on: date | None = None,
    returned_reason: str = "",
) -> None:
    """進める: to a state that follows the present one. Conflict for any other."""
    present = NoticeState(notice.state)
    if state not in ALLOWED[present]:
        raise Conflict(
            f"「{present.label}」の受付を「{state.label}」にはできません",
            code="state",
            hint="一覧を開き直して、現在の状況を確認してください。",
        )
    notice.state = state
    if sent_on is not None:
        notice.sent_on = sent_on
    if returned_reason:
        notice.returned_reason = returned_reason
    if state in _ENDS:
        notice.closed_on = clock.today()
    notice.save(update_fields=["state", "sent_on", "returned_reason", "closed_on"])
    ReceiptStep.objects.create(
        notice=notice, at=clock.now(), state=state, staff_number=staff_number, note=(note or returned_reason)[:200]
    )


def examined_and_ready(notice: Receipt, context: AccessContext) -> None:
    """審査を終える: with papers missing it waits for them, else it is ready to send, or done when nothing is to be
    sent.
    """
    if notice.missing_papers:
        move(
            notice,
            NoticeState.SUPPLEMENT,
            staff_number=context.staff_number,
            note="不足: " + "、".join(notice.missing_papers),
        )
        return
    move(notice, NoticeState.EXAMINED, staff_number=context.staff_number, note="審査済")
    if notice.to_report:
        move(notice, NoticeState.TO_SEND, staff_number=context.staff_number, note="送付待")
    else:
        move(notice, NoticeState.DONE, staff_number=context.staff_number, note="機構への報告は不要")
