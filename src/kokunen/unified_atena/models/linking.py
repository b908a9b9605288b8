"""宛名紐付: 団体内統合宛名番号, the 個人番号 (as a token) behind it over time, and the 宛名番号 that hang on it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.unified_atena.choices import HoldReason, HoldState, LinkMeans


class UnifiedPerson(models.Model):
    """団体内統合宛名: one person of the city. A number once drawn is never drawn again."""

    unified_number = models.CharField("団体内統合宛名番号", max_length=15, primary_key=True)
    made_at = models.DateTimeField("付番日時")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    end_reason = models.CharField("終了の理由", max_length=200, blank=True, default="")
    no_auto_reply = models.BooleanField("自動応答不可", default=False)

    class Meta:
        db_table = "unified_person"
        verbose_name = "団体内統合宛名"
        verbose_name_plural = "団体内統合宛名"

    def __str__(self) -> str:
        return self.unified_number


class NumberPeriod(models.Model):
    """個人番号の履歴: since when which number (by its token) belongs to the 団体内統合宛名番号; 1:1 at any time."""

    person = models.ForeignKey(
        UnifiedPerson, on_delete=models.PROTECT, verbose_name="団体内統合宛名", related_name="numbers"
    )
    number_token = models.CharField("連携用の符号", max_length=32)
    since = models.DateTimeField("使い始め")
    until = models.DateTimeField("使い終わり", null=True, blank=True)

    class Meta:
        db_table = "number_period"
        verbose_name = "個人番号の履歴"
        verbose_name_plural = "個人番号の履歴"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="unified_one_number"),
            models.UniqueConstraint(
                fields=["number_token"], condition=Q(until__isnull=True), name="unified_number_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="number_period_in_order"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="number_period_person_idx")]


class AtenaLink(models.Model):
    """宛名紐付: a 宛名番号 of this person. `flagged` (統合宛名フラグ): whose base data stand for the person.

    The register's record carries the flag; another one only where nobody of the person is a resident (標準 0320003).
    """

    person = models.ForeignKey(
        UnifiedPerson, on_delete=models.PROTECT, verbose_name="団体内統合宛名", related_name="links"
    )
    atena_number = models.CharField("宛名番号", max_length=15)
    means = models.CharField("紐付の手段", max_length=1, choices=LinkMeans.choices)
    flagged = models.BooleanField("統合宛名フラグ", default=False)
    linked_at = models.DateTimeField("紐付日時")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    end_reason = models.CharField("終了の理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "atena_link"
        verbose_name = "宛名紐付"
        verbose_name_plural = "宛名紐付"
        constraints = [
            models.UniqueConstraint(fields=["atena_number"], condition=Q(ended_at__isnull=True), name="atena_one_link"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True, flagged=True), name="atena_link_one_flag"
            ),
            models.CheckConstraint(
                condition=Q(flagged=False) | Q(ended_at__isnull=True), name="atena_link_ended_has_no_flag"
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="atena_link_person_idx"),
            models.Index(fields=["atena_number"], name="atena_link_history_idx"),
        ]


class LinkHold(models.Model):
    """紐付の保留: why a 宛名番号 could not be linked by itself, until the source is put right or an officer decides."""

    atena_number = models.CharField("宛名番号", max_length=15)
    reason = models.CharField("保留の理由", max_length=12, choices=HoldReason.choices)
    others = models.JSONField("照らした宛名番号", default=list)
    unified_numbers = models.JSONField("関係する団体内統合宛名番号", default=list)
    state = models.CharField("状態", max_length=1, choices=HoldState.choices, default=HoldState.WAITING)
    found_at = models.DateTimeField("保留日時")
    settled_at = models.DateTimeField("解消日時", null=True, blank=True)
    settled_by = models.CharField("解消した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("解消の理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "link_hold"
        verbose_name = "紐付の保留"
        verbose_name_plural = "紐付の保留"
        constraints = [
            models.UniqueConstraint(
                fields=["atena_number"], condition=Q(state=HoldState.WAITING), name="link_hold_once"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="link_hold_waiting_idx", condition=Q(state=HoldState.WAITING))]
