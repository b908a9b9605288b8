"""生体認証と接続"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from kokunen.common_platform.passkeys.models import CLOCK_SLACK, AbstractChallenge, AbstractPasskey
from kokunen.pension_records import limits
from kokunen.pension_records.choices import EndReason
from kokunen.pension_records.models.operator import Operator


class Credential(AbstractPasskey):
    """生体認証の登録: a passkey of one operator. Removed ones stay as records of the sessions they opened."""

    operator = models.ForeignKey(Operator, verbose_name="操作者", on_delete=models.PROTECT, related_name="credentials")
    removed_at = models.DateTimeField("抹消日時", null=True, blank=True)

    class Meta:
        db_table = "credential"
        verbose_name = "生体認証の登録"


class Challenge(AbstractChallenge):
    """問いかけ: what an operator's device signs, once."""

    operator = models.ForeignKey(Operator, verbose_name="操作者", on_delete=models.PROTECT, related_name="+")
    pending = models.CharField("登録後のパスワードのハッシュ", max_length=128, blank=True, default="")

    class Meta:
        db_table = "challenge"
        verbose_name = "問いかけ"


class TerminalSession(models.Model):
    """接続: one terminal session, opened by password and verified person. Kept after its end.

    It cannot be written without the credential and the challenge that opened it, and a challenge opens one session.
    """

    key_hash = models.CharField("接続キーのハッシュ", max_length=64, unique=True)
    operator = models.ForeignKey(Operator, verbose_name="操作者", on_delete=models.PROTECT, related_name="sessions")
    credential = models.ForeignKey(Credential, verbose_name="生体認証", on_delete=models.PROTECT, related_name="+")
    challenge = models.OneToOneField(Challenge, verbose_name="問いかけ", on_delete=models.PROTECT, related_name="+")
    terminal = models.CharField("端末", max_length=60)
    started_at = models.DateTimeField("開始")
    last_activity_at = models.DateTimeField("最後の操作")
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    ended_reason = models.CharField("終了の理由", max_length=20, choices=EndReason.choices, blank=True, default="")

    class Meta:
        db_table = "terminal_session"
        verbose_name = "接続"
        constraints = [
            models.UniqueConstraint(
                fields=["operator"], name="terminal_session_one_live", condition=Q(ended_at__isnull=True)
            ),
        ]

    def time_is_up(self, now: datetime) -> EndReason | None:
        """Why the clock ends it at `now`, or None. A clock that was put back behind the last work ends it too."""
        if now < self.last_activity_at - CLOCK_SLACK:
            return EndReason.CLOCK
        if now >= self.started_at + timedelta(seconds=limits.LIFETIME_SECONDS):
            return EndReason.LIFETIME
        if now >= self.last_activity_at + timedelta(seconds=limits.IDLE_SECONDS):
            return EndReason.IDLE
        return None
