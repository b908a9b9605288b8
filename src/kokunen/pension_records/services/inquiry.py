"""年金記録の照会: one full number for one case, in the log before it leaves (S7-1)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.config import keys
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.kernel.numbers import BasicPensionNumber, IndividualNumber, NumberValue
from kokunen.ledger.access import Act
from kokunen.pension_records import limits
from kokunen.pension_records import line as wire
from kokunen.pension_records.choices import ALIAS, IdentityCheck, InquiryReason, InquiryState, KeyKind, OperatorKind
from kokunen.pension_records.models import Inquiry, Operator, TerminalSession
from kokunen.pension_records.services.entries import RECORDS, context_of, enter, refuse

_KINDS: dict[str, type[NumberValue]] = {KeyKind.BASIC_PENSION: BasicPensionNumber, KeyKind.INDIVIDUAL: IndividualNumber}
_CASE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,19}")


@dataclass(frozen=True, slots=True)
class Question:
    """照会の内容: `key` is one whole number; `number` repeats a question that had no answer."""

    case_number: str
    reason: str
    identity_check: str
    key_kind: str
    key: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """照会の結果: `record` is empty when nobody has this number. Shown, and not kept."""

    inquiry: Inquiry
    record: Mapping[str, Any]


def inquire(session: TerminalSession, question: Question) -> Found:
    """照会する. Raises InputError, NotAllowed, Conflict (nothing was asked) or the line's trouble (repeatable)."""
    context = context_of(session.operator, session.terminal, screen="inquire", case=question.case_number[:20] or None)
    try:
        key = _checked(session, question)
    except KokunenError as error:
        refuse(context, RECORDS, error.code, {"field": error.field})
        raise
    inquiry = _opened(session, question, key)
    answer = _asked(inquiry, session.operator, key)
    return _closed(inquiry, session, answer)


def _checked(session: TerminalSession, question: Question) -> NumberValue:
    """The whole number, or why nothing is asked."""
    if session.operator.kind != OperatorKind.OPERATOR:
        raise NotAllowed("管理者は照会できません。照会は取扱者が行います", code="supervisor")
    if not _CASE.fullmatch(question.case_number):
        raise InputError(
            "相談の受付番号を入力してください",
            field="case_number",
            code="missing_case",
            hint="国民年金システムの受付番号または照会票の番号を、英数字とハイフンで入力します。",
        )
    if question.reason not in InquiryReason.values:
        raise InputError("照会の事由を選んでください", field="reason", code="missing_reason")
    if question.identity_check not in IdentityCheck.values:
        raise InputError("本人確認の方法を選んでください", field="identity_check", code="missing_identity_check")
    kind = _KINDS.get(question.key_kind)
    if kind is None:
        raise InputError("照会の鍵は基礎年金番号か個人番号だけです", field="key_kind", code="unknown_key")
    try:
        key = kind.parse(question.key, lenient=True, field="key")
    except InputError as error:
        raise InputError(error.message, field="key", code="incomplete_number", hint=error.hint) from None
    _refuse_guessing(session.operator)
    return key


def _refuse_guessing(operator: Operator) -> None:
    fresh = Operator.objects.get(pk=operator.pk)
    if fresh.locked_at is not None or fresh.misses >= limits.MISSES:
        raise NotAllowed(
            f"該当のない番号が{limits.MISSES}回続いたため、照会を停止しました",
            code="guessing",
            hint="番号を確かめ、管理者に停止の解除を依頼してください。",
        )
    since = timezone.now() - timedelta(minutes=limits.INQUIRIES_MINUTES)
    if operator.inquiries.filter(asked_at__gte=since).count() >= limits.INQUIRIES:
        raise NotAllowed(
            f"{limits.INQUIRIES_MINUTES}分間に照会できるのは{limits.INQUIRIES}件までです",
            code="too_many",
            hint="時間をおいて照会してください。急ぐときは管理者に相談してください。",
        )


def _opened(session: TerminalSession, question: Question, key: NumberValue) -> Inquiry:
    """The line in the log and the ledger's entry, committed before anything leaves the house."""
    token = _token(question.key_kind, key)
    context = context_of(
        session.operator, session.terminal, screen="inquire", purpose=question.reason, case=question.case_number
    )
    try:
        with transaction.atomic(using=ALIAS):
            inquiry = _repeated(session, question, token) or Inquiry.objects.create(
                number=f"Q{clock.now():%Y%m%d}-{secrets.token_hex(6)}",
                session=session,
                operator=session.operator,
                case_number=question.case_number,
                reason=question.reason,
                identity_check=question.identity_check,
                key_kind=question.key_kind,
                key_token=token,
                asked_at=clock.now(),
            )
            detail = {"inquiry": inquiry.number, "key": KeyKind(question.key_kind).label}
            enter(context, Act.VIEW, RECORDS, count=1, detail=detail)
    except IntegrityError as error:
        if "inquiry_one_person_a_case" not in str(error):
            raise
        refuse(context, RECORDS, "another_person")
        raise Conflict(
            "この受付番号では、すでに別の番号を照会しています。1件の相談で照会できるのは1人です",
            field="case_number",
            code="another_person",
            hint="別の方の相談は、別の受付番号で照会してください。",
        ) from None
    return inquiry


def _repeated(session: TerminalSession, question: Question, token: str) -> Inquiry | None:
    """The question that had no answer: same operator, same number asked for, same case."""
    if not question.number:
        return None
    found = Inquiry.objects.filter(
        number=question.number,
        operator=session.operator,
        key_token=token,
        case_number=question.case_number,
        state=InquiryState.ASKED,
    ).first()
    if found is None:
        raise Conflict("この照会はもう終わっているか、内容が違います", hint="新しい照会として入力してください。")
    return found


def _asked(inquiry: Inquiry, operator: Operator, key: NumberValue) -> wire.Answer:
    items = {
        "operator_id": operator.operator_id,
        "case_number": inquiry.case_number,
        "key_kind": inquiry.key_kind,
        "key": key.value,
    }
    created_at = timezone.localtime(inquiry.asked_at).isoformat(timespec="seconds")
    return wire.line().send(number=inquiry.number, kind=wire.INQUIRY, items=items, created_at=created_at)


def _closed(inquiry: Inquiry, session: TerminalSession, answer: wire.Answer) -> Found:
    record: Mapping[str, Any] = answer.items.get("record") or {}
    state = (
        InquiryState.REFUSED if not answer.accepted else (InquiryState.ANSWERED if record else InquiryState.NOT_FOUND)
    )
    with transaction.atomic(using=ALIAS):
        inquiry.state, inquiry.receipt, inquiry.answered_at = state, answer.receipt, clock.now()
        inquiry.save(update_fields=["state", "receipt", "answered_at"])
        misses = F("misses") + 1 if state == InquiryState.NOT_FOUND else 0
        Operator.objects.filter(pk=session.operator_id).update(misses=misses)
    if not answer.accepted:
        words = "、".join(fault.message for fault in answer.faults)
        raise NotAllowed(f"年金事務所が照会を断りました（{words}）", code="office_refused")
    return Found(inquiry, record)


def _token(kind: str, key: NumberValue) -> str:
    """番号の代わりの符号: keyed, so that the log tells equal from different and nothing else."""
    secret = keys.secret("pension_records.token")
    return hmac.new(secret.encode(), f"{kind} {key.value}".encode(), hashlib.sha256).hexdigest()
