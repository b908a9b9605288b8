"""支援措置: protection of people whose address must not reach an abuser (住基法11条-12条の3, 20条; 事務処理要領
第5-10).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.resident_registry.choices import SupportKind, SupportReason


class SupportMeasure(BitemporalModel):
    """支援措置: in force from `valid_period`'s start until a responsible person releases it.

    Nothing ends by itself (SPEC 3.1, 3.4): `ends_on` is the last day of the year asked for and only raises an alert.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    applicant_atena_number = models.CharField("申出者の宛名番号", max_length=15)
    kind = models.CharField("段階", max_length=1, choices=SupportKind.choices)
    reason = models.CharField("対象", max_length=1, choices=SupportReason.choices)
    requested_on = models.DateField("申出日")
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日")
    consulted_agency = models.CharField("相談機関", max_length=100, blank=True, default="")
    abuser = models.CharField("加害者とされる者", max_length=200, blank=True, default="")
    released_on = models.DateField("解除日", null=True, blank=True)

    class Meta:
        db_table = "support_measure"
        verbose_name = "支援措置"
        verbose_name_plural = "支援措置"
        constraints = [
            bitemporal_constraint("support_no_overlap", "atena_number"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="support_ends_after_start"),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"], name="support_ends_idx", condition=Q(recorded_period__endswith__isnull=True)
            ),
        ]
