"""資格情報 (別添1 R2): what a person was insured as, from which day to which day, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.national_pension.choices import ACQUISITION_REASONS, INSURED_TYPES, LOSS_REASONS


class QualificationPeriod(BitemporalModel):
    """被保険者資格期間: one period of one kind.

    `valid_period` is [取得日 or 種別変更日, 喪失日 or 種別変更日): the day of loss is the first day without the
    qualification. A period that goes on has no upper end and no loss reason; a period that ended always says why, so
    that the days after it are explained. Two periods of a person can never overlap in what the office knows: the
    database refuses it.
    """

    class Source(models.TextChoices):
        """記録の出所"""

        NOTICE = "notice", "届出"
        FINDING = "finding", "公簿による確認"
        SERVICE = "service", "日本年金機構の通知"
        CORRECTION = "correction", "記録の訂正"
        LOAD = "load", "移行データ"

    atena_number = models.CharField("宛名番号", max_length=15)
    insured_type = models.CharField("被保険者種別", max_length=1, choices=INSURED_TYPES.choices())
    acquisition_reason = models.CharField("取得理由", max_length=2, choices=ACQUISITION_REASONS.choices())
    loss_reason = models.CharField("喪失理由", max_length=2, blank=True, default="", choices=LOSS_REASONS.choices())
    source = models.CharField("記録の出所", max_length=10, choices=Source.choices, default=Source.NOTICE)
    act = models.ForeignKey(
        "QualificationAct",
        verbose_name="処理",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="added_periods",
    )

    class Meta:
        db_table = "qualification_period"
        verbose_name = "被保険者資格期間"
        constraints = [
            bitemporal_constraint("qualification_no_overlap", "atena_number", numbers=["atena_number"]),
            models.CheckConstraint(
                name="qualification_type", condition=Q(insured_type__in=["1", "2", "3", "4", "5", "6", "7", "8"])
            ),
            models.CheckConstraint(
                name="qualification_valid_not_empty",
                condition=Q(valid_period__isempty=False, valid_period__startswith__isnull=False),
            ),
            models.CheckConstraint(
                name="qualification_loss_explained",
                condition=(Q(valid_period__endswith__isnull=True) & Q(loss_reason=""))
                | (Q(valid_period__endswith__isnull=False) & ~Q(loss_reason="")),
            ),
            models.CheckConstraint(name="qualification_acquisition_explained", condition=~Q(acquisition_reason="")),
        ]
        indexes = [
            models.Index(fields=["atena_number"], name="qualification_history"),
            models.Index(
                fields=["atena_number"],
                name="qualification_current",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"資格期間 {self.atena_number} {self.insured_type}"

    @property
    def acquired_on(self):  # type: ignore[no-untyped-def]
        """取得日（種別変更日）"""
        return self.valid_period.lower

    @property
    def lost_on(self):  # type: ignore[no-untyped-def]
        """喪失日（種別変更日）: the first day without this qualification; None while it goes on."""
        return self.valid_period.upper
