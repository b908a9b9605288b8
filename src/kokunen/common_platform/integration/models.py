"""ファイル連携の表: every file that came, the generations of what it held, the rows of each."""

from __future__ import annotations

from django.db import models


class FileState(models.TextChoices):
    """ファイルの状態"""

    APPLIED = "applied", "反映済み"
    WARNING = "warning", "反映済み(誤りの行あり)"
    HELD = "held", "保留"
    REFUSED = "refused", "受付不可"
    SKIPPED = "skipped", "対象外"


class LinkageFile(models.Model):
    """連携ファイル: one file with its control file, as judged when it came. `reason` tells why it is not in force."""

    supplier = models.CharField("提供側", max_length=10)
    dataset = models.CharField("連携データ", max_length=50)
    name = models.CharField("ファイル名", max_length=120)
    kind = models.CharField("全件・差分", max_length=1)
    seq = models.PositiveIntegerField("通番")
    sha256 = models.CharField("ハッシュ値", max_length=64)
    rows = models.PositiveIntegerField("件数", default=0)
    state = models.CharField("状態", max_length=10, choices=FileState.choices)
    reason = models.CharField("理由", max_length=300, blank=True, default="")
    row_errors = models.JSONField("誤りの行", default=list)
    compared = models.JSONField("前の世代との比較", default=dict)
    taken_at = models.DateTimeField("受付日時", auto_now_add=True)
    asked_by = models.CharField("解除を申し出た職員", max_length=40, blank=True, default="")
    asked_words = models.CharField("提供側に確かめた内容", max_length=200, blank=True, default="")
    asked_at = models.DateTimeField("申出日時", null=True, blank=True)
    released_by = models.CharField("保留を終えた職員", max_length=40, blank=True, default="")

    class Meta:
        db_table = "linkage_file"
        verbose_name = "連携ファイル"
        verbose_name_plural = "連携ファイル"
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "dataset", "seq"],
                condition=models.Q(state__in=["applied", "warning", "held"]),
                name="linkage_file_taken_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["applied", "warning"])
                | models.Q(released_by="")
                | ~models.Q(released_by=models.F("asked_by")),
                name="linkage_file_two_officers",
            ),
        ]
        indexes = [models.Index(fields=["supplier", "dataset", "-seq"], name="linkage_file_newest")]


class HandedOverRow(models.Model):
    """提供された行: as it stands in the generation in force. A full file replaces all rows of its dataset at once."""

    supplier = models.CharField("提供側", max_length=10)
    dataset = models.CharField("連携データ", max_length=50)
    key = models.CharField("鍵", max_length=60)
    items = models.JSONField("項目")
    file = models.ForeignKey(LinkageFile, on_delete=models.PROTECT, related_name="+", verbose_name="ファイル")

    class Meta:
        db_table = "handed_over_row"
        verbose_name = "提供された行"
        verbose_name_plural = "提供された行"
        constraints = [
            models.UniqueConstraint(fields=["supplier", "dataset", "key"], name="handed_over_row_once"),
        ]


class SentFile(models.Model):
    """提供したファイル: one line a file; `upto` is the number of the feed up to which it tells."""

    agreement = models.CharField("取決め", max_length=40)
    seq = models.PositiveIntegerField("通番")
    kind = models.CharField("全件・差分", max_length=1)
    name = models.CharField("ファイル名", max_length=120)
    rows = models.PositiveIntegerField("件数")
    upto = models.PositiveBigIntegerField("変更記録の番号")
    sent_at = models.DateTimeField("提供日時", auto_now_add=True)

    class Meta:
        db_table = "sent_file"
        verbose_name = "提供したファイル"
        verbose_name_plural = "提供したファイル"
        constraints = [models.UniqueConstraint(fields=["agreement", "seq"], name="sent_file_once")]
