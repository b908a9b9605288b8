"""裁定請求の審査 (別添1 R6〜R9): what the city found when it took a claim in; the decision is the Service's."""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import AppendOnlyModel, BitemporalModel, bitemporal_constraint
from kokunen.national_pension.choices import ClaimVerdict, DiagnosisKind


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


class ClaimRecord(BitemporalModel):
    """裁定受付情報 (別添1 R6〜R9): one claim as the section knows it, in two times; a correction adds a version.

    老齢 R6, 障害 R7 with its 診断書情報, 遺族 R8 with its 請求者情報, 老齢福祉 R9 with its 証書番号. `valid_period`
    begins with the day of the claim.
    """

    receipt = models.ForeignKey("Receipt", verbose_name="受付", on_delete=models.RESTRICT, related_name="claim_records")
    atena_number = models.CharField("宛名番号", max_length=15)
    claim_kind = models.CharField("請求の種類", max_length=2)
    pension_code = models.CharField("年金コード", max_length=4, blank=True, default="")
    claimed_on = models.DateField("請求日")
    situation = models.CharField("請求の事情", max_length=30, blank=True, default="")
    first_visit_on = models.DateField("初診日", null=True, blank=True)
    diagnosis = models.CharField("診断書の種別", max_length=1, choices=DiagnosisKind.choices, blank=True, default="")
    illness = models.CharField("傷病名", max_length=60, blank=True, default="")
    deceased_atena_number = models.CharField("死亡者の宛名番号", max_length=15, blank=True, default="")
    claimant_name = models.CharField("請求者の氏名", max_length=100, blank=True, default="")
    claimant_relation = models.CharField("請求者の続柄", max_length=40, blank=True, default="")
    certificate_number = models.CharField("証書番号", max_length=20, blank=True, default="")
    result = models.CharField("裁定の結果", max_length=10, blank=True, default="")
    decided_on = models.DateField("裁定日", null=True, blank=True)

    class Meta:
        db_table = "claim_record"
        verbose_name = "裁定受付情報"
        constraints = [bitemporal_constraint("claim_record_no_overlap", "receipt")]
        indexes = [models.Index(fields=["atena_number"], name="claim_record_person")]

    def __str__(self) -> str:
        return f"裁定受付 {self.receipt_id}"
