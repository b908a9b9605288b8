"""受付 (受付処理簿): every paper received and every finding of the city, on its way to its end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel, BitemporalModel, bitemporal_constraint
from kokunen.national_pension.choices import (
    OPEN_NOTICE_STATES,
    Filer,
    IdentityDocument,
    NoticeKind,
    NoticeSource,
    NoticeState,
    PaperState,
)


class Receipt(models.Model):
    """受付: one line of the 受付処理簿, whatever the form.

    Its state moves 受付 → 審査済 → 送付待 → 結果待 → 結果承認・結果却下 → 完了 (or 返戻 and again 送付待); it ends
    only as 完了 or 取下. Each move is a `ReceiptStep`; the database refuses a move that the way does not have, an end
    without its day, and the removal of a line. `sending_due_on` is the day by which it must have gone to the Service.
    What the form says is `ReceiptEntry` (two times), the papers are `ReceiptPaper`; `content` is what a report line is
    made of.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("届書の種類", max_length=4, choices=NoticeKind.choices)
    situation = models.CharField("届出の事情", max_length=30, blank=True, default="")
    source = models.CharField("届出の出所", max_length=16, choices=NoticeSource.choices)
    state = models.CharField("受付状況", max_length=2, choices=NoticeState.choices, default=NoticeState.RECEIVED)
    received_on = models.DateField("受付年月日")
    received_at = models.DateTimeField("受付日時")
    office_code = models.CharField("受付した窓口", max_length=20)
    received_by = models.CharField("受け付けた職員", max_length=40)
    filer = models.CharField("届出人", max_length=8, choices=Filer.choices)
    identity_document = models.CharField("本人確認書類", max_length=20, choices=IdentityDocument.choices, blank=True)
    identity_confirmed = models.BooleanField("本人確認済", default=False)
    about_atena_number = models.CharField("対象者の宛名番号（死亡者など）", max_length=15, blank=True, default="")
    fact = models.CharField("事実", max_length=40, blank=True, default="")
    fact_on = models.DateField("事実の日", null=True, blank=True)
    filing_due_on = models.DateField("届出期限", null=True, blank=True)
    sending_due_on = models.DateField("送付期限")
    papers_due_on = models.DateField("不足書類の提出期限", null=True, blank=True)
    content = models.JSONField("届出の内容", default=dict)
    to_report = models.BooleanField("機構へ報告する", default=True)
    checked_by = models.CharField("主管課で確認した職員", max_length=40, blank=True, default="")
    checked_at = models.DateTimeField("主管課の確認日時", null=True, blank=True)
    returned_reason = models.CharField("返戻の理由", max_length=200, blank=True, default="")
    sent_on = models.DateField("送付日", null=True, blank=True)
    waiting_at = models.CharField("処理している機関", max_length=40, blank=True, default="")
    result_on = models.DateField("結果の年月日", null=True, blank=True)
    result_note = models.CharField("結果の内容", max_length=200, blank=True, default="")
    end_reason = models.CharField("取下げの理由", max_length=200, blank=True, default="")
    closed_on = models.DateField("完了日", null=True, blank=True)
    follows = models.ForeignKey(
        "self",
        verbose_name="前の受付（再申請の元）",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="followed_by",
    )
    act = models.ForeignKey(
        "QualificationAct",
        verbose_name="資格の処理",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="notices",
    )

    class Meta:
        db_table = "receipt"
        verbose_name = "受付"
        constraints = [
            models.CheckConstraint(
                # no acceptance without the identity check (番号法16条); a finding of the city has no visitor
                name="notice_identity_checked",
                condition=~Q(source="counter") | (Q(identity_confirmed=True) & ~Q(identity_document="")),
            ),
            models.CheckConstraint(
                name="notice_end_has_day",
                condition=Q(state__in=[str(state) for state in OPEN_NOTICE_STATES], closed_on__isnull=True)
                | Q(state__in=["80", "90"], closed_on__isnull=False),
            ),
            models.CheckConstraint(name="notice_sent_has_day", condition=~Q(state="50") | Q(sent_on__isnull=False)),
            models.CheckConstraint(name="notice_return_has_reason", condition=~Q(state="60") | ~Q(returned_reason="")),
            models.CheckConstraint(name="receipt_withdrawal_reason", condition=~Q(state="80") | ~Q(end_reason="")),
            models.CheckConstraint(
                # what is reported to the Service is done only when it was sent and the answer has come
                name="receipt_done_was_answered",
                condition=~Q(state="90") | Q(to_report=False) | (Q(sent_on__isnull=False) & Q(result_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="receipt_result_has_day", condition=~Q(state__in=["70", "71"]) | Q(result_on__isnull=False)
            ),
            models.CheckConstraint(name="receipt_second_look", condition=~Q(checked_by=F("received_by"))),
        ]
        indexes = [
            models.Index(fields=["state", "sending_due_on"], name="notice_open", condition=~Q(state__in=["80", "90"])),
            models.Index(fields=["received_on", "id"], name="receipt_open_age", condition=~Q(state__in=["80", "90"])),
            models.Index(fields=["atena_number", "received_at"], name="notice_person"),
            models.Index(fields=["about_atena_number"], name="receipt_about", condition=~Q(about_atena_number="")),
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

    @property
    def attachments(self) -> list[str]:
        """確認・預かりの書類, in the order in which they came."""
        return [paper.name for paper in self.papers.all() if paper.state == PaperState.SEEN]

    @property
    def missing_papers(self) -> list[str]:
        """不足している書類."""
        return [paper.name for paper in self.papers.all() if paper.state == PaperState.MISSING]


class ReceiptStep(AppendOnlyModel):
    """受付の経過: one move of a receipt, by whom and why."""

    notice = models.ForeignKey(Receipt, verbose_name="受付", on_delete=models.RESTRICT, related_name="steps")
    at = models.DateTimeField("日時")
    state = models.CharField("受付状況", max_length=2, choices=NoticeState.choices)
    staff_number = models.CharField("職員", max_length=40)
    office_code = models.CharField("窓口", max_length=20, blank=True, default="")
    note = models.CharField("内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "receipt_step"
        verbose_name = "受付の経過"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.get_state_display()}"


class ReceiptPaper(models.Model):
    """添付書類: one paper that came with the form, or that is still to come by `due_on`."""

    receipt = models.ForeignKey(Receipt, verbose_name="受付", on_delete=models.RESTRICT, related_name="papers")
    name = models.CharField("書類", max_length=100)
    state = models.CharField("書類の状況", max_length=8, choices=PaperState.choices)
    due_on = models.DateField("提出期限", null=True, blank=True)
    settled_at = models.DateTimeField("受領日時", null=True, blank=True)
    settled_by = models.CharField("受領した職員", max_length=40, blank=True, default="")
    note = models.CharField("内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "receipt_paper"
        verbose_name = "添付書類"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "name"], name="receipt_paper_once"),
            models.CheckConstraint(
                name="receipt_paper_missing_due", condition=~Q(state="missing") | Q(due_on__isnull=False)
            ),
            models.CheckConstraint(
                name="receipt_paper_settled",
                condition=Q(state="missing") | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
            ),
            models.CheckConstraint(name="receipt_paper_waived_why", condition=~Q(state="waived") | ~Q(note="")),
        ]
        indexes = [models.Index(fields=["due_on"], name="receipt_paper_missing", condition=Q(state="missing"))]

    def __str__(self) -> str:
        return f"{self.name} {self.get_state_display()}"


class ReceiptEntry(BitemporalModel):
    """届書の記載: what the form says, field by field (names of `catalogue.yaml`), in two times.

    A correction by the filer (補正) closes the version and adds another; the first one stays readable.
    """

    receipt = models.ForeignKey(Receipt, verbose_name="受付", on_delete=models.RESTRICT, related_name="entries")
    atena_number = models.CharField("宛名番号", max_length=15)
    data = models.JSONField("記載事項", default=dict)

    class Meta:
        db_table = "receipt_entry"
        verbose_name = "届書の記載"
        constraints = [bitemporal_constraint("receipt_entry_no_overlap", "receipt")]
        indexes = [models.Index(fields=["atena_number"], name="receipt_entry_person")]

    def __str__(self) -> str:
        return f"届書の記載 {self.receipt_id}"
