"""整合性確認: the register compared with the copy of 住基ネット, and the differences until each is worked off."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.resident_registry.choices import CheckState, DifferenceKind, DifferenceState


class ConsistencyCheck(models.Model):
    """整合性確認1回: one comparison of the whole register; only one is under way at a time."""

    asked_at = models.DateTimeField("依頼日時")
    asked_by = models.CharField("依頼した職員", max_length=40)
    state = models.CharField("状態", max_length=1, choices=CheckState.choices, default=CheckState.ASKED)
    people = models.PositiveIntegerField("抽出した住民の数", default=0)
    parts = models.PositiveIntegerField("送信した通数", default=0)
    held = models.PositiveIntegerField("住基ネットの住民の数", null=True, blank=True)
    differing = models.PositiveIntegerField("違いの数", null=True, blank=True)
    answered_parts = models.PositiveIntegerField("届いた回答の通数", default=0)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)

    class Meta:
        db_table = "consistency_check"
        verbose_name = "整合性確認"
        verbose_name_plural = "整合性確認"
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=["1", "2"]), name="consistency_one_under_way"
            )
        ]

    @property
    def number(self) -> str:
        """整合性確認の番号 on the line."""
        return f"{self.pk:012d}"


class ConsistencyDifference(models.Model):
    """整合性確認の違い1件: `theirs` is what 住基ネット holds; empty when it holds nobody."""

    check_run = models.ForeignKey(
        ConsistencyCheck, on_delete=models.PROTECT, related_name="differences", verbose_name="整合性確認"
    )
    resident_code = models.CharField("住民票コード", max_length=11)
    kind = models.CharField("違いの種類", max_length=1, choices=DifferenceKind.choices)
    theirs = models.JSONField("住基ネットの記録", default=dict)
    atena_number = models.CharField("宛名番号", max_length=15, blank=True, default="")
    state = models.CharField("状態", max_length=1, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("処理の理由", max_length=200, blank=True, default="")
    settled_at = models.DateTimeField("処理日時", null=True, blank=True)

    class Meta:
        db_table = "consistency_difference"
        verbose_name = "整合性確認の違い"
        verbose_name_plural = "整合性確認の違い"
        constraints = [
            models.UniqueConstraint(fields=["check_run", "resident_code"], name="consistency_difference_once")
        ]
        indexes = [models.Index(fields=["check_run", "state", "id"], name="consistency_open_idx")]
