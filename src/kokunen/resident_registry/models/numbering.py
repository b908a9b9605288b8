"""付番: 住民票コード come from a stock fetched from the CS and are used once, ever."""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import AppendOnlyModel


class ResidentCodeStock(models.Model):
    """未使用の住民票コード: the stock, one of which is chosen at random and taken out (住基法30条の2, 規則1条)."""

    resident_code = models.CharField("住民票コード", max_length=11, primary_key=True)
    received_on = models.DateField("受領日")

    class Meta:
        db_table = "resident_code_stock"
        verbose_name = "未使用の住民票コード"
        verbose_name_plural = "未使用の住民票コード"


class ResidentCodeAssignment(AppendOnlyModel):
    """住民票コードの付番: a code belongs to one person for ever, also after removal (150 years, 令34条)."""

    resident_code = models.CharField("住民票コード", max_length=11, primary_key=True)
    atena_number = models.CharField("宛名番号", max_length=15)

    class Meta:
        db_table = "resident_code_assignment"
        verbose_name = "住民票コードの付番"
        verbose_name_plural = "住民票コードの付番"
        indexes = [models.Index(fields=["atena_number"], name="code_assignment_atena_idx")]
