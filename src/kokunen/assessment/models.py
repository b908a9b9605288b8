"""評価書の版: a version from draft to publication, with what was decided about each of its changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class VersionState(models.TextChoices):
    """状態"""

    DRAFT = "draft", "案"
    APPROVED = "approved", "承認済み"
    PUBLISHED = "published", "公表済み"


class AssessmentVersion(models.Model):
    """評価書の版: leaves and decisions as data. Who drafts does not approve; what is published never changes again."""

    edition = models.CharField("版", max_length=40, unique=True)
    base = models.CharField("もとの版", max_length=40)
    state = models.CharField("状態", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    leaves = models.JSONField("記載")
    decisions = models.JSONField("提出時期と説明", default=dict)
    drafted_by = models.CharField("作成した職員", max_length=40)
    drafted_at = models.DateTimeField("作成日時", auto_now_add=True)
    approved_by = models.CharField("承認した職員", max_length=40, blank=True, default="")
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    published_on = models.DateField("公表日", null=True, blank=True)
    effective_on = models.DateField("発効日", null=True, blank=True)

    class Meta:
        verbose_name = "評価書の版"
        verbose_name_plural = "評価書の版"
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_second_person",
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="assessment_published_whole",
                condition=~Q(state="published")
                | (Q(published_on__isnull=False, effective_on__isnull=False) & ~Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="assessment_effective_after_publication",
                condition=Q(effective_on__isnull=True) | Q(effective_on__gte=F("published_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} ({self.get_state_display()})"


class ThresholdJudgement(models.Model):
    """しきい値判断の記録: what the counts of one day ask for."""

    day = models.DateField("判断した日", unique=True)
    counts = models.JSONField("実際の数")
    result = models.CharField("結果", max_length=40)
    warnings = models.JSONField("警告", default=list)

    class Meta:
        verbose_name = "しきい値判断"
        verbose_name_plural = "しきい値判断"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.result}"
