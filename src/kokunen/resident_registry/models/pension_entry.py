"""行政欄: what the pension section tells of a resident every day (住基法7条11号; assessment flow.out2)."""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import AppendOnlyModel


class PensionEntry(AppendOnlyModel):
    """国民年金の資格 (行政欄): one row a hand-over, the newest stands. It is printed only when asked for (法12条).

    `insured_type` 9 means that an acquisition told before has been cancelled: nothing is printed.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    basic_pension_number = models.CharField("基礎年金番号", max_length=10, blank=True, default="")
    insured_type = models.CharField("被保険者種別", max_length=1)
    acquired_on = models.DateField("取得日", null=True, blank=True)
    lost_on = models.DateField("喪失日", null=True, blank=True)
    received_at = models.DateTimeField("受け取った日時")
    feed_seq = models.BigIntegerField("連携番号")

    class Meta:
        db_table = "pension_entry"
        verbose_name = "国民年金の資格（行政欄）"
        verbose_name_plural = "国民年金の資格（行政欄）"
        constraints = [models.UniqueConstraint(fields=["atena_number", "feed_seq"], name="pension_entry_once")]
