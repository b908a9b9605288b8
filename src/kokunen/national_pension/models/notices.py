"""届書の受付 (受付処理簿): every notice received and every finding of the city, on its way to its end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.national_pension.choices import (
    OPEN_NOTICE_STATES,
    Filer,
    IdentityDocument,
    NoticeKind,
    NoticeSource,
    NoticeState,
)


class ReceivedNotice(models.Model):
    """受付: one line of the 受付処理簿.

    Its state moves 受付 → 審査済 → 送付待 → 結果待 → 完了 (or 返戻 and again 送付待); it ends only as 完了 or 取下.
    Each move
    is a `NoticeStep`. `sending_due_on` is the day by which it must have gone to the Service.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("届書の種類", max_length=3, choices=NoticeKind.choices)
    source = models.CharField("届出の出所", max_length=16, choices=NoticeSource.choices)
    state = models.CharField("受付状況", max_length=2, choices=NoticeState.choices, default=NoticeState.RECEIVED)
    received_on = models.DateField("受付年月日")
    received_at = models.DateTimeField("受付日時")
    office_code = models.CharField("受付した窓口", max_length=20)
    received_by = models.CharField("受け付けた職員", max_length=40)
    filer = models.CharField("届出人", max_length=8, choices=Filer.choices)
    identity_document = models.CharField("本人確認書類", max_length=20, choices=IdentityDocument.choices, blank=True)
    identity_confirmed = models.BooleanField("本人確認済", default=False)
    attachments = models.JSONField("添付書類", default=list)
    missing_papers = models.JSONField("不足書類", default=list)
    fact = models.CharField("事実", max_length=40, blank=True, default="")
    fact_on = models.DateField("事実の日", null=True, blank=True)
    filing_due_on = models.DateField("届出期限", null=True, blank=True)
    sending_due_on = models.DateField("送付期限")
    content = models.JSONField("届出の内容", default=dict)
    to_report = models.BooleanField("機構へ報告する", default=True)
    returned_reason = models.CharField("返戻の理由", max_length=200, blank=True, default="")
    sent_on = models.DateField("送付日", null=True, blank=True)
    closed_on = models.DateField("完了日", null=True, blank=True)
    act = models.ForeignKey(
        "QualificationAct",
        verbose_name="資格の処理",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="notices",
    )

    class Meta:
        db_table = "received_notice"
        verbose_name = "届書の受付"
        constraints = [
            models.CheckConstraint(
                # no acceptance without the identity check (番号法16条); a finding of the city has no visitor
                name="notice_identity_checked",
                condition=~Q(source="counter") | (Q(identity_confirmed=True) & ~Q(identity_document="")),
            ),
            models.CheckConstraint(
                name="notice_end_has_day",
                condition=Q(state__in=[str(state) for state in OPEN_NOTICE_STATES]) | Q(closed_on__isnull=False),
            ),
            models.CheckConstraint(name="notice_sent_has_day", condition=~Q(state="50") | Q(sent_on__isnull=False)),
            models.CheckConstraint(name="notice_return_has_reason", condition=~Q(state="60") | ~Q(returned_reason="")),
        ]
        indexes = [
            models.Index(fields=["state", "sending_due_on"], name="notice_open", condition=~Q(state__in=["80", "90"])),
            models.Index(fields=["atena_number", "received_at"], name="notice_person"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_number} {self.get_kind_display()}"

    @property
    def receipt_number(self) -> str:
        """受付番号: 13 digits, western year of receipt and the running number; known as soon as the row is stored."""
        return f"{self.received_on.year:04d}{self.pk:09d}"

    @property
    def is_open(self) -> bool:
        """未完了か"""
        return self.state in OPEN_NOTICE_STATES


class NoticeStep(AppendOnlyModel):
    """受付の経過: one move of a receipt, by whom and why."""

    notice = models.ForeignKey(ReceivedNotice, verbose_name="受付", on_delete=models.RESTRICT, related_name="steps")
    at = models.DateTimeField("日時")
    state = models.CharField("受付状況", max_length=2, choices=NoticeState.choices)
    staff_number = models.CharField("職員", max_length=40)
    note = models.CharField("内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "notice_step"
        verbose_name = "受付の経過"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.get_state_display()}"
