"""情報提供データベース: what other bodies may be told about a person, made from the integrated database."""

from __future__ import annotations

from django.db import models

from kokunen.unified_atena.models.linking import UnifiedPerson


class ProvisionRecord(models.Model):
    """特定個人情報の1件 (正本の写し): one kind of one person and key (年度). Each change counts the revision up."""

    person = models.ForeignKey(
        UnifiedPerson, on_delete=models.PROTECT, verbose_name="団体内統合宛名", related_name="records"
    )
    kind = models.CharField("特定個人情報の種類", max_length=30)
    record_key = models.CharField("年度など", max_length=20)
    atena_number = models.CharField("元の宛名番号", max_length=15)
    content = models.JSONField("内容")
    content_hash = models.CharField("内容のハッシュ", max_length=32)
    revision = models.PositiveIntegerField("版", default=1)
    is_deleted = models.BooleanField("削除", default=False)
    changed_at = models.DateTimeField("更新日時")

    class Meta:
        db_table = "provision_record"
        verbose_name = "情報提供データベースの1件"
        verbose_name_plural = "情報提供データベース"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "record_key"], name="provision_once"),
        ]


class RebuildReport(models.Model):
    """全件作成の差分: what a full rebuild found to differ from what the feed had built."""

    started_at = models.DateTimeField("開始日時")
    ended_at = models.DateTimeField("終了日時")
    by = models.CharField("実行した職員・処理", max_length=60)
    counts = models.JSONField("種類ごとの件数")

    class Meta:
        db_table = "provision_rebuild"
        verbose_name = "情報提供データベースの全件作成"
        verbose_name_plural = "情報提供データベースの全件作成"

    @property
    def differences(self) -> int:
        """差分の件数: zero when the feed has built everything right."""
        return sum(int(one[name]) for one in self.counts.values() for name in ("added", "changed", "removed"))
