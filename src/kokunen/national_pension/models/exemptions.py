"""免除情報・付加情報 (別添1 R5, R3): applications, and the months that were exempt or paid with 付加, in two times."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel, BitemporalModel, bitemporal_constraint
from kokunen.national_pension.exemption_choices import (
    AdditionalDivision,
    ExemptionEnd,
    ExemptionKind,
    ExemptionResult,
    SpecialGround,
)


class ExemptionApplication(models.Model):
    """免除等の申請・届: what one receipt asks for, what it was judged by, and what the Service decided.

    One form is one cycle. `judgement` is the provisional judgement with the incomes as they were printed on the form
    (the city decides nothing, 法12条4項); `result` with its months is the Service's answer. Months are first days.
    """

    receipt = models.OneToOneField(
        "Receipt", verbose_name="受付", on_delete=models.RESTRICT, related_name="exemption_application"
    )
    atena_number = models.CharField("宛名番号", max_length=15)
    scheme = models.CharField("制度（general 免除・猶予、student 学特、event 届）", max_length=8)
    cycle_year = models.PositiveSmallIntegerField("免除年度", null=True, blank=True)
    first_month = models.DateField("申請する期間の初月")
    last_month = models.DateField("申請する期間の終月", null=True, blank=True)
    expected_kind = models.CharField("見込みの免除種類", max_length=2, blank=True, default="")
    wished = models.JSONField("審査を希望する区分", default=list)
    continue_wished = models.BooleanField("継続審査の希望", default=False)
    special_ground = models.CharField(
        "申請特例区分", max_length=1, choices=SpecialGround.choices, default=SpecialGround.NONE
    )
    spouse_atena_number = models.CharField("配偶者の宛名番号", max_length=15, blank=True, default="")
    head_atena_number = models.CharField("世帯主の宛名番号", max_length=15, blank=True, default="")
    school = models.CharField("学校", max_length=60, blank=True, default="")
    judgement = models.JSONField("判定の見込みと所得", default=dict)
    result = models.CharField(
        "裁定結果", max_length=1, choices=ExemptionResult.choices, default=ExemptionResult.WAITING
    )
    decided_on = models.DateField("裁定日", null=True, blank=True)
    result_note = models.CharField("裁定の内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "exemption_application"
        verbose_name = "免除等の申請・届"
        constraints = [
            models.CheckConstraint(
                name="exemption_months_in_order",
                condition=Q(last_month__isnull=True) | Q(last_month__gte=F("first_month")),
            ),
            models.CheckConstraint(
                name="exemption_decision_has_day", condition=Q(result__in=["7", "8"]) | Q(decided_on__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["atena_number", "first_month"], name="exemption_application_person")]

    def __str__(self) -> str:
        return f"免除の申請 {self.receipt_id}"


class ExemptionPeriod(BitemporalModel):
    """免除期間: months of one kind, granted (申請) or arisen by law (法定, 産前産後, 育児); a month has one kind.

    `valid_period` runs from the first day of the first month to the first day after the last one.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("免除種類", max_length=2, choices=ExemptionKind.choices)
    application = models.ForeignKey(
        ExemptionApplication,
        verbose_name="申請・届",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="periods",
    )
    special_ground = models.CharField(
        "申請特例区分", max_length=1, choices=SpecialGround.choices, default=SpecialGround.NONE
    )
    applied_on = models.DateField("申請日", null=True, blank=True)
    decided_on = models.DateField("裁定日", null=True, blank=True)
    continue_wished = models.BooleanField("継続審査の希望", default=False)
    school = models.CharField("学校", max_length=60, blank=True, default="")
    child_birth_date = models.DateField("子の生年月日", null=True, blank=True)
    end_reason = models.CharField("免除終了理由", max_length=2, choices=ExemptionEnd.choices, blank=True, default="")

    class Meta:
        db_table = "exemption_period"
        verbose_name = "免除期間"
        constraints = [
            bitemporal_constraint("exemption_one_kind_a_month", "atena_number"),
            models.CheckConstraint(
                name="exemption_period_not_empty",
                condition=Q(valid_period__isempty=False, valid_period__startswith__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["atena_number"],
                name="exemption_current",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"免除期間 {self.atena_number} {self.kind}"

    @property
    def first_month(self) -> date:
        """初月 as its first day."""
        first: date = self.valid_period.lower
        return first

    @property
    def last_month(self) -> date | None:
        """終月 as its first day; None while it goes on."""
        end: date | None = self.valid_period.upper
        return None if end is None else (end - timedelta(days=1)).replace(day=1)


class ExemptionDecision(AppendOnlyModel):
    """裁定結果の行 (R5 裁定結果情報): one part of the months asked for and what the Service decided of it."""

    application = models.ForeignKey(
        ExemptionApplication, verbose_name="申請・届", on_delete=models.RESTRICT, related_name="decisions"
    )
    row_number = models.PositiveSmallIntegerField("行番号")
    result = models.CharField("裁定結果", max_length=1, choices=ExemptionResult.choices)
    kind = models.CharField("免除種類", max_length=2, choices=ExemptionKind.choices, blank=True, default="")
    first_month = models.DateField("初月")
    last_month = models.DateField("終月", null=True, blank=True)
    decided_on = models.DateField("裁定日")
    note = models.CharField("裁定の内容", max_length=200, blank=True, default="")
    source = models.CharField("結果の出所", max_length=40)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.CharField("記録した職員", max_length=40)

    class Meta:
        db_table = "exemption_decision"
        verbose_name = "裁定結果の行"
        constraints = [
            models.UniqueConstraint(fields=["application", "row_number"], name="exemption_decision_row_once"),
            models.CheckConstraint(
                name="exemption_decision_kind",
                condition=(Q(result__in=["1", "2"]) & ~Q(kind="")) | (~Q(result__in=["1", "2"]) & Q(kind="")),
            ),
            models.CheckConstraint(
                name="exemption_decision_in_order",
                condition=Q(last_month__isnull=True) | Q(last_month__gte=F("first_month")),
            ),
        ]

    def __str__(self) -> str:
        return f"裁定結果 {self.application_id}-{self.row_number}"


class AdditionalPremiumPeriod(BitemporalModel):
    """付加保険料の期間 (R3): months with 付加; `joined_on` and `left_on` are the days of the 申出."""

    atena_number = models.CharField("宛名番号", max_length=15)
    division = models.CharField("付加区分", max_length=1, choices=AdditionalDivision.choices)
    joined_on = models.DateField("付加加入の申出日")
    left_on = models.DateField("付加脱退の申出日", null=True, blank=True)

    class Meta:
        db_table = "additional_premium_period"
        verbose_name = "付加保険料の期間"
        constraints = [
            bitemporal_constraint("additional_premium_no_overlap", "atena_number"),
            models.CheckConstraint(
                name="additional_premium_not_empty",
                condition=Q(valid_period__isempty=False, valid_period__startswith__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["atena_number"],
                name="additional_premium_current",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"付加 {self.atena_number}"
