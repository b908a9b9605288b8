"""課税資料: what was reported and declared about incomes, one by one or in files; added to, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.resident_tax.choices import DocumentKind


class WithholdingAgent(models.Model):
    """特別徴収義務者: an employer who withholds (地方税法321条の4)."""

    number = models.CharField("指定番号", max_length=10, primary_key=True)
    name = models.CharField("名称", max_length=120)
    address = models.CharField("所在地", max_length=200, blank=True, default="")

    class Meta:
        db_table = "withholding_agent"
        verbose_name = "特別徴収義務者"
        verbose_name_plural = "特別徴収義務者"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class TaxDocumentFile(AppendOnlyModel):
    """資料ファイル: a file is known by its content, so that reading it again changes nothing."""

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    kind = models.CharField("課税資料の種類", max_length=2, choices=DocumentKind.choices)
    name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("内容の要約値", max_length=64)
    records = models.PositiveIntegerField("件数")
    taken = models.PositiveIntegerField("登録した件数")
    known = models.PositiveIntegerField("登録済みの件数")
    refused = models.PositiveIntegerField("誤りの件数")
    read_at = models.DateTimeField("取り込んだ日時")
    read_by = models.CharField("取り込んだ職員", max_length=40)

    class Meta:
        db_table = "tax_document_file"
        verbose_name = "資料ファイル"
        verbose_name_plural = "資料ファイル"
        constraints = [
            models.UniqueConstraint(fields=["tax_year", "kind", "sha256"], name="document_file_read_once"),
            models.CheckConstraint(
                name="document_file_counts_agree",
                condition=Q(records=models.F("taken") + models.F("known") + models.F("refused")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.tax_year}"


class TaxDocumentFault(AppendOnlyModel):
    """取込の誤り: a record of a file that was not taken, with its number and the reason (補正リスト)."""

    file = models.ForeignKey(
        TaxDocumentFile, on_delete=models.RESTRICT, related_name="faults", verbose_name="資料ファイル"
    )
    record_number = models.PositiveIntegerField("レコード番号")
    column = models.CharField("項目", max_length=60, blank=True, default="")
    reason = models.CharField("理由", max_length=300)

    class Meta:
        db_table = "tax_document_fault"
        verbose_name = "取込の誤り"
        verbose_name_plural = "取込の誤り"
        indexes = [models.Index(fields=["file", "record_number"], name="document_fault_of_file")]

    def __str__(self) -> str:
        return f"{self.record_number} {self.reason}"


class TaxDocument(AppendOnlyModel):
    """課税資料1件: ``figures`` are the columns of the law that it states, yen, true or false, or a code.

    A correction is a new document that replaces the old one; a cancellation replaces it and is itself ``withdrawn``.
    ``main``: 甲欄 (the payer to whom the family was declared). ``retired``: the person left this employer.
    ``includes_previous``: 前職分を含む, the reports of earlier employers are counted in this one.
    """

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("課税資料の種類", max_length=2, choices=DocumentKind.choices)
    payer_number = models.CharField("支払者の番号", max_length=10, blank=True, default="")
    main = models.BooleanField("主たる給与（甲欄）", default=False)
    retired = models.BooleanField("退職", default=False)
    includes_previous = models.BooleanField("前職分を含む", default=False)
    received_on = models.DateField("受付日")
    figures = models.JSONField("内容")
    fingerprint = models.CharField("内容の要約値", max_length=64)
    file = models.ForeignKey(
        TaxDocumentFile, on_delete=models.RESTRICT, null=True, related_name="documents", verbose_name="資料ファイル"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, related_name="replaced_by", verbose_name="訂正前の資料"
    )
    withdrawn = models.BooleanField("取消", default=False)
    entered_at = models.DateTimeField("登録日時")
    entered_by = models.CharField("登録した職員", max_length=40)

    class Meta:
        db_table = "tax_document"
        verbose_name = "課税資料"
        verbose_name_plural = "課税資料"
        constraints = [
            models.UniqueConstraint(fields=["tax_year", "fingerprint"], name="document_entered_once"),
            models.CheckConstraint(
                name="document_withdrawal_names_one", condition=Q(withdrawn=False) | Q(replaces__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["tax_year", "atena_number"], name="document_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.atena_number} {self.tax_year}"
