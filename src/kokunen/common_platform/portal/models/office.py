"""部署"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.portal.choices import OfficeKind


class Office(models.Model):
    """部署: one office; loaded from the office codes of the common database."""

    code = models.CharField("部署コード", max_length=10, primary_key=True)
    name = models.CharField("部署名", max_length=60)
    kana = models.CharField("部署名カナ", max_length=120)
    department = models.CharField("部", max_length=60)
    kind = models.CharField("部署区分", max_length=12, choices=OfficeKind.choices)
    uses_pension_file = models.BooleanField("評価書の使用部署", default=False)

    class Meta:
        verbose_name = "部署"
        verbose_name_plural = "部署"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
