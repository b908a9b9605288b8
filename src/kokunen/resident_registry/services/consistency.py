"""整合性確認 (住民基本台帳事務処理要領): the whole register compared with the copy that 住基ネット holds.

An officer asks; the process of the lines extracts (a digest of each resident, in parts of 5,000, nobody's name leaves)
and sends; the answer lists who differs. People of whom a message is still waiting are compared all the same: messages
to one party go in the order in which they were written, so theirs arrive before the parts.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import (
    ArrivedState,
    CheckState,
    DifferenceKind,
    DifferenceState,
    LineParty,
    event_spec,
)
from kokunen.resident_registry.line_content import REMOVAL, Change, Draft, digest_of, identity_draft
from kokunen.resident_registry.models import (
    ALIAS,
    ArrivedMessage,
    ConsistencyCheck,
    ConsistencyDifference,
    ResidentCodeAssignment,
    ResidentVersion,
)
from kokunen.resident_registry.models.resident import CURRENT, LIVING
from kokunen.resident_registry.services.outbox import post

DATASET_JA = "住基ネットとの整合性確認"
PROCESS = "registry-lines"
PART = 5_000


def ask_check(*, context: AccessContext) -> ConsistencyCheck:
    """整合性確認を依頼する. Raises Conflict while another one is under way."""
    with transaction.atomic(using=ALIAS):
        if ConsistencyCheck.objects.filter(state__in=(CheckState.ASKED, CheckState.SENT)).exists():
            raise Conflict(
                "整合性確認はもう始まっています", "check", "under_way", "回答が届いてから、次の確認を始めてください。"
            )
        check = ConsistencyCheck.objects.create(asked_at=clock.now(), asked_by=context.staff_number)
        record(ALIAS, context, act=Act.REGISTER, dataset=DATASET_JA, count=0, detail={"check": check.number})
    return check


def extract_asked() -> int:
    """抽出する: for a check that was asked for, the parts into the outbox; returns how many messages were written."""
    with transaction.atomic(using=ALIAS):
        check = ConsistencyCheck.objects.select_for_update(skip_locked=True).filter(state=CheckState.ASKED).first()
        if check is None:
            return 0
        total = ResidentVersion.objects.filter(LIVING).exclude(resident_code="").count()
        parts = max(1, -(-total // PART))
        sent = people = 0
        for chunk in _chunks():
            sent, people = sent + 1, people + len(chunk)
            _post_part(check, sent, parts, chunk)
        if not sent:
            _post_part(check, 1, 1, [])
        check.state, check.people, check.parts = CheckState.SENT, people, parts
        check.save(update_fields=["state", "people", "parts"])
        record(
            ALIAS,
            system_context(PROCESS),
            act=Act.EXPORT,
            dataset=DATASET_JA,
            count=people,
            detail={"check": check.number, "parts": parts},
        )
    return parts


def _chunks() -> Iterator[list[dict[str, str]]]:
    rows = ResidentVersion.objects.filter(LIVING).exclude(resident_code="").order_by("atena_number")
    chunk: list[dict[str, str]] = []
    for row in rows.iterator(chunk_size=PART):
        chunk.append({"resident_code": row.resident_code, "digest": digest_of(row)})
        if len(chunk) == PART:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _post_part(check: ConsistencyCheck, part: int, parts: int, people: list[dict[str, str]]) -> None:
    items = {"check": check.number, "part": part, "parts": parts, "people": people}
    post([Draft(LineParty.JUKI_CS, "0102", "consistency", None, items)])


def take_answer(message: ArrivedMessage, context: AccessContext) -> None:
    """整合性確認の結果を受け取る: each difference with the person it concerns; the check closes when nobody differs."""
    items = message.items
    check = ConsistencyCheck.objects.select_for_update().filter(pk=int(items["check"])).first()
    if check is None or check.state != CheckState.SENT:
        raise InputError("この整合性確認は、依頼していないか、すでに回答済みです", "check", "not_found", "")
    found = items.get("differences", [])
    codes = [one["resident_code"] for one in found]
    people = dict(
        ResidentCodeAssignment.objects.filter(resident_code__in=codes).values_list("resident_code", "atena_number")
    )
    ConsistencyDifference.objects.bulk_create(
        [
            ConsistencyDifference(
                check_run=check,
                resident_code=one["resident_code"],
                kind=one["kind"],
                theirs={name: value for name, value in one.items() if name not in ("resident_code", "kind") and value},
                atena_number=people.get(one["resident_code"], ""),
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    check.answered_parts += 1
    check.held, check.differing, check.answered_at = items["held"], items["differing"], clock.now()
    if check.answered_parts == items["parts"]:
        check.state = CheckState.OPEN if check.differing else CheckState.CLOSED
    check.save()
    message.items = {name: items[name] for name in ("check", "part", "parts", "held", "differing")}
    message.state, message.problem = ArrivedState.APPLIED, ""
    message.settled_by, message.settled_at = context.staff_number, clock.now()


def send_difference(*, context: AccessContext, difference_id: int) -> None:
    """送り直す: 本人確認情報 as the register says it now (消除 for somebody who is no resident), marked as a resend."""
    with transaction.atomic(using=ALIAS):
        one = _open_one(difference_id)
        row = ResidentVersion.objects.select_related("event").filter(CURRENT, atena_number=one.atena_number).first()
        if row is None or row.resident_code != one.resident_code:
            raise Conflict(
                "この住民票コードの人は、市の記録にいません",
                "difference",
                "not_found",
                "理由を書いて処理済みにし、都道府県に照会してください。",
            )
        event = row.event
        change = Change(row, row, event.code, event.event_on, event.processed_on, event.notified_on)
        update = "1" if one.kind == DifferenceKind.NOT_THERE else change.update
        items = {**identity_draft(change, resend=True).items, "update": update if row.is_living else REMOVAL}
        post([Draft(LineParty.JUKI_CS, "0101", row.atena_number, row.version_number, items)], event)
        _settle(one, context, DifferenceState.SENT, f"{event_spec(event.code).name}の内容で送り直し")


def close_difference(*, context: AccessContext, difference_id: int, reason: str) -> None:
    """処理済みにする: the officer says how it was settled."""
    if not reason.strip():
        raise InputError("理由が入力されていません", "reason", "missing_field", "どう処理したかを入力してください。")
    with transaction.atomic(using=ALIAS):
        _settle(_open_one(difference_id), context, DifferenceState.CLOSED, reason)


def _open_one(difference_id: int) -> ConsistencyDifference:
    rows = ConsistencyDifference.objects.select_for_update().select_related("check_run")
    one = rows.filter(pk=difference_id).first()
    if one is None or one.state != DifferenceState.OPEN:
        raise Conflict(
            "この違いは、すでに処理されています", "difference", "already_settled", "一覧を開き直してください。"
        )
    return one


def _settle(one: ConsistencyDifference, context: AccessContext, state: DifferenceState, reason: str) -> None:
    one.state, one.settled_by, one.settled_reason = state, context.staff_number, reason.strip()[:200]
    one.settled_at = clock.now()
    one.save()
    check = one.check_run
    if check.state == CheckState.OPEN and not check.differences.filter(state=DifferenceState.OPEN).exists():
        check.state = CheckState.CLOSED
        check.save(update_fields=["state"])
    record(
        ALIAS,
        context,
        act=Act.REGISTER,
        dataset=DATASET_JA,
        atena_numbers=[one.atena_number] if one.atena_number else [],
        detail={"check": check.number, "difference": one.pk, "act": str(state.label), "reason": one.settled_reason},
    )
