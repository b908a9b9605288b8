"""一括印刷: print runs over the city, sorted and counted; every sheet has its number in the run."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.resident_tax.choices import PrintKind, RunState


class PrintRun(models.Model):
    """一括印刷: what is printed for the city; ``printed`` grows part by part, a stop goes on behind the last part."""

    kind = models.CharField("帳票", max_length=1, choices=PrintKind.choices)
    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    state = models.CharField("状態", max_length=1, choices=RunState.choices, default=RunState.RUNNING)
    total = models.PositiveIntegerField("対象の通数")
    held = models.PositiveIntegerField("引き抜いた通数", default=0)
    printed = models.PositiveIntegerField("印刷した通数", default=0)
    pages = models.PositiveIntegerField("印刷したページ数", default=0)
    amount = models.BigIntegerField("印刷した税額の合計", default=0)
    problem = models.CharField("中断の理由", max_length=300, blank=True, default="")
    started_by = models.CharField("始めた職員", max_length=40)
    started_at = models.DateTimeField("始めた日時")
    moved_at = models.DateTimeField("進んだ日時")
    ended_at = models.DateTimeField("終わった日時", null=True)

    class Meta:
        db_table = "print_run"
        verbose_name = "一括印刷"
        verbose_name_plural = "一括印刷"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "tax_year"], name="print_run_one_at_a_time", condition=Q(state__in=["1", "2"])
            ),
            models.CheckConstraint(name="print_run_counts_agree", condition=Q(total__gte=F("printed") + F("held"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.tax_year}"


class PrintPart(models.Model):
    """印刷の分冊: one PDF of the run, the numbers of its first and last sheet set, and the digest of the file."""

    run = models.ForeignKey(PrintRun, on_delete=models.RESTRICT, related_name="parts", verbose_name="一括印刷")
    number = models.PositiveIntegerField("分冊")
    first_sequence = models.PositiveIntegerField("最初の通し番号")
    last_sequence = models.PositiveIntegerField("最後の通し番号")
    sets = models.PositiveIntegerField("通数")
    pages = models.PositiveIntegerField("ページ数")
    amount = models.BigIntegerField("税額の合計")
    serial = models.CharField("発行番号", max_length=40)
    file_name = models.CharField("ファイル名", max_length=120)
    sha256 = models.CharField("内容の要約値", max_length=64)
    made_at = models.DateTimeField("作成日時")

    class Meta:
        db_table = "print_part"
        verbose_name = "印刷の分冊"
        verbose_name_plural = "印刷の分冊"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="print_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id} 第{self.number}分冊"


class PrintedNotice(models.Model):
    """印刷する通知: one letter of a run in its order; ``held`` says why it was pulled out (支援措置 and the like)."""

    run = models.ForeignKey(PrintRun, on_delete=models.RESTRICT, related_name="notices", verbose_name="一括印刷")
    sequence = models.PositiveIntegerField("通し番号")
    subject = models.CharField("宛先の番号（宛名番号か指定番号）", max_length=15)
    decision_id = models.BigIntegerField("賦課決定の番号", null=True)
    amount = models.BigIntegerField("税額", default=0)
    held = models.CharField("引き抜きの理由", max_length=40, blank=True, default="")
    part = models.PositiveIntegerField("分冊", null=True)
    reply = models.CharField("回答", max_length=1, blank=True, default="")
    reply_note = models.CharField("回答の内容", max_length=300, blank=True, default="")
    replied_on = models.DateField("回答年月日", null=True)
    replied_by = models.CharField("回答を記録した職員", max_length=40, blank=True, default="")

    class Meta:
        db_table = "printed_notice"
        verbose_name = "印刷する通知"
        verbose_name_plural = "印刷する通知"
        constraints = [models.UniqueConstraint(fields=["run", "sequence"], name="printed_notice_sequence")]
        indexes = [models.Index(fields=["subject"], name="printed_notice_subject")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.sequence}"
