"""トークンの発行と照会: who calls, for which scopes, until when."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from kokunen.assessment.flows import SUBJECT
from kokunen.assessment.queries import policy_in_force
from kokunen.common_platform.integration.datasets import datasets
from kokunen.common_platform.open_api.models import ApiClient, ApiToken, UsedAssertion
from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import AccessContext
from kokunen.ledger.recording import record_refusal

TOKEN_SECONDS = 600
_ALPHABET = string.ascii_letters + string.digits
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_ASSERTION = timedelta(minutes=10)


class TokenRefused(KokunenError):
    """トークンを発行できない: `code` is the error of RFC 6749 5.2."""

    default_code = "invalid_request"


@dataclass(frozen=True, slots=True)
class Caller:
    """呼び出し元: what a valid token says."""

    client_id: str
    name: str
    work_id: str
    office_code: str
    scopes: frozenset[str]


def register_client(
    *, name: str, work_id: str, office_code: str, scopes: Iterable[str], client_id: str = "", secret: str = ""
) -> tuple[str, str]:
    """利用システムを登録する: gives (client id, secret); the secret is shown this once.

    国民年金 gets scopes of those systems only that the assessment in force declares a flow with.
    """
    wanted = sorted(set(scopes))
    if closed := _undeclared(work_id, wanted):
        raise TokenRefused(
            f"国民年金には「{closed}」のスコープを登録できません",
            "scopes",
            "not_allowed",
            "評価書が、この仕組みとの情報の流れを定めていません。",
        )
    number = client_id or "".join(secrets.choice(_ALPHABET) for _ in range(32))
    word = secret or "".join(secrets.choice(_ALPHABET) for _ in range(48))
    ApiClient.objects.create(
        client_id=number,
        sealed_secret=_seal(number, word),
        name=name,
        work_id=work_id,
        office_code=office_code,
        scopes=wanted,
    )
    return number, word


def issue_token(form: Mapping[str, str], authorization: str) -> tuple[str, int, frozenset[str]]:
    """アクセストークンを発行する: (token, seconds, scopes). Raises TokenRefused with the error of RFC 6749."""
    if form.get("grant_type") != "client_credentials":
        raise TokenRefused("grant_type は client_credentials だけです", "grant_type", "unsupported_grant_type")
    client = _client(form, authorization)
    asked = frozenset(form.get("scope", "").split())
    if not asked:
        raise TokenRefused("scope が指定されていません", "scope", "invalid_scope")
    if len({scope.split(":", 1)[0] for scope in asked}) > 1:
        raise TokenRefused(
            "一つのトークンは一つの提供側業務のものです", "scope", "invalid_scope", "提供側ごとに取得してください。"
        )
    if not asked <= set(client.scopes):
        raise TokenRefused("許されていない scope です", "scope", "invalid_scope")
    if closed := _undeclared(client.work_id, sorted(asked)):
        record_refusal(
            AccessContext(f"api:{client.client_id}", client.office_code, "system_linkage", "open_api.token"),
            dataset="評価書の関門",
            reason=f"評価書は国民年金と「{closed}」との情報の流れを定めていません",
            detail={"scopes": sorted(asked)},
        )
        raise TokenRefused("評価書が定めていない仕組みの scope です", "scope", "invalid_scope")
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        ApiToken.objects.filter(expires_at__lt=now).delete()
        UsedAssertion.objects.filter(expires_at__lt=now).delete()
        ApiToken.objects.create(
            token_hash=_hash(token),
            client=client,
            scopes=sorted(asked),
            expires_at=now + timedelta(seconds=TOKEN_SECONDS),
        )
    return token, TOKEN_SECONDS, asked


def _undeclared(work_id: str, scopes: Iterable[str]) -> str:
    """A supplier that 国民年金 may not call by the assessment in force; "" when every scope is open."""
    if work_id != settings.PENSION_WORK_ID:
        return ""
    policy = policy_in_force()
    for scope in scopes:
        supplier = settings.WORK_SYSTEMS.get(scope.partition(":")[0], "")
        if not any({f.source, f.recipient} == {SUBJECT, supplier} for f in policy.flows.values()):
            return supplier or scope
    return ""


def supplier_of(dataset: str) -> str:
    """提供側の業務ID of a dataset; "" for one that nobody publishes (no scope is then enough)."""
    known = datasets().get(dataset)
    works = [work for work, alias in settings.WORK_SYSTEMS.items() if known is not None and alias == known.publisher]
    return works[0] if works else ""


def introspect(authorization: str) -> Caller | None:
    """トークンを照会する: the caller of a live token in the Authorization header, else None."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token:
        return None
    row = ApiToken.objects.select_related("client").filter(token_hash=_hash(token.strip())).first()
    if row is None or row.expires_at <= timezone.now() or row.client.stopped_at is not None:
        return None
    client = row.client
    return Caller(client.client_id, client.name, client.work_id, client.office_code, frozenset(row.scopes))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- who the client is ------------------------------------------------------------------------------------------------


def _client(form: Mapping[str, str], authorization: str) -> ApiClient:
    if form.get("client_assertion_type") == _ASSERTION_TYPE:
        return _by_assertion(form.get("client_assertion", ""))
    kind, _, packed = authorization.partition(" ")
    if kind.lower() != "basic":
        raise _unknown()
    try:
        number, _, word = base64.b64decode(packed, validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _unknown() from None
    client = _find(number)
    if client is None or not hmac.compare_digest(_open(client).encode(), word.encode()):
        raise _unknown()
    return client


def _by_assertion(assertion: str) -> ApiClient:
    """client_secret_jwt: HS256 over header and claims; issuer and subject are the client, used once, not expired."""
    try:
        head, body, signature = assertion.split(".")
        header, claims = json.loads(_unpack(head)), json.loads(_unpack(body))
        given = _unpack(signature)
    except (ValueError, binascii.Error):
        raise _unknown() from None
    if not isinstance(header, dict) or not isinstance(claims, dict) or header.get("alg") != "HS256":
        raise _unknown()
    client = _find(str(claims.get("iss", "")))
    if client is None or claims.get("sub") != client.client_id:
        raise _unknown()
    right = hmac.new(_open(client).encode(), f"{head}.{body}".encode("ascii"), hashlib.sha256).digest()
    if not hmac.compare_digest(right, given):
        raise _unknown()
    _use_once(claims)
    return client


def _use_once(claims: Mapping[str, Any]) -> None:
    now = timezone.now()
    jti, expires = claims.get("jti"), claims.get("exp")
    if not isinstance(jti, str) or not 0 < len(jti) <= 100 or not isinstance(expires, int | float):
        raise _unknown()
    left = expires - now.timestamp()
    if not 0 < left <= _LONGEST_ASSERTION.total_seconds():
        raise _unknown()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(jti=jti, expires_at=now + timedelta(seconds=left))
    except IntegrityError:
        raise _unknown() from None


def _find(number: str) -> ApiClient | None:
    return ApiClient.objects.filter(client_id=number, stopped_at__isnull=True).first()


def _unknown() -> TokenRefused:
    return TokenRefused("利用システムを確認できません", "client", "invalid_client")


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _cipher() -> AESGCM:
    from kokunen.config import keys

    return AESGCM(hashlib.sha256(b"kokunen open api" + keys.secret("open_api.key").encode()).digest())


def _seal(client_id: str, secret: str) -> bytes:
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(nonce, secret.encode(), client_id.encode())


def _open(client: ApiClient) -> str:
    cipher = bytes(client.sealed_secret)
    return _cipher().decrypt(cipher[:12], cipher[12:], client.client_id.encode()).decode()
