"""バッチマスタの世代: generations, and which batch holds which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class GenerationState(models.TextChoices):
    """世代の状態"""

    BUILDING = "building", "作成中"
    READY = "ready", "使用可"
    RETIRED = "retired", "保存期間終了"
    FAILED = "failed", "失敗"


class Generation(models.Model):
    """世代: one snapshot of the whole integrated database. `cutoff_seqs`: feed number by dataset up to which every
    change is in it.
    """

    state = models.CharField("状態", max_length=10, choices=GenerationState.choices, default=GenerationState.BUILDING)
    business_date = models.DateField("業務日付")
    started_at = models.DateTimeField("作成開始")
    cutoff_at = models.DateTimeField("基準時刻", null=True, blank=True)
    ready_at = models.DateTimeField("使用可になった時刻", null=True, blank=True)
    ended_at = models.DateTimeField("終了した時刻", null=True, blank=True)
    cutoff_seqs = models.JSONField("連携データごとの変更番号", default=dict)
    row_counts = models.JSONField("連携データごとの行数", default=dict)
    bytes_written = models.BigIntegerField("大きさ（バイト）", default=0)
    manifest_sha256 = models.CharField("目録のハッシュ", max_length=64, blank=True, default="")
    taken_by = models.CharField("作成した職員・処理", max_length=60)
    trouble = models.CharField("失敗の理由", max_length=500, blank=True, default="")

    class Meta:
        db_table = "batch_master_generation"
        verbose_name = "バッチマスタの世代"
        verbose_name_plural = "バッチマスタの世代"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=GenerationState.READY)
                | (Q(ready_at__isnull=False, cutoff_at__isnull=False) & ~Q(manifest_sha256="")),
                name="generation_ready_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="generation_ready_idx", condition=Q(state="ready"))]

    def __str__(self) -> str:
        return f"世代{self.pk}"

    @property
    def rows(self) -> int:
        """全データの行数."""
        return sum(self.row_counts.values())


class GenerationUse(models.Model):
    """世代の使用: a run of a batch and the generation it sees, from its first start to the end of its last rerun."""

    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, verbose_name="世代", related_name="uses")
    subsystem = models.CharField("サブシステム", max_length=40)
    batch = models.CharField("バッチ", max_length=60)
    run = models.CharField("実行の識別", max_length=60)
    opened_at = models.DateTimeField("使い始め")
    last_opened_at = models.DateTimeField("最後に開いた時刻")
    times = models.PositiveIntegerField("開いた回数", default=1)
    ended_at = models.DateTimeField("使い終わり", null=True, blank=True)

    class Meta:
        db_table = "batch_master_use"
        verbose_name = "世代の使用"
        verbose_name_plural = "世代の使用"
        constraints = [
            models.UniqueConstraint(fields=["subsystem", "batch", "run"], name="generation_use_run_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")), name="generation_use_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["generation"], name="generation_use_open_idx", condition=Q(ended_at__isnull=True))
        ]
