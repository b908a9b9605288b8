"""取り消す: exactly what an act did is taken back, by another act; what was already sent is withdrawn by a notice
of its own.

Used for a cancellation that arrives from the register (191, 291, 391, 901) and for 取消 by an officer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kokunen.common_platform.integration.consuming import Change
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.choices import (
    OPEN_WORK_STATES,
    ActKind,
    LineRole,
    NoticeKind,
    NoticeState,
    WorkKind,
    WorkState,
)
from kokunen.national_pension.models import QualificationAct, QualificationPeriod, Receipt, WorkItem
from kokunen.national_pension.registry_events import Meaning
from kokunen.national_pension.services import receipt_flow, recording
from kokunen.national_pension.services.common import lock_person
from kokunen.national_pension.services.items import REGISTRY_STAFF, create_item

# Which events a cancellation of that kind can be about, when the feed does not name the very change.
_CANCELLED_BY = {
    "191": ("201", "202", "203", "204", "211", "212", "213", "216"),
    "291": ("101", "102", "103", "104", "105", "106", "112", "113"),
    "391": ("301", "302", "321", "322", "323", "114", "115"),
    "901": ("201", "202", "203"),
}


def follow_cancellation(change: Change, meaning: Meaning) -> bool:
    """異動の取消しに従う: undo what the cancelled event had caused here; true when there was something."""
    items = _caused(change, meaning)
    for item in items:
        _undo_item(item, change, meaning)
    return bool(items)


def _caused(change: Change, meaning: Meaning) -> list[WorkItem]:
    alive = WorkItem.objects.filter(atena_number=change.atena_number).exclude(
        state__in=[WorkState.UNDONE, WorkState.REJECTED]
    )
    if change.cancels is not None:
        named = list(alive.filter(source_dataset=change.dataset, source_seq=change.cancels))
        if named:
            return named
    latest = (
        alive.filter(source_dataset=change.dataset, registry_reason__in=_CANCELLED_BY[meaning.reason_code])
        .order_by("-source_seq")
        .first()
    )
    return [latest] if latest else []


def _undo_item(item: WorkItem, change: Change, meaning: Meaning) -> None:
    why = f"{meaning.name}により取り消し"
    was_open = item.state in OPEN_WORK_STATES
    problem, withdrawn = "", []
    if not was_open and item.act is not None:
        try:
            withdrawn = undo_with_dependants(item.act, reason=why, kind=ActKind.UNDO, staff_number=REGISTRY_STAFF)
        except KokunenError as error:
            problem = f"自動で元に戻せません。{error}"
    elif not was_open and item.notice is not None:
        withdrawn = withdraw_notices([item.notice], why, REGISTRY_STAFF)
    if not problem:
        item.state = WorkState.UNDONE
        item.decided_at = clock.now()
        item.decided_by = REGISTRY_STAFF
        item.decision_note = why
        item.save(update_fields=["state", "decided_at", "decided_by", "decision_note"])
    create_item(
        kind=WorkKind.UNDO,
        atena_number=item.atena_number,
        source_key=f"{change.dataset}:{change.seq}:{WorkKind.UNDO}:{item.pk}",
        change=change,
        event_on=change.event_on,
        effective_on=None,
        article=item.article,
        summary=problem or _undone_summary(item, meaning, was_open),
        proposal={},
        steps=[],
        codes=(),
        undoes=item,
        state=WorkState.OPEN if problem else WorkState.CONFIRMED,
        note="" if problem else why,
    )
    for notice in withdrawn:
        offer_withdrawal(notice, why)


def _undone_summary(item: WorkItem, meaning: Meaning, was_open: bool) -> str:
    what = f"{meaning.name}により、「{item.get_kind_display()}」"
    return f"{what}を取り下げました" if was_open else f"{what}で行った資格の処理を元に戻しました"


def undo_with_dependants(
    act: QualificationAct, *, reason: str, kind: ActKind, staff_number: str, approved_by: str = ""
) -> list[Receipt]:
    """処理を取り消す: first the acts built on it, latest first, then the act itself.

    A 任意加入 made for the time abroad falls with the loss it followed. Anything else on top is for an officer to
    judge: Conflict. Returns the notices that had already gone to the Service.
    """
    lock_person(act.atena_number)
    later = list(
        QualificationAct.objects.filter(
            atena_number=act.atena_number, acted_at__gt=act.acted_at, undone_by__isnull=True
        )
        .exclude(kind__in=[ActKind.UNDO, ActKind.CANCEL])
        .order_by("-acted_at")
    )
    for one in later:
        if one.fact != "voluntary_apply":
            raise Conflict(
                f"その後に別の処理（{format_wareki(one.acted_at.date())} {one.get_kind_display()}）が行われています",
                code="built_upon",
                hint="新しい処理から順に取り消してください。",
            )
    sent: list[Receipt] = []
    for one in (*later, act):
        undo_act(one, reason=reason, kind=kind, staff_number=staff_number, approved_by=approved_by)
        sent += withdraw_notices(one.notices.all(), reason, staff_number)
    return sent


def undo_act(
    act: QualificationAct, *, reason: str, kind: ActKind, staff_number: str, approved_by: str = ""
) -> QualificationAct:
    """処理1件を取り消す: close what it added, put back what it closed. Conflict when its versions are not the
    current ones.
    """
    lines = list(act.lines.select_related("period"))
    added = [line.period for line in lines if line.role == LineRole.ADDED]
    closed = [line.period for line in lines if line.role == LineRole.CLOSED]
    if any(period.recorded_period.upper is not None for period in added):
        raise Conflict(
            "この処理で記録した資格は、その後の処理で変わっています",
            code="built_upon",
            hint="新しい処理から順に取り消してください。",
        )
    source = closed[0].source if closed else QualificationPeriod.Source.CORRECTION
    return recording.replace_versions(
        atena_number=act.atena_number,
        kind=kind,
        close=added,
        add=recording.held(closed),
        source=source,
        reason=reason,
        undoes=act,
        approved_by=approved_by,
        staff_number=staff_number,
    )


def withdraw_notices(notices: Iterable[Receipt], why: str, staff_number: str) -> list[Receipt]:
    """受付を取り下げる: what was not sent ends here; what was sent is returned, for a withdrawal to go after it."""
    sent = []
    for notice in notices:
        if notice.sent_on is not None and notice.state in (NoticeState.SENT, NoticeState.DONE):
            sent.append(notice)
        elif notice.is_open:
            receipt_flow.move(notice, NoticeState.WITHDRAWN, note=why, staff_number=staff_number)
    return sent


def offer_withdrawal(notice: Receipt, why: str) -> None:
    """取下げの準備: the report that is already with the Service is put before an officer, to be withdrawn."""
    create_item(
        kind=WorkKind.WITHDRAWAL,
        atena_number=notice.atena_number,
        source_key=f"withdrawal:{notice.pk}",
        event_on=notice.fact_on,
        effective_on=None,
        article="国民年金法施行規則",
        summary=(
            f"受付番号 {notice.receipt_number}「{notice.get_kind_display()}」は送付済みです。"
            f"取下げを報告してください（{why}）"
        ),
        proposal={"notice_kind": str(NoticeKind.WITHDRAWAL), "content": withdrawal_content(notice)},
        steps=[],
        codes=(),
    )


def withdrawal_content(notice: Receipt) -> dict[str, Any]:
    """取下げの内容: the number and the kind of the notice that is taken back."""
    return {
        "event_on": clock.today().isoformat(),
        "withdraws": notice.receipt_number,
        "withdraws_kind": notice.kind,
        "withdraws_fact": notice.fact,
        "remarks": "異動の取消しによる取下げ",
    }
