"""接続 (サインイン中の端末)"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from kokunen.common_platform.passkeys.models import CLOCK_SLACK
from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.models.office import Office
from kokunen.common_platform.portal.models.staff import Staff


class StaffSession(models.Model):
    """接続: one sign-in, from its first to its last moment; the row is kept after its end.

    The cookie holds a random key, the row only its SHA-256: who reads the database cannot take a session over.
    """

    key_hash = models.CharField("接続キーのハッシュ", max_length=64, unique=True)
    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.PROTECT, related_name="sessions", null=True)
    office = models.ForeignKey(Office, verbose_name="部署", on_delete=models.PROTECT, related_name="+", null=True)
    terminal = models.CharField("端末", max_length=60, blank=True, default="")
    second_factor = models.BooleanField("パスキーでも確認した", default=False)
    data = models.TextField("作業の状態", blank=True, default="")
    started_at = models.DateTimeField("開始")
    last_activity_at = models.DateTimeField("最後の操作")
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    ended_reason = models.CharField("終了の理由", max_length=24, choices=EndReason.choices, blank=True, default="")

    class Meta:
        verbose_name = "接続"
        verbose_name_plural = "接続"
        indexes = [
            models.Index(fields=["staff"], condition=models.Q(ended_at__isnull=True), name="session_live_of_staff"),
        ]

    @property
    def is_live(self) -> bool:
        """Not ended."""
        return self.ended_at is None

    def idle_ends_at(self) -> datetime:
        """When it ends if nobody touches it."""
        return self.last_activity_at + timedelta(seconds=settings.PORTAL_IDLE_SECONDS)

    def lifetime_ends_at(self) -> datetime:
        """When it ends however busy it is."""
        return self.started_at + timedelta(seconds=settings.PORTAL_LIFETIME_SECONDS)

    def time_is_up(self, now: datetime) -> EndReason | None:
        """Why the clock ends it at `now`, or None. A clock put back behind the last work gives no time for free."""
        if now < self.last_activity_at - CLOCK_SLACK:
            return EndReason.CLOCK
        if now >= self.lifetime_ends_at():
            return EndReason.LIFETIME
        if now >= self.idle_ends_at():
            return EndReason.IDLE
        return None
