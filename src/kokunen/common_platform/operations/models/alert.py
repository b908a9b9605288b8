"""警報"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.operations.choices import Severity


class Alert(models.Model):
    """警報: one trouble from its first sight to its end. A repetition counts up and rings no second time."""

    code = models.CharField("種類", max_length=40)
    subject = models.CharField("対象", max_length=120)
    severity = models.CharField("重大度", max_length=10, choices=Severity.choices)
    message = models.CharField("内容", max_length=300)
    first_seen_at = models.DateTimeField("最初に気づいた時刻")
    last_seen_at = models.DateTimeField("最後に見た時刻")
    count = models.PositiveIntegerField("見た回数", default=1)
    ended_at = models.DateTimeField("解消した時刻", null=True, blank=True)
    acknowledged_by = models.CharField("確認した者", max_length=40, blank=True, default="")
    acknowledged_at = models.DateTimeField("確認した時刻", null=True, blank=True)
    note = models.CharField("対応の内容", max_length=300, blank=True, default="")

    class Meta:
        db_table = "alert"
        verbose_name = "警報"
        verbose_name_plural = "警報"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"], condition=models.Q(ended_at__isnull=True), name="alert_one_open"
            ),
        ]
        indexes = [models.Index(fields=["-first_seen_at"], name="alert_newest")]
