"""番号名寄 (S5-5; 標準 0310008, 0310009): bind parent and child by two officers, unbind without loss.

Numbers are never re-assigned: a link only says whose record is the one to be used. Depth is one: when a parent becomes
a child itself, its children are hung under the new parent, each move remembers what it replaces, and ending the link
brings all of it back. A resident, when there is one, is the parent; the child's record leaves the live list meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.choices import BINDING, LinkState, ProposalState, RecordStatus
from kokunen.nonresident_registry.linkage import ATENA_LINK, link_row
from kokunen.nonresident_registry.models import ALIAS, MergeLink, MergeProposal, MergeStep
from kokunen.nonresident_registry.services.records import change_status
from kokunen.nonresident_registry.services.writing import current_row, lock, one_change

DATASET_JA = "住登外名寄情報"
NUMBER_WEIGHT = 60.0


def ask_link(
    *, context: AccessContext, parent: str, child: str, reason: str, proposal: MergeProposal | None = None
) -> MergeLink:
    """名寄せの申請: checked now, in force when a second officer approves."""
    with one_change(context, DATASET_JA, [parent, child]):
        lock(parent, child)
        kind = _check_pair(parent, child)
        if not reason.strip():
            raise InputError("名寄せの理由を入力してください", "reason", "missing_field", "")
        evidence = {"features": proposal.features, "probability": proposal.probability} if proposal else {}
        link = MergeLink.objects.create(
            parent=parent,
            child=child,
            kind=kind,
            reason=reason.strip()[:300],
            evidence=evidence,
            proposal=proposal,
            asked_by=context.staff_number,
            asked_at=clock.now(),
        )
        _step(link, context, link.reason)
        _record(context, Act.REGISTER, link)
    return link


def approve_link(*, context: AccessContext, link_id: int) -> MergeLink:
    """名寄せの承認 by another officer: from now on the child resolves to the parent."""
    link = _get(link_id, LinkState.ASKED)
    with one_change(context, DATASET_JA, [link.parent, link.child]):
        lock(link.parent, link.child)
        _second_officer(context, link.asked_by, "名寄せ")
        _check_pair(link.parent, link.child, approving=True)
        children = list(MergeLink.objects.select_for_update().filter(parent=link.child, state__in=BINDING))
        for moved in children:  # first, so that the child is nobody's parent when its own link comes into force
            _end(moved, context, "付替え")
        link.state = LinkState.LIVE
        link.made_by, link.made_at = context.staff_number, clock.now()
        link.child_status_before = _take_off_list(link, context)
        link.save()
        _announce(link, context, current=True)
        for moved in children:
            _rehang(moved, link, context)
        if link.proposal is not None:
            _decide(link.proposal, ProposalState.LINKED, context, link.reason)
        _record(context, Act.REGISTER, link)
    return link


def reject_link(*, context: AccessContext, link_id: int, words: str) -> MergeLink:
    """差戻し: the request is not followed; the candidate waits again."""
    link = _get(link_id, LinkState.ASKED)
    with one_change(context, DATASET_JA, [link.parent, link.child]):
        link.state = LinkState.REJECTED
        link.save()
        _step(link, context, words)
        _record(context, Act.CANCEL, link)
    return link


def ask_unlink(*, context: AccessContext, link_id: int, reason: str) -> MergeLink:
    """名寄せ解除の申請."""
    link = _get(link_id, LinkState.LIVE)
    with one_change(context, DATASET_JA, [link.parent, link.child]):
        if not reason.strip():
            raise InputError("解除の理由を入力してください", "reason", "missing_field", "")
        link.state, link.end_reason, link.end_asked_by = LinkState.ENDING, reason.strip()[:300], context.staff_number
        link.save()
        _step(link, context, link.end_reason)
        _record(context, Act.REGISTER, link)
    return link


def approve_unlink(*, context: AccessContext, link_id: int) -> MergeLink:
    """名寄せ解除の承認: both records live on as before, children that were moved go back to the child."""
    link = _get(link_id, LinkState.ENDING)
    with one_change(context, DATASET_JA, [link.parent, link.child]):
        lock(link.parent, link.child)
        _second_officer(context, link.end_asked_by, "解除")
        causes = [one.pk for one in _copies(link)]
        moves = list(MergeLink.objects.filter(caused_by__in=causes, state__in=BINDING).order_by("pk"))
        for moved in moves:
            _end(moved, context, "付替えの取消し")
        _end(link, context, link.end_reason)
        _put_back_on_list(link, context)
        for moved in moves:
            before = _copies(moved)[-1].replaces
            if before is not None:
                _restore(before, context)
        if link.proposal is not None:
            _decide(link.proposal, ProposalState.WAITING, context, "名寄せを解除したため")
        _record(context, Act.CANCEL, link)
    return link


def decide_different(*, context: AccessContext, proposal_id: int, words: str) -> MergeProposal:
    """別人と判断する: the pair is not proposed again."""
    proposal = get_proposal(proposal_id)
    with one_change(context, DATASET_JA, [proposal.first, proposal.second]):
        if not words.strip():
            raise InputError("別人と判断した理由を入力してください", "words", "missing_field", "")
        if proposal.state != ProposalState.WAITING:
            raise Conflict("この候補は、すでに判断されています", "state", "decided", "一覧を開き直してください。")
        _decide(proposal, ProposalState.DIFFERENT, context, words.strip())
        record(
            ALIAS,
            context,
            act=Act.REGISTER,
            dataset="名寄せ候補",
            atena_numbers=[proposal.first, proposal.second],
            detail={"decision": "別人"},
        )
    return proposal


def propose_by_number(atena_number: str, holders: Sequence[str]) -> None:
    """番号が同じ宛名を候補にする (in the transaction of the registration): proposed, never done by itself."""
    for holder in holders:
        first, second = sorted((atena_number, holder))
        MergeProposal.objects.update_or_create(
            first=first,
            second=second,
            defaults={
                "probability": 1.0,
                "weight": NUMBER_WEIGHT,
                "features": [{"item": "番号", "level": "同じ番号が紐付いている", "bits": NUMBER_WEIGHT}],
                "found_at": clock.now(),
                "state": ProposalState.WAITING,
            },
        )


def get_proposal(proposal_id: int) -> MergeProposal:
    """名寄せ候補. Raises InputError when there is none."""
    proposal = MergeProposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise InputError("この名寄せ候補はありません", "proposal", "not_found", "一覧を開き直してください。")
    return proposal


# --- the parts ------------------------------------------------------------------------------------------------------


def _check_pair(parent: str, child: str, *, approving: bool = False) -> str:
    if parent == child:
        raise InputError("同じ宛名番号どうしは名寄せできません", "child", "inconsistent", "")
    above, below = queries.find_subject(parent), queries.find_subject(child)
    if above is None or below is None:
        raise InputError("宛名番号が見つかりません", "parent", "not_found", "検索し直してください。")
    if above.kind != below.kind:
        raise InputError(
            "個人と法人は名寄せできません", "child", "inconsistent", "同じ種類の宛名番号を選んでください。"
        )
    if below.is_resident:
        raise InputError(
            "住民は名寄せ先にしてください", "child", "resident_is_parent", "名寄せ先と名寄せ元を入れ替えてください。"
        )
    held = MergeLink.objects.filter(child=parent, state__in=BINDING).first()
    if held is not None:
        words = (
            "この宛名番号は、名寄せ元になろうとする宛名番号の名寄せ元です"
            if held.parent == child
            else "名寄せ先の宛名番号が、すでにほかの宛名番号の名寄せ元になっています"
        )
        raise Conflict(words, "parent", "depth", "名寄せは1段だけです。代表の宛名番号を名寄せ先にしてください。")
    if not approving and MergeLink.objects.filter(child=child, state__in=(*BINDING, LinkState.ASKED)).exists():
        raise Conflict(
            "この宛名番号の名寄せは、すでにあります", "child", "already_linked", "名寄せの一覧で確認してください。"
        )
    return above.kind


def _second_officer(context: AccessContext, first: str, what: str) -> None:
    if context.staff_number == first:
        raise NotAllowed(
            f"{what}の承認は、申請した職員とは別の職員が行います",
            "approver",
            "two_officers",
            "別の職員に依頼してください。",
        )


def _get(link_id: int, state: str) -> MergeLink:
    link = MergeLink.objects.select_related("proposal").filter(pk=link_id).first()
    if link is None or link.state != state:
        raise Conflict(
            "この名寄せは、今はその操作ができない状態です", "link", "state", "名寄せの一覧を開き直してください。"
        )
    return link


def _end(link: MergeLink, context: AccessContext, why: str) -> None:
    link.state = LinkState.ENDED
    link.end_reason = link.end_reason or why
    link.ended_by, link.ended_at = context.staff_number, clock.now()
    link.save()
    _announce(link, context, current=False, words=why)


def _rehang(moved: MergeLink, cause: MergeLink, context: AccessContext) -> None:
    """子の付替え: the child of the child goes under the new parent."""
    now = clock.now()
    again = MergeLink.objects.create(
        parent=cause.parent,
        child=moved.child,
        kind=moved.kind,
        state=LinkState.LIVE,
        reason="名寄せ先が名寄せ元になったため",
        evidence=moved.evidence,
        caused_by=cause,
        replaces=moved,
        child_status_before=moved.child_status_before,
        asked_by=context.staff_number,
        asked_at=now,
        made_by=context.staff_number,
        made_at=now,
    )
    _announce(again, context, current=True)


def _restore(before: MergeLink, context: AccessContext) -> None:
    """付替え前に戻す: a new link as the one that was replaced (the old one stays ended in the history)."""
    now = clock.now()
    again = MergeLink.objects.create(
        parent=before.parent,
        child=before.child,
        kind=before.kind,
        state=LinkState.LIVE,
        reason=before.reason,
        evidence=before.evidence,
        proposal=before.proposal,
        caused_by=before.caused_by,
        replaces=before,
        child_status_before=before.child_status_before,
        asked_by=before.asked_by,
        asked_at=now,
        made_by=context.staff_number,
        made_at=now,
    )
    _announce(again, context, current=True)


def _copies(link: MergeLink) -> list[MergeLink]:
    """この名寄せの前の姿, newest first: what was moved away and brought back is a new link that stands for the old."""
    found = [link]
    while (older := found[-1].replaces) is not None and older.parent == link.parent:
        found.append(older)
    return found


def _take_off_list(link: MergeLink, context: AccessContext) -> str:
    """住民が名寄せ先: the non-resident's record leaves the live list, history stays (flow D)."""
    row = current_row(link.child)
    parent = queries.find_subject(link.parent)
    if row is None or not row.is_listed or parent is None or not parent.is_resident:
        return ""
    before = str(row.status)
    change_status(
        context=context, before=row, status=RecordStatus.BECAME_RESIDENT, on=clock.today(), why="住民への名寄せ"
    )
    return before


