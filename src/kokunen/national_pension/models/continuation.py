"""継続審査 (法90条, 処理通知): one run a July over everybody who wished it, and what came of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.national_pension.exemption_choices import ContinuationOutlook, ContinuationStop, ExemptionResult


class ContinuationRun(models.Model):
    """継続審査: one run of one 免除年度. It goes on from `last_atena` when it was cut short; `counts` by outlook."""

    cycle_year = models.PositiveSmallIntegerField("免除年度")
    started_at = models.DateTimeField("開始日時")
    started_by = models.CharField("開始した職員", max_length=40)
    last_atena = models.CharField("処理済みの宛名番号", max_length=15, blank=True, default="")
    total = models.IntegerField("対象件数", default=0)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    letters_serial = models.CharField("通知の発行番号", max_length=40, blank=True, default="")

    class Meta:
        db_table = "continuation_run"
        verbose_name = "継続審査"
        constraints = [models.UniqueConstraint(fields=["cycle_year"], name="continuation_once_a_year")]

    def __str__(self) -> str:
        return f"継続審査 {self.cycle_year}年度"


class ContinuationCase(models.Model):
    """継続審査の対象者: the kind that ended in June, what the new year is likely to bring and why, and the result."""

    run = models.ForeignKey(ContinuationRun, verbose_name="継続審査", on_delete=models.RESTRICT, related_name="cases")
    atena_number = models.CharField("宛名番号", max_length=15)
    kind_before = models.CharField("前年度の免除種類", max_length=2)
    outlook = models.CharField("見込み", max_length=8, choices=ContinuationOutlook.choices)
    stop_reason = models.CharField(
        "継続しない理由", max_length=10, choices=ContinuationStop.choices, blank=True, default=""
    )
    expected_kind = models.CharField("見込みの免除種類", max_length=2, blank=True, default="")
    judgement = models.JSONField("判定の見込みと所得", default=dict)
    letter_on = models.DateField("通知日", null=True, blank=True)
    letter_serial = models.CharField("通知の発行番号", max_length=40, blank=True, default="")
    result = models.CharField(
        "裁定結果", max_length=1, choices=ExemptionResult.choices, default=ExemptionResult.WAITING
    )
    result_kind = models.CharField("承認された免除種類", max_length=2, blank=True, default="")
    decided_on = models.DateField("裁定日", null=True, blank=True)
    result_note = models.CharField("裁定の内容", max_length=200, blank=True, default="")
    decided_by = models.CharField("結果を記録した職員", max_length=40, blank=True, default="")

    class Meta:
        db_table = "continuation_case"
        verbose_name = "継続審査の対象者"
        constraints = [
            models.UniqueConstraint(fields=["run", "atena_number"], name="continuation_case_once"),
            models.CheckConstraint(
                name="continuation_stop_has_reason", condition=Q(outlook="continue") | ~Q(stop_reason="")
            ),
            models.CheckConstraint(
                name="continuation_result_has_day", condition=Q(result="7") | Q(decided_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["run", "outlook", "atena_number"], name="continuation_outlook"),
            models.Index(fields=["atena_number"], name="continuation_person"),
        ]

    def __str__(self) -> str:
        return f"継続審査 {self.run_id} {self.get_outlook_display()}"
