"""勧奨 (協力・連携): letters to people who are likely to be exempt, and what came of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.national_pension.choices import OutreachResult


class OutreachLetter(models.Model):
    """勧奨状: one letter to one person a year; its result is found from later receipts or entered by an officer."""

    atena_number = models.CharField("宛名番号", max_length=15)
    cycle_year = models.IntegerField("免除年度")
    basis = models.CharField("抽出の理由", max_length=100)
    serial = models.CharField("発行番号", max_length=40, blank=True, default="")
    made_on = models.DateField("作成日")
    made_by = models.CharField("作成した職員", max_length=40)
    result = models.CharField("結果", max_length=8, choices=OutreachResult.choices, default=OutreachResult.WAITING)
    result_on = models.DateField("結果の日", null=True, blank=True)
    result_note = models.CharField("結果の内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "outreach_letter"
        verbose_name = "勧奨状"
        constraints = [
            models.UniqueConstraint(fields=["atena_number", "cycle_year"], name="outreach_once"),
            models.CheckConstraint(
                name="outreach_result_day", condition=Q(result="waiting") | Q(result_on__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["cycle_year", "result"], name="outreach_result")]

    def __str__(self) -> str:
        return f"勧奨状 {self.cycle_year}年度 {self.pk}"
