"""ジョブネットの実行"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.operations.choices import ENDED, RunKind, RunState


class NetRun(models.Model):
    """ジョブネットの実行: one net for one business date. The date is a parameter and not the clock: a night that
    crosses midnight keeps it, and so does a re-run, together with the snapshot of the batch master that it began with.
    """

    net = models.CharField("ネット", max_length=12)
    business_date = models.DateField("業務日付")
    kind = models.CharField("起動の区分", max_length=12, choices=RunKind.choices)
    state = models.CharField("状態", max_length=12, choices=RunState.choices, default=RunState.WAITING)
    requested_by = models.CharField("起動した者", max_length=40)
    terminal = models.CharField("端末", max_length=60, blank=True, default="")
    requested_at = models.DateTimeField("起動の登録", auto_now_add=True)
    started_at = models.DateTimeField("開始", null=True, blank=True)
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    parameters = models.JSONField("パラメータ", default=dict)
    snapshot = models.CharField("使うバッチマスタ", max_length=60, blank=True, default="")
    message = models.CharField("結果の説明", max_length=300, blank=True, default="")

    class Meta:
        db_table = "net_run"
        verbose_name = "ジョブネットの実行"
        verbose_name_plural = "ジョブネットの実行"
        constraints = [
            models.UniqueConstraint(
                fields=["net", "business_date"],
                condition=models.Q(kind="scheduled"),
                name="net_run_once_a_business_day",
            ),
        ]
        indexes = [
            models.Index(fields=["net", "-id"], name="net_run_history"),
            models.Index(fields=["state"], condition=~models.Q(state__in=ENDED), name="net_run_live"),
        ]


class StepRun(models.Model):
    """ジョブの実行: one step of a run. ``attempt`` counts up with each start; ``checkpoint`` is what the function
    has left behind for a start in the middle.
    """

    run = models.ForeignKey(NetRun, verbose_name="ネットの実行", on_delete=models.CASCADE, related_name="steps")
    code = models.CharField("ジョブ", max_length=16)
    position = models.PositiveSmallIntegerField("順序")
    state = models.CharField("状態", max_length=12, choices=RunState.choices, default=RunState.NOT_RUN)
    attempt = models.PositiveIntegerField("起動の回数", default=0)
    worker = models.CharField("処理したプロセス", max_length=80, blank=True, default="")
    started_at = models.DateTimeField("開始", null=True, blank=True)
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    return_code = models.SmallIntegerField("戻り値", null=True, blank=True)
    message = models.CharField("結果", max_length=300, blank=True, default="")
    done = models.BigIntegerField("済んだ件数", default=0)
    total = models.BigIntegerField("全体の件数", default=0)
    checkpoint = models.JSONField("チェックポイント", default=dict)
    skip_reason = models.CharField("スキップの理由", max_length=200, blank=True, default="")
    skip_asked_by = models.CharField("スキップを求めた者", max_length=40, blank=True, default="")
    skip_approved_by = models.CharField("スキップを承認した者", max_length=40, blank=True, default="")

    class Meta:
        db_table = "step_run"
        verbose_name = "ジョブの実行"
        verbose_name_plural = "ジョブの実行"
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "code"], name="step_run_one_of_each"),
            models.CheckConstraint(
                condition=models.Q(skip_approved_by="") | ~models.Q(skip_approved_by=models.F("skip_asked_by")),
                name="step_run_skip_needs_two",
            ),
        ]


class StepLine(models.Model):
    """ジョブの記録: a line that a step has written. Counts and codes, no people."""

    step = models.ForeignKey(StepRun, verbose_name="ジョブの実行", on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField("時刻")
    level = models.CharField("種類", max_length=8, default="info")
    text = models.CharField("内容", max_length=500)

    class Meta:
        db_table = "step_line"
        verbose_name = "ジョブの記録"
        verbose_name_plural = "ジョブの記録"
        ordering = ["id"]


class NetHold(models.Model):
    """ネットの保留: while it stands, the net does not begin by itself."""

    net = models.CharField("ネット", max_length=12, primary_key=True)
    reason = models.CharField("理由", max_length=200)
    held_by = models.CharField("保留した者", max_length=40)
    held_at = models.DateTimeField("保留した時刻", auto_now_add=True)

    class Meta:
        db_table = "net_hold"
        verbose_name = "ネットの保留"
        verbose_name_plural = "ネットの保留"
