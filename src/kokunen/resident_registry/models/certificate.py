"""証明書の交付: the log of what was handed out, sheet by sheet, and what was spoiled (SPEC 1.3.8, 5.5). Append only."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.resident_registry.choices import CertificateKind, IdentityCheck, RequestKind


class SupportLift(AppendOnlyModel):
    """支援措置の一時解除: a supervisor lets certificates of a protected person out until a moment (SPEC 3.3).

    It ends by itself, is never published and never reaches the kiosk.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    reason = models.CharField("解除の理由", max_length=200)
    staff_number = models.CharField("解除した職員", max_length=40)
    lifted_at = models.DateTimeField("解除の日時")
    ends_at = models.DateTimeField("解除の終わり")

    class Meta:
        db_table = "support_lift"
        verbose_name = "支援措置の一時解除"
        verbose_name_plural = "支援措置の一時解除"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("lifted_at")), name="support_lift_ends_later"),
        ]
        indexes = [models.Index(fields=["atena_number", "-ends_at"], name="support_lift_atena_idx")]


class CertificateIssue(AppendOnlyModel):
    """証明書の交付: one sheet (copy) with its own 発行番号, who asked, what was shown and from which versions.

    `versions` are "宛名番号:履歴番号" of the printed records, so that a re-issue prints the state of the first issue.
    """

    issue_number = models.CharField("発行番号", max_length=24, unique=True)
    batch = models.UUIDField("同時に交付した証明書")
    kind = models.CharField("種類", max_length=2, choices=CertificateKind.choices)
    issued_on = models.DateField("交付日")
    issued_at = models.DateTimeField("交付の日時")
    staff_number = models.CharField("交付した職員", max_length=40)
    office_code = models.CharField("交付した所属", max_length=20)
    terminal = models.CharField("端末", max_length=64, blank=True, default="")
    atena_number = models.CharField("宛名番号", max_length=15)
    household_number = models.CharField("世帯番号", max_length=15)
    versions = ArrayField(models.CharField("記録", max_length=24), verbose_name="印刷した記録")
    items = ArrayField(models.CharField("項目", max_length=30), verbose_name="記載した項目", default=list)
    request_kind = models.CharField("請求の区分", max_length=1, choices=RequestKind.choices)
    requester_name = models.CharField("請求者氏名", max_length=100, blank=True, default="")
    requester_address = models.CharField("請求者住所", max_length=200, blank=True, default="")
    requester_relation = models.CharField("本人との関係・資格", max_length=100, blank=True, default="")
    identity_check = models.CharField("本人確認", max_length=1, choices=IdentityCheck.choices)
    reason = models.CharField("請求の理由・提出先", max_length=300, blank=True, default="")
    fee = models.PositiveIntegerField("手数料（円）")
    free_reason = models.CharField("無料の理由", max_length=100, blank=True, default="")
    reissue_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reissues", verbose_name="再交付のもと"
    )
    lift = models.ForeignKey(
        SupportLift,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="支援措置の一時解除",
    )

    class Meta:
        db_table = "certificate_issue"
        verbose_name = "証明書の交付"
        verbose_name_plural = "証明書の交付"
        constraints = [
            models.CheckConstraint(condition=Q(fee__gt=0) | ~Q(free_reason=""), name="certificate_free_for_a_reason"),
        ]
        indexes = [
            models.Index(fields=["atena_number", "-id"], name="certificate_atena_idx"),
            models.Index(fields=["issued_on", "id"], name="certificate_day_idx"),
            models.Index(fields=["batch"], name="certificate_batch_idx"),
        ]


class CertificateVoid(AppendOnlyModel):
    """証明書の廃棄 (書損): a sheet that was not handed out; its number is not used again."""

    issue = models.OneToOneField(
        CertificateIssue, on_delete=models.PROTECT, related_name="void", verbose_name="廃棄した証明書"
    )
    reason = models.CharField("廃棄の理由", max_length=200)
    staff_number = models.CharField("廃棄した職員", max_length=40)
    voided_at = models.DateTimeField("廃棄の日時")

    class Meta:
        db_table = "certificate_void"
        verbose_name = "証明書の廃棄"
        verbose_name_plural = "証明書の廃棄"
