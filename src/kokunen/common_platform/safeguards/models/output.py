"""出力の実績と持ち出したファイルの鍵"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import AppendOnlyModel


class Output(AppendOnlyModel):
    """出力の実績: every list and paper with people that left the system, for the limits over several of them."""

    staff_number = models.CharField("職員番号", max_length=40)
    dataset = models.CharField("一覧", max_length=100)
    fingerprint = models.CharField("条件の指紋", max_length=64)
    people = models.PositiveIntegerField("人数")
    made_at = models.DateTimeField("出力日時")
    approval = models.CharField("承認の登録番号", max_length=20, blank=True, default="")
    is_paper = models.BooleanField("世帯の書類", default=False)

    class Meta:
        db_table = "bulk_output"
        verbose_name = "出力の実績"
        verbose_name_plural = "出力の実績"
        indexes = [models.Index(fields=["staff_number", "made_at"], name="bulk_output_of_staff")]


class PapersOfDay(models.Model):
    """今日の書類の人数: people in an officer's papers of one day that nobody approved, for the limit of the day."""

    staff_number = models.CharField("職員番号", max_length=40)
    day = models.DateField("日")
    people = models.PositiveIntegerField("人数")

    class Meta:
        db_table = "bulk_papers_of_day"
        verbose_name = "今日の書類の人数"
        verbose_name_plural = "今日の書類の人数"
        constraints = [models.UniqueConstraint(fields=["staff_number", "day"], name="bulk_papers_of_day_once")]


class FileKey(models.Model):
    """ファイルの鍵: kept here only. A file that left opens while its key stands; the key goes when the time is over."""

    file_id = models.CharField("ファイルの番号", max_length=32, primary_key=True)
    sealed_key = models.BinaryField("封をした鍵")
    filename = models.CharField("名前", max_length=120)
    made_by = models.CharField("作成した職員", max_length=40)
    expires_at = models.DateTimeField("期限")

    class Meta:
        db_table = "output_file_key"
        verbose_name = "ファイルの鍵"
        verbose_name_plural = "ファイルの鍵"
        indexes = [models.Index(fields=["expires_at"], name="output_file_key_expiry")]
