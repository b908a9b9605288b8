"""パスキーの手続: options for the browser, and what is asked of its answer (WebAuthn Level 2, py_webauthn)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kokunen.kernel.errors import NotAllowed

_MILLISECONDS = 120_000


class CeremonyRefused(NotAllowed):
    """パスキーの拒否: `code` says what did not hold (unverified, counter, challenge, origin, signature, unknown)."""

    default_code = "passkey"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """サインイン先: the host name that passkeys are bound to, its name in words, and the origin of this request."""

    host: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewCredential:
    """登録されたパスキー: what is kept of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def registration_options(
    party: RelyingParty, *, user_id: bytes, user_name: str, display_name: str, challenge: bytes, known: Sequence[bytes]
) -> str:
    """登録の求め: JSON for `navigator.credentials.create`; a device that holds one of `known` is left out."""
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=user_id,
        user_name=user_name,
        user_display_name=display_name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def verify_registration(party: RelyingParty, *, answer: str, challenge: bytes) -> NewCredential:
    """登録の確認. Raises CeremonyRefused."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise refused(reason_of(error)) from error
    return NewCredential(found.credential_id, found.credential_public_key, found.sign_count)


def assertion_options(party: RelyingParty, *, challenge: bytes, allowed: Sequence[bytes]) -> str:
    """確認の求め: JSON for `navigator.credentials.get`."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        timeout=_MILLISECONDS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def credential_id_of(answer: str) -> bytes:
    """答えのパスキー: which credential the answer claims to come from. Raises CeremonyRefused when it is no answer."""
    try:
        return webauthn.helpers.parse_authentication_credential_json(answer).raw_id
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise refused("malformed") from error


def verify_assertion(
    party: RelyingParty, *, answer: str, challenge: bytes, public_key: bytes, sign_count: int, counted: bool = True
) -> int:
    """確認: the new state of the counter. Raises CeremonyRefused.

    The device must have verified the person (biometrics or PIN), and its counter must have gone up: one that has not
    belongs to a copy. `counted` is false only for passkeys that were exported on purpose (demo city).
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count if counted else 0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise refused(reason_of(error)) from error
    return found.new_sign_count


_REASONS = (
    ("User verification", "unverified"),
    ("sign count", "counter"),
    ("challenge", "challenge"),
    ("origin", "origin"),
    ("RP ID", "origin"),
    ("signature", "signature"),
)
_WORDS = {
    "unverified": (
        "本人の確認（指紋・顔・暗証番号）が行われていません",
        "パスキーの機器で本人の確認をしてから、もう一度サインインしてください。",
    ),
    "counter": (
        "このパスキーは複製されたおそれがあります。使用回数が前回から増えていません",
        "サインインせず、すぐに情報政策課へ知らせてください。",
    ),
}
_OTHER = ("パスキーを確認できませんでした", "サインインの画面を開き直して、初めからやり直してください。")


def reason_of(error: Exception) -> str:
    """断った理由: a stable word for what py_webauthn found."""
    text = str(error)
    return next((reason for part, reason in _REASONS if part in text), "malformed")


def refused(reason: str) -> CeremonyRefused:
    """断りの言葉."""
    message, hint = _WORDS.get(reason, _OTHER)
    return CeremonyRefused(message, field="passkey", code=reason, hint=hint)
