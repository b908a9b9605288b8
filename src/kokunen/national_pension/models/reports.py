"""日本年金機構への報告: the report as it was made, its files, its hand-over, and the results that came back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.national_pension.choices import MEDIA, Recipient, ReportState, ResultVerdict
from kokunen.national_pension.exemption_choices import ExemptionKind, ExemptionResult


class ReportBatch(models.Model):
    """報告（媒体管理簿の1行）: one medium of one day.

    A report is made once. Its lines and files never change; a new issue of the same files is a `ReportIssue`. Two
    different officers sign the hand-over, and only then the notices are 結果待 with a 送付日.
    """

    fiscal_year = models.IntegerField("年度")
    serial = models.IntegerField("媒体通番")
    report_on = models.DateField("報告日")
    recipient = models.CharField("提供先", max_length=20, choices=Recipient.choices, default=Recipient.JPS)
    medium = models.CharField("送付媒体", max_length=1, choices=MEDIA.choices(), default="2")
    state = models.CharField("状態", max_length=12, choices=ReportState.choices, default=ReportState.BUILT)
    counts = models.JSONField("種類別件数", default=dict)
    line_count = models.IntegerField("件数")
    media_sha256 = models.CharField("媒体のハッシュ値", max_length=64)
    key_id = models.CharField("鍵の識別", max_length=80, blank=True, default="")
    manifest = models.JSONField("内容明細", default=dict)
    media_path = models.CharField("媒体イメージの場所", max_length=300, blank=True, default="")
    built_at = models.DateTimeField("作成日時")
    built_by = models.CharField("作成した職員", max_length=40)
    first_officer = models.CharField("引渡者", max_length=40, blank=True, default="")
    first_signed_at = models.DateTimeField("引渡者の署名日時", null=True, blank=True)
    second_officer = models.CharField("立会者", max_length=40, blank=True, default="")
    carrying_case = models.CharField("施錠ケースの番号", max_length=40, blank=True, default="")
    medium_number = models.CharField("媒体台帳の登録番号", max_length=20, blank=True, default="")
    handed_over_at = models.DateTimeField("引渡日時", null=True, blank=True)
    sent_on = models.DateField("送付日", null=True, blank=True)
    discard_reason = models.CharField("廃棄の理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "report_batch"
        verbose_name = "報告"
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "serial"], name="report_serial_once"),
            models.CheckConstraint(
                name="report_two_officers",
                condition=Q(second_officer="") | (~Q(first_officer="") & ~Q(second_officer=F("first_officer"))),
            ),
            models.CheckConstraint(
                name="report_handed_over_signed",
                condition=Q(state__in=["built", "discarded"])
                | (~Q(first_officer="") & ~Q(second_officer="") & ~Q(carrying_case="") & Q(sent_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="report_handed_over_in_register",
                condition=Q(state__in=["built", "discarded"]) | ~Q(medium_number=""),
            ),
            models.CheckConstraint(
                name="report_discarded_has_reason", condition=~Q(state="discarded") | ~Q(discard_reason="")
            ),
            models.CheckConstraint(name="report_not_empty", condition=Q(line_count__gt=0)),
            models.CheckConstraint(name="report_recipient_declared", condition=Q(recipient="jps")),
        ]

    def __str__(self) -> str:
        return f"報告 {self.fiscal_year}年度 第{self.serial}号"

    @property
    def serial_text(self) -> str:
        """媒体通番 as written on the medium: three digits."""
        return f"{self.serial:03d}"


class ReportLine(AppendOnlyModel):
    """報告の明細: one notice as it was sent. A second sending of a returned notice is another line."""

    batch = models.ForeignKey(ReportBatch, verbose_name="報告", on_delete=models.RESTRICT, related_name="lines")
    line_number = models.IntegerField("行番号")
    notice = models.ForeignKey("Receipt", verbose_name="受付", on_delete=models.RESTRICT, related_name="report_lines")
    record = models.JSONField("報告した内容")
    is_resend = models.BooleanField("再送", default=False)

    class Meta:
        db_table = "report_line"
        verbose_name = "報告の明細"
        ordering = ["batch_id", "line_number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line_number"], name="report_line_number_once"),
            models.UniqueConstraint(fields=["batch", "notice"], name="report_line_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}-{self.line_number}"


class ReportFile(AppendOnlyModel):
    """報告の帳票: list and cover sheet as printed, kept to the byte. The sealed medium itself stands in the outbox."""

    class Role(models.TextChoices):
        """帳票の別"""

        LIST = "list", "報告対象者一覧"
        COVER = "cover", "送付書"

    batch = models.ForeignKey(ReportBatch, verbose_name="報告", on_delete=models.RESTRICT, related_name="files")
    role = models.CharField("帳票の別", max_length=8, choices=Role.choices)
    filename = models.CharField("ファイル名", max_length=100)
    content = models.BinaryField("内容")
    sha256 = models.CharField("ハッシュ値", max_length=64)

    class Meta:
        db_table = "report_file"
        verbose_name = "報告の帳票"
        constraints = [models.UniqueConstraint(fields=["batch", "role"], name="report_file_once")]

    def __str__(self) -> str:
        return self.filename


class ReportIssue(AppendOnlyModel):
    """発行の記録: each time a file of the report was given out; from the second time on it is a 再発行."""

    batch = models.ForeignKey(ReportBatch, verbose_name="報告", on_delete=models.RESTRICT, related_name="issues")
    what = models.CharField("発行したもの", max_length=8)
    number = models.IntegerField("発行回")
    sha256 = models.CharField("ハッシュ値", max_length=64)
    issued_at = models.DateTimeField("発行日時")
    issued_by = models.CharField("発行した職員", max_length=40)

    class Meta:
        db_table = "report_issue"
        verbose_name = "報告の発行"
        constraints = [models.UniqueConstraint(fields=["batch", "what", "number"], name="report_issue_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.what} {self.number}"

    @property
    def is_reissue(self) -> bool:
        """再発行か"""
        return self.number > 1


class ReportResult(AppendOnlyModel):
    """処理結果: one answer of the Service, taken in once (the result number is unique)."""

    result_serial = models.CharField("結果通番", max_length=40, unique=True)
    batch = models.ForeignKey(
        ReportBatch, verbose_name="報告", on_delete=models.RESTRICT, null=True, blank=True, related_name="results"
    )
    status = models.CharField("媒体の処理状態", max_length=12)
    faults = models.JSONField("不受理の理由", default=list)
    taken_at = models.DateTimeField("取込日時")
    taken_by = models.CharField("取り込んだ職員", max_length=40)

    class Meta:
        db_table = "report_result"
        verbose_name = "処理結果"

    def __str__(self) -> str:
        return f"処理結果 {self.result_serial}"


_WAYS = {
    "unknown": "市から送付した記録がありません。何も登録していません。日本年金機構に受付番号を確かめてください。",
    "different": "記録は変えていません。受付の内容と処理結果を見比べ、違いを日本年金機構に確かめてください。",
    "stale": "この受付は結果を待っていません。受付の経過を確かめ、必要なら再送してください。",
}
"""不一致の道: what an officer does about an answer that did not match."""


class ReportResultLine(models.Model):
    """処理結果の明細: what the Service answered to one line, and whether it agrees with what was sent."""

    class Match(models.TextChoices):
        """突合の結果"""

        AGREED = "agreed", "一致"
        UNKNOWN = "unknown", "送付していない受付番号"
        DIFFERENT = "different", "送付内容と不一致"
        STALE = "stale", "すでに結果があるもの"

    result = models.ForeignKey(ReportResult, verbose_name="処理結果", on_delete=models.RESTRICT, related_name="lines")
    line = models.ForeignKey(
        ReportLine, verbose_name="報告の明細", on_delete=models.RESTRICT, null=True, blank=True, related_name="results"
    )
    line_number = models.IntegerField("行番号")
    part = models.PositiveSmallIntegerField("裁定の行", default=1)
    receipt_number = models.CharField("受付番号", max_length=20)
    verdict = models.CharField("処理結果", max_length=10, choices=ResultVerdict.choices)
    processed_on = models.DateField("処理年月日")
    reason_code = models.CharField("理由コード", max_length=10, blank=True, default="")
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    basic_pension_number = models.CharField("基礎年金番号", max_length=10, blank=True, default="")
    decision = models.CharField("裁定結果", max_length=1, choices=ExemptionResult.choices, blank=True, default="")
    exemption_kind = models.CharField("免除種類", max_length=2, choices=ExemptionKind.choices, blank=True, default="")
    first_month = models.DateField("承認の初月", null=True, blank=True)
    last_month = models.DateField("承認の終月", null=True, blank=True)
    match = models.CharField("突合の結果", max_length=10, choices=Match.choices)
    settled_at = models.DateTimeField("確認日時", null=True, blank=True)
    settled_by = models.CharField("確認した職員", max_length=40, blank=True, default="")
    settled_note = models.CharField("確認の内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "report_result_line"
        verbose_name = "処理結果の明細"
        constraints = [
            models.UniqueConstraint(fields=["result", "line_number", "part"], name="report_result_line_once")
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="report_result_unsettled",
                condition=Q(settled_at__isnull=True) & ~Q(match="agreed"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.receipt_number} {self.get_verdict_display()}"

    @property
    def can_be_taken_up(self) -> bool:
        """あらためて取り込めるか: an acceptance of what was sent that contradicted the record, not settled yet."""
        return (
            self.line is not None
            and self.settled_at is None
            and self.match == self.Match.DIFFERENT
            and self.verdict == ResultVerdict.ACCEPTED
            and self.line.notice.receipt_number == self.receipt_number
        )

    @property
    def way_out(self) -> str:
        """すること, "" for an answer that agrees."""
        return _WAYS.get(self.match, "")
