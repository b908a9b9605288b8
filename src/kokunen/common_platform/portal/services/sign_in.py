"""サインイン: number and password, a passkey where it is asked for; five failures lock; all of it in the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from kokunen.common_platform.passkeys.ceremony import CeremonyRefused, RelyingParty
from kokunen.common_platform.portal import queries
from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.models import Posting, Staff, StaffSession
from kokunen.common_platform.portal.services import passkeys
from kokunen.common_platform.portal.services.sessions import DATASET, session_end
from kokunen.common_platform.portal.sessions import store_of
from kokunen.kernel.errors import NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal


@dataclass(frozen=True, slots=True)
class SignedIn:
    """サインインの結果: the officer, where she works today, and the sessions elsewhere that this one has ended."""

    staff: Staff
    posting: Posting
    ended_elsewhere: tuple[StaffSession, ...]


def sign_in(
    request: HttpRequest,
    *,
    number: str,
    password: str,
    terminal: str,
    party: RelyingParty | None = None,
    with_passkey: bool = False,
) -> SignedIn | passkeys.Asked:
    """Check and begin a session on `request`, or ask for the passkey (the policy's wish, or `with_passkey`).

    Raises NotAllowed with words that do not tell which part was wrong. Whoever needs a passkey and has none gets a
    session that opens the screen for registering one and nothing else.
    """
    number = number.strip()
    if AxesProxyHandler.is_locked(request, {"number": number}):
        raise _refused(number, terminal, "locked")
    staff = authenticate(request, number=number, password=password)
    if not isinstance(staff, Staff):
        locked = AxesProxyHandler.is_locked(request, {"number": number})
        raise _refused(number, terminal, "locked" if locked else "wrong_credentials")
    postings = queries.find_postings(staff.pk)
    if not postings:
        raise _refused(number, terminal, "no_posting")
    if party is not None and (with_passkey or passkeys.is_required(staff, postings)) and passkeys.passkeys_of(staff):
        return passkeys.ask(staff, terminal=terminal, party=party)
    return _begin(request, staff, postings[0], terminal)


def passkey_step(request: HttpRequest, *, token: str, answer: str, terminal: str, party: RelyingParty) -> SignedIn:
    """第2段: the device's answer. A failure counts like a wrong password and needs the password again."""
    challenge = passkeys.take_challenge(token, terminal=terminal)
    staff = challenge.staff
    if AxesProxyHandler.is_locked(request, {"number": staff.number}):
        raise _refused(staff.number, terminal, "locked")
    try:
        passkeys.check(challenge, answer=answer, party=party)
    except CeremonyRefused as error:
        user_login_failed.send(sender=__name__, credentials={"number": staff.number}, request=request)
        record_refusal(_context(staff.number, terminal, ""), dataset=DATASET, reason=f"passkey_{error.code}")
        raise
    postings = queries.find_postings(staff.pk)
    if not staff.is_active or not postings:
        raise _refused(staff.number, terminal, "no_posting")
    return _begin(request, staff, postings[0], terminal, second_factor=True)


def sign_out(session: StaffSession) -> None:
    """サインアウト"""
    session_end(session, reason=EndReason.SIGNED_OUT)


def _begin(
    request: HttpRequest, staff: Staff, posting: Posting, terminal: str, *, second_factor: bool = False
) -> SignedIn:
    ended = []
    with transaction.atomic():
        Staff.objects.select_for_update().get(pk=staff.pk)  # two sign-ins of one account at once: one after the other
        live = sorted(queries.find_live_sessions([staff.pk]), key=lambda row: row.started_at)
        keep = settings.PORTAL_SESSIONS_PER_STAFF - 1
        for row in live[: max(0, len(live) - keep)]:
            if session_end(row, reason=row.time_is_up(timezone.now()) or EndReason.SECOND_SIGN_IN):
                ended.append(row)
        store = store_of(request)
        store.forget()
        store.create()
        session = store.row
        assert session is not None
        session.staff, session.office, session.terminal = staff, posting.office, terminal
        session.second_factor = second_factor
        session.save(update_fields=["staff", "office", "terminal", "second_factor"])
        record(
            "default",
            _context(staff.number, terminal, posting.office_id),
            act=Act.SIGN_IN,
            dataset=DATASET,
            detail={"ended_elsewhere": len(ended), **({"factors": ["password", "passkey"]} if second_factor else {})},
        )
    rotate_token(request)
    user_logged_in.send(sender=Staff, request=request, user=staff)
    return SignedIn(staff, posting, tuple(row for row in ended if row.time_is_up(timezone.now()) is None))


_WORDS = {
    "wrong_credentials": (
        "職員番号またはパスワードが違います",
        "入力を確かめて、もう一度サインインしてください。続けて間違えると、しばらくサインインできなくなります。",
    ),
    "locked": (
        "続けて間違えたため、この職員番号はしばらくサインインできません",
        "15分ほど待つか、システム管理者に解除を依頼してください。",
    ),
    "no_posting": (
        "今日の所属が登録されていません",
        "異動の登録について、所属長を通じてシステム管理者に確かめてください。",
    ),
}


def locked_error() -> NotAllowed:
    """The words of the lock-out."""
    message, hint = _WORDS["locked"]
    return NotAllowed(message, code="locked", hint=hint)


def _refused(number: str, terminal: str, code: str) -> NotAllowed:
    message, hint = _WORDS[code]
    context = _context(number[:40] or "(空欄)", terminal, "")
    record_refusal(context, dataset=DATASET, reason=code)
    return NotAllowed(message, code=code, hint=hint)


def _context(number: str, terminal: str, office_code: str) -> AccessContext:
    return AccessContext(
        staff_number=number,
        office_code=office_code,
        purpose="administration",
        screen="portal.sign_in",
        terminal=terminal,
    )
