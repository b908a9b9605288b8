"""年金特別徴収: pensioners whose payer withholds the tax, and the files that went to and came from eLTAX."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kokunen.resident_tax.choices import ExchangeState, ExchangeWay, WithholdingState

_ACTIVE = ("3", "4", "5", "7")


def _amounts(label: str) -> ArrayField[list[int], list[int]]:
    return ArrayField(models.BigIntegerField("1回分の額"), verbose_name=label, default=list)


class PensionExchange(models.Model):
    """連携ファイル: one file of the 500-byte family, sent or received; a number is stored once for each way.

    ``items`` are kept until the file is settled: a file that waits can be sent again as it was, one that was taken in
    and applied leaves its counts only.
    """

    way = models.CharField("送受信", max_length=1, choices=ExchangeWay.choices)
    number = models.CharField("電文番号", max_length=40)
    content_code = models.CharField("通知内容コード", max_length=2)
    tax_year = models.PositiveSmallIntegerField("年度（西暦）", null=True)
    file_name = models.CharField("ファイル名", max_length=80, blank=True, default="")
    state = models.CharField("状態", max_length=1, choices=ExchangeState.choices, default=ExchangeState.WAITING)
    records = models.PositiveIntegerField("件数", default=0)
    applied = models.PositiveIntegerField("反映した件数", default=0)
    items = models.JSONField("内容", default=dict)
    faults = models.JSONField("誤り", default=list)
    receipt = models.CharField("受付番号", max_length=40, blank=True, default="")
    problem = models.CharField("障害の内容", max_length=300, blank=True, default="")
    attempts = models.PositiveIntegerField("送信した回数", default=0)
    made_at = models.DateTimeField("作成・受信日時")
    made_by = models.CharField("作成した職員", max_length=40)
    settled_at = models.DateTimeField("完了日時", null=True)

    class Meta:
        db_table = "pension_exchange"
        verbose_name = "年金特別徴収の連携ファイル"
        verbose_name_plural = "年金特別徴収の連携ファイル"
        constraints = [models.UniqueConstraint(fields=["way", "number"], name="pension_exchange_once")]
        indexes = [models.Index(fields=["state", "id"], name="pension_exchange_open")]

    def __str__(self) -> str:
        return f"{self.content_code} {self.number}"


class PensionWithholding(models.Model):
    """年金特別徴収の対象者: a pension of one person and tax year, from 対象者情報 to its end (地方税法321条の7の2).

    ``pension_tax`` is the part of the yearly tax that falls on the pension, yen. The first year: ``ordinary`` June and
    August by 普通徴収, ``main`` October to February withheld; later years ``provisional`` April to August and ``main``.
    ``rest`` is what the other method takes, ``next_provisional`` what the payer goes on with in the next year.
    """

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    payer_code = models.CharField("特別徴収義務者コード", max_length=3)
    pension_number = models.CharField("基礎年金番号", max_length=10)
    pension_code = models.CharField("年金コード", max_length=4)
    atena_number = models.CharField("宛名番号", max_length=15, blank=True, default="")
    name = models.CharField("氏名", max_length=60)
    kana = models.CharField("氏名カナ", max_length=60)
    birth_date = models.DateField("生年月日")
    sex = models.CharField("性別", max_length=1)
    address = models.CharField("住所", max_length=200, blank=True, default="")
    yearly_pension = models.BigIntegerField("年金の年額")
    care_premium = models.BigIntegerField("介護保険料の年額")
    state = models.CharField("状態", max_length=1, choices=WithholdingState.choices, default=WithholdingState.UNMATCHED)
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    first_year = models.BooleanField("初年度", default=True)
    pension_tax = models.BigIntegerField("年金分の年税額", default=0)
    ordinary = _amounts("普通徴収（6月、8月）")
    provisional = _amounts("仮徴収（4月、6月、8月）")
    main = _amounts("本徴収（10月、12月、2月）")
    next_provisional = _amounts("翌年度の仮徴収")
    rest = _amounts("年金分を除く期割")
    withheld = models.JSONField("徴収の結果", default=dict)
    stop_reason = models.CharField("停止の理由", max_length=2, blank=True, default="")
    stop_on = models.DateField("停止年月日", null=True)
    request = models.ForeignKey(
        PensionExchange, on_delete=models.RESTRICT, null=True, related_name="requests", verbose_name="依頼ファイル"
    )
    stop = models.ForeignKey(
        PensionExchange, on_delete=models.RESTRICT, null=True, related_name="stops", verbose_name="停止ファイル"
    )
    moved_at = models.DateTimeField("最後に変わった日時")

    class Meta:
        db_table = "pension_withholding"
        verbose_name = "年金特別徴収の対象者"
        verbose_name_plural = "年金特別徴収の対象者"
        constraints = [
            models.UniqueConstraint(
                fields=["tax_year", "payer_code", "pension_number", "pension_code"], name="pension_withholding_once"
            ),
            models.UniqueConstraint(
                fields=["tax_year", "atena_number"],
                name="pension_withholding_one_a_person",
                condition=Q(state__in=_ACTIVE),
            ),
            models.CheckConstraint(
                name="pension_withholding_planned_is_known", condition=~Q(state__in=_ACTIVE) | ~Q(atena_number="")
            ),
        ]
        indexes = [
            models.Index(fields=["tax_year", "state", "id"], name="pension_withholding_state"),
            models.Index(fields=["atena_number", "tax_year"], name="pension_withholding_person"),
        ]

    def __str__(self) -> str:
        return f"年金特別徴収 {self.tax_year} {self.pk}"
