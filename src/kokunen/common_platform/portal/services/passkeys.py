"""パスキーの登録・抹消・確認: the second factor of the portal (b.5: two of knowledge, possession, biometrics)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.passkeys import ceremony
from kokunen.common_platform.passkeys.ceremony import RelyingParty
from kokunen.common_platform.passkeys.models import hash_of_token
from kokunen.common_platform.portal.choices import EndReason, Role
from kokunen.common_platform.portal.models import Passkey, PasskeyChallenge, Posting, Staff
from kokunen.common_platform.portal.services.sessions import sessions_end_of_staff
from kokunen.config import environment
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

DATASET = "職員のパスキー"
SIGN_IN, REGISTER = "sign_in", "register"
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
"""Roles that need several factors at the portal itself (非機能要件 E.5.1.1: 管理権限を持つ主体の認証)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """確認の求め: what the browser needs; `token` comes back with the answer."""

    token: str
    options: str


def is_required(staff: Staff, postings: list[Posting]) -> bool:
    """パスキーが必要か: by the installation's policy, and for whoever has registered a device of her own."""
    policy = environment.second_factor()
    roles = {role for posting in postings for role in posting.roles}
    by_role = policy == "everyone" or (policy == "administrators" and bool(roles & ADMINISTRATORS))
    return by_role or staff.passkeys.filter(is_exported=False).exists()


def passkeys_of(staff: Staff) -> list[Passkey]:
    """使えるパスキー: an exported one counts in a demo city only."""
    rows = staff.passkeys.all()
    return list(rows if environment.is_demo() else rows.filter(is_exported=False))


def ask(staff: Staff, *, terminal: str, party: RelyingParty) -> Asked:
    """確認を求める: the password was right; now the device."""
    row, token = PasskeyChallenge.issue(use=SIGN_IN, terminal=terminal, staff=staff)
    known = [bytes(one.credential_id) for one in passkeys_of(staff)]
    return Asked(token, ceremony.assertion_options(party, challenge=bytes(row.challenge), allowed=known))


def take_challenge(token: str, *, terminal: str) -> PasskeyChallenge:
    """問いかけを引き換える: used up from here on. Raises CeremonyRefused."""
    return PasskeyChallenge.take(token, use=SIGN_IN, terminal=terminal)


def check(challenge: PasskeyChallenge, *, answer: str, party: RelyingParty) -> None:
    """答えを確かめる: a passkey of this member of staff, the person verified. Raises CeremonyRefused."""
    wanted = ceremony.credential_id_of(answer)
    passkey = next((one for one in passkeys_of(challenge.staff) if bytes(one.credential_id) == wanted), None)
    if passkey is None:
        raise ceremony.refused("unknown")
    with transaction.atomic():
        passkey = Passkey.objects.select_for_update().get(pk=passkey.pk)
        passkey.sign_count = ceremony.verify_assertion(
            party,
            answer=answer,
            challenge=bytes(challenge.challenge),
            public_key=bytes(passkey.public_key),
            sign_count=passkey.sign_count,
            counted=not passkey.is_exported,
        )
        passkey.last_used_at = timezone.now()
        passkey.save(update_fields=["sign_count", "last_used_at"])


def register_begin(staff: Staff, *, password: str, label: str, terminal: str, party: RelyingParty) -> Asked:
    """登録を始める: the password once more, so that an unattended desk gains nobody a key."""
    _confirm(staff, password)
    if not label.strip():
        raise InputError("機器の名前を入力してください", "label", hint="例: 窓口3番の指紋認証")
    row, token = PasskeyChallenge.issue(use=REGISTER, terminal=terminal, staff=staff, label=label.strip()[:60])
    options = ceremony.registration_options(
        party,
        user_id=hash_of_token(f"staff {staff.pk}").encode()[:32],
        user_name=staff.number,
        display_name=staff.name,
        challenge=bytes(row.challenge),
        known=[bytes(one.credential_id) for one in staff.passkeys.all()],
    )
    return Asked(token, options)


def register_finish(staff: Staff, *, token: str, answer: str, party: RelyingParty, context: AccessContext) -> Passkey:
    """登録を終える. Raises CeremonyRefused."""
    challenge = PasskeyChallenge.take(token, use=REGISTER, terminal=context.terminal)
    if challenge.staff_id != staff.pk:
        raise ceremony.refused("unknown")
    found = ceremony.verify_registration(party, answer=answer, challenge=bytes(challenge.challenge))
    with transaction.atomic():
        passkey = Passkey.objects.create(
            staff=staff,
            credential_id=found.credential_id,
            public_key=found.public_key,
            sign_count=found.sign_count,
            label=challenge.label,
            registered_at=timezone.now(),
        )
        detail = {"staff": staff.number, "label": passkey.label}
        record("default", context, act=Act.REGISTER, dataset=DATASET, detail=detail)
    return passkey


def remove_own(staff: Staff, passkey_id: int, *, password: str, context: AccessContext, session_id: int | None) -> None:
    """自分のパスキーを抹消する: the other sessions end; the last one stays where the policy asks for one."""
    _confirm(staff, password)
    _remove(staff, passkey_id, context=context, keep=session_id)


def remove_lost(staff: Staff, passkey_id: int, *, context: AccessContext) -> None:
    """なくした機器のパスキーを抹消する (管理者): live sessions end at once."""
    _remove(staff, passkey_id, context=context, keep=None)


def _remove(staff: Staff, passkey_id: int, *, context: AccessContext, keep: int | None) -> None:
    with transaction.atomic():
        passkey = staff.passkeys.select_for_update().filter(pk=passkey_id).first()
        if passkey is None:
            return
        label = passkey.label
        passkey.delete()
        sessions_end_of_staff(staff.pk, reason=EndReason.PASSKEY_REMOVED, by=context.staff_number, keep=keep)
        detail = {"staff": staff.number, "removed": label}
        record("default", context, act=Act.CANCEL, dataset=DATASET, detail=detail)


def _confirm(staff: Staff, password: str) -> None:
    if not staff.check_password(password):
        raise InputError("パスワードが違います", "password", hint="確かめて、もう一度入力してください。")
