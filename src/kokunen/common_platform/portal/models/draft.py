"""下書き"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.portal.models.staff import Staff


class Draft(models.Model):
    """下書き: half-typed work of one officer on one screen about one person.

    A time-out loses nothing. Fields that hold a 個人番号 or a password are never part of a draft.
    """

    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.CASCADE, related_name="drafts")
    screen = models.CharField("画面", max_length=100)
    subject = models.CharField("対象 (宛名番号など)", max_length=40, blank=True, default="")
    values = models.JSONField("入力した値", default=dict)
    saved_at = models.DateTimeField("保存日時")

    class Meta:
        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        constraints = [
            models.UniqueConstraint(fields=["staff", "screen", "subject"], name="draft_one_per_screen_and_subject"),
        ]
