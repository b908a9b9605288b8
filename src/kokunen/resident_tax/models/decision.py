"""賦課: who is taxed as of 1 January, what was decided, and what is proposed to be changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel, BitemporalModel, bitemporal_constraint
from kokunen.resident_tax.choices import (
    ChangeState,
    CollectionMethod,
    DecisionReason,
    RunKind,
    RunState,
    TaxState,
)


class Taxpayer(AppendOnlyModel):
    """賦課期日の住民: who had an address in the city on 1 January of the tax year (地方税法294条1項1号, 318条)."""

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    atena_number = models.CharField("宛名番号", max_length=15)
    birth_date = models.DateField("生年月日")
    household_number = models.CharField("世帯番号", max_length=15)
    postal_code = models.CharField("賦課期日の郵便番号", max_length=7)
    address = models.CharField("賦課期日の住所", max_length=300)

    class Meta:
        db_table = "taxpayer"
        verbose_name = "賦課期日の住民"
        verbose_name_plural = "賦課期日の住民"
        constraints = [models.UniqueConstraint(fields=["tax_year", "atena_number"], name="taxpayer_once_a_year")]

    def __str__(self) -> str:
        return f"{self.tax_year} {self.atena_number}"


class TaxDecision(BitemporalModel):
    """賦課決定: the tax of a person and tax year, as decided; a later change (更正) is a new version.

    ``inputs`` are the facts, the relatives and the documents it rests on: the figures and every step can be computed
    from them again at any time. ``instalments``: 4 amounts by 普通徴収, 12 by 給与特別徴収 (June to May), yen.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    version = models.PositiveSmallIntegerField("版")
    reason = models.CharField("理由", max_length=2, choices=DecisionReason.choices)
    decided_on = models.DateField("決定年月日")
    state = models.CharField("課税の別", max_length=1, choices=TaxState.choices)
    method = models.CharField("徴収方法", max_length=1, choices=CollectionMethod.choices)
    payer_number = models.CharField("特別徴収義務者の指定番号", max_length=10, blank=True, default="")
    total_income = models.BigIntegerField("合計所得金額", null=True)
    taxable_income = models.BigIntegerField("課税標準額", null=True)
    city_tax = models.BigIntegerField("市民税", null=True)
    prefecture_tax = models.BigIntegerField("県民税", null=True)
    forest_tax = models.BigIntegerField("森林環境税", null=True)
    total_tax = models.BigIntegerField("年税額", null=True)
    instalments = ArrayField(models.BigIntegerField("期割額"), verbose_name="期割", default=list)
    inputs = models.JSONField("計算の基礎")
    inputs_hash = models.CharField("計算の基礎の要約値", max_length=64)

    class Meta:
        db_table = "tax_decision"
        verbose_name = "賦課決定"
        verbose_name_plural = "賦課決定"
        constraints = [
            bitemporal_constraint("decision_no_overlap", "atena_number", "tax_year", numbers=["atena_number"]),
            models.UniqueConstraint(fields=["atena_number", "tax_year", "version"], name="decision_version_once"),
            models.CheckConstraint(
                name="decision_unknown_has_no_tax",
                condition=Q(state__in=["1", "2", "3"], total_tax__isnull=False, total_income__isnull=False)
                | Q(state="4", total_tax__isnull=True, total_income__isnull=True),
            ),
            models.CheckConstraint(
                name="decision_total_is_the_sum",
                condition=Q(total_tax__isnull=True)
                | Q(total_tax=F("city_tax") + F("prefecture_tax") + F("forest_tax")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tax_year", "atena_number"],
                name="decision_current",
                condition=Q(recorded_period__endswith__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"賦課決定 {self.atena_number} {self.tax_year} 第{self.version}版"


class TaxChange(models.Model):
    """更正の起案: drawn up by one officer, decided by another (地方税法17条の5, 319条の2, 321条の6)."""

    atena_number = models.CharField("宛名番号", max_length=15)
    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    before = models.ForeignKey(
        TaxDecision, on_delete=models.RESTRICT, related_name="changes", verbose_name="変更前の賦課決定"
    )
    reason = models.CharField("理由", max_length=2, choices=DecisionReason.choices)
    note = models.CharField("変更の内容", max_length=300)
    inputs = models.JSONField("変更後の計算の基礎")
    total_tax = models.BigIntegerField("変更後の年税額", null=True)
    instalments = ArrayField(models.BigIntegerField("期割額"), verbose_name="変更後の期割", default=list)
    excess = models.BigIntegerField("還付・充当する額", default=0)
    open_from = models.PositiveSmallIntegerField("変更が始まる回")
    state = models.CharField("状態", max_length=1, choices=ChangeState.choices, default=ChangeState.PROPOSED)
    proposed_by = models.CharField("起案した職員", max_length=40)
    proposed_at = models.DateTimeField("起案日時")
    decided_by = models.CharField("決定した職員", max_length=40, blank=True, default="")
    decided_at = models.DateTimeField("決定日時", null=True)
    refusal = models.CharField("差戻しの理由", max_length=200, blank=True, default="")
    after = models.OneToOneField(
        TaxDecision, on_delete=models.RESTRICT, null=True, related_name="made_by", verbose_name="変更後の賦課決定"
    )

    class Meta:
        db_table = "tax_change"
        verbose_name = "更正の起案"
        verbose_name_plural = "更正の起案"
        constraints = [
            models.CheckConstraint(
                name="tax_change_two_officers", condition=~Q(state="2") | ~Q(decided_by=F("proposed_by"))
            ),
            models.UniqueConstraint(
                fields=["atena_number", "tax_year"], name="tax_change_one_waits", condition=Q(state="1")
            ),
        ]

    def __str__(self) -> str:
        return f"更正 {self.atena_number} {self.tax_year}"


class TaxRun(models.Model):
    """一括処理: how far a run over the city is; ``checkpoint`` is the last 宛名番号 that is done."""

    kind = models.CharField("処理", max_length=1, choices=RunKind.choices)
    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    state = models.CharField("状態", max_length=1, choices=RunState.choices, default=RunState.RUNNING)
    total = models.PositiveIntegerField("対象の件数")
    done = models.PositiveIntegerField("終わった件数", default=0)
    checkpoint = models.CharField("終わった宛名番号", max_length=15, blank=True, default="")
    totals = models.JSONField("合計", default=dict)
    problem = models.CharField("中断の理由", max_length=300, blank=True, default="")
    started_by = models.CharField("始めた職員", max_length=40)
    started_at = models.DateTimeField("始めた日時")
    moved_at = models.DateTimeField("進んだ日時")
    ended_at = models.DateTimeField("終わった日時", null=True)

    class Meta:
        db_table = "tax_run"
        verbose_name = "一括処理"
        verbose_name_plural = "一括処理"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "tax_year"], name="tax_run_one_at_a_time", condition=Q(state__in=["1", "2"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.tax_year}"
