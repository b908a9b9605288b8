"""裁定請求の審査 (別添1 R6〜R9): what the city found when it took a claim in; the decision is the Service's."""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.national_pension.choices import ClaimVerdict


class ClaimExamination(AppendOnlyModel):
    """裁定請求の審査: facts, verdict with its steps, pension code and estimate, as they stood at the reception."""

    receipt = models.OneToOneField(
        "Receipt", verbose_name="受付", on_delete=models.RESTRICT, related_name="claim_examination"
    )
    atena_number = models.CharField("宛名番号", max_length=15)
    about_atena_number = models.CharField("死亡者の宛名番号", max_length=15, blank=True, default="")
    claim_kind = models.CharField("請求の種類", max_length=2)
    pension_code = models.CharField("年金コード", max_length=4, blank=True, default="")
    verdict = models.CharField("見込み", max_length=8, choices=ClaimVerdict.choices)
    reasons = models.JSONField("理由", default=list)
    facts = models.JSONField("審査した事実", default=dict)
    amounts = models.JSONField("見込額", default=list)
    steps = models.JSONField("判断の過程", default=list)
    examined_at = models.DateTimeField("審査日時")
    examined_by = models.CharField("審査した職員", max_length=40)

    class Meta:
        db_table = "claim_examination"
        verbose_name = "裁定請求の審査"
        indexes = [
            models.Index(fields=["atena_number", "examined_at"], name="claim_person"),
            models.Index(fields=["about_atena_number", "claim_kind"], name="claim_about"),
        ]

    def __str__(self) -> str:
        return f"裁定請求の審査 {self.receipt_id}"
