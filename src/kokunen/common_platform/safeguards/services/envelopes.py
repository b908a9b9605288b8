"""持ち出すファイルの封筒: a file that left opens with a key that only the city holds, for some days (CTL-119)."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards import seals
from kokunen.common_platform.safeguards.models import FileKey
from kokunen.common_platform.safeguards.procedures import parameter
from kokunen.common_platform.safeguards.services.register import ALIAS
from kokunen.kernel.errors import InputError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

SUFFIX = ".kokunen"
_HEAD = b"kokunen envelope 1\n"
_ID_BYTES, _NONCE = 16, 12


def close(content: bytes, filename: str, *, context: AccessContext) -> bytes:
    """封をする: AES-256-GCM under a key of its own that stays here and goes after some days."""
    file_id, key, nonce = secrets.token_hex(_ID_BYTES), AESGCM.generate_key(256), os.urandom(_NONCE)
    wrap_nonce = os.urandom(_NONCE)
    FileKey.objects.create(
        file_id=file_id,
        sealed_key=wrap_nonce + _wrapper().encrypt(wrap_nonce, key, file_id.encode()),
        filename=filename[:120],
        made_by=context.staff_number,
        expires_at=clock.now() + timedelta(days=int(parameter("file_days"))),
    )
    return _HEAD + file_id.encode() + nonce + AESGCM(key).encrypt(nonce, content, file_id.encode())


def open_file(envelope: bytes, *, context: AccessContext) -> tuple[str, bytes]:
    """封を開ける: (name, content); the opening stands in the ledger. Raises InputError, NotAllowed."""
    head, rest = envelope[: len(_HEAD)], envelope[len(_HEAD) :]
    if head != _HEAD or len(rest) < _ID_BYTES * 2 + _NONCE:
        raise InputError("この仕組みが封をしたファイルではありません", field="file")
    file_id = rest[: _ID_BYTES * 2].decode("ascii", errors="replace")
    nonce, sealed = rest[_ID_BYTES * 2 :][:_NONCE], rest[_ID_BYTES * 2 + _NONCE :]
    with transaction.atomic(using=ALIAS):
        held = FileKey.objects.filter(file_id=file_id).first()
        if held is None or held.expires_at <= clock.now():
            raise NotAllowed(
                "このファイルを開けられる期間は終わりました", hint="必要なときは、もう一度出力してください。"
            )
        wrapped = bytes(held.sealed_key)
        key = _wrapper().decrypt(wrapped[:_NONCE], wrapped[_NONCE:], file_id.encode())
        try:
            content = AESGCM(key).decrypt(nonce, sealed, file_id.encode())
        except InvalidTag:
            raise InputError("ファイルが壊れているか、書き換えられています", field="file") from None
        record(ALIAS, context, act=Act.EXPORT, dataset="持ち出したファイルの開封", detail={"file": file_id})
    return held.filename, content


def forget_expired() -> int:
    """期限の過ぎた鍵を消す: from then on the files are noise wherever they lie. Returns how many."""
    return FileKey.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _wrapper() -> AESGCM:
    return AESGCM(seals.key_for("file key"))
