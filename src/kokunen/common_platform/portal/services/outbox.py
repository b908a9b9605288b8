"""出力ファイルの置場: what was made for an officer waits here, sealed, until it is fetched or its time is over."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.portal.models import OutboxFile, Staff
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal

KEPT = timedelta(days=7)
"""保存期間 (ours)."""
_LARGEST = 50 * 2**20


def outbox_put(
    staff: Staff,
    *,
    kind: str,
    title: str,
    filename: str,
    content_type: str,
    content: bytes,
    people: int = 0,
    context: AccessContext,
    kept: timedelta = KEPT,
) -> OutboxFile:
    """置く: in the caller's transaction, with the making noted in the ledger."""
    if len(content) > _LARGEST:
        raise InputError("ファイルが大きすぎます（50MBまで）", "content", hint="条件を絞って分けて作ってください。")
    with transaction.atomic():
        file = OutboxFile.objects.create(
            owner=staff,
            kind=kind,
            title=title,
            filename=filename,
            content_type=content_type,
            sealed=b"-",
            size=len(content),
            people=people,
            purpose=context.purpose,
            expires_at=timezone.now() + kept,
        )
        file.sealed = _seal(file, content)
        file.save(update_fields=["sealed"])
        record(
            "default",
            context,
            act=Act.EXPORT,
            dataset="出力ファイル",
            count=people,
            detail={"file": file.pk, "kind": kind},
        )
    return file


def outbox_fetch(file_id: int, staff: Staff, *, context: AccessContext) -> tuple[OutboxFile, bytes]:
    """受け取る: by its owner only, before its end; each time stands in the ledger."""
    with transaction.atomic():
        file = OutboxFile.objects.select_for_update().filter(pk=file_id, owner=staff).first()
        if file is not None and file.erased_at is None and file.expires_at > timezone.now():
            file.fetched_at, file.fetches = timezone.now(), file.fetches + 1
            file.save(update_fields=["fetched_at", "fetches"])
            detail = {"file": file.pk, "fetched": file.fetches}
            record("default", context, act=Act.EXPORT, dataset="出力ファイル", count=file.people, detail=detail)
            return file, _open(file)
    if file is None:
        record_refusal(context, dataset="出力ファイル", reason="owner", detail={"file": file_id})
        raise NotAllowed("この出力ファイルはあなたのものではありません", hint="自分の一覧から開いてください。")
    raise Conflict("この出力ファイルは期限が過ぎて消去されました", hint="必要なときは、もう一度作成してください。")


def outbox_erase(file_id: int, staff: Staff) -> None:
    """消す: before its time, by its owner; the line stays."""
    OutboxFile.objects.filter(pk=file_id, owner=staff, erased_at__isnull=True).update(
        sealed=None, erased_at=timezone.now()
    )


def outbox_expire() -> int:
    """期限の過ぎた出力ファイルの消去: contents go, the lines stay as a record."""
    now = timezone.now()
    return OutboxFile.objects.filter(expires_at__lte=now, erased_at__isnull=True).update(sealed=None, erased_at=now)


def _cipher() -> AESGCM:
    from kokunen.config import keys

    return AESGCM(hashlib.sha256(b"kokunen outbox" + keys.secret("outbox.key").encode()).digest())


def _bound(file: OutboxFile) -> bytes:
    return f"{file.pk}:{file.owner_id}".encode()


def _seal(file: OutboxFile, content: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(nonce, content, _bound(file))


def _open(file: OutboxFile) -> bytes:
    sealed = bytes(file.sealed or b"")
    return _cipher().decrypt(sealed[:12], sealed[12:], _bound(file))
