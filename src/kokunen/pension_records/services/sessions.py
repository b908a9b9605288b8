"""接続の開始と終了: a session is a row; the cookie holds a random key, the row its SHA-256."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.common_platform.passkeys.models import hash_of_token
from kokunen.ledger.access import Act
from kokunen.pension_records.choices import ALIAS, EndReason
from kokunen.pension_records.models import Challenge, Credential, Operator, TerminalSession
from kokunen.pension_records.services.entries import ACCESS, context_of, enter

_TOUCH_EVERY = timedelta(seconds=5)


def session_begin(operator: Operator, credential: Credential, challenge: Challenge, terminal: str) -> tuple[str, int]:
    """接続を始める: (key for the cookie, sessions elsewhere that ended). Belongs to the surrounding transaction."""
    ended = sessions_end(operator, reason=EndReason.SECOND_SIGN_IN)
    key, now = secrets.token_urlsafe(32), timezone.now()
    TerminalSession.objects.create(
        key_hash=hash_of_token(key),
        operator=operator,
        credential=credential,
        challenge=challenge,
        terminal=terminal,
        started_at=now,
        last_activity_at=now,
    )
    return key, ended


def session_of(key: str) -> tuple[TerminalSession | None, EndReason | None]:
    """接続を確かめる: the live session of a key, or why the one it belonged to is over; (None, None) when forged.

    Looked at with every request: time, clock, the operator's registration and credential of this moment.
    """
    rows = TerminalSession.objects.select_related("operator", "credential")
    session = rows.filter(key_hash=hash_of_token(key)).first()
    if session is None:
        return None, None
    if session.ended_at is not None:
        return None, EndReason(session.ended_reason) if session.ended_reason else None
    reason = session.time_is_up(timezone.now())
    if not session.operator.may_work_on(clock.today()):
        reason = EndReason.ENDED
    elif session.credential.removed_at is not None:
        reason = EndReason.CREDENTIAL_REMOVED
    if reason is not None:
        session_end(session, reason=reason)
        return None, reason
    return session, None


def session_touch(session: TerminalSession) -> None:
    """操作した: the idle time begins anew."""
    now = timezone.now()
    if now - session.last_activity_at >= _TOUCH_EVERY:
        TerminalSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(last_activity_at=now)


def session_end(session: TerminalSession, *, reason: EndReason) -> bool:
    """接続を終える: at once."""
    with transaction.atomic(using=ALIAS):
        ended = TerminalSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(
            ended_at=timezone.now(), ended_reason=reason
        )
        if ended:
            context = context_of(session.operator, session.terminal, screen="sign_out")
            enter(context, Act.SIGN_OUT, ACCESS, detail={"reason": str(reason)})
    return bool(ended)


def sessions_end(operator: Operator, *, reason: EndReason) -> int:
    """その操作者の接続をすべて終える: returns how many."""
    live = TerminalSession.objects.select_related("operator").filter(operator=operator, ended_at__isnull=True)
    return sum(session_end(session, reason=session.time_is_up(timezone.now()) or reason) for session in live)