def _put_back_on_list(link: MergeLink, context: AccessContext) -> None:
    row = current_row(link.child)
    if row is None or not link.child_status_before or row.status != RecordStatus.BECAME_RESIDENT:
        return
    change_status(context=context, before=row, status=link.child_status_before, on=clock.today(), why="名寄せの解除")


def _announce(link: MergeLink, context: AccessContext, *, current: bool, words: str = "") -> None:
    _step(link, context, words or link.reason)
    note = ChangeNote("register" if current else "cancel", None, clock.today())
    publish(ALIAS, ATENA_LINK, [link_row(link, current=current)], note)


def _step(link: MergeLink, context: AccessContext, words: str) -> None:
    MergeStep.objects.create(
        link=link,
        state=link.state,
        parent=link.parent,
        child=link.child,
        words=words[:300],
        at=clock.now(),
        by=context.staff_number,
    )


def _decide(proposal: MergeProposal, state: str, context: AccessContext, words: str) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, context.staff_number, clock.now()
    proposal.words = words[:300]
    proposal.save()


def _record(context: AccessContext, act: Act, link: MergeLink) -> None:
    record(
        ALIAS,
        context,
        act=act,
        dataset=DATASET_JA,
        atena_numbers=[link.parent, link.child],
        detail={"link": link.pk, "state": LinkState(link.state).label},
    )
