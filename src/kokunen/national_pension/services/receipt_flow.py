"""受付の進行: a receipt moves from state to state, each move with who, when and why; nothing skips its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from kokunen.common_platform.codes.offices import get_office
from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import filing_deadline
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext
from kokunen.national_pension import parameters
from kokunen.national_pension.choices import Filer, NoticeKind, NoticeSource, NoticeState, PaperState
from kokunen.national_pension.models import QualificationAct, Receipt, ReceiptPaper, ReceiptStep
from kokunen.national_pension.services.common import USING

ALLOWED: dict[NoticeState, tuple[NoticeState, ...]] = {
    NoticeState.RECEIVED: (NoticeState.SUPPLEMENT, NoticeState.EXAMINED, NoticeState.WITHDRAWN),
    NoticeState.SUPPLEMENT: (NoticeState.EXAMINED, NoticeState.TO_SEND, NoticeState.WITHDRAWN),
    NoticeState.EXAMINED: (
        NoticeState.SUPPLEMENT,
        NoticeState.TO_SEND,
        NoticeState.WITHDRAWN,
        NoticeState.DONE,
    ),
    NoticeState.TO_SEND: (NoticeState.SENT, NoticeState.SUPPLEMENT, NoticeState.WITHDRAWN),
    NoticeState.SENT: (NoticeState.RETURNED, NoticeState.GRANTED, NoticeState.REFUSED, NoticeState.WITHDRAWN),
    NoticeState.RETURNED: (NoticeState.TO_SEND, NoticeState.SUPPLEMENT, NoticeState.WITHDRAWN),
    NoticeState.GRANTED: (NoticeState.DONE,),
    NoticeState.REFUSED: (NoticeState.DONE,),
    NoticeState.WITHDRAWN: (),
    NoticeState.DONE: (),
}
"""受付の道: which state may follow which; the trigger `receipt_guard` holds the same table."""
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
    attachments: Sequence[str] = (),
    missing_papers: Sequence[str] = (),
    waived_papers: Mapping[str, str] | None = None,
    situation: str = "",
    about_atena_number: str = "",
    follows: Receipt | None = None,
    content: dict[str, Any] | None = None,
    to_report: bool = True,
    act: QualificationAct | None = None,
) -> Receipt:
    """受け付ける: a line of the 受付処理簿 in its first state, with its papers (`waived_papers`: name and reason)."""
    now = clock.now()
    missing = [paper for paper in dict.fromkeys(missing_papers) if paper not in (waived_papers or {})]
    papers_due = filing_deadline(received_on, parameters.days("papers_days", received_on)).deadline if missing else None
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
        situation=situation,
        about_atena_number=about_atena_number,
        follows=follows,
        papers_due_on=papers_due,
        fact=fact,
        fact_on=fact_on,
        filing_due_on=filing_due_on,
        sending_due_on=filing_deadline(received_on, parameters.days("sending_days", received_on)).deadline,
        content=content or {},
        to_report=to_report,
        act=act,
    )
    _step(notice, NoticeState.RECEIVED, context.staff_number, context.office_code, "受付")
    seen = [paper for paper in dict.fromkeys(attachments) if paper not in missing]
    rows = [(name, PaperState.SEEN, "") for name in seen]
    rows += [(name, PaperState.WAIVED, why) for name, why in (waived_papers or {}).items() if name not in seen]
    ReceiptPaper.objects.bulk_create(
        [
            *(
                ReceiptPaper(
                    receipt=notice, name=name, state=state, settled_at=now, settled_by=context.staff_number, note=why
                )
                for name, state, why in rows
            ),
            *(ReceiptPaper(receipt=notice, name=name, state=PaperState.MISSING, due_on=papers_due) for name in missing),
        ]
    )
    return notice


def _step(notice: Receipt, state: NoticeState, staff_number: str, office_code: str, note: str) -> None:
    ReceiptStep.objects.create(
        notice=notice,
        at=clock.now(),
        state=state,
        staff_number=staff_number,
        office_code=office_code,
        note=note[:200],
    )


def move(
    notice: Receipt,
    state: NoticeState,
    *,
    staff_number: str,
    office_code: str = "",
    note: str = "",
    sent_on: date | None = None,
    returned_reason: str = "",
    result_on: date | None = None,
) -> None:
    """進める: to a state that follows the present one. Conflict for any other, also when somebody was faster.

    A withdrawal needs its reason as `note`, a return `returned_reason`, a result its day.
    """
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
        notice.returned_reason = returned_reason[:200]
    if result_on is not None:
        notice.result_on, notice.result_note = result_on, note[:200]
    if state == NoticeState.WITHDRAWN:
        notice.end_reason = note[:200]
    if state in _ENDS:
        notice.closed_on, notice.waiting_at = clock.today(), ""
    with transaction.atomic(using=USING):  # the database wants state and step together
        notice.save(update_fields=list(_MOVED))
        _step(notice, state, staff_number, office_code, note or returned_reason)


def step(notice: Receipt, state: NoticeState, note: str, context: AccessContext) -> None:
    """進める, as the officer of this context."""
    move(notice, state, staff_number=context.staff_number, office_code=context.office_code, note=note)


_MOVED = (
    "state",
    "sent_on",
    "returned_reason",
    "result_on",
    "result_note",
    "end_reason",
    "closed_on",
    "waiting_at",
)


def examined_and_ready(notice: Receipt, context: AccessContext) -> None:
    """審査を終える: with papers missing it waits for them; taken in at a branch it waits for the main office's look;
    else it is ready to send, or done when nothing is to be sent.
    """
    missing = notice.missing_papers
    if missing:
        step(notice, NoticeState.SUPPLEMENT, "不足: " + "、".join(missing), context)
        return
    step(notice, NoticeState.EXAMINED, "審査済", context)
    go_on(notice, context)


def go_on(notice: Receipt, context: AccessContext) -> None:
    """審査済から先へ: to 送付待 or 完了; what a branch took in waits here until the main office has looked at it."""
    if not notice.to_report:
        step(notice, NoticeState.DONE, "機構への報告は不要", context)
    elif is_branch(notice.office_code) and not notice.checked_by:
        return
    else:
        step(notice, NoticeState.TO_SEND, "送付待", context)


def accept(notice: Receipt, *, on: date, staff_number: str, note: str = "機構で受理") -> None:
    """受理で終わる: for forms that end with the Service's acceptance; others stay 結果待 until their decision."""
    move(notice, NoticeState.GRANTED, staff_number=staff_number, note=note, result_on=on)
    move(notice, NoticeState.DONE, staff_number=staff_number, note="結果を確認して完了")


def is_branch(office_code: str) -> bool:
    """支所か: does the main office look at what this office took in?"""
    try:
        return get_office(office_code).kind == "branch"
    except KeyError:
        return False
