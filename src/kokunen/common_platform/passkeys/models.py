"""パスキーの表 (abstract): what each program keeps in its own schema."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

from kokunen.common_platform.passkeys.ceremony import CeremonyRefused

CHALLENGE_SECONDS = 120
CLOCK_SLACK = timedelta(seconds=30)
"""By so much the clock may be put back (time service); beyond it nothing that was begun is carried on."""


class AbstractPasskey(models.Model):
    """パスキー: the public half of a key pair and how often its device has signed."""

    credential_id = models.BinaryField("パスキーの番号", max_length=1023, unique=True)
    public_key = models.BinaryField("公開鍵")
    sign_count = models.BigIntegerField("使用回数", default=0)
    label = models.CharField("名前", max_length=60)
    is_exported = models.BooleanField("書き出された鍵 (模擬都市)", default=False)
    registered_at = models.DateTimeField("登録日時")
    last_used_at = models.DateTimeField("最後に使った日時", null=True, blank=True)

    class Meta:
        abstract = True


class AbstractChallenge(models.Model):
    """問いかけ: a random value that one answer is bound to. Good once, for two minutes, at the terminal that asked.

    The browser holds a token, the row its SHA-256: whoever reads the database cannot answer for somebody.
    """

    token_hash = models.CharField("引換の符号のハッシュ", max_length=64, unique=True)
    challenge = models.BinaryField("問いかけの値", max_length=64)
    use = models.CharField("使い道", max_length=20)
    terminal = models.CharField("端末", max_length=60, blank=True, default="")
    issued_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使用日時", null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def issue(cls, *, use: str, terminal: str, **of: Any) -> tuple[Self, str]:
        """問いかける: a new row and the token that the browser brings back."""
        token, now = secrets.token_urlsafe(32), timezone.now()
        row = cls._default_manager.create(
            token_hash=hash_of_token(token),
            challenge=secrets.token_bytes(32),
            use=use,
            terminal=terminal,
            issued_at=now,
            expires_at=now + timedelta(seconds=CHALLENGE_SECONDS),
            **of,
        )
        return row, token

    @classmethod
    def take(cls, token: str, *, use: str, terminal: str) -> Self:
        """引き換える: used up from now on, whatever the answer is worth. Raises CeremonyRefused.

        One UPDATE decides: of two that bring the same token, one gets it. A clock that was put back gives no second
        life to a challenge: used stays used, and one from the future is refused.
        """
        now = timezone.now()
        found = cls._default_manager.filter(
            token_hash=hash_of_token(token), use=use, terminal=terminal, used_at__isnull=True
        ).filter(expires_at__gt=now, issued_at__lte=now + CLOCK_SLACK)
        row = found.first()
        if row is None or not found.update(used_at=now):
            raise CeremonyRefused(
                "確認の受付が終わっています（時間切れか、すでに使われています）",
                field="passkey",
                code="stale",
                hint="職員番号とパスワードの入力からやり直してください。",
            )
        return row


def hash_of_token(token: str) -> str:
    """What the database holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
