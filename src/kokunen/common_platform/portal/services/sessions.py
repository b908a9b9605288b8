"""接続の開始と終了."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.models import StaffSession
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

_TOUCH_EVERY = timedelta(seconds=5)
"""A busy officer writes the time of her work at most so often; well under every limit."""

DATASET = "サインイン"


def session_touch(session: StaffSession) -> None:
    """操作した: the idle time begins anew."""
    now = timezone.now()
    if now - session.last_activity_at >= _TOUCH_EVERY:
        StaffSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(last_activity_at=now)
        session.last_activity_at = now


def session_end(session: StaffSession, *, reason: EndReason, by: str = "") -> bool:
    """接続を終える: at once; the next request with its cookie is answered with 401. False when it had ended before.

    Ended by the clock, the row says when the time was up, not when somebody noticed.
    """
    now = timezone.now()
    at = {EndReason.IDLE: session.idle_ends_at(), EndReason.LIFETIME: session.lifetime_ends_at()}.get(reason, now)
    with transaction.atomic():
        ended = StaffSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(
            ended_at=min(at, now), ended_reason=reason, data=""
        )
        if ended and session.staff is not None:
            record(
                "default",
                _context(session, by),
                act=Act.SIGN_OUT,
                dataset=DATASET,
                detail={"reason": str(reason), "staff": session.staff.number},
            )
    return bool(ended)


def sessions_end_of_staff(staff_id: int, *, reason: EndReason, by: str = "", keep: int | None = None) -> int:
    """その職員の接続をすべて終える: returns how many were ended; `keep` is the id of one that stays."""
    rows = StaffSession.objects.select_related("staff").filter(staff_id=staff_id, ended_at__isnull=True)
    return sum(session_end(row, reason=reason, by=by) for row in rows if row.pk != keep)


def sessions_end_stale() -> int:
    """時間切れの接続を終える: what nobody has come back to; night work and the list of sessions call it."""
    now, ended = timezone.now(), 0
    for row in StaffSession.objects.select_related("staff").filter(ended_at__isnull=True):
        reason = row.time_is_up(now)
        if reason is not None:
            ended += session_end(row, reason=reason)
    return ended


def _context(session: StaffSession, by: str) -> AccessContext:
    assert session.staff is not None
    return AccessContext(
        staff_number=by or session.staff.number,
        office_code=session.office_id or "",
        purpose="administration",
        screen="portal.sign_out",
        terminal=session.terminal,
    )
