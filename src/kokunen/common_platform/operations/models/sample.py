"""監視の値"""

from __future__ import annotations

from django.db import models


class Sample(models.Model):
    """監視の値: one figure at one moment; ``label`` tells which process, feed or disk. Kept for some weeks."""

    name = models.CharField("項目", max_length=60)
    label = models.CharField("対象", max_length=120, blank=True, default="")
    at = models.DateTimeField("時刻")
    value = models.FloatField("値")

    class Meta:
        db_table = "sample"
        verbose_name = "監視の値"
        verbose_name_plural = "監視の値"
        indexes = [
            models.Index(fields=["name", "label", "at"], name="sample_series"),
            models.Index(fields=["at"], name="sample_age"),
        ]


class DailyFigure(models.Model):
    """日別の値: highest and mean of a day, kept for 13 months."""

    name = models.CharField("項目", max_length=60)
    label = models.CharField("対象", max_length=120, blank=True, default="")
    day = models.DateField("日")
    highest = models.FloatField("最大")
    mean = models.FloatField("平均")

    class Meta:
        db_table = "daily_figure"
        verbose_name = "日別の値"
        verbose_name_plural = "日別の値"
        constraints = [models.UniqueConstraint(fields=["name", "label", "day"], name="daily_figure_once_a_day")]
