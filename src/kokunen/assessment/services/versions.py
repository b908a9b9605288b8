"""評価書の版を進める: draft, decide about each change, approve by a second person, publish with an effective date.

Nothing of a draft has any effect. From the effective date on the policy is compiled from the published version.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kokunen.assessment import queries
from kokunen.assessment.changes import AFTER, BEFORE, missing_reasons
from kokunen.assessment.document import NEXT_DRAFT, draft_reasons, load_document
from kokunen.assessment.models import AssessmentVersion, VersionState
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

ALIAS = "assessment"
_DATASET = "評価書の版"


def draft_from_program(edition: str, *, context: AccessContext) -> AssessmentVersion:
    """案を作る: the draft that declares what the functions need, with the reasons that it proposes."""
    if not edition.strip():
        raise InputError("版の名前を入力してください", field="edition")
    base = queries.document_in_force().edition
    with transaction.atomic(using=ALIAS):
        if AssessmentVersion.objects.filter(edition=edition).exists():
            raise Conflict(f"版「{edition}」は既にあります")
        version = AssessmentVersion.objects.create(
            edition=edition,
            base=base,
            leaves=load_document(NEXT_DRAFT).as_list(),
            decisions={leaf: dict(reason) for leaf, reason in draft_reasons().items()},
            drafted_by=context.staff_number,
        )
        _note(context, Act.REGISTER, version, "案の作成")
    return version


def set_content(edition: str, leaf_id: str, content: dict[str, Any], *, context: AccessContext) -> AssessmentVersion:
    """記載を改める: one leaf of a draft; its approval, if any, is gone. Raises Conflict, InputError."""
    with transaction.atomic(using=ALIAS):
        version = _draft(edition)
        for leaf in version.leaves:
            if leaf["id"] == leaf_id:
                leaf["content"] = {**leaf["content"], **content}
                break
        else:
            raise InputError(f"項目「{leaf_id}」はありません", field="leaf_id")
        version.state, version.approved_by, version.approved_at = VersionState.DRAFT, "", None
        version.save()
        _note(context, Act.CORRECT, version, f"記載の変更 {leaf_id}")
    return version


def decide(edition: str, leaf_id: str, *, timing: str, reason: str, context: AccessContext) -> AssessmentVersion:
    """提出時期と説明を決める: whoever decides stands with the decision. Raises InputError, Conflict."""
    if timing not in (BEFORE, AFTER):
        raise InputError("提出時期は事前か事後を選んでください", field="timing")
    if not reason.strip():
        raise InputError("提出時期に係る説明を入力してください", field="reason")
    with transaction.atomic(using=ALIAS):
        version = _draft(edition)
        version.decisions = {
            **version.decisions,
            leaf_id: {"timing": timing, "reason": reason.strip(), "decided_by": context.staff_number},
        }
        version.state, version.approved_by, version.approved_at = VersionState.DRAFT, "", None
        version.save()
        _note(context, Act.CORRECT, version, f"提出時期の決定 {leaf_id}")
    return version


def approve(edition: str, *, context: AccessContext) -> AssessmentVersion:
    """承認する: by somebody who neither drafted it nor decided about a row. Raises NotAllowed, Conflict."""
    with transaction.atomic(using=ALIAS):
        version = _draft(edition)
        hands = {version.drafted_by, *(d.get("decided_by", "") for d in version.decisions.values())}
        if context.staff_number in hands:
            raise NotAllowed("案を作った職員、変更を判断した職員は承認できません", hint="別の職員が承認してください")
        _stop_when_incomplete(version)
        version.state, version.approved_by, version.approved_at = (
            VersionState.APPROVED,
            context.staff_number,
            clock.now(),
        )
        version.save()
        _note(context, Act.REGISTER, version, "承認")
    return version


def publish(edition: str, *, effective_on: date, context: AccessContext) -> AssessmentVersion:
    """公表する: from `effective_on` the policy is this version's. Raises Conflict, InputError.

    A change that is 重要な変更 takes effect after publication: the effective date is not before today.
    """
    today = clock.today()
    if effective_on < today:
        raise InputError("発効日は公表日以後の日を指定してください", field="effective_on")
    with transaction.atomic(using=ALIAS):
        version = _draft(edition)
        if version.state != VersionState.APPROVED:
            raise Conflict(f"版「{edition}」は承認されていません", hint="別の職員が承認してから公表してください")
        _stop_when_incomplete(version)
        for leaf in version.leaves:
            if leaf["id"] == "cover.published":
                leaf["content"] = {**leaf["content"], "value": today.isoformat()}
        version.state, version.published_on, version.effective_on = VersionState.PUBLISHED, today, effective_on
        version.save()
        _note(context, Act.REGISTER, version, f"公表（発効日 {effective_on}）")
    queries.forget_policy()
    return version


def _stop_when_incomplete(version: AssessmentVersion) -> None:
    missing = missing_reasons(queries.find_changes(version), version.decisions)
    if missing:
        raise Conflict(
            f"別添2に足りない行が {len(missing)} 件あります: {missing[0]}",
            hint="すべての変更箇所に、提出時期とその説明を記入してください",
        )


def _draft(edition: str) -> AssessmentVersion:
    version = AssessmentVersion.objects.select_for_update().filter(edition=edition).first()
    if version is None:
        raise InputError(f"評価書の版「{edition}」はありません", field="edition")
    if version.state == VersionState.PUBLISHED:
        raise Conflict(f"版「{edition}」は公表されているため、変えられません", hint="次の版の案を作ってください")
    return version


def _note(context: AccessContext, act: Act, version: AssessmentVersion, what: str) -> None:
    record(ALIAS, context, act=act, dataset=_DATASET, detail={"edition": version.edition, "what": what})
